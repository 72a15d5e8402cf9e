//! The browser engines that tests run in.
//!
//! Owns what differs between them: programs, variables, packages. Must not start or install
//! anything.

/// An engine, by the name on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

impl Engine {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The variables that name the browser and its driver, here and for the tests.
    pub(crate) fn variables(self) -> [&'static str; 2] {
        match self {
            Self::Chromium => ["CHROMIUM", "CHROMEDRIVER"],
            Self::Firefox => ["FIREFOX", "GECKODRIVER"],
            Self::WebKit => ["WEBKIT", "WEBKITDRIVER"],
        }
    }

    pub(super) fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium", "chromium-browser", "google-chrome", "chrome"],
            Self::Firefox => &["firefox-esr", "firefox"],
            Self::WebKit => &["MiniBrowser"],
        }
    }

    pub(super) fn driver(self) -> &'static str {
        match self {
            Self::Chromium => "chromedriver",
            Self::Firefox => "geckodriver",
            Self::WebKit => "WebKitWebDriver",
        }
    }

    /// The display its browser draws on, where it has no headless mode; the tests start it.
    pub(super) fn display(self) -> Option<&'static str> {
        match self {
            Self::Chromium | Self::Firefox => None,
            Self::WebKit => Some("Xvfb"),
        }
    }

    /// Packages of the distribution; Firefox's driver comes from the registry.
    pub(super) fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium", "chromium-driver", "fonts-noto-cjk"],
            Self::Firefox => &["firefox-esr", "fonts-noto-cjk"],
            Self::WebKit => &["webkit2gtk-driver", "xvfb", "fonts-noto-cjk"],
        }
    }
}

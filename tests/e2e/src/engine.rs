//! The browser engines the suite runs in, and how a session of each is asked for.
//!
//! Owns what differs between engines before a page is open: programs, arguments, capabilities.
//! Must not own processes. Invariant: the engine is chosen by `E2E_BROWSER` alone, and an
//! engine that is missing fails the test that needs it.

mod capabilities;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{Error, Result, place};

pub(crate) use capabilities::capabilities;

/// `MiniBrowser`'s toolbar would make a window wider than a phone.
const NARROW_TOOLBAR: &str = "
    toolbar *, headerbar *, box > button, entry { min-width: 0; padding: 0; margin: 0; }
    toolbutton { margin: 0; padding: 0; }";

/// A browser engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

impl Engine {
    /// The one `E2E_BROWSER` names; Chromium where it is absent.
    pub fn current() -> Result<Self> {
        let Some(name) = env::var_os("E2E_BROWSER") else {
            return Ok(Self::Chromium);
        };
        match name.to_str() {
            Some("chromium") => Ok(Self::Chromium),
            Some("firefox") => Ok(Self::Firefox),
            Some("webkit") => Ok(Self::WebKit),
            _ => Err(Error::Unexpected(format!(
                "E2E_BROWSER is {}; it can be chromium, firefox or webkit",
                name.display()
            ))),
        }
    }

    /// As `E2E_BROWSER` writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// Whether what a page stored is still there after the browser was closed: `WebKitGTK`
    /// under its driver always runs on a profile that ends with the process.
    pub fn keeps_its_profile(self) -> bool {
        self != Self::WebKit
    }

    /// Whether every combination of language, colours and size is examined in it. What is examined
    /// follows from the page's own colours, names and roles, which the engines do not differ in: one
    /// looks at all of it, the others at the corners.
    pub fn examines_every_look(self) -> bool {
        self == Self::Chromium
    }

    /// The program that drives it.
    pub(crate) fn driver(self) -> PathBuf {
        match self {
            Self::Chromium => place::program("CHROMEDRIVER", "chromedriver"),
            Self::Firefox => place::program("GECKODRIVER", "geckodriver"),
            Self::WebKit => place::program("WEBKITDRIVER", "WebKitWebDriver"),
        }
    }

    /// Makes a browser's own folder ready.
    pub(crate) fn furnish(self, profile: &Path) -> Result<()> {
        fs::create_dir_all(downloads(profile))?;
        if self == Self::WebKit {
            let configuration = profile.join("gtk-3.0");
            fs::create_dir_all(&configuration)?;
            fs::write(configuration.join("gtk.css"), NARROW_TOOLBAR)?;
            let folders = format!("XDG_DOWNLOAD_DIR=\"{}\"\n", downloads(profile).display());
            fs::write(profile.join("user-dirs.dirs"), folders)?;
        }
        Ok(())
    }
}

/// Where a browser saves files.
pub(crate) fn downloads(profile: &Path) -> PathBuf {
    profile.join("downloads")
}

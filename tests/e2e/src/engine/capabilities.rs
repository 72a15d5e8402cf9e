//! The session each engine is asked for: headless, its own profile, no errands of its own.

use std::path::Path;

use serde_json::{Value, json};
use thirtyfour::Capabilities;

use super::{Engine, downloads};
use crate::{Result, place};

const CHROMIUM_FLAGS: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
];
const FIREFOX: &str = "firefox-esr";
const MINI_BROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

/// Capabilities of a browser on this profile folder.
pub(crate) fn capabilities(engine: Engine, profile: &Path) -> Result<Capabilities> {
    let wanted = match engine {
        Engine::Chromium => chromium(profile),
        Engine::Firefox => firefox(profile),
        Engine::WebKit => webkit(),
    };
    Ok(serde_json::from_value(wanted)?)
}

fn chromium(profile: &Path) -> Value {
    let mut arguments: Vec<String> = CHROMIUM_FLAGS.map(str::to_owned).to_vec();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    let mut options = json!({
        "args": arguments,
        "prefs": {
            "download.default_directory": downloads(profile),
            "download.prompt_for_download": false,
        },
    });
    if let Some(browser) = place::given("CHROMIUM") {
        options["binary"] = json!(browser);
    }
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": options,
        "goog:loggingPrefs": { "browser": "ALL" },
    })
}

fn firefox(profile: &Path) -> Value {
    json!({
        "browserName": "firefox",
        "moz:firefoxOptions": {
            "binary": place::program("FIREFOX", FIREFOX),
            "args": ["-headless", "-profile", profile],
            "prefs": {
                "app.normandy.enabled": false,
                "app.update.disabledForTesting": true,
                "browser.download.alwaysOpenPanel": false,
                "browser.download.dir": downloads(profile),
                "browser.download.folderList": 2,
                "browser.newtabpage.enabled": false,
                "browser.safebrowsing.downloads.enabled": false,
                "browser.safebrowsing.malware.enabled": false,
                "browser.safebrowsing.phishing.enabled": false,
                "browser.search.update": false,
                "browser.shell.checkDefaultBrowser": false,
                "browser.startup.homepage": "about:blank",
                "datareporting.healthreport.uploadEnabled": false,
                "datareporting.policy.dataSubmissionEnabled": false,
                "extensions.update.enabled": false,
                "network.captive-portal-service.enabled": false,
                "network.connectivity-service.enabled": false,
                "network.dns.disablePrefetch": true,
                // A lost request is lost, and not asked ten times.
                "network.http.request.max-attempts": 1,
                "network.prefetch-next": false,
                "services.settings.server": "data:,",
                "toolkit.telemetry.unified": false,
            },
        },
    })
}

fn webkit() -> Value {
    json!({
        "webkitgtk:browserOptions": {
            "binary": place::program("WEBKIT", MINI_BROWSER),
            "args": ["--automation"],
        },
    })
}

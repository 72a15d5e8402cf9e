//! A browser with a fresh profile at one page of a booth.
//!
//! Owns the session, the taps and what is read from the page. Elements are named by their
//! `data-testid` alone. Invariant: `close` fails on any page error, console error, refused
//! policy or failed request that was not announced by `forgive`.

mod access;
mod errors;
mod input;
mod layout;
mod places;
mod read;
mod session;
mod traces;
mod viewport;
mod wait;

use std::sync::Mutex;

use tempfile::TempDir;
use thirtyfour::prelude::*;

use crate::driver::Driver;
use crate::engine::{self, Engine};
use crate::relay::{Asked, Fault, Relay};
use crate::{Error, Result, place};
use session::Session;

pub use layout::Target;
pub use viewport::{LANDSCAPE, LAPTOP, PHONE, PORTRAIT, Viewport};

/// The selector of a test id: `id("start")`.
pub fn id(name: &str) -> String {
    format!("[data-testid='{name}']")
}

/// An open browser.
pub struct Browser {
    driver: Driver,
    web: Session,
    relay: Relay,
    engine: Engine,
    viewport: Viewport,
    forgiven: Mutex<Vec<&'static str>>,
    profile: TempDir,
}

impl Browser {
    /// Opens any page of a server on this machine.
    pub async fn open(address: &str, viewport: Viewport) -> Result<Self> {
        let (upstream, path) = split(address)?;
        let engine = Engine::current()?;
        let profile = tempfile::tempdir()?;
        engine.furnish(profile.path())?;
        let relay = Relay::start(upstream).await?;
        Self::start(engine, profile, relay, viewport, path).await
    }

    /// Closes the browser and opens it again on the same profile and address. Where a profile
    /// ends with its browser ([`Engine::keeps_its_profile`]), the page is loaded again instead.
    pub async fn reopen(self) -> Result<Self> {
        if !self.engine.keeps_its_profile() {
            self.web.refresh().await?;
            return Ok(self);
        }
        self.check_errors().await?;
        self.web.quit().await?;
        drop(self.driver);
        Self::start(self.engine, self.profile, self.relay, self.viewport, "/").await
    }

    /// Kills the browser in the middle of whatever it does, and opens it again on the same profile
    /// and address. What was forgiven stays so. Where a profile ends with its browser, and the
    /// driver's session with a killed page, the page is loaded again in the middle instead.
    pub async fn kill_and_reopen(mut self) -> Result<Self> {
        if !self.engine.keeps_its_profile() {
            self.reload().await?;
            return Ok(self);
        }
        self.driver.kill()?;
        drop(self.driver);
        let mut browser =
            Self::start(self.engine, self.profile, self.relay, self.viewport, "/").await?;
        browser.forgiven = self.forgiven;
        Ok(browser)
    }

    /// Kills the browser in the middle of whatever it does. Of what it asked, it says nothing more.
    pub fn kill(&mut self) -> Result<()> {
        self.driver.kill()
    }

    async fn start(
        engine: Engine,
        profile: TempDir,
        relay: Relay,
        viewport: Viewport,
        path: &str,
    ) -> Result<Self> {
        let mut driver = Driver::start(engine, profile.path())?;
        let wanted = engine::capabilities(engine, profile.path())?;
        let web = WebDriver::new(driver.url(), wanted).await?;
        driver.owns(web.session_id().to_string());
        let web = Session::new(web);
        let mut browser = Self {
            driver,
            web,
            relay,
            engine,
            viewport,
            forgiven: Mutex::default(),
            profile,
        };
        browser.prepare_windows().await?;
        browser.resize(viewport).await?;
        browser.go(path).await?;
        Ok(browser)
    }

    /// Goes to a path of the same server.
    pub async fn go(&self, path: &str) -> Result<()> {
        self.web.goto(format!("{}{path}", self.relay.url())).await?;
        Ok(())
    }

    /// Loads the page again.
    pub async fn reload(&self) -> Result<()> {
        self.web.refresh().await?;
        Ok(())
    }

    /// The engine it runs in.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Loses every request to these paths, and to no others. A `*` at the end of one stands for
    /// anything.
    pub fn refuse(&self, paths: &[&str]) {
        self.relay.set_faults(paths, Fault::Refuse);
    }

    /// Lets requests to these paths, and to no others, wait without an answer.
    pub fn hang(&self, paths: &[&str]) {
        self.relay.set_faults(paths, Fault::Hang);
    }

    /// Holds requests to these paths, and to no others, back until that is over.
    pub fn delay(&self, paths: &[&str]) {
        self.relay.set_faults(paths, Fault::Late);
    }

    /// From now on the browser sees this path, and no other, with this text at its end.
    pub fn append(&self, path: &str, text: &str) {
        self.relay.append(path, text);
    }

    /// Ends every connection and lets no new one through.
    pub fn pull_network(&self) {
        self.relay.set_down(true);
    }

    /// The network is back.
    pub fn plug_network(&self) {
        self.relay.set_down(false);
    }

    /// Every request the browser has made.
    pub fn asked(&self) -> Vec<Asked> {
        self.relay.asked()
    }

    /// Waits until a file is saved whole; answers its content.
    pub async fn download(&self) -> Result<Vec<u8>> {
        let folder = engine::downloads(self.profile.path());
        let limit = wait::PATIENCE;
        let whole = || async {
            for entry in std::fs::read_dir(&folder)? {
                let path = entry?.path();
                let is_part = path
                    .extension()
                    .is_some_and(|end| end == "crdownload" || end == "part" || end == "wkdownload");
                if !is_part {
                    let content = std::fs::read(&path)?;
                    if !content.is_empty() {
                        std::fs::remove_file(&path)?;
                        return Ok(Some(content));
                    }
                }
            }
            Ok(None)
        };
        self.wait("a saved file", limit, whole).await
    }

    /// Saves a picture as `target/e2e/{engine}/{folder}/{name}.png`.
    pub async fn screenshot(&self, folder: &str, name: &str) -> Result<()> {
        let file = place::results(self.engine, folder)?.join(format!("{name}.png"));
        self.web.screenshot(&file).await?;
        Ok(())
    }

    /// Ends the session; fails on errors the page reported.
    pub async fn close(self) -> Result<()> {
        let errors = self.check_errors().await;
        self.web.quit().await?;
        errors
    }
}

/// `host:port` and the path of an address.
fn split(address: &str) -> Result<(&str, &str)> {
    let rest = address
        .strip_prefix("http://")
        .ok_or_else(|| Error::Unexpected(format!("{address} is not an address of a booth")))?;
    let end = rest.find('/').unwrap_or(rest.len());
    let (upstream, path) = rest.split_at(end);
    Ok((upstream, if path.is_empty() { "/" } else { path }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_path_is_the_first_page() {
        assert_eq!(split("http://127.0.0.1:80").unwrap(), ("127.0.0.1:80", "/"));
        let console = split("http://127.0.0.1:80/console").unwrap();
        assert_eq!(console, ("127.0.0.1:80", "/console"));
        assert!(split("ftp://a").is_err());
    }
}

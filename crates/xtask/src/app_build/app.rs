//! One of the two apps: what it is made from, and its build with Trunk.
//!
//! Owns inputs, stamp and build of an app in a folder of its own below `target/`. Invariant: an
//! app is built again only when an input, a tool or that folder has changed; the visitor's app
//! does not wait for the console's sources, nor the other way round.

use std::fs;
use std::path::PathBuf;

use super::stamp::Stamp;
use super::{Error, parts};
use crate::compress;
use crate::fingerprint;
use crate::process;
use crate::project::Project;
use crate::remap;
use crate::step;
use crate::style_bundle;
use crate::tools::{Tools, WASM_TARGET};

/// What both apps are made from.
const INPUTS: [&str; 11] = [
    "src",
    "style",
    "public",
    "locales",
    "content",
    "Cargo.toml",
    "Cargo.lock",
    "build.rs",
    "index.html",
    "console.html",
    "Trunk.toml",
];
/// Crates that no part of an app is made from, and scripts that are put in beside the apps.
const NOT_INSIDE: [&str; 4] = [
    "crates/server/",
    "crates/xtask/",
    "public/guide-worker.js",
    "public/sw.js",
];

/// Cargo adds what it holds to the flags of its own configuration.
pub(super) const FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// What the build does besides its tools; a change here must build the apps anew.
const RECIPE: &str = "sheets joined, paths remapped, visitor's app in parts";

/// A page and the Wasm binary behind it.
pub(super) struct App {
    pub(super) name: &'static str,
    page: &'static str,
    /// Where the server answers it, with slashes at both ends.
    address: &'static str,
    /// The app in parts is built with it: its first screen comes alone.
    feature: Option<&'static str>,
    /// Bytes that a tablet may take before the first screen, fonts left out. A function that this calls by
    /// mistake brings everything behind it along.
    pub(super) budget: Option<u64>,
    /// Starts of paths that belong to the other app.
    foreign: &'static [&'static str],
}

pub(super) const VISITOR: App = App {
    name: "visitor's app",
    page: "index.html",
    address: "/",
    feature: Some("split"),
    budget: Some(120_000),
    foreign: &[
        "console.html",
        "locales/console.",
        "src/bin/console",
        "src/console",
        "style/console",
    ],
};
pub(super) const CONSOLE: App = App {
    name: "console",
    page: "console.html",
    address: "/console/",
    feature: None,
    budget: None,
    foreign: &[
        "crates/guide/",
        "index.html",
        "src/bin/guide_worker",
        "src/main.rs",
        "locales/first.",
        "src/visitor",
    ],
};

impl App {
    /// Where the app stands below `dist/`: empty, or with a slash at its end.
    pub(super) fn place(&self) -> &'static str {
        self.address.trim_start_matches('/')
    }

    /// Where the app is built.
    pub(super) fn folder(&self, project: &Project) -> PathBuf {
        project.scratch_dir().join("apps").join(self.stem())
    }

    /// The built files.
    pub(super) fn files(&self, project: &Project) -> Result<Vec<PathBuf>, Error> {
        Ok(project.files_in(&self.folder(project))?)
    }

    /// The mark of everything the app is made from.
    pub(super) fn source(&self, project: &Project, tools: &Tools) -> Result<String, Error> {
        let inputs = self.inputs(project)?;
        let salt = format!("{RECIPE}\n{}", tools.versions());
        Ok(fingerprint::of(project, &inputs, &salt)?)
    }

    fn inputs(&self, project: &Project) -> Result<Vec<PathBuf>, Error> {
        let mut files = project.files_below("crates")?;
        for input in INPUTS {
            files.extend(project.files_below(input)?);
        }
        files.retain(|file| {
            let path = project.relative(file);
            let mut others = NOT_INSIDE.iter().chain(self.foreign);
            !others.any(|start| path.starts_with(start))
        });
        Ok(files)
    }

    /// Builds the app if it is out of date; `id` is the build its code will name.
    pub(super) fn build(
        &self,
        project: &Project,
        tools: &Tools,
        source: &str,
        id: &str,
    ) -> Result<String, Error> {
        let stamp = Stamp::beside(project, self.folder(project));
        if stamp.is_of(source)? {
            return Ok("unchanged since the last build".to_owned());
        }
        step::announce(&format!(
            "{}: building for release (a few minutes the first time)",
            self.name
        ));
        self.trunk(project, tools, id)?;
        if self.feature.is_some() {
            parts::take_apart(project, tools, &self.folder(project), source)?;
        }
        let sheets = style_bundle::bundle(&self.folder(project), self.address)?;
        let written = compress::compress_all(self.files(project)?)?;
        stamp.set(source)?;
        Ok(format!(
            "built, {sheets} style sheets joined, {written} compressed copies"
        ))
    }

    fn trunk(&self, project: &Project, tools: &Tools, id: &str) -> Result<(), Error> {
        let folder = self.folder(project);
        fs::create_dir_all(&folder).map_err(|source| super::failed(&folder, source))?;
        let mut trunk = tools.command("trunk");
        trunk
            .current_dir(project.root())
            .args(["build", "--release", "--offline"])
            .arg("--dist")
            .arg(&folder)
            .args(["--public-url", self.address, self.page])
            .args(self.feature.iter().flat_map(|name| ["--features", name]))
            .env("KIOSK_BUILD", id)
            .env(FLAGS, remap_flags(project, tools)?)
            .env("TRUNK_SKIP_VERSION_CHECK", "true")
            // Trunk reads it as its own boolean flag and refuses the usual `1`.
            .env_remove("NO_COLOR");
        Ok(process::run(&mut trunk)?)
    }

    fn stem(&self) -> &'static str {
        self.page.trim_end_matches(".html")
    }
}

/// None for a folder with a space in its name, which that variable cannot hold.
pub(super) fn remap_flags(project: &Project, tools: &Tools) -> Result<String, Error> {
    let flags = remap::flags(project, tools, "kiosk", WASM_TARGET)?;
    let spaced = flags.iter().any(|flag| flag.contains(char::is_whitespace));
    Ok(if spaced {
        String::new()
    } else {
        flags.join(" ")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_made_from_its_own_and_the_shared_files() {
        let project = Project::locate().unwrap();
        let has = |app: &App, path| app.inputs(&project).unwrap().contains(&project.path(path));
        for shared in ["crates/wire/src/lib.rs", "src/lib.rs", "Cargo.lock"] {
            assert!(has(&VISITOR, shared) && has(&CONSOLE, shared), "{shared}");
        }
        for visitors in ["src/visitor.rs", "src/visitor/team.rs", "index.html"] {
            assert!(
                has(&VISITOR, visitors) && !has(&CONSOLE, visitors),
                "{visitors}"
            );
        }
        for consoles in [
            "src/console.rs",
            "src/bin/console.rs",
            "locales/console.ko.toml",
        ] {
            assert!(
                !has(&VISITOR, consoles) && has(&CONSOLE, consoles),
                "{consoles}"
            );
        }
    }

    #[test]
    fn the_server_is_no_input_of_an_app() {
        let project = Project::locate().unwrap();
        for app in [VISITOR, CONSOLE] {
            let inputs = app.inputs(&project).unwrap();
            assert!(!inputs.contains(&project.path("crates/server/Cargo.toml")));
        }
    }

    #[test]
    fn the_console_stands_below_the_visitors_app() {
        assert_eq!((VISITOR.place(), CONSOLE.place()), ("", "console/"));
    }
}

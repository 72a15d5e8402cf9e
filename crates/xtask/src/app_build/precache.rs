//! What the service worker keeps on a tablet, and the script that says so.
//!
//! Owns the choice of files and the list in the script. Invariant: a change of any file that is kept
//! changes the script, by which alone a browser notices a new build.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::assemble::Files;
use super::{Error, failed};
use crate::fingerprint::{self, DIGITS_IN_NAMES};

/// The script's place in `dist/`.
pub(super) const SCRIPT: &str = "sw.js";
const TEMPLATE: &str = "public/sw.js";
/// The page, in a folder of an app as in `dist/`.
pub(super) const PAGE: &str = "index.html";
/// The line of the script that is filled in.
const GAP: &str = "const BUILD = { mark: \"\", files: {} };";
/// Pieces for rare texts, kept when they are first used.
const RARE_FONTS: &str = "fonts/rare/";
/// What no visitor needs without a network.
const NOT_KEPT: [&str; 2] = ["console/", "licences/"];
const NO_FILES_OF_THE_APP: [&str; 3] = [".br", ".gz", ".txt"];

/// The script for what stands in `dist/`.
pub(super) fn script(root: &Path, files: &Files) -> Result<String, Error> {
    let template = text(&root.join(TEMPLATE))?;
    let page = files
        .get(PAGE)
        .ok_or_else(|| Error::Missing(PathBuf::from(PAGE)))?;
    let page = text(page)?;
    let program = attribute(&page, "data-wasm").ok_or(Error::NoProgram)?;
    let mut kept = BTreeMap::new();
    for (place, file) in files.iter().filter(|(place, _)| is_kept(place)) {
        let bytes = fs::read(file).map_err(|source| failed(file, source))?;
        kept.insert(address(place), fingerprint::sha256(&bytes));
    }
    // The list as a whole, with the page's own hash, which the list itself will not show.
    let mut mark = fingerprint::sha256(json!(kept).to_string().as_bytes());
    mark.truncate(DIGITS_IN_NAMES);
    kept.insert("/".to_owned(), program.to_owned());
    fill(
        &template,
        &json!({ "mark": mark, "files": kept }).to_string(),
    )
}

fn fill(template: &str, build: &str) -> Result<String, Error> {
    if template.matches(GAP).count() != 1 {
        return Err(Error::NoGap(TEMPLATE));
    }
    Ok(template.replace(GAP, &format!("const BUILD = {build};")))
}

/// Whether a tablet cannot do without this file.
fn is_kept(place: &str) -> bool {
    let is_font = Path::new(place)
        .extension()
        .is_some_and(|end| end == "woff2");
    let is_rare_font = is_font && place.starts_with(RARE_FONTS);
    let is_elsewhere = NOT_KEPT.iter().any(|start| place.starts_with(start));
    let is_aside = NO_FILES_OF_THE_APP.iter().any(|end| place.ends_with(end));
    !(is_rare_font || is_elsewhere || is_aside || place == SCRIPT)
}

fn address(place: &str) -> String {
    if place == PAGE {
        "/".to_owned()
    } else {
        format!("/{place}")
    }
}

/// The value of an attribute in a page.
pub(super) fn attribute<'page>(page: &'page str, name: &str) -> Option<&'page str> {
    let rest = page.split_once(&format!("{name}=\""))?.1;
    rest.split_once('"').map(|(value, _)| value)
}

fn text(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| failed(path, source))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Project;

    #[test]
    fn what_the_app_needs_is_kept_and_nothing_else() {
        for place in [
            "index.html",
            "boot.js",
            "kiosk-1f_bg.wasm",
            "style-1.css",
            "fonts/sans.woff2",
            "fonts/rare/slices.css",
            "icons/icon.svg",
            "manifest.webmanifest",
            "guide/1.0/worker.js",
            "guide/1.0/guide_bg.wasm",
        ] {
            assert!(is_kept(place), "{place}");
        }
        for place in [
            "sw.js",
            "boot.js.br",
            "style-1.css.gz",
            "console/index.html",
            "licences/third-party.txt",
            "fonts/LICENSE.txt",
            "fonts/rare/sans-042.woff2",
        ] {
            assert!(!is_kept(place), "{place}");
        }
    }

    #[test]
    fn every_change_of_a_kept_file_changes_the_script() {
        let project = Project::locate().unwrap();
        let folder = std::env::temp_dir().join(format!("xtask-precache-{}", std::process::id()));
        let files: Files = ["index.html", "boot.js", "console/index.html"]
            .map(|place| (place.to_owned(), folder.join(place)))
            .into();
        let page = "<script data-wasm=\"/kiosk-1_bg.wasm\">";
        let write = |place: &str, text: &str| {
            super::super::write(&folder.join(place), text.as_bytes()).unwrap();
            script(project.root(), &files).ok()
        };
        write("boot.js", "1");
        write("console/index.html", "1");
        let first = write("index.html", page).unwrap();
        let console = write("console/index.html", "2").unwrap();
        let boot = write("boot.js", "2").unwrap();
        let other_page = write("index.html", &format!("{page} ")).unwrap();
        let no_page = write("index.html", "<html>");
        fs::remove_dir_all(&folder).unwrap();
        assert!(first.contains("\"/\":\"/kiosk-1_bg.wasm\""));
        assert!(first.contains("\"/boot.js\":\""));
        assert!(!first.contains("console/index"));
        assert_eq!(first, console);
        assert_ne!(first, boot);
        assert_ne!(boot, other_page);
        assert_eq!(no_page, None);
    }
}

//! What is done to every Wasm binary that Trunk does not finish itself.
//!
//! Owns the calls of wasm-bindgen and wasm-opt.

use std::path::Path;

use super::Error;
use crate::process;
use crate::project::Project;
use crate::tools::{Tools, WASM_TARGET};

pub(super) const PROFILE: &str = "wasm-release";
/// As in `console.html`: WebKit refuses what `--all-features` would make.
pub(super) const OPTIMISE: [&str; 7] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Where Cargo leaves a binary of the app.
pub(super) fn built(project: &Project, binary: &str) -> std::path::PathBuf {
    let folder = project.target_dir().join(WASM_TARGET).join(PROFILE);
    folder.join(format!("{binary}.wasm"))
}

/// Makes `{name}.js` and `{name}_bg.wasm` in a folder from a binary.
pub(super) fn bind(
    tools: &Tools,
    binary: &Path,
    name: &str,
    folder: &Path,
    options: &[&str],
) -> Result<(), Error> {
    let mut bindgen = tools.command("wasm-bindgen");
    bindgen
        .args(["--target", "web", "--no-typescript", "--out-name", name])
        .args(options)
        .arg("--out-dir")
        .arg(folder)
        .arg(binary);
    Ok(process::run(&mut bindgen)?)
}

/// Makes a module small, in its place.
pub(super) fn optimise(tools: &Tools, wasm: &Path) -> Result<(), Error> {
    let mut opt = tools.command("wasm-opt");
    opt.args(OPTIMISE).arg("-o").arg(wasm).arg(wasm);
    Ok(process::run(&mut opt)?)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn every_binary_is_made_small_like_the_console() {
        let project = Project::locate().unwrap();
        let page = fs::read_to_string(project.path("console.html")).unwrap();
        let wanted = OPTIMISE[1..].join(" ");
        assert!(page.contains(&format!("data-wasm-opt-params=\"{wanted}\"")));
        assert!(page.contains(&format!("data-cargo-profile-release=\"{PROFILE}\"")));
    }
}

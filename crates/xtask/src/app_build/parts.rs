//! Takes the visitor's app apart: what the first screen needs, and what comes after it.
//!
//! Owns the steps between the linker and the page that Trunk has no place for: it leaves a page with the
//! whole app, and this puts the parts in its stead. Invariant: the parts stand in a folder whose name
//! says from what they were made, so that they are kept for ever and never meet those of another build.

use std::fs;
use std::path::{Path, PathBuf};

use wasm_split_cli_support::{Options, transform};

use super::precache::{PAGE, attribute as attribute_of};
use super::{Error, failed, wasm, write};
use crate::fingerprint::DIGITS_IN_NAMES;
use crate::project::Project;
use crate::tools::Tools;

/// The binary, and what its glue is called.
const NAME: &str = "kiosk";
/// What asks for the other parts.
const LOADER: &str = "parts.js";

/// Whether a file of the app is one of the parts that come after the first screen.
pub(super) fn is_later(place: &str) -> bool {
    let name = place.rsplit('/').next().unwrap_or(place);
    name.starts_with("split_") || name.starts_with("chunk_")
}

/// Makes the parts in the app's folder and has its page name them.
pub(super) fn take_apart(
    project: &Project,
    tools: &Tools,
    app: &Path,
    source: &str,
) -> Result<(), Error> {
    let mark: String = source.chars().take(DIGITS_IN_NAMES).collect();
    let place = format!("app-{mark}");
    let folder = app.join(&place);
    let scratch = project.scratch_dir().join("parts");
    empty(&scratch)?;
    empty(&folder)?;
    let parts = split(&wasm::built(project, NAME), &scratch)?;
    let main = scratch.join(format!("{NAME}.wasm"));
    let options = ["--keep-lld-exports", "--no-demangle"];
    wasm::bind(tools, &main, NAME, &folder, &options)?;
    wasm::optimise(tools, &folder.join(format!("{NAME}_bg.wasm")))?;
    for part in parts {
        let target = folder.join(part.file_name().unwrap_or_default());
        fs::copy(&part, &target).map_err(|source| failed(&target, source))?;
        wasm::optimise(tools, &target)?;
    }
    let loader = scratch.join(LOADER);
    let text = fs::read_to_string(&loader).map_err(|source| failed(&loader, source))?;
    write(&folder.join(LOADER), soften(&text)?.as_bytes())?;
    name_parts(app, &place)
}

/// A part that does not come is asked for again, and a page that is left needs none: no error yet.
fn soften(loader: &str) -> Result<String, Error> {
    let error = "console.error(";
    if loader.matches(error).count() != 1 {
        return Err(Error::Parts(format!(
            "{LOADER} reports otherwise than it did"
        )));
    }
    Ok(loader.replace(error, "console.warn("))
}

/// Writes the parts and their loader; answers where all parts but the first are.
fn split(binary: &Path, folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let input = fs::read(binary).map_err(|source| failed(binary, source))?;
    let (main, link, module) = (
        folder.join(format!("{NAME}.wasm")),
        format!("./{LOADER}"),
        format!("./{NAME}.js"),
    );
    let mut options = Options::new(&input);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.link_name = &link;
    options.main_module = &module;
    let made = transform(options).map_err(|report| Error::Parts(format!("{report:#}")))?;
    Ok(made.split_modules)
}

/// Puts the names of the parts where the page names the whole app, which goes.
fn name_parts(app: &Path, place: &str) -> Result<(), Error> {
    let path = app.join(PAGE);
    let page = fs::read_to_string(&path).map_err(|source| failed(&path, source))?;
    let mut renamed = page.clone();
    for (attribute, file) in [
        ("data-glue", format!("{NAME}.js")),
        ("data-wasm", format!("{NAME}_bg.wasm")),
    ] {
        let whole = attribute_of(&page, attribute).ok_or(Error::NoProgram)?;
        renamed = renamed.replace(whole, &format!("/{place}/{file}"));
        let gone = app.join(whole.trim_start_matches('/'));
        fs::remove_file(&gone).map_err(|source| failed(&gone, source))?;
    }
    // Asked for at once, not only when the glue names it.
    let preload = format!("<link rel=\"modulepreload\" href=\"/{place}/{LOADER}\">\n</head>");
    write(&path, renamed.replacen("</head>", &preload, 1).as_bytes())
}

fn empty(folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        fs::remove_dir_all(folder).map_err(|source| failed(folder, source))?;
    }
    fs::create_dir_all(folder).map_err(|source| failed(folder, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_the_parts_and_the_whole_is_gone() {
        let app = std::env::temp_dir().join(format!("xtask-parts-{}", std::process::id()));
        for file in ["kiosk-1.js", "kiosk-1_bg.wasm"] {
            write(&app.join(file), b"whole").unwrap();
        }
        let page = "<head>\n<link href=\"/kiosk-1.js\"><link href=\"/kiosk-1_bg.wasm\">\n</head>\n\
                    <script data-glue=\"/kiosk-1.js\" data-wasm=\"/kiosk-1_bg.wasm\"></script>";
        write(&app.join(PAGE), page.as_bytes()).unwrap();
        name_parts(&app, "app-2").unwrap();
        let named = fs::read_to_string(app.join(PAGE)).unwrap();
        let left = fs::read_dir(&app).unwrap().count();
        let again = name_parts(&app, "app-2").is_err();
        fs::remove_dir_all(&app).unwrap();
        assert_eq!(named.matches("/app-2/kiosk.js").count(), 2);
        assert_eq!(named.matches("/app-2/kiosk_bg.wasm").count(), 2);
        assert!(named.contains("href=\"/app-2/parts.js\">\n</head>"));
        assert_eq!((left, again), (1, true));
    }

    #[test]
    fn a_part_that_is_late_is_no_error() {
        let softened = soften("catch (e) { console.error(e); }").unwrap();
        assert_eq!(softened, "catch (e) { console.warn(e); }");
        assert!(soften("catch (e) {}").is_err());
    }

    #[test]
    fn what_is_no_app_is_refused() {
        let folder = std::env::temp_dir().join(format!("xtask-split-{}", std::process::id()));
        write(&folder.join("no.wasm"), b"no wasm").unwrap();
        let refused = split(&folder.join("no.wasm"), &folder);
        fs::remove_dir_all(&folder).unwrap();
        assert!(matches!(refused, Err(Error::Parts(_))));
    }
}

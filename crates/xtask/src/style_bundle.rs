//! Joins the style sheets of the built page into one, and those that come later into another.
//!
//! The sources stay one file a component; a tablet gets one request, and brotli finds what the
//! sheets have in common (a third of their bytes). The order of the links is the order of the text, and
//! layers decide between the two, so the cascade stays what it was.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::fingerprint::{self, DIGITS_IN_NAMES};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{path} could not be used: {source}")]
    File { path: PathBuf, source: io::Error },
}

/// Marks links of sheets that the first screen does not need.
const LATER: &str = "data-later";
/// What the script that starts the app is followed by; it takes the name of what comes later.
const SCRIPT: &str = " data-glue=";

/// Joins the sheets that this folder's `index.html` links below `address`, where the folder is
/// served; answers how many there were.
pub(crate) fn bundle(dist: &Path, address: &str) -> Result<usize, Error> {
    let index = dist.join("index.html");
    let page = read(&index)?;
    let links = page.lines().filter(|line| sheet(line, address).is_some());
    let (later, first): (Vec<&str>, Vec<&str>) = links.partition(|line| line.contains(LATER));
    let Some(first) = join(dist, address, "style", &first)? else {
        return Ok(0);
    };
    let later = join(dist, address, "later", &later)?;
    write(&index, &relink(&page, address, &first, later.as_deref()))?;
    let names: Vec<&str> = page
        .lines()
        .filter_map(|line| sheet(line, address))
        .collect();
    for old in &names {
        let path = dist.join(old);
        fs::remove_file(&path).map_err(|source| Error::File { path, source })?;
    }
    Ok(names.len())
}

/// Writes what these links name as one sheet; answers what it is called.
fn join(dist: &Path, address: &str, name: &str, links: &[&str]) -> Result<Option<String>, Error> {
    let mut joined = String::new();
    for link in links.iter().filter_map(|line| sheet(line, address)) {
        joined.push_str(&read(&dist.join(link))?);
        joined.push('\n');
    }
    if joined.is_empty() {
        return Ok(None);
    }
    let mark = fingerprint::sha256(joined.as_bytes());
    let name = format!("{name}-{}.css", &mark[..DIGITS_IN_NAMES]);
    write(&dist.join(&name), &joined)?;
    Ok(Some(name))
}

/// The page with one link where the first one was, and the name of what comes later at its script.
fn relink(page: &str, address: &str, first: &str, later: Option<&str>) -> String {
    let mut link = Some(format!(
        r#"<link rel="stylesheet" href="{address}{first}">"#
    ));
    let script = later.map(|later| format!(" data-style=\"{address}{later}\"{SCRIPT}"));
    page.lines()
        .filter_map(|line| match sheet(line, address) {
            Some(_) => link.take(),
            None => Some(line.replacen(SCRIPT, script.as_deref().unwrap_or(SCRIPT), 1)),
        })
        .map(|line| line + "\n")
        .collect()
}

/// The file a line of the page links as a style sheet; Trunk writes one link a line.
fn sheet<'line>(line: &'line str, address: &str) -> Option<&'line str> {
    let rest = line
        .trim()
        .strip_prefix(r#"<link rel="stylesheet" href=""#)?
        .strip_prefix(address)?;
    rest.split_once('"').map(|(name, _)| name)
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| Error::File {
        path: path.to_path_buf(),
        source,
    })
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    fs::write(path, text).map_err(|source| Error::File {
        path: path.to_path_buf(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_joined_in_order_and_linked_once() {
        let dist = std::env::temp_dir().join(format!("xtask-bundle-{}", std::process::id()));
        fs::create_dir_all(&dist).unwrap();
        let page = "<head>\n<link rel=\"stylesheet\" href=\"/b-1.css\" data-integrity=\"none\"/>\n\
                    <link rel=\"stylesheet\" href=\"/c-3.css\" data-later/>\n\
                    <link rel=\"stylesheet\" href=\"/a-2.css\"/>\n<link rel=\"icon\" href=\"/x.svg\">\n\
                    <script data-glue=\"/g.js\"></script>\n</head>";
        fs::write(dist.join("index.html"), page).unwrap();
        for (file, text) in [("a-2.css", "a{}"), ("b-1.css", "b{}"), ("c-3.css", "c{}")] {
            fs::write(dist.join(file), text).unwrap();
        }
        let count = bundle(&dist, "/").unwrap();
        let page = fs::read_to_string(dist.join("index.html")).unwrap();
        let named = |before: &str| {
            let rest = page.split_once(before).unwrap().1;
            let name = rest.split_once('"').unwrap().0;
            fs::read_to_string(dist.join(name)).unwrap()
        };
        let (first, later) = (named("\"stylesheet\" href=\"/"), named("data-style=\"/"));
        let left = fs::read_dir(&dist).unwrap().count();
        let again = bundle(&dist, "/").unwrap();
        fs::remove_dir_all(&dist).unwrap();
        assert_eq!((count, again, left), (3, 1, 3));
        assert_eq!((first.as_str(), later.as_str()), ("b{}\na{}\n", "c{}\n"));
        assert_eq!(page.matches("stylesheet").count(), 1);
        assert!(page.contains("/x.svg"));
    }

    #[test]
    fn sheets_are_linked_where_the_page_is_served() {
        let page = "<link rel=\"stylesheet\" href=\"/console/a-1.css\"/>\n<p>\n";
        assert_eq!(sheet(page, "/console/"), Some("a-1.css"));
        let relinked = relink(page, "/console/", "style-2.css", None);
        assert_eq!(
            relinked,
            "<link rel=\"stylesheet\" href=\"/console/style-2.css\">\n<p>\n"
        );
    }
}

//! Joins the style sheets of the built page into one.
//!
//! The sources stay one file a component; a tablet gets one request, and brotli finds what the
//! sheets have in common (a third of their bytes). The order of the links is the order of the text,
//! so the cascade stays what it was.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{path} could not be used: {source}")]
    File { path: PathBuf, source: io::Error },
}

/// Joins the sheets that this folder's `index.html` links below `address`, where the folder is
/// served; answers how many there were.
pub(crate) fn bundle(dist: &Path, address: &str) -> Result<usize, Error> {
    let index = dist.join("index.html");
    let page = read(&index)?;
    let names: Vec<&str> = page
        .lines()
        .filter_map(|line| sheet(line, address))
        .collect();
    let Some(first) = names.first() else {
        return Ok(0);
    };
    let mut joined = String::new();
    for name in &names {
        joined.push_str(&read(&dist.join(name))?);
        joined.push('\n');
    }
    let mark = Sha256::digest(&joined);
    let name = format!(
        "style-{:02x}{:02x}{:02x}{:02x}{:02x}{:02x}{:02x}{:02x}.css",
        mark[0], mark[1], mark[2], mark[3], mark[4], mark[5], mark[6], mark[7]
    );
    write(&dist.join(&name), &joined)?;
    write(&index, &relink(&page, address, first, &name))?;
    for old in &names {
        let path = dist.join(old);
        fs::remove_file(&path).map_err(|source| Error::File { path, source })?;
    }
    Ok(names.len())
}

/// The page with one link to the joined sheet where the first one was.
fn relink(page: &str, address: &str, first: &str, joined: &str) -> String {
    page.lines()
        .filter_map(|line| match sheet(line, address) {
            Some(name) if name == first => Some(format!(
                r#"<link rel="stylesheet" href="{address}{joined}">"#
            )),
            Some(_) => None,
            None => Some(line.to_owned()),
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
                    <link rel=\"stylesheet\" href=\"/a-2.css\"/>\n<link rel=\"icon\" href=\"/x.svg\">\n</head>";
        fs::write(dist.join("index.html"), page).unwrap();
        fs::write(dist.join("b-1.css"), "b{}").unwrap();
        fs::write(dist.join("a-2.css"), "a{}").unwrap();
        let count = bundle(&dist, "/").unwrap();
        let page = fs::read_to_string(dist.join("index.html")).unwrap();
        let name = page
            .lines()
            .find_map(|line| sheet(line, "/"))
            .map(|name| dist.join(name))
            .unwrap();
        let (joined, left) = (
            fs::read_to_string(name),
            fs::read_dir(&dist).unwrap().count(),
        );
        let again = bundle(&dist, "/").unwrap();
        fs::remove_dir_all(&dist).unwrap();
        assert_eq!((count, again, left), (2, 1, 2));
        assert_eq!(joined.unwrap(), "b{}\na{}\n");
        assert_eq!(page.matches("stylesheet").count(), 1);
        assert!(page.contains("/x.svg"));
    }

    #[test]
    fn sheets_are_linked_where_the_page_is_served() {
        let page = "<link rel=\"stylesheet\" href=\"/console/a-1.css\"/>\n<p>\n";
        assert_eq!(sheet(page, "/console/"), Some("a-1.css"));
        let relinked = relink(page, "/console/", "a-1.css", "style-2.css");
        assert_eq!(
            relinked,
            "<link rel=\"stylesheet\" href=\"/console/style-2.css\">\n<p>\n"
        );
    }
}

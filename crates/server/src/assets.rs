//! The files inside the binary: the app, compressed beforehand, and the built-in event.
//!
//! Owns: which file answers a path, in which encoding, cached for how long.
//! Must not own: building or compressing the files.
//! Invariant: a path that is no file is answered with the app's page, which is never cached.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::{self, Write as _},
};

use axum::body::Body;
use flate2::{Compression, write::GzEncoder};
use kiosk_wire::{canonical::hex, event::Event};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::first_screen;

#[derive(RustEmbed)]
#[folder = "../../dist"]
#[allow_missing = true]
struct Dist;

#[derive(RustEmbed)]
#[folder = "../../content"]
#[allow_missing = true]
struct BuiltInEvent;

const PAGE: &str = "index.html";
const CONSOLE_PAGE: &str = "console/index.html";
/// What the program carries, with the licences; written by the build.
const LICENCES: &str = "licences/third-party.txt";
/// A hash at least this long in a file's name says that its content never changes.
const HASH_DIGITS: usize = 12;

/// The built-in event folder: each file's path and text.
pub fn built_in_event() -> BTreeMap<String, String> {
    BuiltInEvent::iter()
        .filter(|path| path.ends_with(".toml"))
        .filter_map(|path| {
            let file = BuiltInEvent::get(&path)?;
            let text = String::from_utf8_lossy(&file.data).into_owned();
            Some((path.into_owned(), text))
        })
        .collect()
}

/// The app's files by path, without a leading slash.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    files: BTreeMap<String, Asset>,
}

#[derive(Debug, Clone)]
struct Asset {
    data: Cow<'static, [u8]>,
    sha256: [u8; 32],
}

impl Asset {
    fn made(data: Vec<u8>) -> Self {
        Self {
            sha256: Sha256::digest(&data).into(),
            data: Cow::Owned(data),
        }
    }
}

/// The page could not be given its first screen.
#[derive(Debug, thiserror::Error)]
pub enum FirstScreenError {
    /// Its sentences are not what the code takes them for.
    #[error("locales/first.ko.toml: {0}")]
    Sentences(#[from] toml::de::Error),
    /// The page could not be compressed.
    #[error("the page could not be compressed: {0}")]
    Compress(#[from] io::Error),
}

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Not at all.
    Identity,
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
}

impl Encoding {
    /// As in `Content-Encoding`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

/// A file that answers a path.
#[derive(Debug, Clone)]
pub struct Served<'a> {
    path: Cow<'a, str>,
    asset: &'a Asset,
    encoding: Encoding,
}

impl Assets {
    /// The app that this binary carries.
    pub fn embedded() -> Self {
        let files = Dist::iter().filter_map(|path| {
            let file = Dist::get(&path)?;
            let asset = Asset {
                data: file.data,
                sha256: file.metadata.sha256_hash(),
            };
            Some((path.into_owned(), asset))
        });
        Self {
            files: files.collect(),
        }
    }

    /// These files, by path without a leading slash.
    pub fn from_files<const N: usize>(files: [(&str, &'static str); N]) -> Self {
        let files = files.map(|(path, text)| {
            let asset = Asset {
                data: Cow::Borrowed(text.as_bytes()),
                sha256: Sha256::digest(text.as_bytes()).into(),
            };
            (path.to_owned(), asset)
        });
        Self {
            files: files.into_iter().collect(),
        }
    }

    /// The visitor's page with the first screen of this event.
    ///
    /// # Errors
    ///
    /// When the first screen's sentences cannot be read, or memory cannot be written to.
    pub fn with_first_screen(mut self, event: &Event) -> Result<Self, FirstScreenError> {
        let Some(page) = self.files.get(PAGE) else {
            return Ok(self);
        };
        let page = first_screen::fill(&String::from_utf8_lossy(&page.data), event)?;
        let packed = gzip(page.as_bytes())?;
        self.files
            .remove(&format!("{PAGE}{}", Encoding::Brotli.suffix()));
        self.files.insert(
            format!("{PAGE}{}", Encoding::Gzip.suffix()),
            Asset::made(packed),
        );
        self.files
            .insert(PAGE.to_owned(), Asset::made(page.into_bytes()));
        Ok(self)
    }

    /// What the program carries, if the build put the list in.
    pub fn licences(&self) -> Option<Cow<'_, str>> {
        let list = self.files.get(LICENCES)?;
        Some(String::from_utf8_lossy(&list.data))
    }

    /// What answers this path; `None` for a file that does not exist.
    pub fn serve(&self, path: &str, accepted: &str) -> Option<Served<'_>> {
        let path = path.trim_start_matches('/');
        if let Some(found) = self.encoded(path, accepted) {
            return Some(found);
        }
        if names_a_file(path) {
            return None;
        }
        let console = path == "console" || path.starts_with("console/");
        let page = if console && self.files.contains_key(CONSOLE_PAGE) {
            CONSOLE_PAGE
        } else {
            PAGE
        };
        self.encoded(page, accepted)
    }

    fn encoded(&self, path: &str, accepted: &str) -> Option<Served<'_>> {
        let (plain, _) = self.files.get_key_value(path)?;
        [Encoding::Brotli, Encoding::Gzip, Encoding::Identity]
            .into_iter()
            .filter(|encoding| accepts(accepted, *encoding))
            .find_map(|encoding| {
                let asset = self.files.get(&format!("{path}{}", encoding.suffix()))?;
                Some(Served {
                    path: Cow::Borrowed(plain.as_str()),
                    asset,
                    encoding,
                })
            })
    }
}

impl Served<'_> {
    /// The bytes.
    pub fn body(&self) -> Body {
        match &self.asset.data {
            Cow::Borrowed(data) => Body::from(*data),
            Cow::Owned(data) => Body::from(data.clone()),
        }
    }

    /// A strong tag of exactly these bytes.
    pub fn etag(&self) -> String {
        format!("\"{}\"", hex(&self.asset.sha256[..16]))
    }

    /// How the body is compressed.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether this is a page rather than a file it loads.
    pub fn is_page(&self) -> bool {
        self.path.ends_with(".html")
    }

    /// `Content-Type`.
    pub fn mime(&self) -> &'static str {
        match extension(&self.path) {
            "html" => "text/html; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "wasm" => "application/wasm",
            "json" => "application/json",
            "webmanifest" => "application/manifest+json",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "ico" => "image/x-icon",
            "webp" => "image/webp",
            "jpg" | "jpeg" => "image/jpeg",
            "woff2" => "font/woff2",
            "txt" => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }

    /// `Cache-Control`.
    pub fn caching(&self) -> &'static str {
        if self.is_page() {
            "no-store"
        } else if self.path.starts_with("fonts/") || is_hashed(&self.path) {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        }
    }
}

/// As small as gzip makes it: for what is made once and sent often.
pub(crate) fn gzip(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(body)?;
    packed.finish()
}

fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Whether the path asks for a file of the app rather than for a page.
fn names_a_file(path: &str) -> bool {
    const FILES: [&str; 17] = [
        "br",
        "css",
        "gz",
        "html",
        "ico",
        "jpeg",
        "jpg",
        "js",
        "json",
        "map",
        "png",
        "svg",
        "txt",
        "wasm",
        "webmanifest",
        "webp",
        "woff2",
    ];
    FILES.contains(&extension(path))
}

/// Files are named `name-<hash>.ext` and `name-<hash>_bg.wasm`, or stand in a folder `name-<hash>`.
fn is_hashed(path: &str) -> bool {
    path.split('/').any(|name| {
        name.split('-').skip(1).any(|part| {
            let digits = part.bytes().take_while(u8::is_ascii_hexdigit).count();
            let end = part.as_bytes().get(digits);
            digits >= HASH_DIGITS && matches!(end, None | Some(b'.' | b'_'))
        })
    })
}

/// Whether `Accept-Encoding` allows this encoding.
pub(crate) fn accepts(accepted: &str, encoding: Encoding) -> bool {
    encoding == Encoding::Identity
        || accepted.split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            let named = words
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case(encoding.name()));
            let refused = words.any(|word| {
                word.strip_prefix("q=")
                    .and_then(|weight| weight.parse::<f32>().ok())
                    .is_some_and(|weight| weight <= 0.0)
            });
            named && !refused
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app() -> Assets {
        Assets::from_files([
            ("index.html", "page"),
            ("index.html.br", "page in brotli"),
            ("app-0123456789abcdef/split_booth.wasm", "part"),
            ("kiosk-0123456789abcdef.js", "script"),
            ("kiosk-0123456789abcdef_bg.wasm", "wasm"),
            ("kiosk-0123456789abcdef_bg.wasm.br", "wasm in brotli"),
            ("kiosk-0123456789abcdef_bg.wasm.gz", "wasm in gzip"),
            ("fonts/sans.woff2", "font"),
            ("sw.js", "worker"),
        ])
    }

    #[test]
    fn the_best_accepted_encoding_is_served() {
        let app = app();
        let encoding = |accepted| {
            app.serve("/kiosk-0123456789abcdef_bg.wasm", accepted)
                .unwrap()
                .encoding()
        };
        assert_eq!(encoding("gzip, deflate, br"), Encoding::Brotli);
        assert_eq!(encoding("gzip, br;q=0"), Encoding::Gzip);
        assert_eq!(encoding(""), Encoding::Identity);
        assert_eq!(
            app.serve("/sw.js", "br").unwrap().encoding(),
            Encoding::Identity
        );
    }

    #[test]
    fn hashed_files_and_fonts_are_kept_pages_are_not() {
        let app = app();
        let caching = |path| app.serve(path, "").unwrap().caching();
        for path in [
            "/kiosk-0123456789abcdef.js",
            "/kiosk-0123456789abcdef_bg.wasm",
            "/app-0123456789abcdef/split_booth.wasm",
            "/fonts/sans.woff2",
        ] {
            assert!(caching(path).contains("immutable"), "{path}");
        }
        assert_eq!(caching("/sw.js"), "no-cache");
        for path in ["/", "/index.html", "/console/fleet", "/some/page", "/v1.2"] {
            assert_eq!(caching(path), "no-store", "{path}");
        }
    }

    #[test]
    fn missing_files_are_not_the_page() {
        assert!(app().serve("/kiosk-ffffffffffffffff.js", "").is_none());
        assert!(app().serve("/../Cargo.toml.txt", "").is_none());
    }

    #[test]
    fn the_console_has_its_own_page_once_it_is_built() {
        let with = Assets::from_files([
            ("index.html", "app"),
            ("console/index.html", "console"),
            ("console/console-0123456789abcdef_bg.wasm", "wasm"),
        ]);
        let wasm = with.serve("/console/console-0123456789abcdef_bg.wasm", "");
        let wasm = wasm.unwrap();
        assert_eq!(wasm.mime(), "application/wasm");
        assert!(wasm.caching().contains("immutable"));
        assert!(
            with.serve("/console/console-ffffffffffffffff.js", "")
                .is_none()
        );
        assert_eq!(
            with.serve("/console/fleet", "").unwrap().path,
            "console/index.html"
        );
        assert_eq!(with.serve("/consoles", "").unwrap().path, "index.html");
        assert_eq!(app().serve("/console", "").unwrap().path, "index.html");
    }

    #[test]
    fn the_licences_are_there_once_they_are_built_in() {
        assert_eq!(app().licences(), None);
        let with = Assets::from_files([("licences/third-party.txt", "all of it")]);
        assert_eq!(with.licences().as_deref(), Some("all of it"));
        assert_eq!(
            with.serve("/licences/third-party.txt", "").unwrap().mime(),
            "text/plain; charset=utf-8"
        );
    }
}

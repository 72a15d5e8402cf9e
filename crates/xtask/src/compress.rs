//! Compresses the built app once, so that the server never does it while a visitor waits.
//!
//! Writes `.br` (quality 11) and `.gz` beside every text and Wasm file. Must not touch files
//! that are compressed already (fonts, pictures). Invariant: a copy exists only where it is
//! smaller than the file itself.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

/// Below this a compressed copy saves no packet.
const LEAST_BYTES: usize = 1024;
const EXTENSIONS: [&str; 8] = [
    "html",
    "js",
    "css",
    "wasm",
    "json",
    "svg",
    "txt",
    "webmanifest",
];

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{path} could not be compressed: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("a thread that compresses files ended early")]
    Thread,
}

/// Compresses these files on every core; answers how many copies were written.
pub(crate) fn compress_all(files: Vec<PathBuf>) -> Result<usize, Error> {
    let queue = Mutex::new(files);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(|| drain(&queue))).collect();
        let mut written = 0;
        for worker in workers {
            written += worker.join().map_err(|_| Error::Thread)??;
        }
        Ok(written)
    })
}

fn drain(queue: &Mutex<Vec<PathBuf>>) -> Result<usize, Error> {
    let mut written = 0;
    loop {
        let next = queue.lock().map_err(|_| Error::Thread)?.pop();
        let Some(path) = next else {
            return Ok(written);
        };
        written += compress(&path).map_err(|source| Error::File { path, source })?;
    }
}

fn compress(path: &Path) -> io::Result<usize> {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    if !EXTENSIONS.contains(&extension.as_ref()) {
        return Ok(0);
    }
    let bytes = fs::read(path)?;
    if bytes.len() < LEAST_BYTES {
        return Ok(0);
    }
    let mut written = 0;
    for (suffix, packed) in [("br", brotli(&bytes)?), ("gz", gzip(&bytes)?)] {
        if packed.len() < bytes.len() {
            fs::write(with_suffix(path, suffix), packed)?;
            written += 1;
        }
    }
    Ok(written)
}

/// `app.js` and `br` make `app.js.br`.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &parameters)?;
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn both_forms_give_the_bytes_back() {
        let bytes = "다섯 팀의 부스 ".repeat(500).into_bytes();
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &brotli(&bytes).unwrap()[..], &mut plain).unwrap();
        assert_eq!(plain, bytes);
        plain.clear();
        flate2::read::GzDecoder::new(&gzip(&bytes).unwrap()[..])
            .read_to_end(&mut plain)
            .unwrap();
        assert_eq!(plain, bytes);
    }

    #[test]
    fn small_files_and_fonts_stay_alone() {
        let folder = std::env::temp_dir().join(format!("xtask-compress-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let files = ["small.css", "font.woff2", "large.js"].map(|name| folder.join(name));
        fs::write(&files[0], "a{}").unwrap();
        fs::write(&files[1], vec![0; 5000]).unwrap();
        fs::write(&files[2], "let a = 1;\n".repeat(500)).unwrap();
        let written = compress_all(files.to_vec()).unwrap();
        let left = fs::read_dir(&folder).unwrap().count();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!((written, left), (2, 5));
    }
}

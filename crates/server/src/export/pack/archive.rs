//! A ZIP in the making, which keeps the check sum of each file in it.

use std::{
    fmt::Write as _,
    io::{self, BufWriter, Seek, Write},
};

use jiff::civil::DateTime;
use kiosk_wire::canonical;
use sha2::{Digest, Sha256};
use zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::super::ExportError;

/// The name `sha256sum -c` is given.
const SUMS: &str = "SHA256SUMS";

/// Whether a file gets smaller.
#[derive(Clone, Copy)]
pub(super) enum Packing {
    Deflated,
    /// It is compressed in itself.
    AsItIs,
}

pub(super) struct Archive<W: Write + Seek> {
    zip: ZipWriter<BufWriter<W>>,
    options: SimpleFileOptions,
    sums: String,
}

impl From<ZipError> for ExportError {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => Self::File(error),
            other => Self::Unwritable(other.to_string()),
        }
    }
}

impl<W: Write + Seek> Archive<W> {
    /// An empty archive; its files are as old as this.
    pub(super) fn new(out: W, at: DateTime) -> Self {
        let mut options = SimpleFileOptions::default();
        // Before 1980 there were no ZIP files.
        if let Some(at) = dos_time(at) {
            options = options.last_modified_time(at);
        }
        Self {
            zip: ZipWriter::new(BufWriter::new(out)).set_auto_large_file(),
            options,
            sums: String::new(),
        }
    }

    /// Adds what `write` writes.
    pub(super) fn add(
        &mut self,
        name: &str,
        packing: Packing,
        write: impl FnOnce(&mut Summed<&mut ZipWriter<BufWriter<W>>>) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let method = match packing {
            Packing::Deflated => CompressionMethod::Deflated,
            Packing::AsItIs => CompressionMethod::Stored,
        };
        self.zip
            .start_file(name, self.options.compression_method(method))?;
        let mut out = Summed {
            inner: &mut self.zip,
            sum: Sha256::new(),
        };
        write(&mut out)?;
        let sum = canonical::hex(out.sum.finalize().as_slice());
        // Writing to a string does not fail.
        writeln!(self.sums, "{sum}  {name}").ok();
        Ok(())
    }

    /// Adds a file that is whole.
    pub(super) fn add_bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), ExportError> {
        self.add(name, Packing::Deflated, |out| Ok(out.write_all(bytes)?))
    }

    /// Adds the check sums of all others and ends the archive.
    pub(super) fn finish(mut self) -> Result<(), ExportError> {
        let sums = std::mem::take(&mut self.sums);
        self.add_bytes(SUMS, sums.as_bytes())?;
        self.zip.finish()?.flush()?;
        Ok(())
    }
}

/// Sums up what it passes on.
pub(super) struct Summed<W> {
    inner: W,
    sum: Sha256,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn dos_time(at: DateTime) -> Option<zip::DateTime> {
    let part = |part: i8| u8::try_from(part).ok();
    zip::DateTime::from_date_and_time(
        u16::try_from(at.year()).ok()?,
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
    .ok()
}

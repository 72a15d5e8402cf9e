//! Everything in one ZIP, for organisers or for one team.
//!
//! Owns: which files are in it and their check sums.
//! Must not own: what is in each of them.
//! Invariant: every file tells of the same entries, and each is written as it is made.

mod archive;
mod readme;

use std::io::{Seek, Write};

use jiff::{Timestamp, tz::TimeZone};
use kiosk_wire::{
    console::{Reconciliation, Summary},
    event::Event,
};
use serde::Serialize;

use super::{Columns, Dictionary, ExportError, Lines, pages::Selection, workshop::Workshop, xlsx};
use crate::{feedback::read, summary::Tally};
use archive::{Archive, Packing};

/// What a pack is made of.
pub struct Contents {
    /// The entries, and who they are for.
    pub selection: Selection,
    /// Their columns.
    pub columns: Columns,
    /// How the tablets' counts stand; only for organisers.
    pub reconciliation: Option<Reconciliation>,
    /// The event.
    pub event: Event,
    /// Its zone.
    pub zone: TimeZone,
    /// For how long visitors were told that entries are kept.
    pub retention_days: u32,
    /// When it is made.
    pub now: Timestamp,
}

impl Contents {
    /// Writes the ZIP.
    pub fn write(
        &self,
        workshop: &Workshop<'_>,
        out: impl Write + Seek + Send,
    ) -> Result<(), ExportError> {
        let local = self.now.to_zoned_datetime(self.zone.clone()).datetime();
        let mut archive = Archive::new(out, local);
        let csv = Lines::Csv(self.columns.clone());
        archive.add("entries.csv", Packing::Deflated, |out| {
            self.write_lines(workshop, &csv, out)
        })?;
        let jsonl = Lines::Jsonl(self.selection.audience().clone());
        archive.add("entries.jsonl", Packing::Deflated, |out| {
            self.write_lines(workshop, &jsonl, out)
        })?;
        archive.add("entries.xlsx", Packing::AsItIs, |out| {
            xlsx::write(workshop, &self.columns, &self.selection, self.now, out)
        })?;
        let dictionary = Dictionary::new(&self.columns);
        archive.add_bytes("dictionary.csv", &dictionary.csv()?)?;
        archive.add_bytes("dictionary.json", &json(&dictionary)?)?;
        archive.add_bytes("summary.json", &json(&self.summary(workshop)?)?)?;
        if let Some(reconciliation) = &self.reconciliation {
            archive.add_bytes("reconciliation.json", &json(reconciliation)?)?;
        }
        archive.add_bytes("README.txt", readme::text(self).as_bytes())?;
        archive.finish()
    }

    fn write_lines(
        &self,
        workshop: &Workshop<'_>,
        lines: &Lines,
        out: &mut dyn Write,
    ) -> Result<(), ExportError> {
        out.write_all(&lines.head()?)?;
        workshop.each_page(self.selection.pages(), |page| {
            Ok(out.write_all(&lines.rows(page)?)?)
        })
    }

    fn summary(&self, workshop: &Workshop<'_>) -> Result<Summary, ExportError> {
        let team = self.selection.audience().team();
        let teams = self.event.teams.iter().map(|team| team.id.as_str());
        let teams = teams.filter(|id| team.is_none_or(|team| team == *id));
        let mut tally = Tally::new(teams, self.zone.clone());
        workshop.each_page(self.selection.pages(), |page| {
            for entry in page {
                tally.add(&read(&entry.item)?);
            }
            Ok(())
        })?;
        Ok(tally.summary(self.now))
    }
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, ExportError> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

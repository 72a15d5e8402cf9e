//! Downloads of everything there is: rows a second, and the memory that the server takes for it.

use std::time::Instant;

use crate::budget::Budget;
use crate::error::Result;
use crate::kiosk::Kiosk;
use crate::report::{Figure, Section};

const ROWS_A_SEC: f64 = 50_000.0;
const MEMORY_MIB: f64 = 150.0;

pub(crate) async fn measure(
    kiosk: &Kiosk,
    organiser: &reqwest::Client,
    database: &str,
    section: &mut Section,
) -> Result<()> {
    let rows = f64::from(u32::try_from(kiosk.stored(organiser).await?).unwrap_or(u32::MAX));
    for format in ["csv", "jsonl", "xlsx"] {
        let url = format!("{}/api/feedback/export?format={format}", kiosk.url);
        kiosk.server.forget_peak()?;
        let start = Instant::now();
        let mut answer = organiser.get(&url).send().await?.error_for_status()?;
        let mut bytes = 0.0;
        while let Some(chunk) = answer.chunk().await? {
            bytes += f64::from(u32::try_from(chunk.len()).unwrap_or(u32::MAX));
        }
        let rate = Figure::new(
            format!("{format}, {database}"),
            "rows/s",
            rows / start.elapsed().as_secs_f64(),
        );
        let rate = rate.how(format!("{rows} rows, {:.0} MB, once", bytes / 1e6));
        // A workbook is not sent row by row.
        section.figures.push(if format == "xlsx" {
            rate
        } else {
            rate.within(Budget::least(ROWS_A_SEC))
        });
        section.figures.push(
            Figure::new(
                format!("peak memory meanwhile, {format}, {database}"),
                "MiB",
                kiosk.server.peak_mib()?,
            )
            .within(Budget::most(MEMORY_MIB))
            .how("resident memory of the server, all of it"),
        );
    }
    Ok(())
}

//! What the way through the proxy costs, beside nginx as the physical limit and `LiteLLM` as a gateway of
//! the same kind.
//!
//! The kiosk checks the tablet, its limits and the line, masks, and reads every frame; nginx only passes
//! bytes on. All stand in front of the same mock and are asked in turn.

mod client;
mod fleet;
mod frames;
mod requests;
mod stand;
mod streams;

use std::path::Path;

use crate::error::Result;
use crate::report::Section;

pub(crate) async fn measure(program: &Path, folder: &Path) -> Result<Section> {
    let mut figures = requests::measure(program, folder).await?;
    figures.extend(streams::measure(program).await?);
    figures.extend(fleet::measure(program).await?);
    Ok(Section {
        name: "Model proxy",
        figures,
        notes: vec![
            "every word of every answer came, in order; a wrong one ends the run".to_owned(),
            "verdicts are on the unfavourable end of the 95 % bounds (bootstrap)".to_owned(),
        ],
    })
}

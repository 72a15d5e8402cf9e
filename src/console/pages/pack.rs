//! What a team's own people see: the download of what visitors shared with their team.

use leptos::prelude::*;

use crate::console::parts::download_link::DownloadLink;
use crate::console::parts::glyph::{Glyph, GlyphName};
use crate::console::parts::page_head::PageHead;
use crate::console::parts::team_mark::TeamMark;
use crate::console::state::console;
use kiosk_wire::paths;

/// One team's pack.
#[component]
pub fn PackPage(team: String) -> impl IntoView {
    let console = console();
    let address = format!("{}?team={team}", paths::PACK);
    view! {
        <PageHead title=|words| words.page_pack />
        <section class="box pad narrow">
            <h2><TeamMark id=team /></h2>
            <p class="muted">{move || console.words().pack_text}</p>
            <DownloadLink class="btn main" href=address>
                <Glyph name=GlyphName::Download />
                <span>{move || console.words().pack_download}</span>
            </DownloadLink>
        </section>
    }
}

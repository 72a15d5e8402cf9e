//! Everything that can be taken home as a file.

use kiosk_wire::paths;
use leptos::prelude::*;

use super::address::Address;
use super::filters::Filters;
use super::item::Names;
use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::console::parts::download_link::DownloadLink;
use crate::console::parts::team_mark::TeamMark;
use crate::console::state::sentence;
use crate::console::words::ConsoleMessages;

/// What the filters show, in each format, and everything in one file.
#[component]
pub fn Downloads(address: Address) -> impl IntoView {
    let name = sentence(|words| words.results_download);
    let filtered = move |testid, label, format| {
        let href = Signal::derive(move || address.path(paths::EXPORT, &[("format", format)]));
        link(Some(testid), label, href, "btn")
    };
    let whole = |label, path: &'static str, class| {
        link(None, label, Signal::derive(move || path.to_owned()), class)
    };
    let note = sentence(|words| words.results_download_note);
    view! {
        <nav class="downloads" aria-label=move || name.get()>
            {filtered("download-csv", |w| w.results_download_csv, "csv")}
            {filtered("download-xlsx", |w| w.results_download_xlsx, "xlsx")}
            {filtered("download-jsonl", |w| w.results_download_jsonl, "jsonl")}
            {whole(|w| w.results_download_dictionary, paths::DICTIONARY, "btn")}
            {whole(|w| w.results_download_pack, paths::PACK, "btn main")}
            <small class="muted">{move || note.get()}</small>
        </nav>
    }
}

/// A pack of each team, for those who were shared with.
#[component]
pub fn TeamPacks(names: Signal<Option<Names>>) -> impl IntoView {
    let title = sentence(|words| words.results_download_team_packs);
    let note = sentence(|words| words.results_download_team_note);
    view! {
        <section class="box panel">
            <h2>{move || title.get()}</h2>
            <p class="muted">{move || note.get()}</p>
            {live(move || {
                let names = names.get()?;
                let links = names.event.teams.iter().map(|team| team_pack(&team.id));
                Some(view! { <ul class="packs">{links.collect::<Vec<_>>()}</ul> }.into_any())
            })}
        </section>
    }
}

fn team_pack(id: &str) -> AnyView {
    let href = Filters::default().path(paths::PACK, &[("team", id)]);
    let id = id.to_owned();
    view! {
        <li>
            <DownloadLink class="btn" href=href>
                <TeamMark id />
                <Icon name=IconName::Download />
            </DownloadLink>
        </li>
    }
    .into_any()
}

fn link(
    testid: Option<&'static str>,
    label: fn(&ConsoleMessages) -> &'static str,
    href: Signal<String>,
    class: &'static str,
) -> AnyView {
    let label = sentence(label);
    view! {
        <DownloadLink class testid href>
            <Icon name=IconName::Download />
            {move || label.get()}
        </DownloadLink>
    }
    .into_any()
}

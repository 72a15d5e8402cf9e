//! One entry, whole and in words.
//!
//! Owns: which parts are told and in which order. Must not own: erasing; it only asks for it.
//! Invariant: what a visitor wrote is shown as text, never as markup.

use kiosk_wire::chat::{Role, ServedBy};
use kiosk_wire::feedback::{Entry, Exchange, Outcome, Turn};
use leptos::prelude::*;

use super::item::{Item, Names};
use crate::components::dialog::Dialog;
use crate::components::icon::{Icon, IconName};
use crate::components::tap::tap;
use crate::console::parts::team_mark::TeamMark;
use crate::console::state::{Console, console, sentence};
use crate::i18n::fill;

type Facts = Vec<(String, String)>;

/// The entry in a dialog; `on_erase` gets its receipt.
pub fn entry_dialog(
    item: &Item,
    names: &Names,
    on_close: Callback<()>,
    on_erase: Callback<String>,
) -> AnyView {
    let console = console();
    let words = names.words;
    let receipt = item.receipt();
    let entry = &item.entry;
    let team = entry.team.clone();
    let facts: Facts = how_it_came(console, item, names)
        .into_iter()
        .chain(what_was_said(entry, names))
        .chain(
            entry
                .outcome
                .iter()
                .flat_map(|outcome| visit(outcome, names)),
        )
        .chain(what_was_allowed(entry, names))
        .collect();
    let facts = facts
        .into_iter()
        .map(|(term, text)| view! { <div><dt>{term}</dt><dd>{text}</dd></div> }.into_any());
    let kind = names.kind(entry.kind);
    let exchange = entry.exchange.as_ref();
    let exchange = exchange.map(|exchange| told_exchange(exchange, names));
    let turns = entry.conversation.as_ref();
    let turns = turns.map(|turns| told_conversation(turns, entry.truncated, names));
    let facts: Vec<AnyView> = facts.collect();
    let erase = receipt.map(|receipt| {
        view! {
            <button class="btn danger" on:click=tap(move || on_erase.run(receipt.clone()))>
                {words.results_entry_erase}
            </button>
        }
        .into_any()
    });
    view! {
        <Dialog label=sentence(|words| words.results_entry) class="dialog entry" on_dismiss=on_close>
            // The dialog opens at its top, not at the button at its end.
            <h2 autofocus tabindex="-1">
                {team.map(|id| view! { <TeamMark id /> }.into_any())}
                {kind}
            </h2>
            <dl>{facts}</dl>
            {exchange}
            {turns}
            <div class="actions">
                {erase}
                <button class="btn main" on:click=tap(move || on_close.run(()))>
                    <Icon name=IconName::X />
                    {words.close}
                </button>
            </div>
        </Dialog>
    }
    .into_any()
}

fn how_it_came(console: Console, item: &Item, names: &Names) -> Facts {
    let words = names.words;
    let entry = &item.entry;
    told([
        (words.results_entry_receipt, item.receipt()),
        (
            words.results_column_received,
            Some(console.date_time(&item.received_at)),
        ),
        (
            words.results_entry_created,
            Some(console.date_time(&entry.created_at)),
        ),
        (
            words.results_column_device,
            Some(names.device(&item.device_id)),
        ),
        (words.results_entry_seq, Some(entry.seq.to_string())),
        (
            words.results_entry_origin,
            Some(names.origin(entry.origin).to_owned()),
        ),
        (
            words.results_entry_language,
            Some(names.language_of(entry.language).to_owned()),
        ),
        (words.results_entry_survey, entry.survey_version.clone()),
        (words.results_entry_build, entry.app_build.clone()),
    ])
}

fn what_was_said(entry: &Entry, names: &Names) -> Facts {
    let words = names.words;
    let demo = entry.team.as_deref().zip(entry.demo.as_deref());
    let served = &entry.served;
    let served_by = fill(
        words.results_entry_served_value,
        &[("model", &served.model), ("guide", &served.guide)],
    );
    let mut said = told([
        (
            words.results_entry_demo,
            demo.map(|(team, demo)| names.demo(team, demo)),
        ),
        (words.results_column_verdict, Some(names.verdict(entry))),
        (words.results_column_tags, Some(names.tags(&entry.tags))),
        (words.results_column_comment, entry.comment.clone()),
        (words.results_entry_served, Some(served_by)),
        (words.results_entry_models, Some(served.models.join(", "))),
    ]);
    let answers = entry.answers.iter().filter(|(id, _)| *id != "category");
    said.extend(answers.map(|(id, choice)| names.answer(id, choice)));
    said
}

fn what_was_allowed(entry: &Entry, names: &Names) -> Facts {
    let words = names.words;
    let said = |yes| {
        let answer = if yes {
            words.results_yes
        } else {
            words.results_no
        };
        Some(answer.to_owned())
    };
    told([
        (
            words.results_column_sent,
            Some(names.consent(entry.consent).to_owned()),
        ),
        (words.results_entry_share, said(entry.share_with_team)),
        (words.results_entry_display, said(entry.display_consent)),
        (words.results_entry_age, said(entry.age_14_or_over)),
    ])
}

fn visit(outcome: &Outcome, names: &Names) -> Facts {
    let words = names.words;
    let teams: Vec<String> = outcome.teams.iter().map(|id| names.team(id)).collect();
    let turns = fill(
        words.results_entry_turns_value,
        &[("count", &outcome.turns)],
    );
    let length = fill(
        words.results_entry_length_value,
        &[
            ("minutes", &(outcome.secs / 60)),
            ("seconds", &(outcome.secs % 60)),
        ],
    );
    told([
        (words.results_entry_teams, Some(teams.join(", "))),
        (words.results_entry_turns, Some(turns)),
        (words.results_entry_length, Some(length)),
    ])
}

/// What is there to tell; the rest is left out.
fn told<const N: usize>(facts: [(&'static str, Option<String>); N]) -> Facts {
    let present = facts.into_iter().filter_map(|(term, text)| {
        let text = text.filter(|text| !text.is_empty())?;
        Some((term.to_owned(), text))
    });
    present.collect()
}

fn told_exchange(exchange: &Exchange, names: &Names) -> AnyView {
    let words = names.words;
    let secs = |millis: Option<u64>| match millis {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        Some(millis) => {
            let secs = format!("{:.1}", millis as f64 / 1000.0);
            fill(words.results_entry_secs, &[("secs", &secs)])
        }
        None => words.results_entry_unknown.to_owned(),
    };
    let timing = fill(
        words.results_entry_timing,
        &[
            ("first", &secs(exchange.first_token_ms)),
            ("total", &secs(exchange.total_ms)),
        ],
    );
    let by = speaker(
        Role::Assistant,
        exchange.served_by,
        exchange.model.as_deref(),
        names,
    );
    view! {
        <section>
            <h3>{words.results_entry_exchange}</h3>
            <p class="muted">{timing}</p>
            {spoken(words.results_entry_visitor.to_owned(), &exchange.prompt)}
            {spoken(by, &exchange.answer)}
        </section>
    }
    .into_any()
}

fn told_conversation(turns: &[Turn], is_truncated: bool, names: &Names) -> AnyView {
    let words = names.words;
    let turns = turns.iter().map(|turn| {
        let by = speaker(turn.role, turn.served_by, turn.model.as_deref(), names);
        let team = turn.team.as_deref().map(|id| names.team(id));
        let by = team.map_or_else(|| by.clone(), |team| format!("{by} · {team}"));
        spoken(by, &turn.text)
    });
    view! {
        <section>
            <h3>{words.results_entry_conversation}</h3>
            {is_truncated.then(|| view! { <p class="muted">{words.results_entry_truncated}</p> }.into_any())}
            {turns.collect::<Vec<_>>()}
        </section>
    }
    .into_any()
}

fn speaker(role: Role, served_by: Option<ServedBy>, model: Option<&str>, names: &Names) -> String {
    let words = names.words;
    if role == Role::User {
        return words.results_entry_visitor.to_owned();
    }
    match served_by {
        Some(ServedBy::Guide) => words.results_entry_guide.to_owned(),
        _ => model.unwrap_or(words.results_entry_model).to_owned(),
    }
}

fn spoken(by: String, text: &str) -> AnyView {
    view! {
        <div class="spoken">
            <b>{by}</b>
            <p>{text.to_owned()}</p>
        </div>
    }
    .into_any()
}

//! Which version of the survey the charts show: one at a time, for their answers do not add up.

use kiosk_wire::event::Event;
use leptos::prelude::*;

use super::address::Address;
use super::filters::{Field, Filters};
use super::item::Names;
use crate::i18n::fill;

const SHORT: usize = 8;

/// The version that is shown: the one in the address, else the newest with an answer.
pub fn chosen(versions: &[String], filters: &Filters, event: &Event) -> String {
    let wanted = filters.get(Field::Survey);
    let found = versions.iter().find(|version| *version == wanted);
    let found = found.or_else(|| versions.first());
    found.unwrap_or(&event.survey.version).clone()
}

/// Chooses between versions; with one there is nothing to choose.
#[component]
#[expect(
    clippy::needless_pass_by_value,
    reason = "props belong to their component"
)]
pub fn SurveyPicker(
    address: Address,
    versions: Vec<String>,
    version: String,
    names: Names,
) -> impl IntoView {
    (versions.len() > 1).then(|| {
        let options = versions.into_iter().map(|own| {
            let label = label(&names, &own);
            let is_chosen = own == version;
            view! { <option value=own selected=is_chosen>{label}</option> }.into_any()
        });
        let options: Vec<AnyView> = options.collect();
        view! {
            <label class="filter">
                <span>{names.words.results_survey}</span>
                <select on:change=move |event| address.set(Field::Survey, &event_target_value(&event))>
                    {options}
                </select>
            </label>
        }
        .into_any()
    })
}

fn label(names: &Names, version: &str) -> String {
    let words = names.words;
    if version.is_empty() {
        return words.results_survey_unnamed.to_owned();
    }
    let sentence = if version == names.event.survey.version {
        words.results_survey_now
    } else {
        words.results_survey_before
    };
    let short: String = version.chars().take(SHORT).collect();
    fill(sentence, &[("version", &short)])
}

//! The first screen as part of the page: it is there before the app is.
//!
//! Owns: its markup, in Korean, the language every visit begins in. Invariant: it looks as the app's own
//! (`src/visitor/attract.rs`), which takes its place; `public/boot.js` remembers what is tapped until then.

use kiosk_wire::event::{Event, Team};
use serde::Deserialize;

/// The line of the page that it takes the place of.
const GAP: &str = "<!-- first screen -->";
const SENTENCES: &str = include_str!("../../../locales/first.ko.toml");

#[derive(Deserialize)]
struct Words {
    attract_title: String,
    attract_hint: String,
    start: String,
    teams_label: String,
    loading: String,
    numbers: String,
}

/// The page with the first screen of this event; as it is where there is no place for one.
///
/// # Errors
///
/// When the sentences are not what this file takes them for.
pub fn fill(page: &str, event: &Event) -> Result<String, toml::de::Error> {
    let words: Words = toml::from_str(SENTENCES)?;
    Ok(page.replace(GAP, &markup(&words, event)))
}

fn markup(words: &Words, event: &Event) -> String {
    let count = event.teams.len();
    let word = words.numbers.split(' ').nth(count.saturating_sub(1));
    let count = word.map_or_else(|| count.to_string(), ToOwned::to_owned);
    let title = words.attract_title.replace("{count}", &count);
    let lights: String = event.teams.iter().map(light).collect();
    let [title, hint, start, label, loading] = [
        &title,
        &words.attract_hint,
        &words.start,
        &words.teams_label,
        &words.loading,
    ]
    .map(|text| escape(text));
    format!(
        "<div id=\"cover\" class=\"screen\"><main class=\"attract\"><section class=\"call\"><h1>{title}</h1>\
         <p>{hint}</p><button class=\"btn primary start\">{start}</button></section>\
         <nav class=\"lights\" aria-label=\"{label}\">{lights}</nav></main><footer class=\"dock\"></footer>\
         <p class=\"boot\" role=\"status\" hidden>{loading}</p></div>"
    )
}

fn light(team: &Team) -> String {
    format!(
        "<button data-team=\"{}\"><i class=\"beam\" aria-hidden=\"true\"></i><b>{}</b><span>{}</span></button>",
        escape(&team.id),
        escape(&team.name.ko),
        escape(&team.model)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::built_in_event;

    fn event() -> Event {
        kiosk_content::load(&built_in_event()).unwrap().event
    }

    #[test]
    fn it_names_every_team_in_order() {
        let event = event();
        let page = fill(&format!("<body>{GAP}</body>"), &event).unwrap();
        assert!(page.contains("<h1>다섯 팀의 AI와"), "{page}");
        let places: Vec<_> = event
            .teams
            .iter()
            .map(|team| page.find(&format!("data-team=\"{}\"", team.id)).unwrap())
            .collect();
        assert!(places.is_sorted(), "{places:?}");
        assert!(!page.contains(GAP));
    }

    #[test]
    fn names_are_text() {
        let mut event = event();
        event.teams[0].name.ko = "<b>\"A&B\"".to_owned();
        let page = fill(GAP, &event).unwrap();
        assert!(page.contains("<b>&lt;b>&quot;A&amp;B&quot;</b>"), "{page}");
    }

    #[test]
    fn a_page_without_a_place_stays() {
        assert_eq!(fill("<p>", &event()).unwrap(), "<p>");
    }
}

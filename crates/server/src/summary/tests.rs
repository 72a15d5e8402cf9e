use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::feedback::read;

const TEAMS: [&str; 2] = ["upstage", "skt"];

fn entry(visit: u64, fields: &Value) -> Entry {
    let mut item = json!({
        "id": "0193f0c2-0000-7000-8000-000000000001", "seq": 1, "team": "skt", "kind": "visit",
        "visit_id": format!("7d444840-9dc0-4d1e-b245-{visit:012x}"),
        "created_at": "2025-12-30T14:31:05+09:00", "language": "ko", "rating": 4,
        "served": {"model": 2, "guide": 0}, "survey_version": "v1",
    });
    for (key, value) in fields.as_object().unwrap() {
        item[key] = value.clone();
    }
    read(&item).unwrap()
}

fn ended(visit: u64, by: &str) -> Entry {
    let outcome = json!({"ended_by": by, "turns": 1, "teams": ["skt"], "secs": 9});
    entry(
        visit,
        &json!({"kind": "outcome", "rating": null, "outcome": outcome}),
    )
}

fn tally(entries: &[Entry]) -> Summary {
    let seoul = TimeZone::get("Asia/Seoul").unwrap();
    let mut tally = Tally::new(TEAMS, seoul);
    for entry in entries {
        tally.add(entry);
    }
    tally.summary(Timestamp::UNIX_EPOCH)
}

fn counts(pairs: &[(&str, u64)]) -> BTreeMap<String, u64> {
    let owned = pairs.iter().map(|(key, times)| ((*key).to_owned(), *times));
    owned.collect()
}

#[test]
fn teams_stand_in_the_events_order_and_former_ones_after_them() {
    let summary = tally(&[
        entry(1, &json!({"team": "zeta"})),
        entry(2, &json!({"team": "alpha"})),
    ]);
    let teams: Vec<&str> = summary.teams.iter().map(|team| &*team.team).collect();
    assert_eq!(teams, ["upstage", "skt", "alpha", "zeta"]);
    assert_eq!(summary.time_zone, "Asia/Seoul");
    assert!(summary.teams[0].forms.is_empty());
}

#[test]
fn response_rates_are_of_visits_that_ended_with_the_team() {
    let summary = tally(&[
        // A form that was released by idling counts, whichever comes first.
        entry(1, &json!({})),
        ended(1, "idle"),
        ended(2, "submit"),
        entry(2, &json!({})),
        ended(3, "skip"),
        // A visit ends once.
        ended(3, "idle"),
        // A form of a visit that has not ended yet.
        entry(4, &json!({})),
        entry(
            5,
            &json!({"kind": "outcome", "rating": null, "team": null,
            "outcome": {"ended_by": "idle", "turns": 0, "teams": [], "secs": 3}}),
        ),
    ]);
    assert_eq!((summary.visits.ended, summary.visits.with_form), (4, 2));
    let by = counts(&[("idle", 2), ("skip", 1), ("submit", 1)]);
    assert_eq!(summary.visits.ended_by, by);
    let skt = &summary.teams[1];
    assert_eq!((skt.visits, skt.visits_with_form), (3, 2));
    assert_eq!(skt.forms[0].count, 3);
}

#[test]
fn versions_and_the_guide_stand_apart_newest_first() {
    let summary = tally(&[
        entry(1, &json!({"rating": 1})),
        entry(2, &json!({"rating": 5, "survey_version": "v2"})),
        entry(3, &json!({"rating": 2})),
        entry(4, &json!({"rating": 3, "survey_version": null})),
        entry(5, &json!({"rating": 4, "served": {"model": 1, "guide": 1}})),
    ]);
    let skt = &summary.teams[1];
    let versions: Vec<_> = skt
        .forms
        .iter()
        .map(|f| (&*f.survey_version, f.ratings))
        .collect();
    assert_eq!(
        versions,
        [
            ("", [0, 0, 1, 0, 0]),
            ("v2", [0, 0, 0, 0, 1]),
            ("v1", [1, 1, 0, 0, 0]),
        ]
    );
    assert_eq!(skt.guide_served.len(), 1);
    assert_eq!(skt.guide_served[0].ratings, [0, 0, 0, 1, 0]);
}

#[test]
fn what_a_form_holds_is_counted() {
    let summary = tally(&[
        entry(
            1,
            &json!({"tags": ["fast", "odd", "fast"], "answers": {"use": "work"}}),
        ),
        entry(
            2,
            &json!({"tags": ["fast"], "answers": {"use": "work", "ai_level": "often"},
            "consent": "excerpt", "created_at": "2025-12-30T15:00:00Z"}),
        ),
    ]);
    let form = &summary.teams[1].forms[0];
    assert_eq!(form.tags, counts(&[("fast", 2), ("odd", 1)]));
    assert_eq!(form.answers["use"], counts(&[("work", 2)]));
    assert_eq!(form.answers["ai_level"], counts(&[("often", 1)]));
    assert_eq!(form.consents, counts(&[("excerpt", 1), ("rating", 1)]));
    // Fifteen hours UTC is midnight of the next day in Seoul.
    let hours = counts(&[("2025-12-30T14", 1), ("2025-12-31T00", 1)]);
    assert_eq!(form.hours, hours);
}

#[test]
fn thumbs_and_fact_errors_are_no_forms() {
    let thumb = |thumb: &str, guide: u64| {
        let served = json!({"model": 1 - guide, "guide": guide});
        entry(
            1,
            &json!({"kind": "answer", "rating": null, "thumb": thumb, "served": served}),
        )
    };
    let error = |guide: u64| {
        let served = json!({"model": 1 - guide, "guide": guide});
        let answers = json!({"category": "law"});
        entry(
            1,
            &json!({"kind": "fact_error", "rating": null, "answers": answers,
            "consent": "excerpt", "served": served}),
        )
    };
    let entries = [
        thumb("up", 0),
        thumb("up", 0),
        thumb("down", 1),
        error(0),
        error(1),
        error(1),
    ];
    let summary = tally(&entries);
    let skt = &summary.teams[1];
    assert!(skt.forms.is_empty() && skt.guide_served.is_empty());
    assert_eq!(skt.thumbs, ThumbSummary { up: 2, down: 0 });
    assert_eq!(skt.guide_thumbs, ThumbSummary { up: 0, down: 1 });
    assert_eq!(skt.fact_errors, counts(&[("law", 1)]));
    assert_eq!(skt.guide_fact_errors, counts(&[("law", 2)]));
}

#[test]
fn staff_and_rehearsals_count_nowhere() {
    let summary = tally(&[
        entry(1, &json!({"origin": "staff"})),
        entry(2, &json!({"origin": "rehearsal"})),
        entry(3, &json!({"origin": "assisted"})),
    ]);
    assert_eq!(summary.not_counted, 2);
    assert_eq!(summary.teams[1].forms[0].count, 1);
}

proptest! {
    #[test]
    fn nothing_is_lost_or_counted_twice(
        made in proptest::collection::vec((0_u64..6, 0_u8..4, any::<bool>(), 1_u64..6), 0..60),
    ) {
        let entries: Vec<Entry> = made.iter().map(|(visit, version, guide, rating)| {
            entry(*visit, &json!({
                "survey_version": format!("v{version}"), "rating": rating,
                "served": {"model": 1, "guide": u64::from(*guide)},
            }))
        }).collect();
        let summary = tally(&entries);
        let skt = &summary.teams[1];
        let forms = skt.forms.iter().chain(&skt.guide_served);
        let counted: u64 = forms.clone().map(|form| form.count).sum();
        let rated: u64 = forms.flat_map(|form| form.ratings).sum();
        prop_assert_eq!(counted, entries.len() as u64);
        prop_assert_eq!(rated, counted);
    }
}

//! The limits from both sides, and every place a team or a text can stand in.

use serde_json::{Map, json};

use super::*;
use crate::feedback::Judge;

fn judge(fields: &Value) -> Result<(), Invalid> {
    let mut item = json!({
        "id": "0193f0c2-0000-7000-8000-000000000001", "seq": 1, "kind": "visit", "rating": 4,
        "visit_id": "5c7a1d0e-3b0f-4c6e-9a51-0f2a7d0b6c11", "language": "ko",
        "created_at": "2025-12-30T14:31:05+09:00", "age_14_or_over": true,
    });
    for (key, value) in fields.as_object().unwrap() {
        item[key] = value.clone();
    }
    let judge = Judge {
        teams: BTreeSet::from(["skt"]),
        hash_key: b"key",
    };
    judge.judge(&item.to_string()).entry.map(|_| ())
}

fn with_answers(count: usize) -> Value {
    let answers: Map<_, _> = (0..count).map(|n| (format!("q{n}"), json!("a"))).collect();
    json!({"answers": answers})
}

fn with_conversation(bytes: usize) -> Value {
    let whole = std::iter::repeat_n(MAX_TEXT_CHARS, bytes / MAX_TEXT_CHARS);
    let turns: Vec<_> = whole
        .chain([bytes % MAX_TEXT_CHARS])
        .map(|chars| json!({"role": "user", "text": "a".repeat(chars)}))
        .collect();
    json!({"consent": "conversation", "conversation": turns})
}

#[test]
fn every_limit_may_be_reached_and_not_passed() {
    let excerpt = |chars| {
        json!({"consent": "excerpt",
            "exchange": {"prompt": "가".repeat(chars), "answer": "a"}})
    };
    let limits: [(usize, &dyn Fn(usize) -> Value); 7] = [
        (MAX_COMMENT_CHARS, &|n| json!({"comment": "가".repeat(n)})),
        (MAX_TAGS, &|n| json!({"tags": vec!["t"; n]})),
        (MAX_ANSWERS, &with_answers),
        (MAX_MODELS, &|n| json!({"served": {"models": vec!["m"; n]}})),
        (MAX_NAME_CHARS, &|n| json!({"demo": "가".repeat(n)})),
        (MAX_TEXT_CHARS, &excerpt),
        (MAX_CONVERSATION_BYTES, &with_conversation),
    ];
    for (most, fields) in limits {
        let name = fields(1);
        assert_eq!(judge(&fields(most)), Ok(()), "{most} as in {name}");
        let over = judge(&fields(most + 1));
        assert!(
            matches!(over, Err(Invalid::TooLong { .. } | Invalid::Name(_))),
            "{over:?}: more than {most} as in {name}"
        );
    }
    let lasting = |secs: u64| {
        let outcome = json!({"ended_by": "idle", "turns": 1, "teams": [], "secs": secs});
        json!({"kind": "outcome", "rating": null, "outcome": outcome})
    };
    assert_eq!(judge(&lasting(MAX_SAFE_INTEGER)), Ok(()));
    let over = judge(&lasting(MAX_SAFE_INTEGER + 1));
    assert_eq!(over, Err(Invalid::Number));
}

/// Each kind, what it needs, and with which consent.
fn kinds() -> [(&'static str, &'static str, Value, &'static [&'static str]); 4] {
    let outcome = json!({"ended_by": "idle", "turns": 1, "teams": [], "secs": 1});
    let any = &["rating", "excerpt", "conversation"];
    [
        ("visit", "rating", json!(4), any),
        ("answer", "thumb", json!("up"), &["rating"]),
        (
            "fact_error",
            "answers",
            json!({"category": "law"}),
            &["excerpt"],
        ),
        ("outcome", "outcome", outcome, any),
    ]
}

#[test]
fn each_kind_has_what_it_needs_and_nothing_of_another() {
    for (kind, needed, value, consents) in kinds() {
        let mut fields = json!({"kind": kind, "rating": null, "consent": consents[0]});
        let without = judge(&fields);
        assert!(matches!(without, Err(Invalid::Needs(_))), "{kind}");
        fields[needed] = value;
        for consent in ["rating", "excerpt", "conversation"] {
            let mut fields = fields.clone();
            fields["consent"] = json!(consent);
            let is_valid = consents.contains(&consent);
            assert_eq!(judge(&fields).is_ok(), is_valid, "{kind} with {consent}");
        }
        for (_, name, value, _) in kinds() {
            if name != needed && name != "answers" {
                let mut fields = fields.clone();
                fields[name] = value;
                assert_eq!(judge(&fields), Err(Invalid::HasNo(name)), "{kind}");
            }
        }
    }
}

#[test]
fn a_fact_error_is_about_one_of_four_things() {
    let about = |category: &str| {
        let answers = json!({"category": category});
        judge(
            &json!({"kind": "fact_error", "rating": null, "consent": "excerpt",
            "answers": answers}),
        )
    };
    for category in CATEGORIES {
        assert_eq!(about(category), Ok(()));
    }
    assert!(matches!(about("history"), Err(Invalid::Needs(_))));
}

#[test]
fn a_list_is_no_object() {
    for name in ["served", "exchange", "outcome"] {
        let listed = judge(&json!({name: []}));
        assert_eq!(listed, Err(Invalid::NoObject(name)));
    }
    let turn = json!({"consent": "conversation", "conversation": [["user", "t"]]});
    assert_eq!(judge(&turn), Err(Invalid::NoObject("a turn")));
}

#[test]
fn ids_are_of_their_version_and_of_the_usual_variant() {
    for (id, is_valid) in [
        ("0193f0c2-0000-7fff-bfff-000000000001", true),
        ("0193f0c2-0000-4000-8000-000000000001", false),
        ("0193f0c2-0000-7000-7000-000000000001", false),
        ("0193f0c2-0000-7000-c000-000000000001", false),
    ] {
        let expected = if is_valid { Ok(()) } else { Err(Invalid::Id) };
        assert_eq!(judge(&json!({"id": id})), expected, "{id}");
    }
    let other = json!({"visit_id": "5c7a1d0e-3b0f-4c6e-1a51-0f2a7d0b6c11"});
    assert_eq!(judge(&other), Err(Invalid::VisitId));
}

#[test]
fn a_team_is_known_wherever_it_stands() {
    let places: [&dyn Fn(&str) -> Value; 4] = [
        &|team| json!({"team": team}),
        &|team| {
            json!({"consent": "excerpt",
                "exchange": {"prompt": "p", "answer": "a", "team": team}})
        },
        &|team| {
            json!({"consent": "conversation",
                "conversation": [{"role": "user", "text": "t", "team": team}]})
        },
        &|team| {
            json!({"kind": "outcome", "rating": null, "outcome":
                {"ended_by": "idle", "turns": 1, "teams": ["skt", team], "secs": 1}})
        },
    ];
    for fields in places {
        assert_eq!(judge(&fields("skt")), Ok(()));
        let unknown = Invalid::UnknownTeam("nobody".to_owned());
        assert_eq!(judge(&fields("nobody")), Err(unknown));
    }
}

#[test]
fn no_text_of_any_kind_is_kept_of_a_child() {
    for fields in [
        json!({"comment": "c"}),
        json!({"answers": {"q": "two\nlines"}}),
        json!({"consent": "excerpt", "exchange": {"prompt": "p", "answer": "a"}}),
        json!({"consent": "conversation", "conversation": [{"role": "user", "text": "t"}]}),
    ] {
        assert_eq!(judge(&fields), Ok(()), "{fields}");
        let mut of_a_child = fields.clone();
        of_a_child["age_14_or_over"] = json!(false);
        assert_eq!(judge(&of_a_child), Err(Invalid::Age), "{fields}");
    }
}

//! What holds for any question.

use std::sync::OnceLock;

use kiosk_guide::{Guide, pieces};
use kiosk_wire::event::Language;
use proptest::prelude::*;

use crate::content::{event, guide};

fn language() -> impl Strategy<Value = Language> {
    prop_oneof![Just(Language::Ko), Just(Language::En)]
}

fn team() -> impl Strategy<Value = String> {
    let ids = event()
        .teams
        .iter()
        .map(|team| team.id.clone())
        .chain(["nobody".to_owned()]);
    prop::sample::select(ids.collect::<Vec<_>>())
}

/// Words of the content in any order, which reach further than noise does.
fn of_content() -> impl Strategy<Value = String> {
    let words: Vec<String> = event()
        .topics
        .iter()
        .flat_map(|topic| topic.words_ko.iter().chain(&topic.words_en))
        .chain(
            event()
                .teams
                .iter()
                .flat_map(|team| [&team.name.ko, &team.name.en, &team.model]),
        )
        .cloned()
        .collect();
    prop::collection::vec(prop::sample::select(words), 1..6).prop_map(|words| words.join(" "))
}

/// A guide built a second time.
fn another() -> &'static Guide {
    static ANOTHER: OnceLock<Guide> = OnceLock::new();
    ANOTHER.get_or_init(|| Guide::new(event()))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn any_question_gets_whole_sentences(
        question in prop_oneof![".{0,60}", "[가-힣A-Za-z0-9 .?!ㄱ-ㅎ@#-]{0,60}", of_content()],
        team in team(),
        language in language(),
    ) {
        let answer = guide().answer(&team, None, language, &question);
        prop_assert!(!answer.text.trim().is_empty());
        prop_assert!(pieces(&answer.text).count() >= 2);
        prop_assert_eq!(pieces(&answer.text).collect::<String>(), answer.text.as_str());
        prop_assert!(answer.known || answer.sources.is_empty());
    }

    #[test]
    fn the_same_question_gets_the_same_answer(question in of_content(), team in team()) {
        let again = another().answer(&team, None, Language::Ko, &question);
        prop_assert_eq!(guide().answer(&team, None, Language::Ko, &question), again);
    }

    #[test]
    fn pieces_give_the_text_back(text in ".{0,120}") {
        prop_assert_eq!(pieces(&text).collect::<String>(), text.as_str());
        prop_assert!(pieces(&text).count() >= text.split_whitespace().count());
    }
}

#[test]
fn a_guide_is_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Guide>();
}

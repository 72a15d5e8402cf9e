//! What ends the start, with file and line.
#![expect(
    clippy::unwrap_used,
    reason = "what these functions cannot do fails the test that calls them"
)]

use std::collections::BTreeMap;

use kiosk_content::{load, load_with_rules};

const EVENT: &str = r#"id = "fair"
name = { ko = "행사", en = "Fair" }
time_zone = "Asia/Seoul"
languages = ["ko", "en"]

[[facts]]
topic = "when"
sources = ["paper"]
ko = "오늘 열려요."
en = "It is today."
"#;

const SOURCES: &str = r#"[[sources]]
id = "paper"
title = { ko = "신문", en = "Paper" }
url = "https://example.org/"
"#;

const TOPICS: &str = r#"[[topics]]
id = "when"
name = { ko = "날짜", en = "the date" }
words_ko = ["언제"]
words_en = ["when"]
"#;

const SURVEY: &str = r#"ratings = [
  { ko = "하나", en = "One" },
  { ko = "둘", en = "Two" },
  { ko = "셋", en = "Three" },
  { ko = "넷", en = "Four" },
  { ko = "다섯", en = "Five" },
]

[[tags]]
id = "fast"
text = { ko = "빨라요", en = "Fast" }

[[questions]]
id = "use"
text = { ko = "어디에 써요?", en = "What for?" }
choices = [
  { id = "work", text = { ko = "일", en = "Work" } },
  { id = "study", text = { ko = "공부", en = "Study" } },
]
"#;

const PRIVACY: &str = r#"summary = { ko = "{days}일 보관해요.", en = "Kept for {days} days." }

[unset]
controller = { ko = "아직 없어요", en = "not set yet" }
contact = { ko = "아직 없어요", en = "not set yet" }

[[sections]]
title = { ko = "책임", en = "Responsible" }
text = { ko = "{controller}, {contact}", en = "{controller}, {contact}" }
"#;

const TEAM: &str = r#"id = "river"
name = { ko = "강", en = "River" }
reading = "강"
model = "River 1"
good_at = { ko = "흘러요", en = "Flows" }
about = { ko = "강이에요.", en = "A river." }

[partners]
sources = ["paper"]
ko = "바다와 함께해요."
en = "With the sea."

[plans]
sources = ["paper"]
ko = "더 흘러요."
en = "To flow on."

[[demos]]
id = "chat"
name = { ko = "대화", en = "Chat" }
shows = { ko = "이야기해요", en = "It talks" }
icon = "message-circle"
inputs = ["text"]
prompts = [
  { ko = "하나?", en = "One?" },
  { ko = "둘?", en = "Two?" },
  { ko = "셋?", en = "Three?" },
  { ko = "넷?", en = "Four?" },
]
system_prompt = "Be brief."

[[facts]]
topic = "when"
sources = ["paper"]
ko = "어제 시작했어요."
en = "It began yesterday."
"#;

fn folder() -> BTreeMap<String, String> {
    [
        ("event.toml", EVENT),
        ("sources.toml", SOURCES),
        ("topics.toml", TOPICS),
        ("survey.toml", SURVEY),
        ("privacy.toml", PRIVACY),
        ("teams/river.toml", TEAM),
    ]
    .map(|(name, content)| (name.to_owned(), content.to_owned()))
    .into()
}

/// The sentence a folder with one edit is refused with.
fn refusal(file: &str, old: &str, new: &str) -> String {
    let mut files = folder();
    let content = files.get_mut(file).unwrap();
    assert!(content.contains(old), "{file} has no {old}");
    *content = content.replacen(old, new, 1);
    load(&files).unwrap_err().to_string()
}

fn assert_refused(edit: (&str, &str, &str), place: &str, words: &str) {
    let sentence = refusal(edit.0, edit.1, edit.2);
    assert!(sentence.starts_with(&format!("{place}: ")), "{sentence}");
    assert!(sentence.contains(words), "{sentence}");
    assert!(!sentence.contains('\n'), "{sentence}");
}

const RIVER: &str = "teams/river.toml";

#[test]
fn the_folder_without_an_edit_is_fine() {
    let content = load(&folder()).unwrap();
    assert_eq!(
        content.event.teams[0].facts[0].text.en,
        "It began yesterday."
    );
    assert_eq!(content.system_prompts.len(), 1);
}

#[test]
fn unknown_keys() {
    let place = "teams/river.toml:4";
    let words = "unknown key `colour`, expected one of `id`, `name`, `reading`";
    assert_refused(
        (RIVER, "model = ", "colour = \"red\"\nmodel = "),
        place,
        words,
    );
    for (file, old, line) in [
        ("event.toml", "time_zone = ", 3),
        ("event.toml", "ko = \"오늘", 9),
        ("sources.toml", "url = ", 4),
        ("topics.toml", "words_ko = ", 4),
        ("survey.toml", "text = { ko = \"빨라요\"", 11),
        ("privacy.toml", "contact = ", 5),
        (RIVER, "icon = ", 22),
    ] {
        let new = format!("colour = 1\n{old}");
        assert_refused(
            (file, old, &new),
            &format!("{file}:{line}"),
            "unknown key `colour`",
        );
    }
    let edit = (
        RIVER,
        "{ ko = \"강\", en",
        "{ ko = \"강\", de = \"Fluss\", en",
    );
    assert_refused(edit, "teams/river.toml:2", "unknown key `de`");
}

#[test]
fn missing_translations() {
    let words = "`en` is missing or empty";
    assert_refused((RIVER, ", en = \"River\"", ""), "teams/river.toml:2", words);
    assert_refused((RIVER, "\"River\"", "\" \""), "teams/river.toml:2", words);
    assert_refused(
        (RIVER, "en = \"It began yesterday.\"\n", ""),
        "teams/river.toml:33",
        words,
    );
    assert_refused(
        (RIVER, "\"It began yesterday.\"", "\"\""),
        "teams/river.toml:36",
        words,
    );
    assert_refused(
        (RIVER, "en = \"To flow on.\"\n", ""),
        "teams/river.toml:13",
        words,
    );
    assert_refused((RIVER, ", en = \"Two?\"", ""), "teams/river.toml:26", words);
    assert_refused(
        ("survey.toml", ", en = \"Three\"", ""),
        "survey.toml:4",
        words,
    );
    let words = "`ko` is missing or empty";
    assert_refused(("event.toml", "ko = \"행사\", ", ""), "event.toml:2", words);
    assert_refused(
        ("topics.toml", "ko = \"날짜\", ", ""),
        "topics.toml:3",
        words,
    );
}

#[test]
fn missing_keys() {
    assert_refused(
        (RIVER, "model = \"River 1\"\n", ""),
        "teams/river.toml:1",
        "missing key `model`",
    );
    assert_refused(
        (RIVER, "\"River 1\"", "\"\""),
        "teams/river.toml:4",
        "`model` is empty",
    );
    assert_refused(
        (RIVER, "\"Be brief.\"", "\"\""),
        "teams/river.toml:30",
        "`system_prompt` is empty",
    );
    assert_refused(
        ("event.toml", "\"Asia/Seoul\"", "\" \""),
        "event.toml:3",
        "`time_zone` is empty",
    );
    assert_refused(
        ("sources.toml", "\"https://example.org/\"", "\"\""),
        "sources.toml:4",
        "`url` is empty",
    );
}

#[test]
fn two_teams_with_one_id() {
    let mut files = folder();
    files.insert("teams/stream.toml".to_owned(), TEAM.to_owned());
    let sentence = load(&files).unwrap_err().to_string();
    assert!(
        sentence.starts_with("teams/stream.toml:1: the team id `river` is used twice"),
        "{sentence}"
    );
}

#[test]
fn facts_and_notes_without_a_source() {
    let (old, words) = ("sources = [\"paper\"]\n", "no source");
    assert_refused(("event.toml", old, ""), "event.toml:7", words);
    assert_refused(("event.toml", "[\"paper\"]", "[]"), "event.toml:7", words);
    assert_refused((RIVER, old, ""), "teams/river.toml:8", words);
    assert_refused(
        ("event.toml", "[\"paper\"]", "[\"radio\"]"),
        "event.toml:8",
        "unknown source `radio`",
    );
    assert_refused(
        (RIVER, "[\"paper\"]", "[\"radio\"]"),
        "teams/river.toml:9",
        "unknown source `radio`",
    );
}

#[test]
fn facts_about_an_unknown_topic() {
    let edit = ("event.toml", "topic = \"when\"", "topic = \"weather\"");
    assert_refused(edit, "event.toml:7", "unknown topic `weather`");
    let edit = (RIVER, "topic = \"when\"", "topic = \"weather\"");
    assert_refused(edit, "teams/river.toml:33", "unknown topic `weather`");
}

#[test]
fn topics_nobody_can_ask_about() {
    let edit = ("topics.toml", "[\"when\"]", "[]");
    assert_refused(edit, "topics.toml:5", "no words in `words_en`");
    assert_refused(
        ("topics.toml", "[\"언제\"]", "[\" \"]"),
        "topics.toml:4",
        "`words_ko` is empty",
    );
}

#[test]
fn demos_that_are_too_little() {
    let edit = (RIVER, "  { ko = \"셋?\", en = \"Three?\" },\n", "");
    assert_refused(
        edit,
        "teams/river.toml:24",
        "at least 4 starter prompts and this one has 3",
    );
    assert_refused(
        (RIVER, "[\"text\"]", "[]"),
        "teams/river.toml:23",
        "takes no input",
    );
    assert_refused(
        (RIVER, "[\"text\"]", "[\"smell\"]"),
        "teams/river.toml:23",
        "`smell`",
    );
    let start = TEAM.find("[[demos]]").unwrap();
    let end = TEAM.find("[[facts]]").unwrap();
    assert_refused(
        (RIVER, &TEAM[start..end], ""),
        "teams/river.toml:1",
        "no demo",
    );
}

#[test]
fn ids_that_are_used_twice() {
    let start = TEAM.find("[[demos]]").unwrap();
    let end = TEAM.find("[[facts]]").unwrap();
    let twice = TEAM[start..end].repeat(2);
    let edit = (RIVER, &TEAM[start..end], twice.as_str());
    assert_refused(
        edit,
        "teams/river.toml:33",
        "the demo id `chat` is used twice",
    );
    let twice = SOURCES.repeat(2);
    assert_refused(
        ("sources.toml", SOURCES, &twice),
        "sources.toml:6",
        "the source id `paper`",
    );
    let twice = TOPICS.repeat(2);
    assert_refused(
        ("topics.toml", TOPICS, &twice),
        "topics.toml:7",
        "the topic id `when`",
    );
    let edit = ("survey.toml", "id = \"study\"", "id = \"work\"");
    assert_refused(edit, "survey.toml:18", "the choice id `work`");
}

#[test]
fn ids_with_other_characters() {
    assert_refused(
        (RIVER, "\"river\"", "\"River\""),
        "teams/river.toml:1",
        "`River` cannot be an id",
    );
    assert_refused(
        (RIVER, "\"chat\"", "\"free chat\""),
        "teams/river.toml:19",
        "`free chat` cannot be an id",
    );
    assert_refused(
        ("event.toml", "\"fair\"", "\"\""),
        "event.toml:1",
        "`` cannot be an id",
    );
    assert_refused(
        ("survey.toml", "\"fast\"", "\"빨라\""),
        "survey.toml:10",
        "`빨라` cannot be an id of the survey",
    );
    let mut files = folder();
    let survey = files.get_mut("survey.toml").unwrap();
    *survey = survey.replace("\"use\"", "\"ai_use\"");
    assert_eq!(load(&files).unwrap().event.survey.questions[0].id, "ai_use");
}

#[test]
fn readings_that_do_not_sort() {
    for reading in ["", "River", "강 물", "江"] {
        let new = format!("reading = \"{reading}\"");
        assert_refused(
            (RIVER, "reading = \"강\"", &new),
            "teams/river.toml:3",
            "Hangul",
        );
    }
}

#[test]
fn surveys_that_do_not_fit() {
    let edit = ("survey.toml", "  { ko = \"셋\", en = \"Three\" },\n", "");
    assert_refused(
        edit,
        "survey.toml:1",
        "needs 5 texts, from the lowest to the highest, and has 4",
    );
    let start = SURVEY.find("[[questions]]").unwrap();
    let four: String = ["a", "b", "c", "d"]
        .map(|id| SURVEY[start..].replace("\"use\"", &format!("\"{id}\"")))
        .concat();
    let edit = ("survey.toml", &SURVEY[start..], four.as_str());
    assert_refused(edit, "survey.toml:35", "has 4 questions and may have 3");
    let edit = (
        "survey.toml",
        "  { id = \"study\", text = { ko = \"공부\", en = \"Study\" } },\n",
        "",
    );
    assert_refused(edit, "survey.toml:14", "at least two choices");
}

#[test]
fn notices_that_cannot_be_filled() {
    assert_refused(
        ("privacy.toml", "{days}일", "{weeks}주"),
        "privacy.toml:1",
        "`{weeks}` is not known",
    );
    let edit = ("privacy.toml", "\"책임\"", "\"{controller}\"");
    assert_refused(edit, "privacy.toml:8", "`{controller}` is not known");
    let start = PRIVACY.find("[[sections]]").unwrap();
    assert_refused(
        ("privacy.toml", &PRIVACY[start..], ""),
        "privacy.toml:1",
        "no sections",
    );
}

#[test]
fn languages_once_each() {
    for list in ["[]", "[\"ko\", \"ko\"]"] {
        assert_refused(
            ("event.toml", "[\"ko\", \"en\"]", list),
            "event.toml:4",
            "once in `languages`",
        );
    }
    assert_refused(
        ("event.toml", "[\"ko\", \"en\"]", "[\"ko\", \"fr\"]"),
        "event.toml:4",
        "`fr`",
    );
}

#[test]
fn what_is_not_toml() {
    assert_refused(
        (RIVER, "\"River 1\"", "\"River 1"),
        "teams/river.toml:4",
        "",
    );
    assert_refused(
        ("survey.toml", "id = \"use\"", "id == \"use\""),
        "survey.toml:14",
        "",
    );
    assert_refused(
        ("event.toml", "time_zone = \"Asia/Seoul\"", "time_zone = 9"),
        "event.toml:3",
        "integer",
    );
}

#[test]
fn files_that_are_missing() {
    for name in [
        "event.toml",
        "sources.toml",
        "topics.toml",
        "survey.toml",
        "privacy.toml",
    ] {
        let mut files = folder();
        files.remove(name);
        let sentence = load(&files).unwrap_err().to_string();
        assert_eq!(
            sentence,
            format!("{name}:1: this file is missing, add it to the event folder")
        );
    }
    let mut files = folder();
    files.remove(RIVER);
    let sentence = load(&files).unwrap_err().to_string();
    assert!(
        sentence.starts_with("event.toml:1: the event has no team"),
        "{sentence}"
    );
}

#[test]
fn files_nobody_reads() {
    for name in [
        "notes.txt",
        "teams/river.md",
        "teams/old/river.toml",
        "teams/.toml",
        "river.toml",
    ] {
        let mut files = folder();
        files.insert(name.to_owned(), String::new());
        let sentence = load(&files).unwrap_err().to_string();
        assert!(
            sentence.starts_with(&format!("{name}:1: no event folder has such a file")),
            "{sentence}"
        );
    }
}

const RULES: &str = "[[rule]]\nphrases = [\"첫째\", \"second one\"]\napplies_to = [\"question\"]\n";

/// The sentence the folder with this file of rules is refused with.
fn refused_rules(text: &str) -> String {
    let mut files = folder();
    files.insert("moderation.toml".to_owned(), text.to_owned());
    load(&files).unwrap_err().to_string()
}

#[test]
fn rules_are_optional_and_named_by_the_configuration() {
    let mut files = folder();
    assert!(load(&files).unwrap().rules.is_empty());
    files.insert("moderation.toml".to_owned(), RULES.to_owned());
    let rules = load(&files).unwrap().rules;
    assert_eq!(rules[0].phrases, ["첫째", "second one"]);
    assert!(rules[0].in_questions && !rules[0].in_answers && rules[0].say.is_none());
    assert!(load_with_rules(&files, Some("")).unwrap().rules.is_empty());
    let missing = load_with_rules(&files, Some("strict.toml")).unwrap_err();
    assert!(
        missing
            .to_string()
            .starts_with("strict.toml:1: [moderation] rules"),
        "{missing}"
    );
    files.insert(
        "strict.toml".to_owned(),
        RULES.replace("question", "answer"),
    );
    let strict = load_with_rules(&files, Some("strict.toml")).unwrap().rules;
    assert!(strict[0].in_answers && !strict[0].in_questions);
    let unread = load(&files).unwrap_err().to_string();
    assert!(
        unread.starts_with("strict.toml:1: no event folder"),
        "{unread}"
    );
}

#[test]
fn rules_that_say_nothing_or_too_much() {
    for (old, new, start, words) in [
        (
            "\"첫째\", \"second one\"",
            "",
            "moderation.toml:2",
            "has no phrases",
        ),
        ("second one", " ", "moderation.toml:2", "`phrases` is empty"),
        (
            "second one",
            "「한」",
            "moderation.toml:2",
            "needs 2 to 64 letters",
        ),
        (
            "[\"question\"]",
            "[]",
            "moderation.toml:3",
            "applies to nothing",
        ),
        ("question", "visitor", "moderation.toml:3", "visitor"),
        ("applies_to", "applies", "moderation.toml:3", "unknown key"),
        (
            "\"]\n",
            "\"]\nsay = { ko = \"아니요\" }\n",
            "moderation.toml:3",
            "in `ko` and in `en`",
        ),
    ] {
        let text = RULES.replacen(old, new, 1);
        assert_ne!(text, RULES);
        let sentence = refused_rules(&text);
        assert!(sentence.starts_with(&format!("{start}: ")), "{sentence}");
        assert!(sentence.contains(words), "{sentence}");
    }
    let long = refused_rules(&RULES.replace("첫째", &"가".repeat(65)));
    assert!(long.contains("needs 2 to 64 letters"), "{long}");
}

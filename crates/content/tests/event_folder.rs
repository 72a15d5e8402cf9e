//! The event folder that ships with the product.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what these functions cannot do fails the test that calls them"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use kiosk_content::{Content, fill_notice, load};
use kiosk_wire::event::{FEEDBACK_SCHEMA, Fact, Language, Text};

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read_to_string(entry.path()).unwrap());
        }
    }
}

fn shipped_files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    collect(&folder, "", &mut files);
    files
}

fn shipped() -> Content {
    load(&shipped_files()).unwrap_or_else(|error| panic!("{error}"))
}

fn all_facts(content: &Content) -> impl Iterator<Item = &Fact> {
    let teams = content.event.teams.iter().flat_map(|team| &team.facts);
    content.event.facts.iter().chain(teams)
}

#[test]
fn teams_come_in_korean_alphabetical_order() {
    let content = shipped();
    let ids: Vec<&str> = content
        .event
        .teams
        .iter()
        .map(|team| team.id.as_str())
        .collect();
    assert_eq!(
        ids,
        ["naver-cloud", "upstage", "skt", "nc-ai", "lg-ai-research"]
    );
}

#[test]
fn the_order_does_not_come_from_file_names() {
    let mut files = shipped_files();
    let naver = files.remove("teams/naver-cloud.toml").unwrap();
    files.insert("teams/zzz.toml".to_owned(), naver);
    assert_eq!(load(&files).unwrap(), shipped());
}

#[test]
fn the_event_says_when_and_where() {
    let event = shipped().event;
    assert_eq!(event.id, "sovereign-ai-2025");
    assert_eq!(event.time_zone, "Asia/Seoul");
    assert_eq!(event.languages, [Language::Ko, Language::En]);
    assert_eq!(event.feedback_schema, FEEDBACK_SCHEMA);
    let told = |topic: &str, words: &str| {
        let mut facts = event.facts.iter().filter(|fact| fact.topic == topic);
        facts.any(|fact| fact.text.ko.contains(words))
    };
    assert!(told("when", "2025년 12월 30일"));
    assert!(told("where", "코엑스 오디토리움"));
    assert!(told("hosts", "정보통신산업진흥원"));
    assert!(told("attendance", "1천여 명"));
}

#[test]
fn the_demos_are_those_of_the_booths() {
    let event = shipped().event;
    for (team, demos) in [
        ("naver-cloud", ["mind-care", "civil-service"]),
        ("upstage", ["chat", "summarise"]),
        ("skt", ["chat", "languages"]),
        ("nc-ai", ["chat", "describe-3d"]),
        ("lg-ai-research", ["chat", "long-text"]),
    ] {
        let team = event.team(team).unwrap();
        let ids: Vec<&str> = team.demos.iter().map(|demo| demo.id.as_str()).collect();
        assert_eq!(ids, demos);
    }
}

#[test]
fn every_demo_has_prompts_and_its_own_instructions() {
    let content = shipped();
    for team in &content.event.teams {
        for demo in &team.demos {
            assert!(demo.prompts.len() >= 4, "{}/{}", team.id, demo.id);
            let key = (team.id.clone(), demo.id.clone());
            assert!(!content.system_prompts[&key].is_empty(), "{key:?}");
        }
    }
    let demos: usize = content
        .event
        .teams
        .iter()
        .map(|team| team.demos.len())
        .sum();
    assert_eq!(content.system_prompts.len(), demos);
}

#[test]
fn the_public_part_never_holds_a_system_prompt() {
    let content = shipped();
    let public = serde_json::to_string(&content.event).unwrap();
    for prompt in content.system_prompts.values() {
        let sentence = prompt.lines().next().unwrap();
        assert!(!public.contains(sentence), "{sentence}");
    }
}

/// Every `{"ko": …, "en": …}` of the public part.
fn texts(value: &serde_json::Value, found: &mut Vec<Text>) {
    match value {
        serde_json::Value::Object(map) if map.contains_key("ko") => {
            found.push(serde_json::from_value(value.clone()).unwrap());
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        serde_json::Value::Object(map) => map.values().for_each(|item| texts(item, found)),
        _ => {}
    }
}

#[test]
fn no_text_is_empty_and_korean_is_korean() {
    let event = serde_json::to_value(shipped().event).unwrap();
    let mut found = Vec::new();
    texts(&event, &mut found);
    assert!(found.len() > 300, "{}", found.len());
    let is_hangul = |c: char| ('가'..='힣').contains(&c);
    for text in &found {
        assert!(
            !text.ko.trim().is_empty() && !text.en.trim().is_empty(),
            "{text:?}"
        );
        assert!(text.en.chars().any(|c| c.is_ascii_alphabetic()), "{text:?}");
        // Names such as "SKT" are written alike in both languages.
        assert!(
            text.ko == text.en || text.ko.chars().any(is_hangul),
            "{text:?}"
        );
    }
}

#[test]
fn every_topic_is_used_and_can_be_asked_about() {
    let content = shipped();
    let used: BTreeSet<&str> = all_facts(&content)
        .map(|fact| fact.topic.as_str())
        .collect();
    for topic in &content.event.topics {
        assert!(
            used.contains(topic.id.as_str()),
            "no fact about {}",
            topic.id
        );
        assert!(
            topic.words_ko.len() >= 3 && topic.words_en.len() >= 3,
            "{}",
            topic.id
        );
        for words in [&topic.words_ko, &topic.words_en] {
            let distinct: BTreeSet<String> = words.iter().map(|word| word.to_lowercase()).collect();
            assert_eq!(distinct.len(), words.len(), "a word of {} twice", topic.id);
        }
    }
}

#[test]
fn every_source_is_used() {
    let content = shipped();
    let notes = content
        .event
        .teams
        .iter()
        .flat_map(|team| [&team.partners, &team.plans]);
    let used: BTreeSet<&str> = all_facts(&content)
        .map(|fact| &fact.sources)
        .chain(notes.map(|note| &note.sources))
        .flatten()
        .map(String::as_str)
        .collect();
    for source in &content.event.sources {
        assert!(
            used.contains(source.id.as_str()),
            "nothing refers to {}",
            source.id
        );
    }
}

#[test]
fn every_team_answers_the_plain_questions() {
    let content = shipped();
    let asked = [
        "model-name",
        "parameters",
        "context",
        "languages",
        "inputs",
        "architecture",
        "reasoning",
        "training",
        "licence",
        "weights",
        "hardware",
        "services",
        "strengths",
        "booth",
        "try-here",
        "partners",
        "partner-services",
        "plans",
        "people",
    ];
    for team in &content.event.teams {
        let told: BTreeSet<&str> = team.facts.iter().map(|fact| fact.topic.as_str()).collect();
        for topic in asked {
            assert!(
                told.contains(topic),
                "{} says nothing about {topic}",
                team.id
            );
        }
    }
}

#[test]
fn facts_of_a_team_stand_alone() {
    // The guide shows one fact by itself, so it must name the team, its model or what it speaks of.
    let names: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("naver-cloud", ["네이버클라우드", "HyperCLOVA X"].as_slice()),
        ("upstage", ["업스테이지", "Solar Open 100B"].as_slice()),
        ("skt", ["SKT", "A.X K1"].as_slice()),
        ("nc-ai", ["NC AI", "VAETKI"].as_slice()),
        ("lg-ai-research", ["LG", "K-EXAONE"].as_slice()),
    ]);
    for team in &shipped().event.teams {
        for fact in &team.facts {
            let stands_alone = names[team.id.as_str()]
                .iter()
                .any(|name| fact.text.ko.contains(name));
            assert!(stands_alone, "{}: {}", team.id, fact.text.ko);
            assert!(
                fact.text.ko.ends_with('.') && fact.text.en.ends_with('.'),
                "{}",
                fact.text.ko
            );
        }
    }
}

#[test]
fn card_lines_are_short() {
    for team in &shipped().event.teams {
        assert!(team.good_at.ko.chars().count() <= 24, "{}", team.good_at.ko);
        assert!(team.good_at.en.chars().count() <= 48, "{}", team.good_at.en);
        for prompt in team.demos.iter().flat_map(|demo| &demo.prompts) {
            assert!(prompt.ko.chars().count() <= 36, "{}", prompt.ko);
            assert!(prompt.en.chars().count() <= 64, "{}", prompt.en);
        }
    }
}

#[test]
fn the_form_has_the_words_the_contract_names() {
    let survey = shipped().event.survey;
    let tags: Vec<&str> = survey.tags.iter().map(|tag| tag.id.as_str()).collect();
    assert_eq!(
        tags,
        ["accurate", "fast", "natural", "novel", "odd", "slow"]
    );
    let questions: Vec<&str> = survey
        .questions
        .iter()
        .map(|question| question.id.as_str())
        .collect();
    assert_eq!(questions, ["ai_level", "use"]);
    assert_eq!(survey.ratings.len(), 5);
}

#[test]
fn a_new_word_in_the_form_is_a_new_version() {
    let before = shipped().event.survey.version;
    assert_eq!(before.len(), 16);
    assert!(
        before
            .chars()
            .all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase())
    );
    let mut files = shipped_files();
    let survey = files.get_mut("survey.toml").unwrap();
    *survey = survey.replace("\"Okay\"", "\"All right\"");
    assert_ne!(load(&files).unwrap().event.survey.version, before);
    let survey = files.get_mut("survey.toml").unwrap();
    *survey = format!(
        "# a comment\n{}",
        survey.replace("\"All right\"", "\"Okay\"")
    );
    assert_eq!(load(&files).unwrap().event.survey.version, before);
}

fn notice_words(content: &Content) -> String {
    let notice = &content.event.privacy_notice;
    let texts = notice
        .sections
        .iter()
        .flat_map(|section| [&section.title, &section.text]);
    let texts = texts.chain([&notice.summary]);
    let words: Vec<&str> = texts
        .flat_map(|text| [text.ko.as_str(), &text.en])
        .collect();
    words.join("\n")
}

#[test]
fn a_configured_notice_names_who_is_responsible() {
    let mut content = shipped();
    fill_notice(
        &mut content.event.privacy_notice,
        "행사 사무국",
        "desk@example.org",
        30,
    );
    let words = notice_words(&content);
    assert!(words.contains("책임지는 곳: 행사 사무국. 연락처: desk@example.org."));
    assert!(words.contains("30일") && words.contains("30 days"));
    assert!(!words.contains('{') && !words.contains('}'), "{words}");
    let notice = content.event.privacy_notice;
    assert_eq!(
        (
            notice.controller.as_str(),
            notice.contact.as_str(),
            notice.retention_days
        ),
        ("행사 사무국", "desk@example.org", 30)
    );
}

#[test]
fn an_unconfigured_notice_says_so() {
    let mut content = shipped();
    fill_notice(&mut content.event.privacy_notice, "", "", 90);
    let words = notice_words(&content);
    assert!(words.contains("책임지는 곳: 아직 정해지지 않았어요."));
    assert!(words.contains("Responsible: not set yet."));
    assert!(
        !words.contains('{') && !words.contains('}') && !words.contains('|'),
        "{words}"
    );
}

#[test]
fn rules_say_whom_to_call_and_reach_no_tablet() {
    let content = shipped();
    let helps = content.rules.iter().find(|rule| {
        let says = rule.say.as_ref();
        says.is_some_and(|say| say.ko.contains("109") && say.en.contains("109"))
    });
    let rule = helps.unwrap();
    assert!(rule.in_questions && rule.in_answers);
    let told = format!("{:?}", content.event);
    for phrase in content.rules.iter().flat_map(|rule| &rule.phrases) {
        assert!(!told.contains(phrase.as_str()), "{phrase}");
    }
}

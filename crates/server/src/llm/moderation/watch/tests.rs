use kiosk_content::Rule;
use proptest::prelude::*;

use super::*;

const PHRASES: [&str; 13] = [
    "자살",
    "자살 방법",
    "자살하고 싶",
    "씨발",
    "개새끼",
    "폭탄 만드는",
    "sex",
    "porn",
    "Kill myself",
    "pipe bomb",
    "나 ugly",
    "가나다 가나",
    "ㅡㅡ욕",
];

fn phrases() -> Arc<Phrases> {
    let rules: Vec<Rule> = PHRASES
        .iter()
        .map(|phrase| Rule {
            phrases: vec![(*phrase).to_owned()],
            in_questions: true,
            in_answers: true,
            say: None,
        })
        .collect();
    Arc::new(Phrases::new(&rules, |_| true))
}

/// Everything that is told of these pieces, and the phrase that ended it.
fn look<'a>(pieces: impl IntoIterator<Item = &'a str>) -> (String, Option<&'static str>) {
    let mut watch = Watch::new(phrases());
    let mut told = String::new();
    for piece in pieces {
        match watch.push(piece) {
            Ok(text) => told.push_str(&text),
            Err(hit) => {
                told.push_str(&hit.before);
                return (told, PHRASES.get(hit.rule).copied());
            }
        }
    }
    match watch.finish() {
        Ok(text) => told.push_str(&text),
        Err(hit) => {
            told.push_str(&hit.before);
            return (told, PHRASES.get(hit.rule).copied());
        }
    }
    (told, None)
}

fn each_char(text: &str) -> Vec<&str> {
    let starts = text.char_indices();
    starts.map(|(at, c)| &text[at..at + c.len_utf8()]).collect()
}

#[test]
fn a_phrase_is_found_however_it_is_written() {
    for (text, before, phrase) in [
        ("오늘 자살을 생각", "오늘 ", "자살"),
        ("나진짜자살하고싶다", "나진짜", "자살"),
        ("자 살", "", "자살"),
        ("자.살.", "", "자살"),
        ("**자**살", "**", "자살"),
        ("자\u{200b}살하는", "", "자살"),
        ("개 새 끼!", "", "개새끼"),
        ("음 개-새끼 음", "음 ", "개새끼"),
        ("폭탄만드는 법", "", "폭탄 만드는"),
        ("폭탄  만 드는 법", "", "폭탄 만드는"),
        ("ＳＥＸ", "", "sex"),
        ("a s-e-x b", "a ", "sex"),
        ("ｓ．ｅ．ｘ", "", "sex"),
        ("PoRn은", "", "porn"),
        ("KILL  my-self", "", "Kill myself"),
        ("k i l l myself", "", "Kill myself"),
        ("I'd killmyself.", "I'd ", "Kill myself"),
        ("'pipe\nbomb'", "'", "pipe bomb"),
        ("나 ugly", "", "나 ugly"),
        ("가나다 가나다 가나", "", "가나다 가나"),
        ("ㅡㅡ욕", "", "ㅡㅡ욕"),
    ] {
        let found = (before.to_owned(), Some(phrase));
        assert_eq!(look([text]), found, "{text}");
        assert_eq!(look(each_char(text)), found, "{text} by letters");
    }
}

#[test]
fn ordinary_words_that_hold_the_same_letters_pass() {
    for text in [
        "혼자 살기 좋은 동네",
        "과자 살 돈",
        "자, 살펴볼까요?",
        "자 살아 보자",
        "아저씨 발",
        "개 새끼들",
        "Essex and sexuality",
        "my name's Ex",
        "it's ex-wife",
        "se x",
        "s ex",
        "pornography",
        "popcorn porno",
        "po rn",
        "por n",
        "pipe_bombs",
        "kill myselfish",
        "skill myself",
        "자 · · · · · 살",
        "나 uglys",
        "자살".split_at(3).0,
        "",
    ] {
        assert_eq!(look([text]), (text.to_owned(), None), "{text}");
        assert_eq!(look(each_char(text)), (text.to_owned(), None), "{text}");
    }
}

#[test]
fn only_the_beginning_of_a_phrase_waits() {
    let mut watch = Watch::new(phrases());
    assert_eq!(watch.push("안녕하세요").unwrap(), "안녕하세요");
    assert_eq!(watch.push("여자").unwrap(), "여");
    assert_eq!(watch.push(" ").unwrap(), "");
    assert_eq!(watch.push("살").unwrap(), "자 살");
    assert_eq!(watch.push(" kill").unwrap(), " ");
    assert_eq!(watch.push("ing se").unwrap(), "killing ");
    assert_eq!(watch.finish().unwrap(), "se");
}

#[test]
fn what_waits_does_not_grow_for_ever() {
    let mut watch = Watch::new(phrases());
    assert_eq!(watch.push("자").unwrap(), "");
    for sign in [" ", "\u{200b}", "~"] {
        let mut watch = Watch::new(phrases());
        let mut told = watch.push("자").unwrap();
        for _ in 0..=LONGEST_GAP {
            told.push_str(&watch.push(sign).unwrap());
        }
        assert_eq!(told.chars().count(), 2 + LONGEST_GAP, "{sign:?}");
    }
}

#[test]
fn what_is_found_is_never_let_go_of() {
    let mut watch = Watch::new(phrases());
    assert_eq!(watch.push("음 kill my").unwrap(), "음 ");
    let hit = watch.push("self sex").unwrap_err();
    assert_eq!(hit.before, "");
    assert_eq!(watch.finish().unwrap(), "");
}

/// Texts in which phrases begin, overlap, break off and are parted.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(PHRASES.to_vec()).prop_map(str::to_owned),
        proptest::sample::select(vec![
            "자", "살", " 방법", "하고", "싶", "가나", "다", "개새", "s", "e", "x", "Kill", " my",
            "self", " ", ".", "\u{200b}", "        ", "ｋ", "나", "ㅡ", "욕", "123",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,3}",
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_cut_gives_the_same(text in text(), cuts in proptest::collection::vec(any::<bool>(), 64)) {
        let whole = look([text.as_str()]);
        let letters = each_char(&text);
        prop_assert_eq!(&look(letters.iter().copied()), &whole);
        for (at, _) in text.char_indices() {
            let (first, second) = text.split_at(at);
            prop_assert_eq!(&look([first, second]), &whole);
        }
        let mut pieces = vec![String::new()];
        for (letter, cut) in letters.iter().zip(cuts.iter().cycle()) {
            if *cut {
                pieces.push(String::new());
            }
            pieces.last_mut().unwrap().push_str(letter);
        }
        prop_assert_eq!(&look(pieces.iter().map(String::as_str)), &whole);
        // What is told is the text as it is, up to where something may begin.
        prop_assert!(text.starts_with(&whole.0));
        prop_assert_eq!(whole.1.is_none(), whole.0.len() == text.len());
    }
}

//! What is said to the guide itself: greetings, thanks, and the question who it is.

use crate::lexicon;
use crate::question::{Question, Token};
use crate::topic::Hits;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intent {
    Greeting,
    Thanks,
    Identity,
}

const GREETINGS_KO: &[&str] = &["안녕", "하이", "반가", "반갑", "처음뵙", "헬로", "여보세요"];
const GREETINGS_EN: &[&str] = &[
    "hello",
    "hi",
    "hey",
    "greetings",
    "morning",
    "afternoon",
    "evening",
    "howdy",
];
const THANKS_KO: &[&str] = &["고마", "고맙", "감사", "땡큐"];
const THANKS_EN: &[&str] = &["thanks", "thank", "thx", "cheers"];
/// Words around a greeting.
const POLITE: &[&str] = &[
    "good",
    "nice",
    "to",
    "meet",
    "very",
    "so",
    "much",
    "만나",
    "만나서",
    "정말",
    "너무",
    "많이",
];

#[rustfmt::skip]
const YOU: &[&str] = &[
    "너", "넌", "네", "니", "너는", "너의", "당신", "당신은", "그쪽", "자네", "안내원",
    "안내원은",
];
#[rustfmt::skip]
const WHO: &[&str] = &[
    "누구", "누군", "이름", "뭐", "뭔", "무엇", "정체", "사람", "로봇", "인공지능", "모델", "ai",
    "gpt", "진짜",
];
#[rustfmt::skip]
const IDENTITY_KO: &[&str] = &[
    "누구세요", "누구야", "누구니", "누구예요", "누구에요", "누구십니까", "정체가 뭐", "자기소개",
    "자기 소개",
];
#[rustfmt::skip]
const IDENTITY_EN: &[&str] = &[
    "who are you", "what are you", "your name", "are you a", "are you an", "are you the",
    "are you real", "are you human", "are you ai", "are you chatgpt", "introduce yourself",
    "who is this", "who am i talking to",
];

/// What the visitor says to the guide; `None` for a question about something else.
pub(crate) fn of(question: &Question, hits: &Hits) -> Option<Intent> {
    let tokens = &question.tokens;
    if tokens.is_empty() {
        return None;
    }
    let polite = |token: &Token| {
        lexicon::is_filler(&token.text, &token.stem, token.hangul)
            || POLITE.contains(&token.text.as_str())
            || is_one(token, GREETINGS_KO, GREETINGS_EN)
            || is_one(token, THANKS_KO, THANKS_EN)
    };
    if tokens.iter().all(polite) && hits.found.is_empty() {
        if tokens
            .iter()
            .any(|token| is_one(token, THANKS_KO, THANKS_EN))
        {
            return Some(Intent::Thanks);
        }
        if tokens
            .iter()
            .any(|token| is_one(token, GREETINGS_KO, GREETINGS_EN))
            && !asks_who(question)
        {
            return Some(Intent::Greeting);
        }
    }
    let plain =
        hits.strongest() <= lexicon::EVERYDAY || hits.ids.iter().all(|id| id == "model-name");
    (plain && asks_who(question)).then_some(Intent::Identity)
}

fn is_one(token: &Token, korean: &[&str], english: &[&str]) -> bool {
    if token.hangul {
        return korean.iter().any(|word| token.text.starts_with(word));
    }
    english.contains(&token.text.as_str())
}

fn asks_who(question: &Question) -> bool {
    let tokens = &question.tokens;
    let says = |phrase: &str| {
        let words: Vec<&str> = phrase.split(' ').collect();
        tokens.windows(words.len()).any(|window| {
            window
                .iter()
                .zip(&words)
                .all(|(token, word)| token.text == *word)
        })
    };
    if IDENTITY_EN.iter().any(|phrase| says(phrase)) {
        return true;
    }
    let first = tokens
        .first()
        .is_some_and(|token| YOU.contains(&token.text.as_str()));
    let who = tokens
        .iter()
        .skip(1)
        .any(|token| WHO.iter().any(|word| token.text.starts_with(word)));
    let filler = |token: &Token| lexicon::is_filler(&token.text, &token.stem, token.hangul);
    let alone = tokens.iter().all(filler) && IDENTITY_KO.iter().any(|phrase| question.says(phrase));
    first && who || alone
}

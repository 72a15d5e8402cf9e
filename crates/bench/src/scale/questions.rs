//! What organisers ask lists for.

use std::time::Instant;

use serde_json::Value;

use crate::entry::rare_word;
use crate::error::{Result, unexpected};
use crate::kiosk::Kiosk;

pub(crate) const TIMES: u32 = 40;

/// One kind of question, and its query string the `n`-th time.
pub(crate) struct Question {
    pub(crate) what: &'static str,
    query: fn(u32) -> Vec<(&'static str, String)>,
    /// Whether anything is to be found.
    finds: bool,
}

fn one_of(of: &[&str], n: u32) -> String {
    of[n as usize % of.len()].to_owned()
}

fn team(n: u32) -> String {
    one_of(
        &["naver-cloud", "upstage", "skt", "nc-ai", "lg-ai-research"],
        n,
    )
}

pub(crate) const ALL: [Question; 11] = [
    Question {
        what: "the newest",
        query: |_| vec![],
        finds: true,
    },
    Question {
        what: "far back",
        query: |n| vec![("cursor", (900_000 - n * 20_000).to_string())],
        finds: true,
    },
    Question {
        what: "a team's worst ratings in English",
        query: |n| {
            vec![
                ("team", team(n)),
                ("rating_max", "1".to_owned()),
                ("language", "en".to_owned()),
            ]
        },
        finds: true,
    },
    Question {
        what: "a kind that is not there",
        query: |n| vec![("kind", "fact_error".to_owned()), ("team", team(n))],
        finds: false,
    },
    Question {
        what: "the first day",
        query: |_| vec![("to", "2025-12-29".to_owned())],
        finds: true,
    },
    Question {
        what: "a team's endings on the first day",
        query: |n| {
            vec![
                ("team", team(n)),
                ("kind", "outcome".to_owned()),
                ("from", "2025-12-29".to_owned()),
                ("to", "2025-12-29".to_owned()),
            ]
        },
        finds: true,
    },
    Question {
        what: "two syllables inside a word, in every tenth entry",
        query: |n| vec![("q", one_of(&["대기", "기대", "자연", "느려", "설명"], n))],
        finds: true,
    },
    Question {
        what: "a word in one of ten thousand",
        query: |n| vec![("q", rare_word(u64::from(n) * 7 + 1))],
        finds: true,
    },
    Question {
        what: "two words, on one day, of one team",
        query: |n| {
            vec![
                (
                    "q",
                    one_of(&["대기 시간이 길어", "번역이 가끔", "말투가 친절"], n),
                ),
                ("team", team(n)),
                ("from", "2025-12-30".to_owned()),
                ("to", "2025-12-30".to_owned()),
            ]
        },
        finds: true,
    },
    Question {
        what: "pairs that are there, a word that is not",
        query: |n| {
            vec![(
                "q",
                one_of(&["대기대", "설명설명", "느려느려", "가끔친절"], n),
            )]
        },
        finds: false,
    },
    Question {
        what: "a single syllable",
        query: |n| vec![("q", one_of(&["말", "글", "책", "숲", "뷁"], n))],
        finds: true,
    },
];

impl Question {
    /// How long each answer took, in milliseconds.
    pub(crate) async fn ask(&self, kiosk: &Kiosk, organiser: &reqwest::Client) -> Result<Vec<f64>> {
        let url = format!("{}/api/feedback", kiosk.url);
        let (mut times, mut found) = (Vec::new(), 0);
        for n in 0..TIMES {
            let mut query = (self.query)(n);
            query.push(("limit", "50".to_owned()));
            let asked = Instant::now();
            let answer = organiser.get(&url).query(&query).send().await?;
            let answer: Value = answer.error_for_status()?.json().await?;
            times.push(asked.elapsed().as_secs_f64() * 1_000.0);
            found += answer["items"].as_array().map_or(0, Vec::len);
        }
        if (found > 0) == self.finds {
            return Ok(times);
        }
        Err(unexpected(format!(
            "{}: {found} entries were found",
            self.what
        )))
    }
}

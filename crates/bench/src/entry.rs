//! Entries of feedback as tablets send them.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use kiosk_wire::id::{uuid_v4, uuid_v7};
use serde_json::{Value, json};

/// Different bytes at every call; nothing here needs to be unpredictable.
fn bytes<const N: usize>() -> [u8; N] {
    static STATE: AtomicU64 = AtomicU64::new(0);
    static START: OnceLock<u64> = OnceLock::new();
    let start = START.get_or_init(|| millis() << 20);
    let mut bytes = [0; N];
    for chunk in bytes.chunks_mut(8) {
        let number = STATE.fetch_add(1, Ordering::Relaxed).wrapping_add(*start);
        let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31);
        let mixed = mixed.wrapping_mul(0xBF58_476D_1CE4_E5B9).to_le_bytes();
        chunk.copy_from_slice(&mixed[..chunk.len()]);
    }
    bytes
}

fn millis() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(0))
}

/// A form with a comment and one exchange, some 900 bytes.
pub(crate) fn form(seq: u64) -> Value {
    json!({
        "id": uuid_v7(millis(), bytes()), "seq": seq, "visit_id": uuid_v4(bytes()), "team": "skt",
        "demo": "chat", "kind": "visit", "created_at": "2025-12-30T14:31:05.120+09:00",
        "language": "ko", "rating": 4, "thumb": null, "tags": ["fast"],
        "comment": "생각보다 말이 자연스러워요. 다음에는 사진도 보여 주고 싶어요.",
        "answers": {"ai_level": "beginner"}, "consent": "excerpt", "share_with_team": true,
        "display_consent": false, "age_14_or_over": true,
        "served": {"model": 3, "guide": 0, "models": ["A.X-K1"]},
        "exchange": {
            "request_id": uuid_v4(bytes()), "team": "skt", "demo": "chat", "model": "A.X-K1",
            "served_by": "model", "prompt": "주말에 아이와 갈 만한 곳을 알려 주세요.",
            "answer": "가까운 과학관과 숲길을 추천해요. 과학관은 비가 와도 좋고, 숲길은 오전이 한산해요.",
            "first_token_ms": 310, "total_ms": 2100, "finish_reason": "stop"
        },
        "conversation": null, "truncated": false, "outcome": null, "origin": "visitor",
        "survey_version": "bench", "app_build": "bench"
    })
}

const TEAMS: [&str; 5] = ["naver-cloud", "upstage", "skt", "nc-ai", "lg-ai-research"];
const SUBJECTS: [&str; 12] = [
    "대답이",
    "설명이",
    "말투가",
    "번역이",
    "요약이",
    "속도가",
    "화면이",
    "글씨가",
    "대기 시간이",
    "추천이",
    "그림 설명이",
    "계산이",
];
const VERDICTS: [&str; 10] = [
    "생각보다 자연스러워요.",
    "조금 느려요.",
    "아주 빨라요.",
    "어려워요.",
    "이해하기 쉬워요.",
    "길어요.",
    "기대보다 좋아요.",
    "가끔 틀려요.",
    "친절해요.",
    "더 짧으면 좋겠어요.",
];
/// Of an event of three days.
const HOURS: u64 = 30;

/// The same for the same number, without a pattern.
fn mixed(n: u64, salt: u64) -> usize {
    let mixed = (n ^ salt.rotate_left(32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    usize::try_from(mixed >> 33).unwrap_or(0)
}

/// A word that one entry in ten thousand holds.
pub(crate) fn rare_word(n: u64) -> String {
    let syllable = |salt| {
        let at = u32::try_from(mixed(n % 10_000, salt) % 11_000).unwrap_or(0);
        char::from_u32(0xAC00 + at).unwrap_or('가')
    };
    [syllable(7), syllable(8), syllable(9)].iter().collect()
}

/// The `n`-th of a million entries of a large event, of which `seq` is the tablet's number: three in four
/// are forms, one is how a visit ended; what is said, how it is rated and when differs.
pub(crate) fn of_event(n: u64, seq: u64) -> Value {
    let pick = |from: &[&'static str], salt| from[mixed(n, salt) % from.len()];
    let hour = (n * HOURS / 1_000_000).min(HOURS - 1);
    let made = format!(
        "2025-12-{:02}T{:02}:{:02}:{:02}.000+09:00",
        29 + hour / 10,
        9 + hour % 10,
        mixed(n, 1) % 60,
        mixed(n, 2) % 60
    );
    let mut entry = form(seq);
    entry["visit_id"] = json!(uuid_v4((u128::from(n / 2 * 2) * 0x9E37_79B9).to_be_bytes()));
    entry["team"] = json!(pick(&TEAMS, 3));
    entry["exchange"]["team"] = entry["team"].clone();
    entry["created_at"] = json!(made);
    entry["language"] = json!(if mixed(n, 4).is_multiple_of(10) {
        "en"
    } else {
        "ko"
    });
    if n % 4 == 3 {
        entry["kind"] = json!("outcome");
        entry["rating"] = Value::Null;
        entry["comment"] = Value::Null;
        entry["exchange"] = Value::Null;
        entry["consent"] = json!("rating");
        let (teams, secs) = ([entry["team"].clone()], 60 + mixed(n, 5) % 300);
        entry["outcome"] = json!({"ended_by": "submit", "turns": 3, "teams": teams, "secs": secs});
        return entry;
    }
    entry["rating"] = json!([5, 4, 4, 3, 5, 4, 2, 5, 4, 1][mixed(n, 6) % 10]);
    let (subject, verdict) = (pick(&SUBJECTS, 10), pick(&VERDICTS, 11));
    entry["comment"] = json!(format!("{subject} {verdict} {}", rare_word(n)));
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_entries_share_an_id() {
        let ids: std::collections::BTreeSet<String> =
            (1..2_000).map(|seq| form(seq)["id"].to_string()).collect();
        assert_eq!(ids.len(), 1_999);
    }
}

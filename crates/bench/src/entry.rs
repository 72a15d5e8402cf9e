//! Entries of feedback as tablets send them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use kiosk_wire::id::{uuid_v4, uuid_v7};
use serde_json::{Value, json};

/// Different bytes at every call; nothing here needs to be unpredictable.
fn bytes<const N: usize>() -> [u8; N] {
    static STATE: AtomicU64 = AtomicU64::new(0);
    let mut bytes = [0; N];
    for chunk in bytes.chunks_mut(8) {
        let number = STATE.fetch_add(1, Ordering::Relaxed) ^ millis();
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

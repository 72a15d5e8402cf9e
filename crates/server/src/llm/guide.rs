//! The built-in guide as one of those who may answer.
//!
//! Owns: the pace at which its words appear.
//! Must not own: what it says; that is `kiosk-guide`.
//! Invariant: what it says is announced as the guide's, never as a model's.

use std::time::Duration;

use kiosk_guide::Guide;

use super::request::Question;

/// Between two pieces: slow enough to be read along.
const PACE: Duration = Duration::from_millis(20);
/// A long answer comes faster rather than later than this.
const LONGEST: Duration = Duration::from_secs(2);

/// What the guide says to a question, in pieces, and the pause after each.
pub fn pieces(guide: &Guide, question: &Question) -> (Vec<String>, Duration) {
    let answer = guide.answer(
        &question.team,
        Some(&question.demo),
        question.language,
        question.last_text(),
    );
    let pieces: Vec<String> = kiosk_guide::pieces(&answer.text)
        .map(str::to_owned)
        .collect();
    let count = u32::try_from(pieces.len()).unwrap_or(u32::MAX).max(1);
    (pieces, PACE.min(LONGEST / count))
}

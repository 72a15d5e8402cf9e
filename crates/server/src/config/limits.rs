//! `[limits]`: what a device and a visitor may do.

use serde::Deserialize;

/// Limits per device, per visitor and per team.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// Chat requests a device may make in a minute.
    pub requests_per_minute: u32,
    /// Answers a device may have running; one more cancels the oldest.
    pub answers_per_device: u32,
    /// Longest text of one visitor's turn, in characters.
    pub max_input_chars: u32,
    /// Most turns of the visitor in one conversation.
    pub max_turns: u32,
    /// Most requests waiting in a team's line.
    pub queue_len: u32,
    /// Longest wait in line.
    pub queue_wait_secs: u32,
    /// Tokens a team's model may use on a day in the event's zone; 0 is no limit.
    pub tokens_per_day: u64,
    /// Quiet time until the idle dialog.
    pub idle_secs: u32,
    /// How long the idle dialog waits; less than 20 is accepted with a warning.
    pub countdown_secs: u32,
    /// Most extra quiet time granted for reading an answer.
    pub reading_cap_secs: u32,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            requests_per_minute: 60,
            answers_per_device: 1,
            max_input_chars: 4_000,
            max_turns: 30,
            queue_len: 50,
            queue_wait_secs: 120,
            tokens_per_day: 0,
            idle_secs: 60,
            countdown_secs: 20,
            reading_cap_secs: 45,
        }
    }
}

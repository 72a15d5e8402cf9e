//! Fakes of every port, and the contract that each storage of the outbox has to pass.
//!
//! Owns: a queue in memory, a clock that is turned by hand, a model of the server that fails on
//! demand, the smallest executor, the contract's tests. Must not own: anything the app itself runs.
//! Invariant: fakes are deterministic; a seed replays.

mod executor;
mod fake_clock;
mod fake_server;
mod memory_outbox;
pub mod storage_contract;

use kiosk_wire::{
    event::Language,
    feedback::{Consent, Entry, Kind, Origin, Served},
};

pub use executor::{block_on, join_all, poll_once};
pub use fake_clock::{FakeClock, SeededRandom};
pub use fake_server::{FakeServer, Fault, UNKNOWN_TEAM};
pub use memory_outbox::MemoryOutbox;

/// A valid rating with this id.
#[must_use]
pub fn sample_entry(id: &str) -> Entry {
    Entry {
        id: id.to_owned(),
        seq: 0,
        visit_id: "5c7a1d0e-3b0f-4c6e-9a51-0f2a7d0b6c11".to_owned(),
        team: Some("skt".to_owned()),
        demo: Some("chat".to_owned()),
        kind: Kind::Visit,
        created_at: "2025-12-30T14:31:05.120+09:00".to_owned(),
        language: Language::Ko,
        rating: Some(4),
        thumb: None,
        tags: vec!["fast".to_owned()],
        comment: Some("또 올게요".to_owned()),
        answers: std::collections::BTreeMap::new(),
        consent: Consent::Rating,
        share_with_team: false,
        display_consent: false,
        age_14_or_over: true,
        served: Served::default(),
        exchange: None,
        conversation: None,
        truncated: false,
        outcome: None,
        origin: Origin::Visitor,
        survey_version: None,
        app_build: None,
    }
}

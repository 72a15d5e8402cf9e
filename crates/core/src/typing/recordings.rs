//! Every recorded keyboard sends once, whole, and leaves nothing. Machines that are known to be
//! wrong fail before the same judge, each for its own reason.

use super::field::{Field, Machine, Pace, Recording, judge, recordings};
use super::{Act, Answer, Heard, Key, Typing, Wake};

const PACES: [Pace; 2] = [Pace::Calm, Pace::Rushed];

fn verdict<M: Machine>(recording: &Recording, pace: Pace, machine: M) -> Result<(), String> {
    let mut field = Field::new(machine);
    field.play(recording, pace);
    judge(&field, &recording.sends)
}

/// The recordings at which a machine fails, and why.
fn failures<M: Machine>(machine: impl Fn() -> M) -> Vec<(String, String)> {
    let mut failures = Vec::new();
    for recording in recordings() {
        for pace in PACES {
            if let Err(why) = verdict(&recording, pace, machine()) {
                failures.push((recording.name.clone(), why));
            }
        }
    }
    failures
}

#[track_caller]
fn expect_failure(failures: &[(String, String)], name: &str, part: &str) {
    let is_found = |(at, why): &(String, String)| at == name && why.contains(part);
    assert!(
        failures.iter().any(is_found),
        "no `{part}` at {name}: {failures:#?}"
    );
}

#[test]
fn every_keyboard_sends_once_and_leaves_nothing() {
    let failures = failures(Typing::default);
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn the_same_field_sends_again_and_again() {
    for pace in PACES {
        let mut field = Field::new(Typing::default());
        for recording in recordings() {
            field.sent.clear();
            field.play(&recording, pace);
            let name = &recording.name;
            judge(&field, &recording.sends).unwrap_or_else(|why| panic!("{name}: {why}"));
        }
    }
}

#[test]
fn every_recording_names_its_source_and_agrees_with_itself() {
    let recordings = recordings();
    assert!(recordings.len() >= 20, "{}", recordings.len());
    for recording in &recordings {
        let name = &recording.name;
        let is_own = |source: &String| source.starts_with("recorded: ");
        let is_named = |source: &String| is_own(source) || source.starts_with("https://");
        assert!(!recording.about.is_empty(), "{name}");
        assert!(!recording.source.is_empty(), "{name}");
        assert!(recording.source.iter().all(is_named), "{name}");
        let is_whole = recording.source.iter().any(is_own);
        assert!(is_whole || recording.derived.is_some(), "{name}");
        let mut field = Field::new(Deaf);
        for (at, step) in recording.steps.iter().enumerate() {
            if field.step(step) {
                let told = step.value.as_deref();
                assert_eq!(told, Some(field.value.as_str()), "{name}, step {at}");
            }
        }
    }
}

/// Does nothing: the page of the recordings.
struct Deaf;

impl Machine for Deaf {
    fn hear(&mut self, _: Heard<'_>) -> Answer {
        Answer::default()
    }

    fn sent(&mut self, _: &str) -> Answer {
        Answer::default()
    }
}

fn empty() -> Answer {
    Answer {
        act: Act::Empty { is_reset: false },
        ..Answer::default()
    }
}

fn send() -> Answer {
    Answer {
        is_prevented: true,
        act: Act::Send,
        wake: None,
    }
}

fn is_enter(key: &Key<'_>) -> bool {
    !key.is_shift && (key.key == "Enter" || key.code == "Enter")
}

fn is_composing(key: &Key<'_>) -> bool {
    key.is_composing || key.key_code == 229
}

/// Sends on the first keydown of Enter.
struct Hasty;

impl Machine for Hasty {
    fn hear(&mut self, heard: Heard<'_>) -> Answer {
        match heard {
            Heard::KeyDown(key) if is_enter(&key) => send(),
            Heard::SendTapped => send(),
            _ => Answer::default(),
        }
    }

    fn sent(&mut self, _: &str) -> Answer {
        empty()
    }
}

/// Drops an Enter that belongs to a composition.
struct Guarded;

impl Machine for Guarded {
    fn hear(&mut self, heard: Heard<'_>) -> Answer {
        match heard {
            Heard::KeyDown(key) if is_enter(&key) && !is_composing(&key) => send(),
            Heard::SendTapped => send(),
            _ => Answer::default(),
        }
    }

    fn sent(&mut self, _: &str) -> Answer {
        empty()
    }
}

/// Remembers an Enter that belongs to a composition, and takes the text for whole in the task
/// after its end.
#[derive(Default)]
struct Trusting {
    is_wanted: bool,
}

impl Machine for Trusting {
    fn hear(&mut self, heard: Heard<'_>) -> Answer {
        match heard {
            Heard::KeyDown(key) if is_enter(&key) && is_composing(&key) => {
                self.is_wanted = true;
                Answer::default()
            }
            Heard::CompositionEnd { .. } if std::mem::take(&mut self.is_wanted) => Answer {
                wake: Some(Wake { ms: 0, ticket: 0 }),
                ..Answer::default()
            },
            Heard::KeyDown(key) if is_enter(&key) => send(),
            Heard::Woken { .. } | Heard::SendTapped => send(),
            _ => Answer::default(),
        }
    }

    fn sent(&mut self, _: &str) -> Answer {
        empty()
    }
}

#[test]
fn a_send_on_the_first_keydown_fails() {
    let failures = failures(|| Hasty);
    for name in ["chromium-macos", "chromium-windows", "firefox-linux-ibus"] {
        expect_failure(&failures, name, "sent 2 times");
    }
    expect_failure(&failures, "electron-macos-plain-enter", "is left");
    expect_failure(&failures, "ipados-syllable-returns", "is left");
    expect_failure(&failures, "ipados-ten-keys", "lost");
}

#[test]
fn a_guard_that_drops_the_press_fails() {
    let failures = failures(|| Guarded);
    for name in [
        "safari-macos",
        "wkwebview-macos",
        "firefox-macos",
        "chromium-android-enter-composing",
        "chromium-devtools-composition",
    ] {
        expect_failure(&failures, name, "lost");
    }
}

#[test]
fn a_send_in_the_task_after_the_composition_fails() {
    let failures = failures(Trusting::default);
    for name in ["chromium-linux-ibus", "firefox-linux-ibus"] {
        expect_failure(&failures, name, "sent 2 times");
    }
    for name in ["safari-macos", "chromium-devtools-composition"] {
        expect_failure(&failures, name, "lost");
    }
}

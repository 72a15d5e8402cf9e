//! A field that a browser edits, for the tests: what the events do to the text, what the page does
//! about the answers, and a judge of the result.
//!
//! Invariant: it knows nothing of the rules in `typing`; a wrong machine is driven in the same way.

use std::fmt;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::{Act, Answer, Heard, Key, Typing};

/// What decides when a text is sent.
pub(super) trait Machine {
    fn hear(&mut self, heard: Heard<'_>) -> Answer;
    fn sent(&mut self, value: &str) -> Answer;

    fn whole<'a>(&self, value: &'a str) -> Option<&'a str> {
        let text = value.trim();
        (!text.is_empty()).then_some(text)
    }
}

impl Machine for Typing {
    fn hear(&mut self, heard: Heard<'_>) -> Answer {
        Typing::hear(self, heard)
    }

    fn sent(&mut self, value: &str) -> Answer {
        Typing::sent(self, value)
    }

    fn whole<'a>(&self, value: &'a str) -> Option<&'a str> {
        Typing::whole(self, value)
    }
}

/// Events of one keyboard, as `tests/fixtures/typing` writes them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Recording {
    #[serde(skip)]
    pub(super) name: String,
    pub(super) about: String,
    pub(super) source: Vec<String>,
    /// What no source tells and the specifications say; nothing for what was recorded whole.
    pub(super) derived: Option<String>,
    /// The message.
    pub(super) sends: String,
    pub(super) steps: Vec<Step>,
}

/// One event.
#[derive(Clone, Default, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the fields of the browsers' events"
)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct Step {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) key: String,
    pub(super) code: String,
    pub(super) key_code: u32,
    pub(super) is_composing: bool,
    pub(super) shift_key: bool,
    pub(super) repeat: bool,
    pub(super) input_type: String,
    pub(super) data: String,
    /// How many characters a deletion or replacement takes.
    pub(super) replaces: Option<usize>,
    pub(super) cancelable: Option<bool>,
    /// It is an effect of the event before it and comes only if nobody prevented that.
    pub(super) follows: bool,
    /// `sent`: it comes only once the text was sent.
    pub(super) after: Option<String>,
    /// The field's text at this event on a page that does nothing.
    pub(super) value: Option<String>,
}

/// When the tasks of the timers run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// Before each event that is no effect of another.
    Calm,
    /// After all of them.
    Rushed,
}

/// The field, and the page around it.
pub(super) struct Field<M> {
    pub(super) machine: M,
    pub(super) value: String,
    pub(super) sent: Vec<String>,
    /// Characters at the end that the open composition may still change.
    open: usize,
    /// Why the next `input` comes, if its `beforeinput` said it.
    cause: Option<String>,
    is_prevented: bool,
    now: u32,
    timers: Vec<(u32, u32)>,
}

impl<M: Machine> Field<M> {
    pub(super) fn new(machine: M) -> Self {
        Self {
            machine,
            value: String::new(),
            sent: Vec::new(),
            open: 0,
            cause: None,
            is_prevented: false,
            now: 0,
            timers: Vec::new(),
        }
    }

    /// Plays a recording to its end, and lets every timer run.
    pub(super) fn play(&mut self, recording: &Recording, pace: Pace) {
        for step in &recording.steps {
            if pace == Pace::Calm && !step.follows {
                self.wait(0);
            }
            self.step(step);
        }
        self.run_all();
    }

    /// One event; `false` if it did not come about.
    pub(super) fn step(&mut self, step: &Step) -> bool {
        if step.follows && self.is_prevented || step.after.is_some() && self.sent.is_empty() {
            return false;
        }
        if !step.follows {
            self.is_prevented = false;
        }
        let answer = match step.kind.as_str() {
            "keydown" => self.machine.hear(Heard::KeyDown(step.key())),
            "compositionstart" => {
                self.open = 0;
                self.machine.hear(Heard::CompositionStart)
            }
            "compositionend" => {
                self.open = 0;
                let data = &step.data;
                self.machine.hear(Heard::CompositionEnd { data })
            }
            "beforeinput" => {
                let input_type = &step.input_type;
                self.cause = Some(input_type.clone());
                self.machine.hear(Heard::BeforeInput { input_type })
            }
            "input" => {
                self.edit(step);
                let (input_type, value) = (step.input_type.as_str(), self.value.as_str());
                self.machine.hear(Heard::Input { input_type, value })
            }
            "click" => self.machine.hear(Heard::SendTapped),
            _ => Answer::default(),
        };
        self.is_prevented |= answer.is_prevented && step.cancelable != Some(false);
        self.obey(answer);
        true
    }

    fn edit(&mut self, step: &Step) {
        let told = || step.input_type.clone();
        let cause = self.cause.take().unwrap_or_else(told);
        let taken = match cause.as_str() {
            // Firefox tells of the last composed text a second time, after the composition.
            "insertCompositionText" if !step.is_composing => return,
            "insertCompositionText" | "insertFromComposition" | "deleteCompositionText" => {
                self.open
            }
            "insertReplacementText" | "deleteContentBackward" => step.replaces.unwrap_or(1),
            _ => 0,
        };
        for _ in 0..taken {
            self.value.pop();
        }
        self.open = 0;
        match cause.as_str() {
            "insertLineBreak" | "insertParagraph" => self.value.push('\n'),
            _ => self.value.push_str(&step.data),
        }
        if cause == "insertCompositionText" {
            self.open = step.data.chars().count();
        }
    }

    fn obey(&mut self, answer: Answer) {
        if let Some(wake) = answer.wake {
            self.timers.push((self.now + wake.ms, wake.ticket));
        }
        match answer.act {
            Act::Nothing => {}
            Act::Send => {
                let value = self.value.clone();
                if let Some(text) = self.machine.whole(&value) {
                    self.sent.push(text.to_owned());
                    let answer = self.machine.sent(&value);
                    self.obey(answer);
                }
            }
            Act::Empty { .. } => {
                self.value.clear();
                self.open = 0;
            }
        }
    }

    /// Lets time pass, and what is due by then run.
    pub(super) fn wait(&mut self, ms: u32) {
        let end = self.now + ms;
        self.run_until(end);
        self.now = end;
    }

    /// Runs every timer, in the order of their times.
    pub(super) fn run_all(&mut self) {
        self.run_until(u32::MAX);
    }

    fn run_until(&mut self, end: u32) {
        while let Some(next) = (0..self.timers.len())
            .filter(|&at| self.timers[at].0 <= end)
            .min_by_key(|&at| self.timers[at].0)
        {
            let (due, ticket) = self.timers.remove(next);
            self.now = self.now.max(due);
            let value = &self.value;
            let answer = self.machine.hear(Heard::Woken { ticket, value });
            self.obey(answer);
        }
    }
}

/// Short, for a failure shows many of them.
impl fmt::Debug for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            key,
            key_code,
            input_type,
            data,
            ..
        } = self;
        write!(formatter, "{kind} {key}{input_type} {key_code} {data:?}")?;
        for (is_set, name) in [
            (self.is_composing, "composing"),
            (self.shift_key, "shift"),
            (self.repeat, "repeat"),
            (self.cancelable == Some(false), "not cancelable"),
            (self.follows, "follows"),
        ] {
            if is_set {
                write!(formatter, " {name}")?;
            }
        }
        Ok(())
    }
}

impl Step {
    pub(super) fn key(&self) -> Key<'_> {
        Key {
            key: &self.key,
            code: &self.code,
            key_code: self.key_code,
            is_composing: self.is_composing,
            is_shift: self.shift_key,
            is_repeat: self.repeat,
        }
    }
}

/// Why a recording went wrong; nothing if the text was sent once, whole, and nothing is left.
pub(super) fn judge<M: Machine>(field: &Field<M>, sends: &str) -> Result<(), String> {
    match field.sent.as_slice() {
        [] => Err("the press was lost".to_owned()),
        [one] if one != sends => Err(format!("`{one}` was sent instead of `{sends}`")),
        [_] if !field.value.is_empty() => Err(format!("`{}` is left", field.value)),
        [_] => Ok(()),
        more => Err(format!("sent {} times: {more:?}", more.len())),
    }
}

/// Every recording, by name.
pub(super) fn recordings() -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/typing");
    let files = fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |file: &std::path::PathBuf| {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(file).unwrap();
        let parsed = serde_json::from_str(&text);
        let recording: Recording = parsed.unwrap_or_else(|error| panic!("{name}: {error}"));
        Recording { name, ..recording }
    };
    files.iter().map(read).collect()
}

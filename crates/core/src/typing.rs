//! When a text that is being typed is sent: what the events of a field mean.
//!
//! Owns: which events are one press of Enter, when the last syllable has reached the field, and
//! what an input method puts back into a field that was sent and emptied.
//! Must not own: the text. It is read from the field at the moment of sending, because some
//! keyboards tell nothing of a composition and others nothing of their keys.
//! Invariant: one press of Enter sends once, however many events tell of it; a press is never lost,
//! since every wait for an event ends with a timer.

#[cfg(test)]
mod field;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod recordings;

/// How long a press waits for the last word of the input method. Every recorded keyboard says it
/// within a few milliseconds, on a busy tablet later; a driver never does.
const FALLBACK_MS: u32 = 400;

/// How long after the sending a text that comes by itself is taken for one that was put back.
const LEFTOVER_MS: u32 = 700;

/// How often a field is emptied again. An input method that insists would go on for ever.
const EMPTYINGS: u8 = 8;

const ENTER: u32 = 13;

/// Key code of a key that an input method works on. WebKit sends it without `isComposing`.
const IN_PROCESS: u32 = 229;

/// What a `keydown` event says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key<'a> {
    /// `key`
    pub key: &'a str,
    /// `code`
    pub code: &'a str,
    /// `keyCode`
    pub key_code: u32,
    /// `isComposing`
    pub is_composing: bool,
    /// `shiftKey`
    pub is_shift: bool,
    /// `repeat`
    pub is_repeat: bool,
}

/// What the field or the page tells. `value` is always the text of the field as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard<'a> {
    /// `keydown`
    KeyDown(Key<'a>),
    /// `compositionstart`
    CompositionStart,
    /// `compositionend`
    CompositionEnd {
        /// `data`: what the composition left in the field.
        data: &'a str,
    },
    /// `beforeinput`
    BeforeInput {
        /// `inputType`
        input_type: &'a str,
    },
    /// `input`
    Input {
        /// `inputType`
        input_type: &'a str,
        /// The field's text.
        value: &'a str,
    },
    /// The visitor tapped the button that sends.
    SendTapped,
    /// The time of a [`Wake`] is over.
    Woken {
        /// The ticket of that wake.
        ticket: u32,
        /// The field's text.
        value: &'a str,
    },
}

/// What to do about it.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answer {
    /// Cancel the event's own effect (`preventDefault`).
    pub is_prevented: bool,
    /// What to do with the field.
    pub act: Act,
    /// A timer to start; earlier ones may run on, they are ignored.
    pub wake: Option<Wake>,
}

/// What to do with the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Act {
    /// Leave it alone.
    #[default]
    Nothing,
    /// Read it now and send what [`Typing::whole`] finds in it; then tell [`Typing::sent`].
    Send,
    /// Write the empty text into it.
    Empty {
        /// And move the focus out of it and back: else the input method keeps its last syllable,
        /// and the next key brings it back.
        is_reset: bool,
    },
}

/// A timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wake {
    /// After how many milliseconds; 0 is the next task.
    pub ms: u32,
    /// What to say when it is over.
    pub ticket: u32,
}

/// What a press of Enter waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Press {
    /// There is none, or it was answered.
    #[default]
    None,
    /// For the last syllable or the line break; at the longest for this wake.
    Held(u32),
    /// For the next task. The text is whole by then.
    Due(u32),
}

/// The state of one field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typing {
    /// A syllable is open: the field may still lack its last form.
    is_open: bool,
    /// The text came without any composition: the keyboards of iOS and the drivers of browsers.
    is_quiet: bool,
    /// Shift and Enter: the next line break is meant as one.
    is_break_meant: bool,
    press: Press,
    /// What was sent, as long as it may come back; empty when the visitor types on.
    sent: String,
    emptyings: u8,
    watch: u32,
    tickets: u32,
}

impl Typing {
    /// Takes what happened, in the order in which it happened.
    pub fn hear(&mut self, heard: Heard<'_>) -> Answer {
        match heard {
            Heard::KeyDown(key) => self.key_down(key),
            Heard::CompositionStart => {
                self.is_open = true;
                self.is_quiet = false;
                Answer::default()
            }
            Heard::CompositionEnd { data } => {
                // ibus first takes the open syllable out of the field and ends the composition,
                // then puts it in again as plain text, in Firefox even in a later task.
                self.is_open = data.is_empty();
                self.settle()
            }
            Heard::BeforeInput { input_type } if is_line_break(input_type) => self.line_break(),
            Heard::BeforeInput { .. } => Answer::default(),
            Heard::Input { input_type, value } => self.changed(input_type, value),
            Heard::SendTapped if self.is_open => self.hold(),
            Heard::SendTapped => self.send(),
            Heard::Woken { ticket, value } => self.woken(ticket, value),
        }
    }

    /// What of the field's text is to be sent. Nothing, if it is blank or was sent before and came
    /// back by itself.
    #[must_use]
    pub fn whole<'a>(&self, value: &'a str) -> Option<&'a str> {
        // A line break that no event could prevent is part of the press and not of the text.
        let text = value.trim();
        (!text.is_empty() && !self.is_left_over(value)).then_some(text)
    }

    /// The field's text was sent.
    pub fn sent(&mut self, value: &str) -> Answer {
        let is_reset = self.is_open || ends_in_hangul(value);
        self.press = Press::None;
        self.is_open = false;
        self.is_quiet = false;
        self.sent.clear();
        self.sent.push_str(value.trim());
        self.emptyings = EMPTYINGS;
        let wake = self.wake(LEFTOVER_MS);
        self.watch = wake.ticket;
        Answer {
            act: Act::Empty { is_reset },
            wake: Some(wake),
            ..Answer::default()
        }
    }

    fn key_down(&mut self, key: Key<'_>) -> Answer {
        let is_enter = key.is_enter();
        self.is_break_meant = is_enter && key.is_shift;
        if !is_enter {
            return self.other_key();
        }
        if key.is_shift {
            return Answer::default();
        }
        // Some input methods pass Enter on as a plain key before they end the composition.
        if self.is_open || key.is_composing {
            return self.hold();
        }
        if key.is_repeat {
            // Held down since the last message, or since another place had the focus.
            return Answer::default().prevented();
        }
        if key.is_in_process() {
            // The composition ended before the key was told: Safari. Others end it a moment later.
            return self.due().prevented();
        }
        if self.is_quiet {
            // iOS forgets the last syllable only when its own line break ends it.
            return self.hold();
        }
        self.send().prevented()
    }

    fn other_key(&mut self) -> Answer {
        // From here on the same text is typed anew.
        self.sent.clear();
        if self.press == Press::None || self.is_open {
            return Answer::default();
        }
        // What this key types must not get into the text that is to be sent.
        self.send()
    }

    /// The browser is about to break the line.
    fn line_break(&mut self) -> Answer {
        if self.is_break_meant {
            return Answer::default();
        }
        match self.press {
            Press::Held(_) if self.is_quiet => Answer::default(),
            Press::None if self.is_open => self.hold().prevented(),
            Press::None => self.due().prevented(),
            _ => Answer::default().prevented(),
        }
    }

    fn changed(&mut self, input_type: &str, value: &str) -> Answer {
        if is_line_break(input_type) && std::mem::take(&mut self.is_break_meant) {
            return Answer::default();
        }
        if let Some(answer) = self.empty_again(value) {
            return answer;
        }
        if !value.is_empty() {
            self.sent.clear();
        }
        let is_committed = input_type == "insertFromComposition";
        match input_type {
            "insertText" | "insertReplacementText" | "insertFromComposition" => {
                self.is_quiet = !is_committed && !self.is_open && ends_in_hangul(value);
                self.is_open = false;
                self.settle()
            }
            _ if is_line_break(input_type) => self.settle(),
            _ => {
                self.is_quiet &= ends_in_hangul(value);
                Answer::default()
            }
        }
    }

    fn woken(&mut self, ticket: u32, value: &str) -> Answer {
        match self.press {
            Press::Due(awaited) | Press::Held(awaited) if awaited == ticket => self.send(),
            _ if self.watch == ticket => {
                // The last look: some engines put the syllable back without a word.
                let answer = self.empty_again(value);
                self.sent.clear();
                answer.unwrap_or_default()
            }
            _ => Answer::default(),
        }
    }

    /// What a held press waits for may have come.
    fn settle(&mut self) -> Answer {
        match self.press {
            Press::Held(_) if !self.is_open => self.due(),
            _ => Answer::default(),
        }
    }

    fn hold(&mut self) -> Answer {
        match self.press {
            // A key that is held down must not put the end of the waiting off.
            Press::Held(_) => Answer::default(),
            _ => self.wait(FALLBACK_MS, Press::Held),
        }
    }

    fn due(&mut self) -> Answer {
        self.wait(0, Press::Due)
    }

    fn wait(&mut self, ms: u32, press: fn(u32) -> Press) -> Answer {
        let wake = self.wake(ms);
        self.press = press(wake.ticket);
        Answer {
            wake: Some(wake),
            ..Answer::default()
        }
    }

    fn send(&mut self) -> Answer {
        self.press = Press::None;
        Answer {
            act: Act::Send,
            ..Answer::default()
        }
    }

    /// What to do if the text is one that came back.
    fn empty_again(&mut self, value: &str) -> Option<Answer> {
        self.is_left_over(value).then(|| {
            let left = self.emptyings.checked_sub(1);
            self.emptyings = left.unwrap_or(0);
            Answer {
                act: left.map_or(Act::Nothing, |_| Act::Empty { is_reset: true }),
                ..Answer::default()
            }
        })
    }

    fn is_left_over(&self, value: &str) -> bool {
        !self.sent.is_empty() && !value.is_empty() && self.sent.ends_with(value.trim())
    }

    fn wake(&mut self, ms: u32) -> Wake {
        self.tickets = self.tickets.wrapping_add(1);
        Wake {
            ms,
            ticket: self.tickets,
        }
    }
}

impl Key<'_> {
    /// Enter, also as an input method passes it on: it hides `key`, and `keyCode`, and not `code`.
    fn is_enter(&self) -> bool {
        self.key == "Enter"
            || self.key_code == ENTER
            || matches!(self.code, "Enter" | "NumpadEnter")
    }

    fn is_in_process(&self) -> bool {
        self.key_code == IN_PROCESS || self.key == "Process"
    }
}

impl Answer {
    fn prevented(self) -> Self {
        Self {
            is_prevented: true,
            ..self
        }
    }
}

/// Two names for the same: a text field breaks the line, some keyboards ask for a paragraph.
fn is_line_break(input_type: &str) -> bool {
    matches!(input_type, "insertLineBreak" | "insertParagraph")
}

/// Whether an input method may go on with the last letter: a syllable or a part of one.
fn ends_in_hangul(text: &str) -> bool {
    matches!(
        text.chars().next_back(),
        Some('\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{AC00}'..='\u{D7A3}')
    )
}

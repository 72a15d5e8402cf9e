//! Where the visitor types, and the way on to the form.
//!
//! What the events of the field mean, and when it is written to, is `core::typing`'s to say: Hangul is
//! always in composition, and a field written at the wrong moment loses or doubles its last syllable.

use std::time::Duration;

use kiosk_core::chat::ChatKey;
use kiosk_core::typing::{Act, Answer, Heard, Key, Typing};
use kiosk_core::visit::VisitEvent;
use kiosk_wire::event::Limits;
use leptos::prelude::*;

use crate::dom::{Element, IconName, button, el, icon};
use crate::i18n::{Messages, fill};
use crate::stores::chat::ChatStore;
use crate::visitor::{Worded, event, settings};

/// What the field is for, and how much of it there is.
#[derive(Clone, Copy)]
struct Draft {
    chat: ChatStore,
    key: StoredValue<ChatKey>,
    limits: StoredValue<Limits>,
    typing: StoredValue<Typing>,
}

impl Draft {
    fn is_live(self) -> bool {
        self.key.with_value(|key| self.chat.is_live(key))
    }

    fn is_in_line(self) -> bool {
        let last = self
            .key
            .with_value(|key| self.chat.numbers(key).last().copied());
        last.is_some_and(|number| self.chat.answer(number, |answer| answer.place.is_some()))
    }

    fn is_over(self) -> bool {
        let turns = self.key.with_value(|key| self.chat.numbers(key).len());
        turns >= self.limits.with_value(|limits| limits.max_turns as usize)
    }

    fn max_chars(self) -> usize {
        self.limits
            .with_value(|limits| limits.max_input_chars as usize)
    }

    /// What stands in the field; tracked.
    fn value(self) -> String {
        self.key.with_value(|key| self.chat.draft(key))
    }

    /// How many letters that is; tracked.
    fn length(self) -> usize {
        self.value().trim().chars().count()
    }

    fn is_too_long(self) -> bool {
        self.length() > self.max_chars()
    }

    fn can_send(self) -> bool {
        self.length() > 0 && !self.is_too_long() && !self.is_live() && !self.is_over()
    }

    /// This stands in the field now.
    fn note(self, value: &str) {
        self.key.with_value(|key| self.chat.keep_draft(key, value));
    }

    /// Tells what happened to the field, and does what follows. Whether the event's own effect is to
    /// be prevented.
    fn hear(self, field: &Element, heard: Heard<'_>) -> bool {
        let answer = self.typing.try_update_value(|typing| typing.hear(heard));
        answer.is_some_and(|answer| self.obey(field, answer))
    }

    fn obey(self, field: &Element, answer: Answer) -> bool {
        if let Some(wake) = answer.wake {
            let field = field.clone();
            set_timeout(
                move || {
                    let (ticket, value) = (wake.ticket, field.value());
                    let value = &value;
                    self.hear(&field, Heard::Woken { ticket, value });
                },
                Duration::from_millis(wake.ms.into()),
            );
        }
        match answer.act {
            Act::Nothing => {}
            Act::Send => self.send(field),
            Act::Empty { is_reset } => {
                field.set_value("");
                self.note("");
                if is_reset && field.has_focus() {
                    field.blur();
                    field.focus_in_place();
                }
            }
        }
        answer.is_prevented
    }

    /// Sends what stands in the field. The field itself is read, not what events told of it: some
    /// keyboards tell nothing.
    fn send(self, field: &Element) {
        let value = field.value();
        let text = self.typing.with_value(|typing| {
            let text = typing.whole(&value);
            text.map(ToOwned::to_owned)
        });
        let Some(text) = text.filter(|text| text.chars().count() <= self.max_chars()) else {
            return;
        };
        if untrack(|| self.is_over()) || !self.key.with_value(|key| self.chat.ask(key, &text)) {
            return;
        }
        let answer = self.typing.try_update_value(|typing| typing.sent(&value));
        if let Some(answer) = answer {
            self.obey(field, answer);
        }
    }

    /// Why nothing can be sent, if that is so.
    fn limit_note(self, words: &Messages) -> Option<String> {
        if self.is_over() {
            Some(words.chat_turns_over.to_owned())
        } else {
            let max = self.max_chars();
            self.is_too_long()
                .then(|| fill(words.chat_too_long, &[("max", &max)]))
        }
    }
}

pub fn composer(key: &ChatKey) -> Element {
    let settings = settings();
    let draft = Draft {
        chat: expect_context(),
        key: StoredValue::new(key.clone()),
        limits: StoredValue::new(event().get().limits),
        typing: StoredValue::default(),
    };
    let field = field(draft);
    let note = move || {
        let note = draft.limit_note(settings.words())?;
        let line = el("p").class("limit").attr("data-state", "over");
        Some(line.attr("role", "status").text(&note))
    };
    let sending = field.clone();
    let row = el("div").class("field").child(field).either(
        move || draft.is_live(),
        move || stop_button(draft),
        move || send_button(draft, &sending),
    );
    el("div")
        .class("bar")
        .live(note)
        .child(row)
        .child(end_visit())
}

fn field(draft: Draft) -> Element {
    let field = el("textarea")
        .attr("rows", "1")
        .testid("chat-input")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false")
        .attr("enterkeyhint", "send")
        .words_attr("placeholder", |words| words.chat_placeholder)
        .words_attr("aria-label", |words| words.chat_placeholder);
    // What was typed before the visitor looked at something else. Nothing is being composed yet.
    field.set_value(&untrack(|| draft.value()));
    let (keyed, began, ended, before, typed) = (
        field.clone(),
        field.clone(),
        field.clone(),
        field.clone(),
        field.clone(),
    );
    field
        .on_key(move |event| {
            let (key, code) = (event.key(), event.code());
            let heard = Heard::KeyDown(Key {
                key: &key,
                code: &code,
                key_code: event.key_code(),
                is_composing: event.is_composing(),
                is_shift: event.shift_key(),
                is_repeat: event.repeat(),
            });
            if draft.hear(&keyed, heard) {
                event.prevent_default();
            }
        })
        .on("compositionstart", move |_| {
            draft.hear(&began, Heard::CompositionStart);
        })
        .on_composition_end(move |data| {
            draft.hear(&ended, Heard::CompositionEnd { data });
        })
        .on_input("beforeinput", move |event, input_type| {
            if draft.hear(&before, Heard::BeforeInput { input_type }) {
                event.prevent_default();
            }
        })
        .on_input("input", move |_, input_type| {
            let value = typed.value();
            draft.note(&value);
            let value = &value;
            draft.hear(&typed, Heard::Input { input_type, value });
        })
}

fn send_button(draft: Draft, field: &Element) -> Element {
    let field = field.clone();
    button("btn", "chat-send")
        .flag("aria-disabled", move || !draft.can_send())
        .words(|words| words.chat_send)
        .with(icon(IconName::ArrowUp))
        .tap(move || {
            draft.hear(&field, Heard::SendTapped);
        })
}

fn stop_button(draft: Draft) -> Element {
    let settings = settings();
    button("btn stop", "chat-stop")
        .with(icon(IconName::Square))
        .say(move || {
            let words = settings.words();
            if draft.is_in_line() {
                words.chat_stop_waiting
            } else {
                words.chat_stop
            }
        })
        .tap(move || draft.chat.stop())
}

fn end_visit() -> Element {
    button("btn tall", "visit-end")
        .with(icon(IconName::PencilLine))
        .child(el("span").words(|words| words.visit_end))
        .causes(VisitEvent::OpenFeedback)
}

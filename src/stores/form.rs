//! The feedback form of this visit.

use kiosk_core::form::{Form, FormGap};
use leptos::prelude::*;

/// Why the form is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormProblem {
    Gap(FormGap),
    NotSaved,
}

#[derive(Clone, Copy)]
pub struct FormStore {
    form: RwSignal<Form>,
    problem: RwSignal<Option<FormProblem>>,
    is_saving: StoredValue<bool>,
    is_slow: RwSignal<bool>,
}

impl Default for FormStore {
    fn default() -> Self {
        Self {
            form: RwSignal::default(),
            problem: RwSignal::new(None),
            is_saving: StoredValue::new(false),
            is_slow: RwSignal::new(false),
        }
    }
}

impl FormStore {
    /// Reads the form; tracked.
    pub fn with<T>(self, read: impl FnOnce(&Form) -> T) -> T {
        self.form.with(read)
    }

    /// The form as it is now; not tracked.
    #[must_use]
    pub fn snapshot(self) -> Form {
        self.form.try_get_untracked().unwrap_or_default()
    }

    /// Changes the form; what was said to be missing is forgotten.
    pub fn change(self, change: impl FnOnce(&mut Form)) {
        self.form.update(change);
        self.problem.set(None);
    }

    /// Why the form is still there; tracked.
    #[must_use]
    pub fn problem(self) -> Option<FormProblem> {
        self.problem.get()
    }

    pub fn show_problem(self, problem: FormProblem) {
        self.problem.set(Some(problem));
    }

    /// Whether it is being saved for so long that it must be seen; tracked.
    #[must_use]
    pub fn is_slow(self) -> bool {
        self.is_slow.get()
    }

    /// Takes the one chance to save; `false` while another has it.
    #[must_use]
    pub fn begin_saving(self) -> bool {
        !self
            .is_saving
            .try_update_value(|is_saving| std::mem::replace(is_saving, true))
            .unwrap_or(true)
    }

    /// Says that it takes long, if it still does.
    pub fn note_slow(self) {
        if self.is_saving.try_get_value().unwrap_or(false) {
            self.is_slow.set(true);
        }
    }

    pub fn end_saving(self) {
        self.is_saving.try_set_value(false);
        if self.is_slow.try_get_untracked().unwrap_or(false) {
            self.is_slow.set(false);
        }
    }
}

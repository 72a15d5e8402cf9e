//! Counts of forms, each version of the survey by itself.

use std::collections::HashMap;

use kiosk_wire::{console::FormSummary, feedback::Entry};

use super::{code, count};

/// One part a version, in the order in which the versions first arrived.
#[derive(Default)]
pub(super) struct Forms {
    list: Vec<FormSummary>,
    /// Where each version stands: tablets may send as many as they like.
    places: HashMap<String, usize>,
}

impl Forms {
    pub(super) fn add(&mut self, entry: &Entry, hour: Option<String>) {
        let form = self.of_version(entry.survey_version.as_deref().unwrap_or_default());
        form.count += 1;
        let place = entry.rating.and_then(|rating| rating.checked_sub(1));
        if let Some(times) = place.and_then(|place| form.ratings.get_mut(usize::from(place))) {
            *times += 1;
        }
        let mut tags: Vec<&String> = entry.tags.iter().collect();
        tags.sort();
        tags.dedup();
        for tag in tags {
            count(&mut form.tags, tag.clone());
        }
        for (question, choice) in &entry.answers {
            let choices = form.answers.entry(question.clone()).or_default();
            count(choices, choice.clone());
        }
        count(&mut form.consents, code(entry.consent));
        if let Some(hour) = hour {
            count(&mut form.hours, hour);
        }
    }

    pub(super) fn newest_first(&self) -> Vec<FormSummary> {
        self.list.iter().rev().cloned().collect()
    }

    fn of_version(&mut self, version: &str) -> &mut FormSummary {
        let place = self.places.get(version).copied();
        let place = place.unwrap_or_else(|| {
            self.list.push(FormSummary {
                survey_version: version.to_owned(),
                ..FormSummary::default()
            });
            let last = self.list.len() - 1;
            self.places.insert(version.to_owned(), last);
            last
        });
        &mut self.list[place]
    }
}

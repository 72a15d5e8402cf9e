//! The entries that are listed, page after page.
//!
//! Owns: which ones are here and where the next page begins. Must not own: how they look.
//! Invariant: all that is listed answers to the same filters.

use kiosk_wire::console::FeedbackPage;
use kiosk_wire::paths;
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use super::address::Address;
use super::fetched::Fetched;
use super::filters::Filters;
use super::item::Item;
use crate::console::api::{Api, ApiError};
use crate::console::state::api;

/// Entries a page.
pub const PAGE: u32 = 50;

/// A handle to the entries.
#[derive(Clone, Copy)]
pub struct Entries {
    api: Api,
    address: Address,
    first: Fetched<FeedbackPage>,
    pub items: RwSignal<Vec<Item>>,
    /// How many have a shape this build does not know.
    pub unreadable: RwSignal<u64>,
    pub cursor: RwSignal<Option<String>>,
    /// Why there is nothing, or nothing more.
    pub error: RwSignal<Option<ApiError>>,
    /// Whether a first answer came.
    pub is_here: RwSignal<bool>,
    pub is_busy: RwSignal<bool>,
}

impl Entries {
    /// The entries of an address, kept in step with it.
    #[must_use]
    pub fn of(address: Address) -> Self {
        let entries = Self {
            api: api(),
            address,
            first: Fetched::from(move || page_path(&address.filters(), None)),
            items: RwSignal::new(Vec::new()),
            unreadable: RwSignal::new(0),
            cursor: RwSignal::new(None),
            error: RwSignal::new(None),
            is_here: RwSignal::new(false),
            is_busy: RwSignal::new(false),
        };
        Effect::new(move || {
            let Some(answer) = entries.first.answer.get() else {
                return;
            };
            entries.items.set(Vec::new());
            entries.unreadable.set(0);
            entries.take(answer);
            entries.is_here.set(true);
        });
        entries
    }

    /// Asks for the first page again.
    pub fn again(self) {
        self.first.again();
    }

    /// Asks for the next page.
    pub fn more(self) {
        let filters = self.address.filters();
        let Some(cursor) = self.cursor.get_untracked() else {
            return;
        };
        self.is_busy.set(true);
        spawn_local_scoped_with_cancellation(async move {
            let path = page_path(&filters, Some(&cursor));
            let answer = self.api.get::<FeedbackPage>(path).await;
            self.is_busy.set(false);
            // The filters, or the list, may be others by now.
            if self.cursor.try_get_untracked() == Some(Some(cursor)) {
                self.take(answer);
            }
        });
    }

    fn take(self, answer: Result<FeedbackPage, ApiError>) {
        let page = match answer {
            Ok(page) => page,
            Err(error) => {
                self.error.set(Some(error));
                return;
            }
        };
        let listed = page.items.len();
        let read: Vec<Item> = page.items.iter().filter_map(Item::read).collect();
        let unread = u64::try_from(listed - read.len()).unwrap_or(u64::MAX);
        self.unreadable.update(|count| *count += unread);
        self.items.update(|items| items.extend(read));
        self.cursor.set(page.next_cursor);
        self.error.set(None);
    }
}

fn page_path(filters: &Filters, cursor: Option<&str>) -> String {
    let limit = PAGE.to_string();
    let mut more = vec![("limit", &*limit)];
    more.extend(cursor.map(|cursor| ("cursor", cursor)));
    filters.path(paths::FEEDBACK, &more)
}

#[cfg(test)]
mod tests {
    use super::super::filters::Field;
    use super::*;

    #[test]
    fn the_next_page_answers_to_the_same_filters() {
        let filters = Filters::default().with(Field::Team, "skt");
        assert_eq!(
            page_path(&filters, Some("41")),
            "/api/feedback?team=skt&limit=50&cursor=41"
        );
        assert_eq!(page_path(&filters, None), "/api/feedback?team=skt&limit=50");
    }
}

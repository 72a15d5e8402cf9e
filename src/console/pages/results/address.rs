//! The filters in the page's address: a reload, or a copied address, shows the same.
//!
//! Owns: reading and changing them. Must not own: what they do. Invariant: a changed filter
//! replaces the address; the history keeps pages, not filters.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

use super::filters::{Field, Filters};

type Go = Box<dyn Fn(&str)>;

/// A handle to the filters in the address.
#[derive(Clone, Copy)]
pub struct Address {
    filters: Memo<Filters>,
    page: Memo<String>,
    go: StoredValue<Go, LocalStorage>,
}

impl Address {
    /// The address of the page that is being made.
    #[must_use]
    pub fn here() -> Self {
        let query = use_query_map();
        let navigate = use_navigate();
        let go: Go = Box::new(move |address| {
            let options = NavigateOptions {
                resolve: false,
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(address, options);
        });
        Self {
            filters: Memo::new(move |_| query.with(|query| Filters::read(|key| query.get(key)))),
            page: use_location().pathname,
            go: StoredValue::new_local(go),
        }
    }

    /// Tracked.
    #[must_use]
    pub fn filters(self) -> Filters {
        self.filters.get()
    }

    /// The value of one filter; tracked.
    #[must_use]
    pub fn get(self, field: Field) -> String {
        self.filters.with(|filters| filters.get(field).to_owned())
    }

    /// A path of the server with these filters; tracked.
    #[must_use]
    pub fn path(self, base: &str, more: &[(&str, &str)]) -> String {
        self.filters.with(|filters| filters.path(base, more))
    }

    pub fn set(self, field: Field, value: &str) {
        if let Some(filters) = self.filters.try_get_untracked() {
            self.go(&filters.with(field, value));
        }
    }

    /// Takes every filter away.
    pub fn clear(self) {
        self.go(&Filters::default());
    }

    fn go(self, filters: &Filters) {
        let Some(page) = self.page.try_get_untracked() else {
            return;
        };
        self.go.with_value(|go| go(&filters.address(&page)));
    }
}

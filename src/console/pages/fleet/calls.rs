//! Who calls for staff, since when, and the answer that somebody is on the way.
//!
//! Invariant: a call of a tablet that went silent stays told until somebody answers it here, for the
//! tablet cannot say that it is over.

use kiosk_wire::console::{Fleet, FleetDevice};
use leptos::prelude::*;

use super::facts::{call_of, calling_secs, is_calling};
use super::orders::{Order, Orders, Target};
use crate::components::tap::tap;
use crate::console::parts::glyph::{Glyph, GlyphName};
use crate::console::parts::time_ago::ago;
use crate::console::state::console;
use crate::i18n::fill;

/// A tablet's id and when its visitor called.
type Call = (String, String);

/// One banner a call, the longest wait first.
#[component]
pub fn Calls(fleet: Signal<Option<Fleet>>, orders: Orders) -> impl IntoView {
    let answered = RwSignal::new(Vec::<Call>::new());
    let calling = Memo::new(move |_| {
        answered
            .with(|answered| {
                fleet.with(|fleet| {
                    let fleet = fleet.as_ref();
                    fleet.map(|fleet| waiting(fleet, answered))
                })
            })
            .unwrap_or_default()
    });
    view! {
        <div class="calls" role="status" aria-atomic="false">
            <For
                each=move || calling.get()
                key=|device| device.0.clone()
                children=move |(id, name)| view! { <CallBanner id name fleet orders answered /> }
            />
        </div>
    }
}

/// Ids and names of those who wait.
fn waiting(fleet: &Fleet, answered: &[Call]) -> Vec<(String, String)> {
    let is_over = |device: &FleetDevice| {
        device.silent && call_of(device).is_some_and(|call| answered.contains(&call))
    };
    let mut calling: Vec<&FleetDevice> = fleet
        .devices
        .iter()
        .filter(|device| is_calling(device) && !is_over(device))
        .collect();
    calling.sort_by_key(|device| std::cmp::Reverse(calling_secs(device, &fleet.now)));
    calling
        .into_iter()
        .map(|device| (device.device_id.clone(), device.name.clone()))
        .collect()
}

#[component]
fn CallBanner(
    id: String,
    name: String,
    fleet: Signal<Option<Fleet>>,
    orders: Orders,
    answered: RwSignal<Vec<Call>>,
) -> impl IntoView {
    let console = console();
    let wanted = id.clone();
    let device = Memo::new(move |_| {
        fleet.with(|fleet| {
            let devices = &fleet.as_ref()?.devices;
            devices
                .iter()
                .find(|device| device.device_id == wanted)
                .cloned()
        })
    });
    let secs = Memo::new(move |_| {
        fleet.with(|fleet| {
            let now = &fleet.as_ref()?.now;
            device.with(|device| calling_secs(device.as_ref()?, now))
        })
    });
    let is_silent = Memo::new(move |_| {
        device.with(|device| device.as_ref().is_some_and(|device| device.silent))
    });
    let since = move || secs.get().map(|secs| ago(console.words(), secs));
    let silent = move || is_silent.get().then(|| console.words().call_silent);
    let called = name.clone();
    let answer = move || {
        let target = Target::One {
            id: id.clone(),
            name: name.clone(),
            is_silent: is_silent.get_untracked(),
        };
        let call = device.with_untracked(|device| call_of(device.as_ref()?));
        orders.send_then(Order::CallAnswered, target, move || {
            answered.try_update(|answered| answered.extend(call));
        });
    };
    view! {
        <div class="note call" data-tone="info">
            <Glyph name=GlyphName::Bell />
            <span class="grow">
                <b>{move || fill(console.words().call_banner, &[("name", &called)])}</b>
                // The time runs; only the call itself is read out.
                <span aria-live="off" class="since">{since}</span>
                <span class="since">{silent}</span>
            </span>
            <button class="btn main" on:click=tap(answer)>
                {move || console.words().call_answer}
            </button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::super::facts::tests::with;
    use super::*;
    use kiosk_wire::device::Call as DeviceCall;

    fn calling(since: &str, silent: bool) -> Fleet {
        let called = with("1번", |heartbeat| {
            heartbeat.call = Some(DeviceCall {
                since: since.to_owned(),
            });
        });
        Fleet {
            now: "2025-12-30T09:05:00Z".to_owned(),
            devices: vec![FleetDevice {
                device_id: "a".to_owned(),
                silent,
                ..called
            }],
        }
    }

    #[test]
    fn a_silent_tablets_call_is_told_until_it_is_answered() {
        let since = "2025-12-30T09:00:00Z";
        let answered = [("a".to_owned(), since.to_owned())];
        assert_eq!(waiting(&calling(since, true), &[]).len(), 1);
        assert_eq!(waiting(&calling(since, true), &answered).len(), 0);
        // Heard again, the tablet itself says whether it is over; and a later call is another one.
        assert_eq!(waiting(&calling(since, false), &answered).len(), 1);
        let later = "2025-12-30T09:04:00Z";
        assert_eq!(waiting(&calling(later, true), &answered).len(), 1);
    }
}

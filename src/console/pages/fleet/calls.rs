//! Who calls for staff, since when, and the answer that somebody is on the way.

use kiosk_wire::console::{Fleet, FleetDevice};
use leptos::prelude::*;

use super::facts::{DeviceState, calling_secs};
use super::orders::{Order, Orders, Target};
use crate::components::tap::tap;
use crate::console::parts::glyph::{Glyph, GlyphName};
use crate::console::parts::time_ago::ago;
use crate::console::state::console;
use crate::i18n::fill;

/// One banner a call, the longest wait first.
#[component]
pub fn Calls(fleet: Signal<Option<Fleet>>, orders: Orders) -> impl IntoView {
    let calling =
        Memo::new(move |_| fleet.with(|fleet| fleet.as_ref().map(waiting).unwrap_or_default()));
    view! {
        <div class="calls" role="status" aria-atomic="false">
            <For
                each=move || calling.get()
                key=|device| device.0.clone()
                children=move |(id, name)| view! { <CallBanner id name fleet orders /> }
            />
        </div>
    }
}

/// Ids and names of those who wait.
fn waiting(fleet: &Fleet) -> Vec<(String, String)> {
    let mut calling: Vec<&FleetDevice> = fleet
        .devices
        .iter()
        .filter(|device| DeviceState::of(device) == DeviceState::Calling)
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
) -> impl IntoView {
    let console = console();
    let wanted = id.clone();
    let secs = Memo::new(move |_| {
        fleet.with(|fleet| {
            let fleet = fleet.as_ref()?;
            let device = fleet
                .devices
                .iter()
                .find(|device| device.device_id == wanted)?;
            calling_secs(device, &fleet.now)
        })
    });
    let since = move || secs.get().map(|secs| ago(console.words(), secs));
    let called = name.clone();
    let answer = move || {
        let target = Target::One {
            id: id.clone(),
            name: name.clone(),
            is_silent: false,
        };
        orders.send(Order::CallAnswered, target);
    };
    view! {
        <div class="note call" data-tone="info">
            <Glyph name=GlyphName::Bell />
            <span class="grow">
                <b>{move || fill(console.words().call_banner, &[("name", &called)])}</b>
                // The time runs; only the call itself is read out.
                <span aria-live="off" class="since">{since}</span>
            </span>
            <button class="btn main" on:click=tap(answer)>
                {move || console.words().call_answer}
            </button>
        </div>
    }
}

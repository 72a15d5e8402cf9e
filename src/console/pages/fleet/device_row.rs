//! One tablet in the table.

use kiosk_wire::console::FleetDevice;
use leptos::{ev, html, prelude::*};

use super::Shared;
use super::facts::{DeviceState, is_low, quiet_secs, short_build};
use super::orders::{Order, Target};
use super::reset_button::ResetButton;
use super::state_view::{Warnings, state_view};
use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::console::parts::team_mark::TeamMark;
use crate::console::parts::time_ago::ago;
use crate::console::state::console;
use crate::console::words::{ConsoleMessages, Words};
use crate::i18n::fill;

type Device = Memo<Option<FleetDevice>>;

/// The tablet with this id.
#[component]
pub fn DeviceRow(id: String, shared: Shared) -> impl IntoView {
    let device = shared.device(id.clone());
    let state = Memo::new(move |_| device.with(|device| device.as_ref().map(DeviceState::of)));
    let code = move || state.get().map(DeviceState::code);
    let own = id.clone();
    let is_chosen = Memo::new(move |_| shared.chosen.get().as_deref() == Some(&own));
    let name = NodeRef::<html::Button>::new();
    // Whoever closes the box beside the table goes on from the row it was about.
    Effect::new(move |was_chosen: Option<bool>| {
        let is_chosen = is_chosen.get();
        let is_closed = was_chosen == Some(true) && shared.chosen.get_untracked().is_none();
        if let Some(name) = name.get_untracked().filter(|_| is_closed) {
            name.focus().ok();
        }
        is_chosen
    });
    let chosen = id.clone();
    let choose = move || shared.choose.set(Some(chosen.clone()));
    let choose_by_name = choose.clone();
    view! {
        <tr
            data-testid="device-row"
            data-device=id
            data-state=code
            data-chosen=move || is_chosen.get().then_some("true")
            on:click=move |_| choose()
        >
            <th scope="row">
                <button
                    node_ref=name
                    class="link"
                    aria-pressed=move || is_chosen.get().to_string()
                    on:click=move |event: ev::MouseEvent| {
                        event.stop_propagation();
                        choose_by_name();
                    }
                >
                    {move || device.with(|device| device.as_ref().map(|device| device.name.clone()))}
                </button>
            </th>
            <td data-th=th(|words| words.col_state)>
                {live(move || state.get().map(state_view))}
                <Warnings device />
            </td>
            <Cells device shared />
            <td class="act">
                <ResetOf device shared />
            </td>
        </tr>
    }
}

/// The column's name, which a narrow screen shows beside the value.
fn th(words: Words) -> impl Fn() -> &'static str {
    let console = console();
    move || words(console.words())
}

#[component]
fn ResetOf(device: Device, shared: Shared) -> impl IntoView {
    let target = move || {
        let device = device.get_untracked()?;
        Some(Target::One {
            id: device.device_id,
            name: device.name,
            is_silent: device.silent,
        })
    };
    let name = Signal::derive(move || device.get().map(|device| device.name).unwrap_or_default());
    let is_gone = Signal::derive(move || device.get().is_none_or(|device| device.revoked));
    let on_send = Callback::new(move |()| {
        if let Some(target) = target() {
            shared.orders.send(Order::Reset, target);
        }
    });
    view! { <ResetButton name is_gone on_send /> }
}

/// What the tablet said last, and what arrived of it.
#[component]
fn Cells(device: Device, shared: Shared) -> impl IntoView {
    let console = console();
    let screen = Memo::new(move |_| {
        device.with(|device| device.as_ref()?.heartbeat.as_ref()?.screen.clone())
    });
    let team =
        Memo::new(move |_| device.with(|device| device.as_ref()?.heartbeat.as_ref()?.team.clone()));
    let battery =
        Memo::new(move |_| device.with(|device| device.as_ref()?.heartbeat.as_ref()?.battery));
    let pending =
        Memo::new(move |_| device.with(|device| device.as_ref()?.heartbeat.as_ref()?.pending));
    let build = Memo::new(move |_| {
        device.with(|device| device.as_ref()?.heartbeat.as_ref()?.build.clone())
    });
    let short = move || build.get().map(|build| short_build(&build).to_owned());
    let heard = move || {
        let secs = device.with(|device| quiet_secs(device.as_ref()?, &shared.now.get()));
        let words = console.words();
        secs.map_or_else(|| words.never.to_owned(), |secs| ago(words, secs))
    };
    let announced = move || device.with(|device| device.as_ref().map(|device| device.announced));
    let odd = move || {
        let usual = shared.usual_build.get();
        build
            .get()
            .is_some_and(|build| usual.is_some_and(|usual| usual != build))
            .then_some("odd")
    };
    view! {
        <td data-th=th(|words| words.col_screen)>
            {move || screen_words(console.words(), screen.get().as_deref())}
        </td>
        <td data-th=th(|words| words.col_team)>
            {live(move || Some(match team.get() {
                Some(id) => view! { <TeamMark id /> }.into_any(),
                None => view! { <span class="muted">{console.words().none}</span> }.into_any(),
            }))}
        </td>
        <td class="num" data-th=th(|words| words.col_heard)>{heard}</td>
        <td class="num" data-th=th(|words| words.col_pending) data-some=move || pending.get().is_some_and(|n| n > 0).then_some("true")>
            {move || pending.get().map(|n| fill(console.words().entries, &[("n", &n)]))}
        </td>
        <td class="num" data-th=th(|words| words.col_number)>{announced}</td>
        <td data-th=th(|words| words.col_missing)>{live(move || missing_view(device))}</td>
        <td class="num" data-th=th(|words| words.col_battery)>{live(move || battery.get().map(battery_view))}</td>
        <td class="build" data-th=th(|words| words.col_build) data-state=odd title=move || build.get()>{short}</td>
    }
}

/// The screen that a tablet names, in words.
#[must_use]
pub fn screen_words(words: &ConsoleMessages, screen: Option<&str>) -> String {
    match screen {
        None => "—",
        Some("setup") => words.screen_setup,
        Some("attract") => words.screen_attract,
        Some("teams") => words.screen_teams,
        Some("team") => words.screen_team,
        Some("chat") => words.screen_chat,
        Some("feedback") => words.screen_feedback,
        Some("thanks") => words.screen_thanks,
        Some("locked") => words.screen_locked,
        Some("staff") => words.screen_staff,
        Some(other) => other,
    }
    .to_owned()
}

/// Gaps by number, the first few.
fn missing_view(device: Device) -> Option<AnyView> {
    const SHOWN: usize = 4;
    let words = console().words();
    let missing = device.with(|device| device.as_ref().map(|device| device.missing.clone()))?;
    if missing.is_empty() {
        return Some(view! { <span class="muted">{words.none}</span> }.into_any());
    }
    let mut told: Vec<String> = missing.iter().take(SHOWN).map(u64::to_string).collect();
    if missing.len() > SHOWN {
        told.push(fill(words.and_more, &[("n", &(missing.len() - SHOWN))]));
    }
    let view = view! {
        <span class="mark" data-tone="danger">
            <Icon name=IconName::TriangleAlert />
            <span>{told.join(", ")}</span>
        </span>
    };
    Some(view.into_any())
}

fn battery_view(battery: u8) -> AnyView {
    let text = format!("{battery} %");
    if !is_low(battery) {
        return view! { <span>{text}</span> }.into_any();
    }
    view! {
        <span class="mark" data-tone="warning">
            <Icon name=IconName::TriangleAlert />
            <span>{text}</span>
        </span>
    }
    .into_any()
}

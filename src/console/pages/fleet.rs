//! The fleet: who is where, who calls, what has not arrived, and orders to tablets.
//!
//! Owns: putting the parts together over one polled answer. Must not own: what the numbers mean
//! (`facts`) or how orders are sent (`orders`).
//! Invariant: the chosen tablet is in the address.

pub mod asking;
pub mod calls;
pub mod counters;
pub mod device_box;
pub mod device_row;
pub mod facts;
pub mod orders;
pub mod pairing;
pub mod reset_button;
pub mod state_view;

use std::time::Duration;

use kiosk_wire::console::{Fleet, FleetDevice};
use kiosk_wire::paths;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::query_signal_with_options;

use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::components::tap::tap;
use crate::console::api::ApiError;
use crate::console::natural::natural;
use crate::console::parts::failure::{Empty, Failure, Loading};
use crate::console::parts::glyph::{Glyph, GlyphName};
use crate::console::parts::page_head::PageHead;
use crate::console::parts::poll::Polled;
use crate::console::parts::table::TableBox;
use crate::console::state::{console, sentence};
use crate::console::words::Words;
use crate::i18n::fill;
use asking::{Asked, Asking};
use calls::Calls;
use counters::{Counters, OtherBuilds};
use device_box::DeviceBox;
use device_row::DeviceRow;
use facts::{DeviceState, builds};
use orders::{Order, Orders, Target};
use pairing::Pairing;

const RHYTHM: Duration = Duration::from_secs(2);

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Shared {
    fleet: Signal<Option<Fleet>>,
    now: Memo<String>,
    usual_build: Memo<Option<String>>,
    chosen: Memo<Option<String>>,
    choose: SignalSetter<Option<String>>,
    orders: Orders,
    asked: Asked,
}

impl Shared {
    /// One tablet, as it was told last.
    fn device(self, id: String) -> Memo<Option<FleetDevice>> {
        Memo::new(move |_| {
            self.fleet.with(|fleet| {
                let devices = &fleet.as_ref()?.devices;
                devices
                    .iter()
                    .find(|device| device.device_id == id)
                    .cloned()
            })
        })
    }

    fn now_untracked(self) -> String {
        self.now.try_get_untracked().unwrap_or_default()
    }
}

/// The fleet.
#[component]
pub fn FleetPage() -> impl IntoView {
    let polled = Polled::<Fleet>::every(paths::DEVICES, RHYTHM);
    let options = NavigateOptions {
        replace: true,
        scroll: false,
        ..NavigateOptions::default()
    };
    let (chosen, choose) = query_signal_with_options::<String>("device", options);
    let fleet: Signal<Option<Fleet>> = polled.answer.into();
    let shared = Shared {
        fleet,
        now: Memo::new(move |_| {
            fleet
                .with(|fleet| fleet.as_ref().map(|fleet| fleet.now.clone()))
                .unwrap_or_default()
        }),
        usual_build: Memo::new(move |_| {
            let builds = fleet.with(|fleet| fleet.as_ref().map(builds))?;
            builds.into_iter().next().map(|(build, _)| build)
        }),
        chosen,
        choose,
        orders: Orders::new(polled),
        asked: RwSignal::new(None),
    };
    view! {
        <Head shared />
        <Calls fleet orders=shared.orders />
        <Refused polled />
        <Counters fleet />
        <OtherBuilds fleet />
        <div class="split">
            <DeviceTable shared />
            <div class="side">
                <DeviceBox shared />
                <Pairing shared />
            </div>
        </div>
        <Asking asked=shared.asked orders=shared.orders />
    }
}

/// Why the last call failed. That the server is away is said above every page.
#[component]
fn Refused(polled: Polled<Fleet>) -> impl IntoView {
    live(move || {
        let error = polled
            .error
            .get()
            .filter(|error| *error != ApiError::Unreachable)?;
        let on_retry = Callback::new(move |()| polled.ask());
        Some(view! { <Failure error on_retry /> }.into_any())
    })
}

/// How many there are, and orders to all of them.
#[component]
fn Head(shared: Shared) -> impl IntoView {
    let console = console();
    let count = Memo::new(move |_| {
        shared.fleet.with(|fleet| {
            let devices = fleet.iter().flat_map(|fleet| &fleet.devices);
            devices.filter(|device| !device.revoked).count()
        })
    });
    let more = Signal::derive(move || fill(console.words().fleet_count, &[("n", &count.get())]));
    let ask = move |order: Order| {
        let count = count.get_untracked();
        if count > 0 {
            shared.asked.set(Some((order, Target::All { count })));
        }
    };
    let unlock = move || {
        let count = count.get_untracked();
        if count > 0 {
            shared.orders.send(Order::Unlock, Target::All { count });
        }
    };
    view! {
        <PageHead title=|words| words.page_fleet more>
            <button class="btn" on:click=tap(move || ask(Order::Message(String::new())))>
                <Icon name=IconName::MessageCircle />
                <span>{move || console.words().all_message}</span>
            </button>
            // Both, always: what a tablet said last is not what it shows by now.
            <button class="btn" on:click=tap(move || ask(Order::Lock))>
                <Icon name=IconName::Lock />
                <span>{move || console.words().all_lock}</span>
            </button>
            <button class="btn" on:click=tap(unlock)>
                <Glyph name=GlyphName::LockOpen />
                <span>{move || console.words().all_unlock}</span>
            </button>
            <button class="btn" on:click=tap(move || ask(Order::Reset))>
                <Icon name=IconName::RotateCcw />
                <span>{move || console.words().all_reset}</span>
            </button>
        </PageHead>
    }
}

/// The columns; the second is whether they hold numbers.
const COLUMNS: [(Words, bool); 10] = [
    (|words| words.col_tablet, false),
    (|words| words.col_state, false),
    (|words| words.col_screen, false),
    (|words| words.col_team, false),
    (|words| words.col_heard, true),
    (|words| words.col_pending, true),
    (|words| words.col_number, true),
    (|words| words.col_missing, false),
    (|words| words.col_battery, true),
    (|words| words.col_build, false),
];

#[component]
fn DeviceTable(shared: Shared) -> impl IntoView {
    let ids = Memo::new(move |_| {
        shared
            .fleet
            .with(|fleet| Some(sorted(&fleet.as_ref()?.devices)))
    });
    let is_there = Memo::new(move |_| ids.with(|ids| ids.as_ref().map(Vec::is_empty)));
    live(move || {
        Some(match is_there.get() {
            None => view! { <Loading /> }.into_any(),
            Some(true) => view! { <Empty text=|words| words.fleet_empty /> }.into_any(),
            Some(false) => view! { <Rows ids shared /> }.into_any(),
        })
    })
}

#[component]
fn Rows(ids: Memo<Option<Vec<String>>>, shared: Shared) -> impl IntoView {
    let head = |(words, is_number)| {
        let words = sentence(words);
        let class = if is_number { "num" } else { "" };
        view! { <th scope="col" class=class>{move || words.get()}</th> }.into_any()
    };
    let act = sentence(|words| words.col_command);
    view! {
        <TableBox label=sentence(|words| words.page_fleet)>
            <table class="grid cards fleet">
                <thead>
                    <tr>
                        {COLUMNS.map(head).into_iter().collect::<Vec<_>>()}
                        <th scope="col" class="act">{move || act.get()}</th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || ids.get().unwrap_or_default()
                        key=String::clone
                        children=move |id| view! { <DeviceRow id shared /> }
                    />
                </tbody>
            </table>
        </TableBox>
    }
}

/// Tablets by name, numbers in it as numbers; those without access last.
fn sorted(devices: &[FleetDevice]) -> Vec<String> {
    let mut devices: Vec<&FleetDevice> = devices.iter().collect();
    devices.sort_by_cached_key(|device| {
        let is_revoked = DeviceState::of(device) == DeviceState::Revoked;
        (is_revoked, natural(&device.name))
    });
    devices
        .into_iter()
        .map(|device| device.device_id.clone())
        .collect()
}

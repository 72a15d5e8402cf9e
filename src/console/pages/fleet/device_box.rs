//! The chosen tablet beside the table: what is known about it, and what can be ordered.

use kiosk_wire::console::FleetDevice;
use leptos::{html, prelude::*};

use super::Shared;
use super::device_row::screen_words;
use super::facts::DeviceState;
use super::orders::{Order, Target};
use super::state_view::state_words;
use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::components::tap::tap;
use crate::console::parts::field::SelectField;
use crate::console::parts::glyph::{Glyph, GlyphName};
use crate::console::state::{console, sentence};
use crate::console::words::Words;
use crate::i18n::fill;

/// The chosen tablet, or what choosing one is good for.
#[component]
pub fn DeviceBox(shared: Shared) -> impl IntoView {
    let console = console();
    let chosen = Memo::new(move |_| shared.chosen.get());
    live(move || {
        Some(match chosen.get() {
            Some(id) => view! { <Chosen id shared /> }.into_any(),
            None => view! {
                <section class="box pad">
                    <p class="muted">{move || console.words().choose_hint}</p>
                </section>
            }
            .into_any(),
        })
    })
}

#[component]
fn Chosen(id: String, shared: Shared) -> impl IntoView {
    let console = console();
    let device = shared.device(id);
    let heading = NodeRef::<html::H2>::new();
    Effect::new(move || {
        if let Some(heading) = heading.get() {
            heading.focus().ok();
        }
    });
    let is_revoked = Memo::new(move |_| {
        device.with(|device| device.as_ref().is_some_and(|device| device.revoked))
    });
    // With the access go the orders, and the focus with them.
    Effect::new(move |was_revoked: Option<bool>| {
        let is_revoked = is_revoked.get();
        let heading = heading.get_untracked();
        if let Some(heading) = heading.filter(|_| is_revoked && was_revoked == Some(false)) {
            heading.focus().ok();
        }
        is_revoked
    });
    let name = move || device.with(|device| device.as_ref().map(|device| device.name.clone()));
    view! {
        <section class="box pad device-box">
            <div class="box-head">
                <h2 node_ref=heading tabindex="-1">{name}</h2>
                <button
                    class="btn plain square"
                    aria-label=move || console.words().close
                    on:click=tap(move || shared.choose.set(None))
                >
                    <Icon name=IconName::X />
                </button>
            </div>
            <p class="muted small">{move || device.get().map(|device| about(console, &device))}</p>
            {live(move || (!is_revoked.get()).then(|| view! { <Commands device shared /> }.into_any()))}
        </section>
    }
}

/// The tablet in a few words.
fn about(console: crate::console::state::Console, device: &FleetDevice) -> String {
    let words = console.words();
    let mut told = vec![state_words(words, DeviceState::of(device)).to_owned()];
    if let Some(heartbeat) = &device.heartbeat {
        if heartbeat.screen.is_some() {
            told.push(screen_words(words, heartbeat.screen.as_deref()));
        }
        told.extend(heartbeat.team.as_ref().map(|team| console.team_name(team)));
        told.extend(
            heartbeat
                .build
                .as_ref()
                .map(|build| fill(words.about_build, &[("build", build)])),
        );
    }
    told.push(fill(words.about_stored, &[("n", &device.stored)]));
    told.push(fill(
        words.about_registered,
        &[("at", &console.date_time(&device.registered_at))],
    ));
    told.join(" · ")
}

#[component]
fn Commands(device: Memo<Option<FleetDevice>>, shared: Shared) -> impl IntoView {
    let target = move || {
        let device = device.get_untracked()?;
        Some(Target::One {
            id: device.device_id,
            name: device.name,
            is_silent: device.silent,
        })
    };
    let ask = move |order: Order| {
        if let Some(target) = target() {
            shared.asked.set(Some((order, target)));
        }
    };
    let send = move |order: Order| {
        if let Some(target) = target() {
            shared.orders.send(order, target);
        }
    };
    view! {
        <div class="commands">
            {command(|words| words.command_reset, icon(IconName::RotateCcw), move || ask(Order::Reset))}
            {command(|words| words.command_message, icon(IconName::MessageCircle), move || ask(Order::Message(String::new())))}
            // Both, always: a locked tablet may be silent, or show the staff's panel.
            {command(|words| words.command_lock, icon(IconName::Lock), move || ask(Order::Lock))}
            {command(|words| words.command_unlock, glyph(GlyphName::LockOpen), move || send(Order::Unlock))}
            {command(|words| words.command_reload, icon(IconName::RefreshCw), move || ask(Order::Reload))}
            <AssignTeam on_assign=Callback::new(send) />
            {command(|words| words.command_revoke, glyph(GlyphName::Ban), move || ask(Order::Revoke))}
        </div>
    }
}

fn icon(name: IconName) -> AnyView {
    view! { <Icon name /> }.into_any()
}

fn glyph(name: GlyphName) -> AnyView {
    view! { <Glyph name /> }.into_any()
}

fn command(words: Words, drawing: AnyView, act: impl FnMut() + 'static) -> AnyView {
    let words = sentence(words);
    view! {
        <button class="btn" on:click=tap(act)>
            {drawing}
            <span>{move || words.get()}</span>
        </button>
    }
    .into_any()
}

/// The entry that takes the team away; no team's id has a star.
const NO_TEAM: &str = "*";

/// Binds the tablet to a team, or to none. A tablet does not say which team it is bound to, so that
/// nothing is chosen until somebody chooses.
#[component]
fn AssignTeam(on_assign: Callback<Order>) -> impl IntoView {
    let console = console();
    let team = RwSignal::new(String::new());
    let options = Signal::derive(move || {
        let words = console.words();
        let mut options = vec![
            (String::new(), words.assign_choose.to_owned()),
            (NO_TEAM.to_owned(), words.assign_none.to_owned()),
        ];
        if let Some(event) = console.event() {
            let teams = event.teams.iter();
            options.extend(teams.map(|team| (team.id.clone(), console.team_name(&team.id))));
        }
        options
    });
    let assign = move || {
        if let Some(order) = assigned(&team.get_untracked()) {
            on_assign.run(order);
        }
    };
    let is_open = move || team.with(String::is_empty);
    view! {
        <div class="assign">
            <SelectField label=|words| words.assign_label value=team options />
            <button
                class="btn"
                aria-disabled=move || is_open().to_string()
                on:click=tap(assign)
            >
                {move || console.words().assign}
            </button>
        </div>
    }
}

/// What an entry of the list orders; nothing while nothing was chosen.
fn assigned(entry: &str) -> Option<Order> {
    let team = match entry {
        "" => return None,
        NO_TEAM => None,
        team => Some(team.to_owned()),
    };
    Some(Order::AssignTeam(team))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_choice_takes_a_team_away() {
        assert_eq!(assigned(""), None);
        assert_eq!(assigned(NO_TEAM), Some(Order::AssignTeam(None)));
        let team = Some("skt".to_owned());
        assert_eq!(assigned("skt"), Some(Order::AssignTeam(team)));
    }
}

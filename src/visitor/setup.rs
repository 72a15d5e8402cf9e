//! Asks for the pairing code that makes this tablet known to the server.

use kiosk_wire::device::MAX_DEVICE_NAME_CHARS;
use leptos::{ev, html, prelude::*};

use super::frame::Frame;
use super::{sentence, settings};
use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::components::tap::tap;
use crate::i18n::{Messages, fill};
use crate::stores::staff::{PairState, StaffStore};

/// Letters and digits of a pairing code.
const CODE_CHARS: usize = 8;
/// A gap stands after so many.
const GROUP: usize = 4;

#[component]
pub fn SetupScreen() -> impl IntoView {
    view! {
        <Frame screen="setup" truth=|words| words.setup_truth>
            <main class="setup">
                <h1>{sentence(|words| words.setup_title)}</h1>
                <p class="lead">{sentence(|words| words.setup_text)}</p>
                <Pairing />
                <Waiting />
            </main>
        </Frame>
    }
}

#[component]
fn Pairing() -> impl IntoView {
    let staff = expect_context::<StaffStore>();
    let field = NodeRef::<html::Input>::new();
    let name = NodeRef::<html::Input>::new();
    let length = RwSignal::new(0_usize);
    let label = sentence(|words| words.setup_code);
    let is_held = move || !staff.pair_state().takes_code();
    let is_refused = move || staff.pair_state() == PairState::WrongCode;
    let submit = move || {
        // The field itself is read: some keyboards tell nothing of what they put there.
        let code = field.get_untracked().map(|field| plain(&field.value()));
        match code {
            Some(code) if !code.is_empty() && !untrack(is_held) => {
                let name = name.get_untracked().map(|name| name.value());
                staff.pair(code, &name.unwrap_or_default());
            }
            _ => {}
        }
    };
    let on_input = move |_| {
        let Some(field) = field.get_untracked() else {
            return;
        };
        let value = field.value();
        length.set(plain(&value).chars().count());
        // Only at the end: writing to the field in the middle of it would move the cursor away.
        let end = u32::try_from(value.encode_utf16().count()).ok();
        let is_at_end = field.selection_start().ok().flatten() == end;
        if is_at_end {
            field.set_value(&grouped(&value));
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            submit();
        }
    };
    view! {
        <NameField node=name />
        <div class="pair">
            <input
                node_ref=field
                data-testid="pairing-input"
                autofocus
                type="text"
                lang="en"
                autocomplete="off"
                autocapitalize="characters"
                spellcheck="false"
                enterkeyhint="go"
                placeholder="ABCD 1234"
                aria-label=move || label.get()
                aria-invalid=move || is_refused().then_some("true")
                on:input=on_input
                on:keydown=on_key
            />
            <button
                class="btn primary"
                data-testid="pairing-submit"
                aria-disabled=move || (is_held() || length.get() == 0).to_string()
                on:click=tap(submit)
            >
                {sentence(|words| words.setup_submit)}
            </button>
        </div>
        <State />
    }
}

/// What staff will call the tablet: where it stands says more than letters we make up.
#[component]
fn NameField(node: NodeRef<html::Input>) -> impl IntoView {
    let staff = expect_context::<StaffStore>();
    let hint = sentence(|words| words.setup_name_hint);
    view! {
        <label class="tablet-name">
            <span>{sentence(|words| words.setup_name)}</span>
            <input
                node_ref=node
                data-testid="device-name"
                type="text"
                autocomplete="off"
                spellcheck="false"
                enterkeyhint="next"
                maxlength=MAX_DEVICE_NAME_CHARS.to_string()
                placeholder=move || hint.get()
                prop:value=untrack(|| staff.device_name())
            />
        </label>
    }
}

#[component]
fn State() -> impl IntoView {
    let staff = expect_context::<StaffStore>();
    let settings = settings();
    let said = move || {
        let (tone, text) = pair_words(settings.words(), staff.pair_state())?;
        let icon = match tone {
            "info" => IconName::Info,
            _ => IconName::TriangleAlert,
        };
        Some(
            view! {
                <div class="note" data-tone=tone>
                    <Icon name=icon />
                    <span>{text}</span>
                </div>
            }
            .into_any(),
        )
    };
    view! {
        <div class="code-state" role="status">
            {live(said)}
        </div>
    }
}

/// Nothing is lost while the tablet is not paired; staff should know.
#[component]
fn Waiting() -> impl IntoView {
    let staff = expect_context::<StaffStore>();
    let settings = settings();
    live(move || {
        let counts = staff.outbox_counts();
        let count = counts.pending + counts.parked;
        let text = fill(settings.words().setup_waiting, &[("count", &count)]);
        (count > 0).then(|| {
            view! {
                <p class="note" data-tone="success" data-testid="outbox-pending">
                    <Icon name=IconName::HardDrive />
                    <span>{text}</span>
                </p>
            }
            .into_any()
        })
    })
}

fn pair_words(words: &Messages, state: PairState) -> Option<(&'static str, String)> {
    Some(match state {
        PairState::Asking => return None,
        PairState::Checking => ("info", words.setup_checking.to_owned()),
        PairState::WrongCode => ("danger", words.setup_wrong.to_owned()),
        PairState::TooMany { secs } => ("warning", fill(words.setup_many, &[("secs", &secs)])),
        PairState::Unreachable => ("warning", words.setup_unreachable.to_owned()),
    })
}

/// The code without gaps, in capitals.
fn plain(typed: &str) -> String {
    let chars = typed.chars().filter(char::is_ascii_alphanumeric);
    chars.map(|char| char.to_ascii_uppercase()).collect()
}

/// The code as it is read out: two groups of four.
fn grouped(typed: &str) -> String {
    let mut code: String = plain(typed).chars().take(CODE_CHARS).collect();
    // Not before the fifth: a gap at the end could not be deleted.
    if code.len() > GROUP {
        code.insert(GROUP, ' ');
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_grouped_while_it_is_typed() {
        assert_eq!(grouped(""), "");
        assert_eq!(grouped("k7q"), "K7Q");
        assert_eq!(grouped("k7qf"), "K7QF");
        assert_eq!(grouped("K7QF "), "K7QF");
        assert_eq!(grouped("K7QF 2m"), "K7QF 2M");
        assert_eq!(grouped("k7qf-2mdx99"), "K7QF 2MDX");
    }

    #[test]
    fn a_code_is_sent_without_gaps() {
        assert_eq!(plain(" k7qf 2mdx "), "K7QF2MDX");
        assert_eq!(plain("ㅏ7"), "7");
    }
}

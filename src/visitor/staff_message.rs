//! What staff say to whoever stands at the tablet; somebody puts it away, or a minute does.

use leptos::prelude::*;

use super::sentence;
use crate::components::dialog::Dialog;
use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::components::tap::tap;
use crate::stores::staff::StaffStore;

#[component]
pub fn StaffMessage() -> impl IntoView {
    let staff = expect_context::<StaffStore>();
    live(move || staff.message().map(said))
}

fn said(text: String) -> AnyView {
    let staff = expect_context::<StaffStore>();
    let title = sentence(|words| words.message_title);
    view! {
        <Dialog
            label=title
            role="alertdialog"
            testid="staff-message"
            on_dismiss=Callback::new(move |()| staff.dismiss_message())
        >
            <div class="said">
                <Icon name=IconName::ConciergeBell />
                <div>
                    // A long message is read from its top: the focus begins there.
                    <h2 tabindex="-1" autofocus>
                        {title}
                    </h2>
                    <p role="alert">{text}</p>
                </div>
            </div>
            <button
                class="btn primary"
                data-testid="dismiss"
                on:click=tap(move || staff.dismiss_message())
            >
                {sentence(|words| words.message_dismiss)}
            </button>
        </Dialog>
    }
    .into_any()
}

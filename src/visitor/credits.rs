//! Who is to be credited: typeface, icons, colours, and the authors of what the app is built from.

use kiosk_core::remote::Method;
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use super::sentence;
use crate::components::show::live;
use crate::stores::ports::Ports;

/// Names and licences of all that is built in, made with each build.
const THIRD_PARTY: &str = "/licences/third-party.txt";

#[component]
pub fn Credits() -> impl IntoView {
    let ports = expect_context::<Ports>();
    let text = RwSignal::new(None::<String>);
    spawn_local_scoped_with_cancellation(async move {
        let path = THIRD_PARTY.to_owned();
        let reply = ports.get().http.send(Method::Get, path, None).await;
        // A path that is not there is answered with the app's page.
        if let Ok(reply) = reply
            && reply.status == 200
            && !reply.body.trim_start().starts_with('<')
        {
            text.set(Some(reply.body));
        }
    });
    let label = sentence(|words| words.credits_software);
    let software = move || {
        let text = text.get()?;
        Some(
            view! {
                <h4>{label}</h4>
                <pre
                    class="licences xs"
                    tabindex="0"
                    role="group"
                    aria-label=move || label.get()
                    data-testid="credits-software"
                >
                    {text}
                </pre>
            }
            .into_any(),
        )
    };
    view! {
        <ul class="credits xs muted">
            <li>{sentence(|words| words.credits_font)}</li>
            <li>{sentence(|words| words.credits_icons)}</li>
            <li>{sentence(|words| words.credits_krds)}</li>
        </ul>
        {live(software)}
    }
}

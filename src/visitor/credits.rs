//! Who is to be credited: typeface, icons, colours, and the authors of what the app is built from.

use kiosk_core::remote::Method;
use leptos::prelude::*;

use super::{Worded, Words};
use crate::dom::{Element, el};
use crate::stores::ports::Ports;
use crate::tasks::spawn_local_scoped_with_cancellation;

/// Names and licences of all that is built in, made with each build.
const THIRD_PARTY: &str = "/licences/third-party.txt";

pub fn credits() -> Element {
    let ports = expect_context::<Ports>();
    let text = RwSignal::new(None::<String>);
    spawn_local_scoped_with_cancellation(async move {
        let path = THIRD_PARTY.to_owned();
        let reply = ports.later().await.http.send(Method::Get, path, None).await;
        // A path that is not there is answered with the app's page.
        if let Ok(reply) = reply
            && reply.status == 200
            && !reply.body.trim_start().starts_with('<')
        {
            text.set(Some(reply.body));
        }
    });
    let line = |words: Words| el("li").words(words);
    let list = el("ul").class("credits xs muted").children([
        line(|words| words.credits_font),
        line(|words| words.credits_icons),
        line(|words| words.credits_krds),
    ]);
    el("div")
        .class("credited")
        .child(list)
        .live(move || text.get().map(|text| software(&text)))
}

fn software(text: &str) -> Element {
    let list = el("pre")
        .class("licences xs")
        .attr("tabindex", "0")
        .attr("role", "group")
        .words_attr("aria-label", |words| words.credits_software)
        .testid("credits-software")
        .text(text);
    el("div")
        .child(el("h4").words(|words| words.credits_software))
        .child(list)
}

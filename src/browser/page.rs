//! The document around the app.

use js_sys::Promise;
use kiosk_core::ports::LocalFuture;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Event, FocusOptions, HtmlElement, HtmlLinkElement, wasm_bindgen::JsCast};

use crate::stores::ports::Page;

pub struct BrowserPage;

fn root() -> Option<HtmlElement> {
    document()?.document_element()?.dyn_into().ok()
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

fn set_text(id: &str, text: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        element.set_text_content(Some(text));
    }
}

fn set_attribute(element: Option<&HtmlElement>, name: &str, value: &str) {
    if let Some(element) = element {
        // Fails only for an invalid attribute name; ours are fixed.
        element.set_attribute(name, value).ok();
    }
}

const LATER: &str = "data-later";

/// Where the look of all screens but the first is; nowhere if the page has it all.
fn later_style() -> Option<String> {
    let script = document()?.query_selector("script[data-style]").ok()??;
    script.get_attribute("data-style")
}

fn later_link() -> Option<HtmlLinkElement> {
    let link = document()?.query_selector("link[data-later]").ok()??;
    link.dyn_into().ok()
}

/// What a screen is called, to whoever hears it.
const TITLE: &str = ":is(h1, h2, h3):not([aria-hidden=true] *)";

/// Gives the focus without scrolling. Fails only for what is not in the page any more.
fn focus(element: Element) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    if let Ok(element) = element.dyn_into::<HtmlElement>() {
        element.focus_with_options(&options).ok();
    }
}

impl Page for BrowserPage {
    fn set_language(&self, code: &'static str, title: &'static str) {
        set_attribute(root().as_ref(), "lang", code);
        if let Some(document) = document() {
            document.set_title(title);
        }
    }

    fn set_appearance(&self, theme: &'static str, size: &'static str, is_low: bool) {
        let root = root();
        set_attribute(root.as_ref(), "data-theme", theme);
        set_attribute(root.as_ref(), "data-size", size);
        let reach = if is_low { "low" } else { "whole" };
        set_attribute(root.as_ref(), "data-reach", reach);
    }

    fn set_team(&self, team: Option<(&str, u32)>) {
        let Some(body) = document().and_then(|document| document.body()) else {
            return;
        };
        if let Some((id, hue)) = team {
            set_attribute(Some(&body), "data-team", id);
            body.style().set_property("--hue", &hue.to_string()).ok();
        } else {
            body.remove_attribute("data-team").ok();
            body.style().remove_property("--hue").ok();
        }
    }

    fn set_recovery(&self, title: &'static str, text: &'static str) {
        set_text("recovery-title", title);
        set_text("recovery-text", text);
    }

    fn dress(&self) {
        let Some(style) = later_style() else { return };
        if let Some(link) = later_link() {
            link.remove();
        }
        let head = document().and_then(|document| {
            let link = document.create_element("link").ok()?;
            Some((document.head()?, link))
        });
        if let Some((head, link)) = head {
            for (name, value) in [("rel", "stylesheet"), ("href", &style), (LATER, "")] {
                // Fails only for an invalid attribute name; ours are fixed.
                link.set_attribute(name, value).ok();
            }
            head.append_child(&link).ok();
        }
    }

    fn is_dressed(&self) -> bool {
        later_style().is_none() || later_link().is_some_and(|link| link.sheet().is_some())
    }

    fn drawn(&self) -> LocalFuture<'_, ()> {
        Box::pin(async {
            // The second frame comes after the first one's drawing.
            for _ in 0..2 {
                let frame = Promise::new(&mut |resolve, _| {
                    if let Some(window) = web_sys::window() {
                        // Fails only for what is no function.
                        window.request_animation_frame(&resolve).ok();
                    }
                });
                JsFuture::from(frame).await.ok();
            }
        })
    }

    fn complete(&self) {
        // `boot.js` listens. Neither fails for a fixed name.
        if let (Some(window), Ok(event)) = (web_sys::window(), Event::new("booth-complete")) {
            window.dispatch_event(&event).ok();
        }
    }

    fn uncover(&self) {
        if let Some(cover) = document().and_then(|document| document.get_element_by_id("cover")) {
            cover.remove();
        }
    }

    fn show_screen(&self) {
        self.uncover();
        let screen = document().and_then(|document| document.query_selector(".screen").ok());
        let Some(screen) = screen.flatten() else {
            return;
        };
        screen.set_scroll_top(0);
        let within = |selector| screen.query_selector(selector).ok().flatten();
        if let Some(field) = within("input[autofocus]") {
            focus(field);
        } else if let Some(title) = within(TITLE) {
            // A title takes the focus from here and never from the Tab key.
            title.set_attribute("tabindex", "-1").ok();
            focus(title);
        }
    }

    fn blur(&self) {
        let active = document().and_then(|document| document.active_element());
        if let Some(element) = active.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            element.blur().ok();
        }
    }

    fn copy(&self, text: &str) {
        if let Some(window) = web_sys::window() {
            let kept = window.navigator().clipboard().write_text(text);
            // Refused without a tap, or where the page is not secure.
            wasm_bindgen_futures::spawn_local(async move {
                JsFuture::from(kept).await.ok();
            });
        }
    }

    fn monotonic_millis(&self) -> u64 {
        let now = web_sys::window()
            .and_then(|window| window.performance())
            .map_or(0.0, |performance| performance.now());
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "never negative"
        )]
        let millis = now as u64;
        millis
    }

    fn bound_team(&self) -> Option<String> {
        let search = web_sys::window()?.location().search().ok()?;
        web_sys::UrlSearchParams::new_with_str(&search)
            .ok()?
            .get("team")
    }

    fn memory_mb(&self) -> u32 {
        let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
        let bytes: js_sys::ArrayBuffer = memory.buffer().unchecked_into();
        bytes.byte_length() / 1_000_000
    }

    fn reload(&self) {
        if let Some(window) = web_sys::window() {
            // Refused only while the page is being left.
            window.location().reload().ok();
        }
    }
}

//! One press of Enter sends what is composed, once, and leaves nothing: every recorded keyboard,
//! what the driver types, and the input method of Chromium itself.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use e2e::{Booth, Engine, LANDSCAPE, Result, Tablet, id};
use serde_json::{Value, json};
use thirtyfour::Key;
use thirtyfour::cdp::Cdp;

use crate::visit::{SOON, answer, open_team};

/// Longer than the app takes a text that comes back for one that was sent.
const LATER: Duration = Duration::from_secs(1);

/// Plays the events of a recording on the field, and edits it as they say: in tasks of their own
/// (`arguments[1]`), or all in one. The app's longer timers wait until the end: a busy machine
/// must not let them run out between two events that a keyboard sends at once.
const PLAY: &str = "
    const [steps, isCalm] = arguments;
    const all = (name) => document.querySelectorAll(`[data-testid='${name}']`);
    const field = all('chat-input')[0];
    const messages = () => all('message').length;
    const pause = () => new Promise((resolve) => setTimeout(resolve, 0));
    const known = messages();
    let [open, last, cause, isPrevented] = [0, '', null, false];
    const [start, held] = [window.setTimeout.bind(window), []];
    const hold = (act, ms = 0) => (ms > 100 ? held.push([act, ms]) : start(act, ms));
    const edit = ({ inputType, data, replaces, isComposing }) => {
      const why = cause ?? inputType;
      cause = null;
      if (why === 'insertCompositionText' && !isComposing) return;
      if (field.value !== last) open = 0;
      const isComposed = ['insertCompositionText', 'insertFromComposition', 'deleteCompositionText'].includes(why);
      const isReplaced = ['insertReplacementText', 'deleteContentBackward'].includes(why);
      const taken = isComposed ? open : isReplaced ? replaces ?? 1 : 0;
      const text = ['insertLineBreak', 'insertParagraph'].includes(why) ? '\\n' : data ?? '';
      last = field.value.slice(0, Math.max(0, field.value.length - taken)) + text;
      open = why === 'insertCompositionText' ? text.length : 0;
      field.value = last;
    };
    const play = (step) => {
      const { type, cancelable, keyCode = 0, isComposing = false } = step;
      if (step.follows && isPrevented) return;
      if (!step.follows) isPrevented = false;
      if (type === 'click') return all('chat-send')[0].click();
      if (type === 'beforeinput') cause = step.inputType;
      if (type === 'compositionstart' || type === 'compositionend') open = 0;
      if (type === 'input') edit(step);
      const kind = type.startsWith('key') ? KeyboardEvent
        : type.startsWith('composition') ? CompositionEvent : InputEvent;
      const event = new kind(type, { ...step, bubbles: true, composed: true, cancelable: cancelable !== false });
      for (const [name, value] of Object.entries({ keyCode, isComposing }))
        Object.defineProperty(event, name, { value });
      window.setTimeout = hold;
      if (!field.dispatchEvent(event)) isPrevented = true;
      window.setTimeout = start;
    };
    const run = async () => {
      for (const step of steps) {
        while (step.after && messages() === known) await pause();
        if (isCalm && !step.follows) await pause();
        play(step);
      }
      for (const [act, ms] of held) start(act, ms);
    };
    window.played = false;
    field.focus();
    run().then(() => { window.played = true; }, (error) => { window.played = String(error); });";

/// What the visitor said so far.
const SAID: &str = "return [...document.querySelectorAll(\
    '[data-testid=message][data-role=user] [data-testid=message-text]')]\
    .map((each) => each.textContent)";

const LEFT: &str = "return document.querySelector('[data-testid=chat-input]').value";

/// Leaves the field and enters it again.
const REENTER: &str = "
    const field = document.querySelector('[data-testid=chat-input]');
    field.blur();
    field.focus();
    return document.activeElement === field";

struct Recording {
    name: String,
    sends: String,
    steps: Value,
}

fn recordings() -> Result<Vec<Recording>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/typing");
    let mut recordings = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let read: Value = serde_json::from_slice(&fs::read(&path)?)?;
        let name = path.file_stem().unwrap_or_default();
        recordings.push(Recording {
            name: name.to_string_lossy().into_owned(),
            sends: read["sends"].as_str().unwrap_or_default().to_owned(),
            steps: read["steps"].clone(),
        });
    }
    recordings.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(recordings)
}

async fn said(tablet: &Tablet) -> Result<Vec<String>> {
    Ok(serde_json::from_value(tablet.script(SAID).await?)?)
}

/// A chat in which nothing was said yet.
async fn open_chat(tablet: &Tablet) -> Result<()> {
    open_team(tablet, "nc-ai").await?;
    tablet.tap("chat-open").await?;
    tablet.wait_for_screen("chat").await
}

/// Fails unless exactly these messages were sent and the field is empty and stays so.
async fn expect_said(tablet: &Tablet, how: &str, expected: &[String]) -> Result<()> {
    let count = expected.len();
    let is_answered = format!(
        "return document.querySelectorAll(\"{}\").length === {count}",
        answer("done")
    );
    tablet.wait_until(how, SOON, &is_answered).await?;
    for when in ["sent", "entered again"] {
        assert_eq!(said(tablet).await?, expected, "{how}, {when}");
        assert_eq!(tablet.script(LEFT).await?, "", "{how}, {when}");
        assert_eq!(tablet.script(REENTER).await?, true, "{how}, {when}");
    }
    Ok(())
}

/// The same after the time in which a text is taken for one that came back: what came back later,
/// or was sent a second time, is there by then.
async fn expect_no_more(tablet: &Tablet, expected: &[String]) -> Result<()> {
    tokio::time::sleep(LATER).await;
    expect_said(tablet, "later", expected).await
}

#[tokio::test]
async fn every_recorded_keyboard_sends_once() -> Result<()> {
    let recordings = recordings()?;
    assert!(recordings.len() >= 20, "{}", recordings.len());
    let booth = Booth::start_with(&[
        ("BOOTH_LIMITS__MAX_TURNS", "100"),
        ("BOOTH_LIMITS__REQUESTS_PER_MINUTE", "1000"),
        ("BOOTH_LIMITS__IDLE_SECS", "600"),
    ])
    .await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    for is_calm in [true, false] {
        open_chat(&tablet).await?;
        let mut expected = Vec::new();
        for Recording { name, sends, steps } in &recordings {
            let how = format!("{name}{}", if is_calm { "" } else { ", all at once" });
            let arguments = vec![steps.clone(), json!(is_calm)];
            tablet.script_with(PLAY, arguments).await?;
            let played = "return window.played === true";
            tablet.wait_until(&how, SOON, played).await?;
            expected.push(sends.clone());
            expect_said(&tablet, &how, &expected).await?;
        }
        expect_no_more(&tablet, &expected).await?;
        tablet.tap("start-over").await?;
        tablet.wait_for_screen("attract").await?;
    }
    tablet.close().await
}

#[tokio::test]
async fn what_the_driver_types_is_sent_once() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet).await?;
    let field = tablet.wait_for(&id("chat-input")).await?;
    let mut expected = Vec::new();
    for text in ["어떤 모델이에요", "hello there", "끝에 점이 있어요."] {
        field.send_keys(text).await?;
        field.send_keys(Key::Enter + "").await?;
        expected.push(text.to_owned());
        expect_said(&tablet, text, &expected).await?;
    }
    field.send_keys("두 줄").await?;
    field.send_keys(Key::Shift + Key::Enter).await?;
    field.send_keys("이에요").await?;
    assert_eq!(said(&tablet).await?, expected);
    field.send_keys(Key::Enter + "").await?;
    expected.push("두 줄\n이에요".to_owned());
    expect_said(&tablet, "two lines", &expected).await?;
    expect_no_more(&tablet, &expected).await?;
    tablet.close().await
}

/// The open syllable is committed before Enter, as an input method does it, and then not at all.
#[tokio::test]
async fn a_composition_of_the_browser_itself_is_sent_once() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    if tablet.engine() != Engine::Chromium {
        // Only Chromium's driver reaches the input method; the recordings stand for the others.
        return tablet.close().await;
    }
    open_chat(&tablet).await?;
    let field = tablet.wait_for(&id("chat-input")).await?;
    field.click().await?;
    let cdp = Cdp::new(Arc::clone(field.handle()));
    let mut expected = Vec::new();
    for is_committed in [true, false] {
        for open in ["ㅎ", "하", "한"] {
            compose(&cdp, open).await?;
        }
        cdp.send_raw("Input.insertText", json!({ "text": "한" }))
            .await?;
        for open in ["ㄱ", "그", "글"] {
            compose(&cdp, open).await?;
        }
        if is_committed {
            let masked = json!({
                "type": "rawKeyDown",
                "key": "Process",
                "code": "Enter",
                "windowsVirtualKeyCode": 229,
            });
            cdp.send_raw("Input.dispatchKeyEvent", masked).await?;
            cdp.send_raw("Input.insertText", json!({ "text": "글" }))
                .await?;
        }
        field.send_keys(Key::Enter + "").await?;
        expected.push("한글".to_owned());
        let how = format!("a composition, committed: {is_committed}");
        expect_said(&tablet, &how, &expected).await?;
    }
    expect_no_more(&tablet, &expected).await?;
    tablet.close().await
}

async fn compose(cdp: &Cdp, text: &str) -> Result<()> {
    let open = json!({ "text": text, "selectionStart": 1, "selectionEnd": 1 });
    cdp.send_raw("Input.imeSetComposition", open).await?;
    Ok(())
}

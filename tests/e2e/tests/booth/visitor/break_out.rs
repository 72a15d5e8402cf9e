//! A visitor cannot leave, zoom, print, drag or search the page, on any screen, and can still type,
//! scroll and copy.

use e2e::{Booth, LANDSCAPE, Result, Tablet, id};
use serde_json::{Value, json};

use crate::visit::{answer, submit_rating};

/// Answers which of these are not prevented, and which others are.
const TRY: &str = "
    const target = document.querySelector('[data-testid=screen]');
    const usual = { bubbles: true, cancelable: true, composed: true };
    const key = (key, held) => new KeyboardEvent('keydown', { ...usual, key, ...held });
    const dragged = (name) => new (window.DragEvent ?? MouseEvent)(name, usual);
    const ctrl = { ctrlKey: true };
    const alt = { altKey: true };
    const guarded = [
      ['a menu', new MouseEvent('contextmenu', usual)],
      ['a drag', dragged('dragstart')],
      ['dragging over', dragged('dragover')],
      ['a drop', dragged('drop')],
      ['a pinch', new Event('gesturestart', usual)],
      ['a zooming wheel', new WheelEvent('wheel', { ...usual, ...ctrl, deltaY: 40 })],
      ...[...'+-=0psfounwt'].map((letter) => [`ctrl ${letter}`, key(letter, ctrl)]),
      ...[...'ps'].map((letter) => [`cmd ${letter}`, key(letter, { metaKey: true })]),
      ['alt left', key('ArrowLeft', alt)],
      ['alt right', key('ArrowRight', alt)],
      ['F1', key('F1')],
    ];
    const free = [
      ['a letter', key('a')],
      ['a syllable', key('ㄱ')],
      ['an arrow', key('ArrowLeft')],
      ['the Tab key', key('Tab')],
      ['ctrl c', key('c', ctrl)],
      ['ctrl a', key('a', ctrl)],
      ['a scrolling wheel', new WheelEvent('wheel', { ...usual, deltaY: 40 })],
    ];
    const isPrevented = ([, event]) => {
      target.dispatchEvent(event);
      return event.defaultPrevented;
    };
    return [
      ...guarded.filter((each) => !isPrevented(each)).map(([name]) => `${name} is let through`),
      ...free.filter(isPrevented).map(([name]) => `${name} is taken away`),
    ]";

/// Whatever leads to another page.
const DOORS: &str = ":is(a, area)[href], form, iframe, [target], [draggable='true'], video, audio";

/// From now on it shows if the page opens another, or is left for another.
const WATCH: &str = "
    window.opened = 0;
    window.open = () => { window.opened += 1; return null; };
    window.stays = true;";

/// Whether a selection may begin in the first match.
async fn can_select(tablet: &Tablet, selector: &str) -> Result<bool> {
    let script = "
        const each = document.querySelector(arguments[0]);
        const text = document.createTreeWalker(each, NodeFilter.SHOW_TEXT).nextNode() ?? each;
        return text.dispatchEvent(new Event('selectstart', { bubbles: true, cancelable: true }))";
    let may = tablet.script_with(script, vec![json!(selector)]).await?;
    Ok(may == Value::Bool(true))
}

/// What the style says of selecting.
async fn selection_style(tablet: &Tablet, selector: &str) -> Result<String> {
    let script = "const style = getComputedStyle(document.querySelector(arguments[0]));
        return style.userSelect || style.webkitUserSelect";
    let style = tablet.script_with(script, vec![json!(selector)]).await?;
    Ok(style.as_str().unwrap_or_default().to_owned())
}

async fn look(tablet: &Tablet, screen: &str) -> Result<()> {
    tablet.wait_for_screen(screen).await?;
    let wrong = tablet.script(TRY).await?;
    assert_eq!(wrong, json!([]), "on {screen}");
    assert_eq!(tablet.count(DOORS).await?, 0, "on {screen}");
    let title = "[data-testid='screen'] :is(h1, h2, h3)";
    assert!(!can_select(tablet, title).await?, "on {screen}");
    Ok(())
}

#[tokio::test]
async fn no_screen_lets_a_visitor_out() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    tablet.script(WATCH).await?;
    let pulled = tablet
        .script("return getComputedStyle(document.documentElement).overscrollBehaviorX")
        .await?;
    assert_eq!(pulled, "none");

    look(&tablet, "attract").await?;
    tablet.tap("start").await?;
    look(&tablet, "teams").await?;
    tablet
        .tap_on("[data-screen='teams'] [data-team='nc-ai']")
        .await?;
    look(&tablet, "team").await?;
    tablet.tap("prompt-chip").await?;
    tablet.wait_for(&answer("done")).await?;
    look(&tablet, "chat").await?;
    let text = format!("{} {}", answer("done"), id("message-text"));
    for selector in [text, id("chat-input")] {
        assert!(can_select(&tablet, &selector).await?, "{selector}");
        assert_eq!(selection_style(&tablet, &selector).await?, "text");
    }
    assert_eq!(selection_style(&tablet, "body").await?, "none");
    tablet.tap("visit-end").await?;
    look(&tablet, "feedback").await?;
    submit_rating(&tablet, 5).await?;
    look(&tablet, "thanks").await?;
    tablet.tap("visit-end").await?;
    tablet.wait_for_screen("attract").await?;
    let stayed = tablet
        .script("return [window.opened, window.stays]")
        .await?;
    assert_eq!(stayed, json!([0, true]));
    tablet.close().await
}

//! Staff find the hotspot on every screen, and visitors do not meet it by chance.

use e2e::{Booth, Error, LANDSCAPE, PHONE, PORTRAIT, Result, Tablet};

use crate::visit::{answer, submit_rating};

/// What lies too near, and whether it is in the middle of the top edge.
const LOOK: &str = "
    const spot = document.querySelector('[data-testid=staff-hotspot]');
    const { left, right, top, bottom } = spot.getBoundingClientRect();
    const far = 80;
    // What is scrolled out of a box cannot be tapped there.
    const shown = (each) => {
      let { left, right, top, bottom } = each.getBoundingClientRect();
      for (let box = each.parentElement; box; box = box.parentElement) {
        if (getComputedStyle(box).overflowY === 'visible') continue;
        const edge = box.getBoundingClientRect();
        top = Math.max(top, edge.top);
        bottom = Math.min(bottom, edge.bottom);
      }
      return { left, right, top, bottom };
    };
    const near = [...document.querySelectorAll('button, a[href], input, textarea, select, label')]
      .filter((each) => each !== spot && each.checkVisibility({ visibilityProperty: true }))
      .filter((each) => {
        const its = shown(each);
        if (its.left >= its.right || its.top >= its.bottom) return false;
        const x = Math.max(left - its.right, its.left - right, 0);
        const y = Math.max(top - its.bottom, its.top - bottom, 0);
        return Math.hypot(x, y) < far;
      })
      .map((each) => each.dataset.testid ?? each.textContent.slice(0, 30));
    const off = Math.abs((left + right) / 2 - innerWidth / 2);
    if (top > 1 || off > 2) near.push(`the hotspot itself is at ${left} ${top}`);
    return near.join(', ')";

async fn look(tablet: &Tablet, screen: &str) -> Result<()> {
    tablet.wait_for_screen(screen).await?;
    let near = tablet.script(LOOK).await?;
    if near == "" {
        return Ok(());
    }
    let problem = format!("too near to the hotspot on {screen}: {near}");
    Err(Error::Unexpected(problem))
}

async fn walk(tablet: &Tablet) -> Result<()> {
    look(tablet, "attract").await?;
    tablet.tap("start").await?;
    look(tablet, "teams").await?;
    tablet
        .tap_on("[data-screen='teams'] [data-team='upstage']")
        .await?;
    look(tablet, "team").await?;
    tablet.tap("prompt-chip").await?;
    tablet.wait_for(&answer("done")).await?;
    look(tablet, "chat").await?;
    tablet.tap("visit-end").await?;
    look(tablet, "feedback").await?;
    submit_rating(tablet, 5).await?;
    look(tablet, "thanks").await?;
    tablet.tap("visit-end").await?;
    tablet.wait_for_screen("attract").await
}

#[tokio::test]
async fn nothing_to_tap_is_near_the_hotspot() -> Result<()> {
    let booth = Booth::start().await?;
    let mut tablet = Tablet::open(&booth, LANDSCAPE).await?;
    for viewport in [LANDSCAPE, PORTRAIT, PHONE] {
        tablet.resize(viewport).await?;
        walk(&tablet).await?;
    }
    tablet.close().await
}

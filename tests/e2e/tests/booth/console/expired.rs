//! A command that comes too late hits nobody.

use std::time::Duration;

use e2e::{Booth, Engine, LANDSCAPE, Organiser, Result, Tablet};
use serde_json::json;

use crate::visit::open_team;

/// Longer than a reset holds.
const TOO_LATE: Duration = Duration::from_secs(63);

/// It takes more than a minute and is about the server's clock, so one engine runs it all; the
/// others see that a reset given while they are away arrives in time.
#[tokio::test]
async fn a_late_reset_does_not_hit_the_next_visitor() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    let organiser = Organiser::sign_in(&booth).await?;
    let away = if tablet.engine() == Engine::Chromium {
        TOO_LATE
    } else {
        Duration::from_secs(2)
    };
    open_team(&tablet, "skt").await?;
    tablet.pull_network();
    let reset = json!({ "kind": "reset" });
    organiser
        .post_json("/api/devices/all/commands", &reset)
        .await?;
    // Whoever stands there now is not idle.
    for _ in 0..away.as_secs() {
        tokio::time::sleep(Duration::from_secs(1)).await;
        tablet.tap("team-title").await?;
    }
    tablet.plug_network();
    if away < TOO_LATE {
        tablet.wait_for_screen("attract").await?;
    } else {
        tokio::time::sleep(Duration::from_secs(25)).await;
        assert_eq!(tablet.screen().await?, "team");
    }
    tablet.close().await
}

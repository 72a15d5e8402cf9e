//! What people who see, hear or reach differently meet on every screen of the visitor's app.

use e2e::{Booth, LANDSCAPE, Organiser, Result, Tablet, id};

use crate::visit::{answer, set_look, submit_rating};

/// Theme and size. Together with the languages these are all the looks there are.
const LOOKS: [(&str, &str); 9] = [
    ("dark", "normal"),
    ("dark", "large"),
    ("dark", "largest"),
    ("light", "normal"),
    ("light", "large"),
    ("light", "largest"),
    ("contrast", "normal"),
    ("contrast", "large"),
    ("contrast", "largest"),
];
/// Every theme and the ends of the sizes, once.
const CORNERS: [(&str, &str); 3] = [
    ("dark", "largest"),
    ("light", "normal"),
    ("contrast", "normal"),
];

struct Walk<'a> {
    tablet: &'a Tablet,
    code: &'a str,
    language: &'a str,
    looks: &'a [(&'a str, &'a str)],
}

impl Walk<'_> {
    /// Looks at what is open now in some looks, and leaves the usual one.
    async fn look(&self, what: &str, looks: &[(&str, &str)]) -> Result<()> {
        for (theme, size) in looks {
            set_look(self.tablet, "theme", theme).await?;
            set_look(self.tablet, "size", size).await?;
            // Colours in motion are no colours yet.
            self.tablet.wait_until_still().await?;
            let name = format!("{what} in {}, {theme}, {size}", self.language);
            self.tablet.expect_accessible(&name).await?;
        }
        set_look(self.tablet, "theme", "dark").await?;
        set_look(self.tablet, "size", "normal").await
    }

    async fn screen(&self, screen: &str) -> Result<()> {
        self.tablet.wait_for_screen(screen).await?;
        self.look(screen, self.looks).await
    }

    /// Opens a dialog by a tap, looks at it, and closes it.
    async fn dialog(&self, opens: &str, closes: &str) -> Result<()> {
        self.tablet.tap(opens).await?;
        self.tablet.wait_for("dialog[open]").await?;
        self.look(opens, &CORNERS).await?;
        self.tablet.tap_on(closes).await?;
        self.tablet.wait_until_gone("dialog").await
    }

    async fn visit(&self) -> Result<()> {
        let tablet = self.tablet;
        self.screen("attract").await?;
        tablet.tap("start").await?;
        self.screen("teams").await?;
        tablet
            .tap_on("[data-screen='teams'] [data-team='upstage']")
            .await?;
        self.screen("team").await?;
        tablet.tap("prompt-chip").await?;
        tablet.wait_for(&answer("done")).await?;
        self.screen("chat").await?;
        self.dialog("report-fact-error", &id("fact-error-cancel"))
            .await?;
        tablet.tap("visit-end").await?;
        self.screen("feedback").await?;
        self.dialog("privacy-notice", "dialog[open] .btn.quiet")
            .await?;
        submit_rating(tablet, 5).await?;
        self.screen("thanks").await?;
        tablet.tap("visit-end").await?;
        tablet.wait_for_screen("attract").await
    }

    async fn staff(&self) -> Result<()> {
        let tablet = self.tablet;
        tablet.tap(&format!("language-{}", self.language)).await?;
        tablet.tap_times("staff-hotspot", 5).await?;
        tablet.wait_for_screen("staff").await?;
        self.look("staff", &CORNERS).await?;
        tablet.type_into("panel-code", self.code).await?;
        tablet.tap("panel-open").await?;
        tablet.wait_for(&id("reset-session")).await?;
        self.look("panel", &CORNERS).await?;
        tablet.tap("reset-session").await?;
        tablet.wait_for_screen("attract").await
    }
}

async fn walk_in(language: &str) -> Result<()> {
    let booth = Booth::start().await?;
    let code = booth.secrets()?.panel_code;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    let looks: &[_] = if tablet.engine().examines_every_look() {
        &LOOKS
    } else {
        &CORNERS
    };
    let walk = Walk {
        tablet: &tablet,
        code: &code,
        language,
        looks,
    };
    tablet.tap(&format!("language-{language}")).await?;
    walk.visit().await?;
    walk.staff().await?;
    tablet.close().await
}

#[tokio::test]
async fn every_screen_passes_axe_in_korean() -> Result<()> {
    walk_in("ko").await
}

#[tokio::test]
async fn every_screen_passes_axe_in_english() -> Result<()> {
    walk_in("en").await
}

#[tokio::test]
async fn dialogs_and_screens_out_of_use_pass_axe() -> Result<()> {
    let booth = Booth::start_with(&[
        ("BOOTH_LIMITS__IDLE_SECS", "5"),
        ("BOOTH_LIMITS__COUNTDOWN_SECS", "20"),
    ])
    .await?;
    let organiser = Organiser::sign_in(&booth).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    tablet.tap("access-menu").await?;
    tablet.wait_for("dialog[open], [role='dialog']").await?;
    tablet.expect_accessible("access sheet").await?;
    tablet.reload().await?;
    tablet.wait_for_screen("attract").await?;
    tablet.tap("start").await?;
    tablet.wait_for(&id("idle-dialog")).await?;
    tablet.expect_accessible("idle dialog").await?;
    tablet
        .expect_controls("button", &["idle-continue", "idle-end"])
        .await?;
    tablet.tap("idle-end").await?;
    tablet.wait_for_screen("attract").await?;

    for (kind, screen) in [("lock", "locked"), ("unlock", "attract")] {
        let command = serde_json::json!({ "kind": kind });
        organiser
            .post_json("/api/devices/all/commands", &command)
            .await?;
        tablet.wait_for_screen(screen).await?;
        tablet.expect_accessible(screen).await?;
    }
    tablet.forgive("was answered 401").await?;
    let fleet = organiser.get_json("/api/devices").await?;
    let device = fleet["devices"][0]["device_id"]
        .as_str()
        .unwrap_or_default();
    organiser.delete(&format!("/api/devices/{device}")).await?;
    tablet.wait_for_screen("setup").await?;
    tablet.expect_accessible("setup").await?;
    tablet.close().await
}

#[tokio::test]
async fn controls_have_a_role_and_a_name() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    tablet
        .expect_controls(
            "button",
            &["start", "team-card", "call-staff", "access-menu"],
        )
        .await?;
    tablet.tap("start").await?;
    tablet.wait_for_screen("teams").await?;
    tablet.expect_controls("button", &["team-card"]).await?;
    tablet
        .tap_on("[data-screen='teams'] [data-team='skt']")
        .await?;
    tablet
        .expect_controls("button", &["prompt-chip", "chat-open", "start-over"])
        .await?;
    tablet.tap("chat-open").await?;
    tablet.expect_controls("textbox", &["chat-input"]).await?;
    tablet.expect_controls("button", &["chat-send"]).await?;
    tablet.tap("prompt-chip").await?;
    tablet.wait_for(&answer("done")).await?;
    tablet.tap("visit-end").await?;
    tablet.wait_for_screen("feedback").await?;
    tablet
        .expect_controls("button", &["feedback-submit", "feedback-skip"])
        .await?;
    tablet
        .expect_controls("button", &["rating-1", "rating-5"])
        .await?;
    expect_choices(&tablet, "radio", &["consent-rating", "consent-excerpt"]).await?;
    expect_choices(&tablet, "checkbox", &["age-14", "share-with-team"]).await?;
    tablet.close().await
}

/// The names stand on what is tapped; the role is the control's inside it, if there is one.
async fn expect_choices(tablet: &Tablet, role: &str, names: &[&str]) -> Result<()> {
    for name in names {
        let own = id(name);
        let inner = format!("{own} input");
        let has_inner = tablet.count(&inner).await? > 0;
        let selector = if has_inner { inner } else { own };
        let (found, label) = tablet.role_and_name(&selector).await?;
        assert_eq!(found, role, "{name}");
        assert!(!label.trim().is_empty(), "{name} has no name");
    }
    Ok(())
}

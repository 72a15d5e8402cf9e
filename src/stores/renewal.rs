//! Takes over what is new, a build of the app or a changed event, between visitors only.

use std::time::Duration;

use kiosk_core::race::first;
use kiosk_core::renewal::{News, Renewal, Step};
use leptos::prelude::untrack;

use super::later::tasks;
use super::{
    device::DeviceStore, outbox::OutboxStore, ports::Ports, session::SessionStore,
    staff::StaffStore,
};
use crate::tasks::spawn_local;

/// The first screen comes first.
const SETTLED: Duration = Duration::from_secs(4);
const TICK: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone, Copy)]
pub struct RenewalStore {
    ports: Ports,
    device: DeviceStore,
    outbox: OutboxStore,
    session: SessionStore,
    staff: StaffStore,
}

impl RenewalStore {
    /// Looks for new things from now on.
    pub fn run(
        ports: Ports,
        device: DeviceStore,
        outbox: OutboxStore,
        session: SessionStore,
        staff: StaffStore,
    ) {
        let store = Self {
            ports,
            device,
            outbox,
            session,
            staff,
        };
        spawn_local(async move { tasks(ports).await.renew(store).await });
    }

    pub(super) async fn watch(self) {
        let (set, later) = (self.ports.get(), self.ports.later().await);
        let mut renewal = Renewal::default();
        set.timer.sleep(SETTLED).await;
        loop {
            let is_online = untrack(|| self.device.is_online());
            if renewal.is_look_due(self.ports.monotonic_millis(), is_online) {
                // A browser may wait for an answer for ever.
                first(later.updates.look(), set.timer.sleep(PATIENCE)).await;
                self.device.look_for_event().await;
            }
            let news = News {
                build: later.updates.is_waiting(),
                event: self.device.has_newer_event(),
            };
            if let Some(step) = renewal.step(news) {
                self.outbox.settled().await;
                if self.is_nobody_there() {
                    self.take(step, &mut renewal).await;
                }
            }
            set.timer.sleep(TICK).await;
        }
    }

    /// Nothing of a visit that has not begun is kept, so that what comes next starts from nothing.
    fn is_nobody_there(self) -> bool {
        let is_empty = self.device.event_untracked().is_none();
        self.staff.may_begin_anew() && (is_empty || self.session.renew())
    }

    async fn take(self, step: Step, renewal: &mut Renewal) {
        let (set, later) = (self.ports.get(), self.ports.later().await);
        match step {
            Step::TakeBuild => {
                later.updates.take_over().await;
                if !later.updates.is_waiting() {
                    renewal.note_taken();
                    // Somebody may have come meanwhile; else there is nothing to wait for.
                    if self.is_nobody_there() {
                        set.page.reload();
                    }
                }
            }
            Step::Reload => set.page.reload(),
            Step::ShowEvent => self.device.show_newer_event(),
        }
    }
}

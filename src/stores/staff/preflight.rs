//! Runs the pre-flight list. Each check by itself: a browser may ask somebody, or never answer.

use kiosk_core::staff::{Check, Preflight};
use leptos::prelude::*;

use super::StaffStore;
use crate::app::BUILD;
use crate::tasks::spawn_local;

/// Key of preferences: once staff have asked for it, the screen stays on after reloads too.
const AWAKE: &str = "awake";

impl StaffStore {
    /// Looks at everything again; asks the browser to keep the storage and the screen on.
    pub fn run_checks(self) {
        let set = self.ports.get();
        let is_secure = self.ports.arrived().and_then(|set| set.health.is_secure());
        self.put(Preflight::flag(Check::SecureContext, is_secure));
        set.preferences.set(AWAKE, Some("1"));
        spawn_local(self.check_server());
        spawn_local(self.check_storage());
        spawn_local(self.check_persistence());
        spawn_local(self.check_awake());
        spawn_local(self.check_battery());
    }

    /// Keeps the screen on if staff have asked for it before.
    pub(super) fn stay_awake(self) {
        let set = self.ports.get();
        if set.preferences.get(AWAKE).is_some() {
            spawn_local(async move {
                self.ports.later().await.health.keep_awake().await;
            });
        }
    }

    fn put(self, line: Preflight) {
        self.checks.update(|lines| {
            if let Some(place) = lines.iter_mut().find(|other| other.check == line.check) {
                *place = line;
            }
        });
    }

    async fn check_server(self) {
        let is_heard = self.device.beat(Vec::new()).await;
        let offset_ms = self.device.clock_offset_ms().filter(|_| is_heard);
        self.put(Preflight::clock(offset_ms));
        // Asked anew: the server may have been brought up to date since the app was loaded.
        let event = self.ports.get().events.event().await.ok();
        // A tablet without access has no heartbeat, and may well have a server.
        let is_in_reach = is_heard || event.is_some();
        self.put(Preflight::flag(Check::Server, Some(is_in_reach)));
        self.put(Preflight::build(BUILD, event.map(|text| text.event.build)));
    }

    /// Who the tablet is, written and read back.
    async fn check_storage(self) {
        let storage = self.ports.later().await.outbox.clone();
        let is_writable = match storage.device().await {
            Ok(Some(device)) => {
                storage.set_device(device.clone()).await.is_ok()
                    && storage.device().await == Ok(Some(device))
            }
            _ => false,
        };
        self.put(Preflight::flag(Check::StorageWritable, Some(is_writable)));
    }

    async fn check_persistence(self) {
        let set = self.ports.later().await;
        self.put(Preflight::free_space(set.health.free_mb().await));
        let is_kept = set.health.persist().await;
        self.put(Preflight::flag(Check::StoragePersisted, is_kept));
        self.device.look_at_health().await;
    }

    async fn check_awake(self) {
        let is_awake = self.ports.later().await.health.keep_awake().await;
        self.put(Preflight::flag(Check::WakeLock, is_awake));
    }

    async fn check_battery(self) {
        let battery = self.ports.later().await.health.battery().await;
        self.put(Preflight::battery(battery));
    }
}

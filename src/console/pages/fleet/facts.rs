//! What the fleet's numbers mean: pure, so that it is tested natively.
//!
//! Owns: each tablet's state and the counts over all. Must not own: words.
//! Invariant: a revoked tablet counts as a tablet nowhere, but the entries it left do.

use std::collections::BTreeMap;

use kiosk_core::local_time::{parse_millis, secs_between};
use kiosk_wire::console::{Fleet, FleetDevice};

use crate::console::natural::natural;

/// A tablet's clock that is off by more than this is pointed out.
const TOLERATED_SKEW_SECS: i64 = 30;
/// A battery at or below this is pointed out.
const LOW_BATTERY: u8 = 20;

/// How a tablet is doing, the most urgent first. What a silent tablet said last may be over, so
/// that it is silent before anything else; its call is told beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceState {
    Revoked,
    Silent,
    Calling,
    Locked,
    Ok,
}

impl DeviceState {
    #[must_use]
    pub fn of(device: &FleetDevice) -> Self {
        let heartbeat = device.heartbeat.as_ref();
        if device.revoked {
            Self::Revoked
        } else if device.silent {
            Self::Silent
        } else if is_calling(device) {
            Self::Calling
        } else if heartbeat.is_some_and(|heartbeat| heartbeat.screen.as_deref() == Some("locked")) {
            Self::Locked
        } else {
            Self::Ok
        }
    }

    /// Its name in `data-state`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::Calling => "calling",
            Self::Silent => "silent",
            Self::Locked => "locked",
            Self::Ok => "ok",
        }
    }
}

/// Whether a visitor called for staff and nobody answered, as far as the tablet was heard.
#[must_use]
pub fn is_calling(device: &FleetDevice) -> bool {
    let heartbeat = device.heartbeat.as_ref();
    !device.revoked && heartbeat.is_some_and(|heartbeat| heartbeat.call.is_some())
}

/// A tablet's call, told from its later ones.
#[must_use]
pub fn call_of(device: &FleetDevice) -> Option<(String, String)> {
    let call = device.heartbeat.as_ref()?.call.as_ref()?;
    Some((device.device_id.clone(), call.since.clone()))
}

/// Sums over the fleet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    pub tablets: usize,
    pub connected: usize,
    /// Names of silent tablets.
    pub silent: Vec<String>,
    pub pending: u64,
    pub pending_on: usize,
    pub missing: usize,
    /// Names of tablets with gaps.
    pub missing_on: Vec<String>,
    pub stored: u64,
}

impl Counts {
    #[must_use]
    pub fn of(fleet: &Fleet) -> Self {
        let mut counts = Self::default();
        for device in &fleet.devices {
            counts.stored += device.stored;
            counts.missing += device.missing.len();
            if !device.missing.is_empty() {
                counts.missing_on.push(device.name.clone());
            }
            if !device.revoked {
                counts.add_tablet(device);
            }
        }
        counts.silent.sort_by_cached_key(|name| natural(name));
        counts.missing_on.sort_by_cached_key(|name| natural(name));
        counts
    }

    fn add_tablet(&mut self, device: &FleetDevice) {
        self.tablets += 1;
        if device.silent {
            self.silent.push(device.name.clone());
        } else {
            self.connected += 1;
        }
        let heartbeat = device.heartbeat.as_ref();
        let pending = heartbeat.and_then(|heartbeat| heartbeat.pending);
        let pending = pending.unwrap_or(0);
        self.pending += pending;
        self.pending_on += usize::from(pending > 0);
    }
}

/// How far the tablet's clock is ahead of the server's, if that is worth a word.
#[must_use]
pub fn skew_secs(device: &FleetDevice) -> Option<i64> {
    Some(raw_skew_millis(device)? / 1000).filter(|skew| skew.abs() > TOLERATED_SKEW_SECS)
}

fn raw_skew_millis(device: &FleetDevice) -> Option<i64> {
    let clock = parse_millis(device.heartbeat.as_ref()?.clock.as_ref()?)?;
    Some(clock - parse_millis(device.last_seen_at.as_ref()?)?)
}

/// Whether the browser did not promise to keep what the tablet stores.
#[must_use]
pub fn may_lose_storage(device: &FleetDevice) -> bool {
    let heartbeat = device.heartbeat.as_ref();
    heartbeat.is_some_and(|heartbeat| heartbeat.storage_persisted == Some(false))
}

/// Whether a battery's charge is worth a word.
#[must_use]
pub fn is_low(battery: u8) -> bool {
    battery <= LOW_BATTERY
}

/// For how long a visitor has been calling; the tablet's own clock may be wrong and is set right.
#[must_use]
pub fn calling_secs(device: &FleetDevice, now: &str) -> Option<u64> {
    let since = parse_millis(&device.heartbeat.as_ref()?.call.as_ref()?.since)?;
    let since = since - raw_skew_millis(device).unwrap_or(0);
    u64::try_from((parse_millis(now)? - since).max(0) / 1000).ok()
}

/// How long ago the last heartbeat came.
#[must_use]
pub fn quiet_secs(device: &FleetDevice, now: &str) -> Option<u64> {
    secs_between(device.last_seen_at.as_ref()?, now)
}

/// The builds that tablets run and which tablets run them, the most frequent first.
#[must_use]
pub fn builds(fleet: &Fleet) -> Vec<(String, Vec<String>)> {
    let mut builds: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for device in fleet.devices.iter().filter(|device| !device.revoked) {
        let build = device
            .heartbeat
            .as_ref()
            .and_then(|heartbeat| heartbeat.build.clone());
        if let Some(build) = build {
            builds.entry(build).or_default().push(device.name.clone());
        }
    }
    for names in builds.values_mut() {
        names.sort_by_cached_key(|name| natural(name));
    }
    let mut builds: Vec<_> = builds.into_iter().collect();
    builds.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    builds
}

/// What tells builds of one version apart: the part behind the plus sign.
#[must_use]
pub fn short_build(build: &str) -> &str {
    build.rsplit_once('+').map_or(build, |(_, mark)| mark)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use kiosk_wire::device::{Call, Heartbeat};

    const NOW: &str = "2025-12-30T09:05:00Z";

    pub(in super::super) fn device(name: &str) -> FleetDevice {
        FleetDevice {
            device_id: format!("id-{name}"),
            name: name.to_owned(),
            registered_at: "2025-12-30T00:00:00Z".to_owned(),
            revoked: false,
            last_seen_at: Some("2025-12-30T09:04:56Z".to_owned()),
            silent: false,
            heartbeat: Some(Heartbeat::default()),
            announced: 0,
            last_seq: 0,
            stored: 0,
            duplicates: 0,
            missing: Vec::new(),
        }
    }

    pub(in super::super) fn with(name: &str, change: impl FnOnce(&mut Heartbeat)) -> FleetDevice {
        let mut device = device(name);
        let mut heartbeat = Heartbeat::default();
        change(&mut heartbeat);
        device.heartbeat = Some(heartbeat);
        device
    }

    #[test]
    fn the_most_urgent_state_wins() {
        let mut calling = with("7", |heartbeat| {
            heartbeat.call = Some(Call {
                since: NOW.to_owned(),
            });
        });
        assert_eq!(DeviceState::of(&calling), DeviceState::Calling);
        calling.silent = true;
        assert_eq!(DeviceState::of(&calling), DeviceState::Silent);
        assert!(is_calling(&calling));
        calling.revoked = true;
        assert_eq!(DeviceState::of(&calling), DeviceState::Revoked);
        assert!(!is_calling(&calling));
        let locked = with("8", |heartbeat| {
            heartbeat.screen = Some("locked".to_owned());
        });
        assert_eq!(DeviceState::of(&locked), DeviceState::Locked);
        assert_eq!(DeviceState::of(&device("9")), DeviceState::Ok);
    }

    #[test]
    fn a_revoked_tablet_is_none_but_its_entries_count() {
        let mut gone = with("1", |heartbeat| heartbeat.pending = Some(4));
        gone.revoked = true;
        gone.stored = 10;
        gone.missing = vec![3];
        let mut silent = with("2", |heartbeat| heartbeat.pending = Some(5));
        silent.silent = true;
        let fleet = Fleet {
            now: NOW.to_owned(),
            devices: vec![gone, silent, device("3")],
        };
        let counts = Counts::of(&fleet);
        assert_eq!((counts.tablets, counts.connected), (2, 1));
        assert_eq!((counts.pending, counts.pending_on), (5, 1));
        assert_eq!((counts.missing, counts.stored), (1, 10));
        assert_eq!(counts.silent, ["2"]);
    }

    #[test]
    fn a_clock_is_told_only_beyond_what_is_tolerated() {
        let ahead = |clock: &str| with("1", |heartbeat| heartbeat.clock = Some(clock.to_owned()));
        assert_eq!(skew_secs(&ahead("2025-12-30T18:05:20+09:00")), None);
        assert_eq!(skew_secs(&ahead("2025-12-30T18:07:56+09:00")), Some(180));
        assert_eq!(skew_secs(&ahead("2025-12-30T18:01:56+09:00")), Some(-180));
    }

    #[test]
    fn a_wrong_clock_does_not_change_how_long_somebody_waits() {
        let calling = with("7", |heartbeat| {
            heartbeat.clock = Some("2025-12-30T10:04:56Z".to_owned());
            heartbeat.call = Some(Call {
                since: "2025-12-30T10:04:20Z".to_owned(),
            });
        });
        assert_eq!(calling_secs(&calling, NOW), Some(40));
        assert_eq!(quiet_secs(&calling, NOW), Some(4));
    }

    #[test]
    fn the_most_frequent_build_comes_first() {
        let on = |name, build: &str| with(name, |beat| beat.build = Some(build.to_owned()));
        let fleet = Fleet {
            now: NOW.to_owned(),
            devices: vec![on("1", "0.1.0+a"), on("2", "0.1.0+b"), on("3", "0.1.0+b")],
        };
        let builds = builds(&fleet);
        assert_eq!(builds[0].1, ["2", "3"]);
        assert_eq!(builds[1].1, ["1"]);
        assert_eq!(short_build(&builds[0].0), "b");
        assert_eq!(short_build("0.1.0"), "0.1.0");
    }

    #[test]
    fn counted_tablets_are_named_in_the_order_of_the_table() {
        let silent = |name| {
            let mut device = device(name);
            device.silent = true;
            device
        };
        let fleet = Fleet {
            now: NOW.to_owned(),
            devices: vec![silent("10"), silent("2")],
        };
        assert_eq!(Counts::of(&fleet).silent, ["2", "10"]);
    }
}

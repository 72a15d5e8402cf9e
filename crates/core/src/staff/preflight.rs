//! The pre-flight list: what has to be right before the doors open, judged from plain facts.

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Check {
    /// The server answers.
    Server,
    /// The tablet's clock against the server's.
    Clock,
    /// The browser promised to keep the storage.
    StoragePersisted,
    /// A write to the storage can be read back.
    StorageWritable,
    /// HTTPS or loopback: without it there is no cryptography and no wake lock.
    SecureContext,
    /// Room for entries.
    FreeSpace,
    /// The screen stays on.
    WakeLock,
    /// The app is of the server's build.
    Build,
    /// Charge.
    Battery,
}

impl Check {
    /// All, in the order of the list.
    pub const ALL: [Self; 9] = [
        Self::Server,
        Self::Clock,
        Self::StoragePersisted,
        Self::StorageWritable,
        Self::SecureContext,
        Self::FreeSpace,
        Self::WakeLock,
        Self::Build,
        Self::Battery,
    ];

    /// The value of `data-check`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Clock => "clock",
            Self::StoragePersisted => "storage_persisted",
            Self::StorageWritable => "storage_writable",
            Self::SecureContext => "secure_context",
            Self::FreeSpace => "free_space",
            Self::WakeLock => "wake_lock",
            Self::Build => "build",
            Self::Battery => "battery",
        }
    }
}

/// How it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CheckState {
    /// As it should be.
    Ok,
    /// Works, and will not for ever.
    Warn,
    /// Has to be put right.
    Fail,
    /// This browser does not tell, or nobody has asked yet.
    #[default]
    Unknown,
}

impl CheckState {
    /// The value of `data-state`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

/// The figures of a check, for a sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum CheckDetail {
    /// The state says it all.
    #[default]
    None,
    /// Of the clock: how far the tablet is ahead of the server; negative: behind.
    OffsetMs(i64),
    /// Of the free space.
    FreeMb(u64),
    /// Of the battery.
    Percent(u8),
    /// Of the build.
    Builds {
        /// This app's.
        app: String,
        /// The server's.
        server: String,
    },
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preflight {
    /// What was looked at.
    pub check: Check,
    /// How it stands.
    pub state: CheckState,
    /// Its figures.
    pub detail: CheckDetail,
}

/// A charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Battery {
    /// 0 to 100.
    pub percent: u8,
    /// Whether it is plugged in.
    pub is_charging: bool,
}

const CLOCK_OK_MS: u64 = 5_000;
const CLOCK_WARN_MS: u64 = 60_000;
const FREE_OK_MB: u64 = 500;
const FREE_WARN_MB: u64 = 50;
const BATTERY_OK_PERCENT: u8 = 50;
const BATTERY_WARN_PERCENT: u8 = 20;

impl Preflight {
    /// Nothing is known yet.
    #[must_use]
    pub fn unknown(check: Check) -> Self {
        Self::new(check, CheckState::Unknown, CheckDetail::None)
    }

    /// Something that is so or not; `None` where the browser does not tell.
    #[must_use]
    pub fn flag(check: Check, is_so: Option<bool>) -> Self {
        // Without these the tablet works all the same.
        let is_needed = !matches!(check, Check::StoragePersisted | Check::WakeLock);
        let state = match is_so {
            None => CheckState::Unknown,
            Some(true) => CheckState::Ok,
            Some(false) if is_needed => CheckState::Fail,
            Some(false) => CheckState::Warn,
        };
        Self::new(check, state, CheckDetail::None)
    }

    /// The tablet's clock, `offset_ms` ahead of the server's.
    #[must_use]
    pub fn clock(offset_ms: Option<i64>) -> Self {
        let Some(offset_ms) = offset_ms else {
            return Self::unknown(Check::Clock);
        };
        let state = at_most(offset_ms.unsigned_abs(), CLOCK_OK_MS, CLOCK_WARN_MS);
        Self::new(Check::Clock, state, CheckDetail::OffsetMs(offset_ms))
    }

    /// Room for entries.
    #[must_use]
    pub fn free_space(free_mb: Option<u64>) -> Self {
        let Some(free_mb) = free_mb else {
            return Self::unknown(Check::FreeSpace);
        };
        let state = at_least(free_mb, FREE_OK_MB, FREE_WARN_MB);
        Self::new(Check::FreeSpace, state, CheckDetail::FreeMb(free_mb))
    }

    /// Charge; plugged in, any is enough.
    #[must_use]
    pub fn battery(battery: Option<Battery>) -> Self {
        let Some(battery) = battery else {
            return Self::unknown(Check::Battery);
        };
        let state = if battery.is_charging {
            CheckState::Ok
        } else {
            at_least(battery.percent, BATTERY_OK_PERCENT, BATTERY_WARN_PERCENT)
        };
        Self::new(Check::Battery, state, CheckDetail::Percent(battery.percent))
    }

    /// The app's build beside the server's.
    #[must_use]
    pub fn build(app: &str, server: Option<String>) -> Self {
        let Some(server) = server else {
            return Self::unknown(Check::Build);
        };
        let state = if app == server {
            CheckState::Ok
        } else {
            CheckState::Warn
        };
        let app = app.to_owned();
        Self::new(Check::Build, state, CheckDetail::Builds { app, server })
    }

    fn new(check: Check, state: CheckState, detail: CheckDetail) -> Self {
        Self {
            check,
            state,
            detail,
        }
    }
}

fn at_most(value: u64, ok: u64, warn: u64) -> CheckState {
    match value {
        _ if value <= ok => CheckState::Ok,
        _ if value <= warn => CheckState::Warn,
        _ => CheckState::Fail,
    }
}

fn at_least<T: PartialOrd + Copy>(value: T, ok: T, warn: T) -> CheckState {
    if value >= ok {
        CheckState::Ok
    } else if value >= warn {
        CheckState::Warn
    } else {
        CheckState::Fail
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_does_not_tell_is_unknown() {
        let lines = [
            Preflight::flag(Check::WakeLock, None),
            Preflight::clock(None),
            Preflight::free_space(None),
            Preflight::battery(None),
            Preflight::build("1.0.0+a", None),
        ];
        for line in lines {
            assert_eq!(line, Preflight::unknown(line.check));
        }
    }

    #[test]
    fn what_only_helps_is_no_failure() {
        for check in Check::ALL {
            let expected = match check {
                Check::StoragePersisted | Check::WakeLock => CheckState::Warn,
                _ => CheckState::Fail,
            };
            assert_eq!(Preflight::flag(check, Some(false)).state, expected);
            assert_eq!(Preflight::flag(check, Some(true)).state, CheckState::Ok);
        }
    }

    #[test]
    fn a_clock_may_be_off_by_a_little_either_way() {
        for (offset, state) in [
            (0, CheckState::Ok),
            (-5_000, CheckState::Ok),
            (5_001, CheckState::Warn),
            (-60_000, CheckState::Warn),
            (60_001, CheckState::Fail),
            (i64::MIN, CheckState::Fail),
        ] {
            let line = Preflight::clock(Some(offset));
            assert_eq!(
                (line.state, line.detail),
                (state, CheckDetail::OffsetMs(offset))
            );
        }
    }

    #[test]
    fn room_and_charge_are_judged_by_amount() {
        for (free, state) in [
            (500, CheckState::Ok),
            (499, CheckState::Warn),
            (49, CheckState::Fail),
        ] {
            assert_eq!(Preflight::free_space(Some(free)).state, state);
        }
        for (percent, is_charging, state) in [
            (50, false, CheckState::Ok),
            (49, false, CheckState::Warn),
            (19, false, CheckState::Fail),
            (19, true, CheckState::Ok),
        ] {
            let battery = Battery {
                percent,
                is_charging,
            };
            assert_eq!(Preflight::battery(Some(battery)).state, state);
        }
    }

    #[test]
    fn an_app_of_another_build_is_told() {
        let build = |server: &str| Preflight::build("1+a", Some(server.to_owned())).state;
        assert_eq!(build("1+a"), CheckState::Ok);
        assert_eq!(build("1+b"), CheckState::Warn);
    }

    #[test]
    fn every_check_has_a_name_of_its_own() {
        let mut names = Check::ALL.map(Check::name).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Check::ALL.len());
    }
}

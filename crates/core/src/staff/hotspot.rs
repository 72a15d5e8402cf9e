//! Taps in the middle of the top edge: five within three seconds are staff.

const TAPS: usize = 5;
const WITHIN_MILLIS: u64 = 3_000;

/// The last taps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taps {
    times: Vec<u64>,
}

impl Taps {
    /// Takes a tap, by a clock that does not jump; `true` if it completes the five. The next five
    /// begin anew.
    pub fn tap(&mut self, now_ms: u64) -> bool {
        self.times
            .retain(|time| now_ms.saturating_sub(*time) <= WITHIN_MILLIS);
        self.times.push(now_ms);
        let is_complete = self.times.len() >= TAPS;
        if is_complete {
            self.times.clear();
        }
        is_complete
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn opens(times: &[u64]) -> Vec<bool> {
        let mut taps = Taps::default();
        times.iter().map(|time| taps.tap(*time)).collect()
    }

    #[test]
    fn five_taps_within_three_seconds_open() {
        assert_eq!(
            opens(&[0, 700, 1_400, 2_100, 3_000]),
            [false, false, false, false, true]
        );
        assert_eq!(opens(&[0, 700, 1_400, 2_100, 3_001]), [false; 5]);
        assert_eq!(opens(&[5; 9]).iter().filter(|open| **open).count(), 1);
    }

    proptest! {
        #[test]
        fn slow_taps_never_open(gaps in prop::collection::vec(751_u64..5_000, 0..40)) {
            let mut now = 0;
            let mut taps = Taps::default();
            for gap in gaps {
                now += gap;
                prop_assert!(!taps.tap(now));
            }
        }
    }
}

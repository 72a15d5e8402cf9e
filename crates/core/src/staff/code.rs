//! The panel's code: what it is checked against, and how wrong ones slow the panel down.
//!
//! Owns: the verifier's form, the waits. Must not own: the derivation itself; the browser has it.
//! Invariant: after any clock, old or new, a wait ends within its own length.

/// Wrong codes that cost no time.
const FREE_TRIES: u32 = 3;
/// Seconds to wait after the third wrong code, the fourth, and so on; the last holds from there on.
const WAITS_SECS: [u64; 5] = [5, 10, 20, 40, 60];
/// Bounds of what a browser derives in a bearable time.
const MOST_ROUNDS: u32 = 10_000_000;

/// What the panel says about its code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CodeState {
    /// Waits for a code.
    #[default]
    Ready,
    /// A code is being checked.
    Checking,
    /// The last one was wrong.
    Wrong,
    /// Too many were wrong: none is taken for a while.
    Slow {
        /// How long.
        secs: u32,
    },
    /// No verifier has come yet, or this page has no cryptography.
    Unavailable,
}

/// What a code is checked against: `pbkdf2-sha256$rounds$salt$hash`, the last two in base64 without
/// padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    /// Rounds of PBKDF2.
    pub rounds: u32,
    /// The salt.
    pub salt: Vec<u8>,
    /// What has to come out.
    pub hash: Vec<u8>,
}

impl Verifier {
    /// Reads it; `None` if it is of another form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('$');
        let is_known = parts.next()? == "pbkdf2-sha256";
        let rounds = parts.next()?.parse().ok()?;
        let (salt, hash) = (base64(parts.next()?)?, base64(parts.next()?)?);
        let is_whole = parts.next().is_none() && !salt.is_empty() && !hash.is_empty();
        let is_bearable = (1..=MOST_ROUNDS).contains(&rounds);
        (is_known && is_whole && is_bearable).then_some(Self { rounds, salt, hash })
    }
}

/// Standard alphabet, no padding; `None` for anything else.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
            bits &= (1 << count) - 1;
        }
    }
    // Six bits are no byte, and what is left over must say nothing.
    (count < 6 && bits == 0).then_some(bytes)
}

/// How many codes were wrong, and until when none is taken. It is kept over reloads, so it goes by
/// the tablet's clock, which may jump.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Throttle {
    wrong: u32,
    until_ms: u64,
}

impl Throttle {
    /// Reads what [`Self::to_text`] wrote; anything else counts as no wrong code.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let numbers = text.split_once(' ').and_then(|(wrong, until)| {
            Some(Self {
                wrong: wrong.parse().ok()?,
                until_ms: until.parse().ok()?,
            })
        });
        numbers.unwrap_or_default()
    }

    /// For the disk.
    #[must_use]
    pub fn to_text(self) -> String {
        format!("{} {}", self.wrong, self.until_ms)
    }

    /// Notes a wrong code.
    pub fn note_wrong(&mut self, now_ms: u64) {
        self.wrong = self.wrong.saturating_add(1);
        self.until_ms = now_ms.saturating_add(self.wait_ms());
    }

    /// Notes the right code: all is forgiven.
    pub fn note_right(&mut self) {
        *self = Self::default();
    }

    /// Seconds until a code is taken again; 0: at once. A clock that was set back does not make the
    /// wait longer than it was.
    pub fn secs_left(&mut self, now_ms: u64) -> u32 {
        self.until_ms = self.until_ms.min(now_ms.saturating_add(self.wait_ms()));
        let left = self.until_ms.saturating_sub(now_ms).div_ceil(1_000);
        u32::try_from(left).unwrap_or(u32::MAX)
    }

    fn wait_ms(self) -> u64 {
        let Some(beyond) = self.wrong.checked_sub(FREE_TRIES) else {
            return 0;
        };
        let last = WAITS_SECS.len() - 1;
        let step = usize::try_from(beyond).unwrap_or(last).min(last);
        WAITS_SECS[step] * 1_000
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SALT: &str = "AAECAwQFBgcICQoLDA0ODw";
    const HASH: &str = "EiMzRFVmd4iZqrvM3e7/ABEiM0RVZneImaq7zN3u/wA";

    #[test]
    fn a_verifier_is_read() {
        let text = format!("pbkdf2-sha256$600000${SALT}${HASH}");
        let verifier = Verifier::parse(&text).unwrap();
        assert_eq!(verifier.rounds, 600_000);
        assert_eq!(verifier.salt, (0..16).collect::<Vec<u8>>());
        assert_eq!(verifier.hash.len(), 32);
        assert_eq!(verifier.hash[..3], [0x12, 0x23, 0x33]);
    }

    #[test]
    fn what_has_another_form_is_not_read() {
        for text in [
            String::new(),
            "pbkdf2-sha256".to_owned(),
            format!("pbkdf2-sha512$1${SALT}${HASH}"),
            format!("pbkdf2-sha256$0${SALT}${HASH}"),
            format!("pbkdf2-sha256$99999999${SALT}${HASH}"),
            format!("pbkdf2-sha256$many${SALT}${HASH}"),
            format!("pbkdf2-sha256$1$${HASH}"),
            format!("pbkdf2-sha256$1${SALT}$"),
            format!("pbkdf2-sha256$1${SALT}${HASH}$"),
            format!("pbkdf2-sha256$1${SALT}==${HASH}"),
            format!("pbkdf2-sha256$1$A${HASH}"),
            format!("pbkdf2-sha256$1$AB${HASH}"),
        ] {
            assert_eq!(Verifier::parse(&text), None, "{text}");
        }
    }

    #[test]
    fn three_tries_are_free_and_then_each_costs_more() {
        let mut throttle = Throttle::default();
        let mut waits = Vec::new();
        for _ in 0..9 {
            throttle.note_wrong(1_000);
            waits.push(throttle.secs_left(1_000));
        }
        assert_eq!(waits, [0, 0, 5, 10, 20, 40, 60, 60, 60]);
        assert_eq!(throttle.secs_left(60_999), 1);
        assert_eq!(throttle.secs_left(61_000), 0);
        throttle.note_right();
        throttle.note_wrong(61_000);
        assert_eq!(throttle.secs_left(61_000), 0);
    }

    #[test]
    fn a_clock_that_was_set_back_holds_nobody_up_for_long() {
        let mut throttle = Throttle::default();
        for _ in 0..3 {
            throttle.note_wrong(1_000_000_000);
        }
        assert_eq!(throttle.secs_left(1_000), 5);
        assert_eq!(throttle.secs_left(6_000), 0);
    }

    fn encode(bytes: &[u8]) -> String {
        const LETTERS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let bits: Vec<bool> = bytes
            .iter()
            .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1))
            .collect();
        bits.chunks(6)
            .map(|six| {
                let value = (0..6).fold(0, |value, bit| {
                    value << 1 | usize::from(six.get(bit).copied().unwrap_or(false))
                });
                char::from(LETTERS[value])
            })
            .collect()
    }

    proptest! {
        #[test]
        fn base64_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..70)) {
            prop_assert_eq!(base64(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn no_text_breaks_it(text in "\\PC{0,80}") {
            drop(Verifier::parse(&text));
            prop_assert!(Throttle::parse(&text).secs_left(0) <= 60);
        }

        #[test]
        fn every_wait_ends_within_a_minute_and_outlives_a_reload(
            steps in prop::collection::vec((any::<bool>(), any::<u32>()), 0..30),
        ) {
            let mut throttle = Throttle::default();
            for (is_wrong, now) in steps {
                let now = u64::from(now);
                if is_wrong {
                    throttle.note_wrong(now);
                }
                let mut reloaded = Throttle::parse(&throttle.to_text());
                let left = throttle.secs_left(now);
                prop_assert!(left <= 60);
                prop_assert_eq!(reloaded.secs_left(now), left);
                prop_assert_eq!(throttle.secs_left(now + u64::from(left) * 1_000), 0);
            }
        }
    }
}

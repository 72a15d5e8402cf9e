//! Spans of time in words.

use crate::console::words::ConsoleMessages;
use crate::i18n::fill;

/// How long ago something was: seconds for a while, then minutes, hours, days.
#[must_use]
pub fn ago(words: &ConsoleMessages, secs: u64) -> String {
    fill(words.ago, &[("span", &span(words, secs))])
}

/// How long something takes or took, in its two largest units.
#[must_use]
pub fn span(words: &ConsoleMessages, secs: u64) -> String {
    let (minutes, hours, days) = (secs / 60, secs / 3600, secs / 86_400);
    let seconds = || fill(words.span_secs, &[("n", &(secs % 60))]);
    let whole_minutes = |n: u64| fill(words.span_minutes, &[("n", &n)]);
    let whole_hours = |n: u64| fill(words.span_hours, &[("n", &n)]);
    match (days, hours, minutes) {
        (0, 0, 0) => seconds(),
        (0, 0, _) => format!("{} {}", whole_minutes(minutes), seconds()),
        (0, _, _) => format!("{} {}", whole_hours(hours), whole_minutes(minutes % 60)),
        _ => fill(words.span_days, &[("n", &days)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::words::console_messages;
    use kiosk_wire::event::Language;

    #[test]
    fn spans_have_two_units() {
        let words = console_messages(Language::Ko);
        assert_eq!(span(words, 4), "4초");
        assert_eq!(span(words, 552), "9분 12초");
        assert_eq!(span(words, 3 * 3600 + 300), "3시간 5분");
        assert_eq!(span(words, 2 * 86_400 + 300), "2일");
        assert_eq!(ago(console_messages(Language::En), 40), "40 s ago");
    }
}

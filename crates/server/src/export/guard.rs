//! No cell can start a formula in a spreadsheet.

use std::borrow::Cow;

/// What starts a formula, or hides the start of one, in ASCII and full width.
const STARTS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// The text, behind a `'` if it could be read as a formula.
pub(super) fn guard(text: &str) -> Cow<'_, str> {
    if text.starts_with(STARTS) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

//! Cutting an answer for streaming.

/// The text in pieces of about a word, which put together give it back.
pub fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(char::is_whitespace)
}

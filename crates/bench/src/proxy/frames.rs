//! Numbered words inside whatever carries them.

use crate::error::{Result, unexpected};
use crate::mock::word;

/// Takes words out of bytes as they come, and sees to their order.
#[derive(Default)]
pub(super) struct Frames {
    held: Vec<u8>,
    next: usize,
}

impl Frames {
    /// Takes bytes in; answers how many more words are whole.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<usize> {
        const MARK: &[u8] = "말 ".as_bytes();
        self.held.extend_from_slice(bytes);
        let (mut start, mut came) = (0, 0);
        while let Some(found) = position(&self.held[start..], MARK) {
            let word_start = start + found;
            let number = &self.held[word_start + MARK.len()..];
            let Some(length) = number.iter().position(|byte| *byte == b' ') else {
                start = word_start;
                break;
            };
            let end = word_start + MARK.len() + length + 1;
            if self.held[word_start..end] != *word(self.next).as_bytes() {
                return Err(unexpected(format!("word {} did not come next", self.next)));
            }
            self.next += 1;
            came += 1;
            start = end;
        }
        // A word that is not whole yet begins in what is kept.
        let keep = start.max(self.held.len().saturating_sub(64));
        self.held.drain(..keep.min(self.held.len()));
        Ok(came)
    }
}

fn position(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|here| here == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_however_they_are_cut() {
        let text = format!("data: {}\n\ndata: {}\n\n", word(0), word(1)).into_bytes();
        for cut in 0..text.len() {
            let mut frames = Frames::default();
            let came = frames.take(&text[..cut]).unwrap() + frames.take(&text[cut..]).unwrap();
            assert_eq!(came, 2, "cut at {cut}");
        }
    }

    #[test]
    fn a_missing_word_is_noticed() {
        assert!(Frames::default().take(word(1).as_bytes()).is_err());
    }
}

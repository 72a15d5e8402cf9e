//! Incremental decoder of event streams (WHATWG HTML, "Interpreting an event stream").
//!
//! Bytes in, at any boundary; whole events out. Both the tablet and the proxy read streams with it.
//! Invariant: the events do not depend on how the bytes were cut.

/// An event longer than this is dropped; no provider sends one.
pub const MAX_EVENT_BYTES: usize = 4 * 1024 * 1024;

/// One dispatched event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamEvent {
    /// The `event` field; empty means `message`.
    pub name: String,
    /// The `data` lines, joined by line feeds.
    pub data: String,
}

/// Why a stream cannot be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream is larger than {MAX_EVENT_BYTES} bytes")]
pub struct EventTooLarge;

/// The decoder's state between two pieces.
#[derive(Debug, Default)]
pub struct EventStreamDecoder {
    line: Vec<u8>,
    after_cr: bool,
    started: bool,
    name: String,
    data: String,
    has_data: bool,
}

impl EventStreamDecoder {
    /// A decoder at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes and returns the events they complete.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<Vec<StreamEvent>, EventTooLarge> {
        let mut events = Vec::new();
        while let Some((first, rest)) = bytes.split_first() {
            if std::mem::take(&mut self.after_cr) && *first == b'\n' {
                bytes = rest;
                continue;
            }
            let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let (part, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
            if self.line.len() + part.len() + self.data.len() > MAX_EVENT_BYTES {
                return Err(EventTooLarge);
            }
            let Some((end, after)) = rest.split_first() else {
                self.line.extend_from_slice(part);
                break;
            };
            self.after_cr = *end == b'\r';
            bytes = after;
            events.extend(self.end_line(part));
        }
        Ok(events)
    }

    /// Ends the line whose last part this is.
    fn end_line(&mut self, part: &[u8]) -> Option<StreamEvent> {
        if self.line.is_empty() {
            return self.take_line(part);
        }
        let mut line = std::mem::take(&mut self.line);
        line.extend_from_slice(part);
        let event = self.take_line(&line);
        // The room it has taken is used again.
        line.clear();
        self.line = line;
        event
    }

    fn take_line(&mut self, line: &[u8]) -> Option<StreamEvent> {
        let line = String::from_utf8_lossy(line);
        let first = !std::mem::replace(&mut self.started, true);
        let line = if first {
            line.trim_start_matches('\u{feff}')
        } else {
            &*line
        };
        if line.is_empty() {
            return self.dispatch();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if self.has_data {
                    self.data.push('\n');
                }
                self.has_data = true;
                self.data.push_str(value);
            }
            "event" => value.clone_into(&mut self.name),
            // Comments (an empty field name), `id`, `retry` and unknown fields carry nothing for us.
            _ => {}
        }
        None
    }

    fn dispatch(&mut self) -> Option<StreamEvent> {
        let event = StreamEvent {
            name: std::mem::take(&mut self.name),
            data: std::mem::take(&mut self.data),
        };
        std::mem::take(&mut self.has_data).then_some(event)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode(pieces: &[&[u8]]) -> Vec<StreamEvent> {
        let mut decoder = EventStreamDecoder::new();
        pieces
            .iter()
            .flat_map(|piece| decoder.push(piece).unwrap())
            .collect()
    }

    fn data(events: &[StreamEvent]) -> Vec<&str> {
        events.iter().map(|event| event.data.as_str()).collect()
    }

    #[test]
    fn comments_crlf_and_many_lines_are_read() {
        let events = decode(&[
            b"\xef\xbb\xbf: hello\r\n\r\ndata: one\r\ndata:two\r\n\r\nevent: error\rdata\r\rid: 3\n\n",
        ]);
        assert_eq!(data(&events), ["one\ntwo", ""]);
        assert_eq!(events[1].name, "error");
    }

    #[test]
    fn an_unfinished_event_is_not_dispatched() {
        assert!(decode(&[b"data: cut off"]).is_empty());
    }

    #[test]
    fn an_endless_event_is_refused() {
        let mut decoder = EventStreamDecoder::new();
        let piece = vec![b'a'; 1024 * 1024];
        let results: Vec<_> = (0..5).map(|_| decoder.push(&piece)).collect();
        assert_eq!(results.last(), Some(&Err(EventTooLarge)));
    }

    proptest! {
        #[test]
        fn cuts_do_not_matter(
            text in "(data: [가-힣a-z😀]{0,9}(\r\n|\n|\r)|: c\n|event: x\r\n|\n|\r\n|\r){0,20}",
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let bytes = text.as_bytes();
            let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            at.sort_unstable();
            at.insert(0, 0);
            at.push(bytes.len());
            let pieces: Vec<&[u8]> = at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            prop_assert_eq!(decode(&pieces), decode(&[bytes]));
        }
    }
}

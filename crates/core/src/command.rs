//! What staff tell this tablet from the console: read from the stream, and acted on at most once.
//!
//! Owns: the stream's events, the memory of ids, what is void. Must not own: what a command does, or
//! the stream. Invariant: an id is acted on at most once for as long as it is among the last
//! [`REMEMBERED_IDS`]; the memory is written down before anything is done.

use std::collections::VecDeque;

use kiosk_wire::command::{Command, REMEMBERED_IDS};
use kiosk_wire::event_stream::EventStreamDecoder;

use crate::json;
use crate::local_time::parse_millis;

/// Reads the commands of one stream, wherever its bytes were cut.
#[derive(Debug, Default)]
pub struct CommandReader {
    decoder: EventStreamDecoder,
}

impl CommandReader {
    /// Takes the next bytes and returns the commands they complete. What is no command of this
    /// app's time is passed over.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Command> {
        let Ok(events) = self.decoder.push(bytes) else {
            // No event of ours is so long; what follows begins anew.
            self.decoder = EventStreamDecoder::new();
            return Vec::new();
        };
        events
            .iter()
            .filter_map(|event| json::read(&event.data))
            .collect()
    }
}

/// The ids of the last commands, the newest last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommandLog {
    ids: VecDeque<String>,
}

impl CommandLog {
    /// Reads what [`Self::to_text`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self {
            ids: text.split_whitespace().map(ToOwned::to_owned).collect(),
        }
    }

    /// For the disk.
    #[must_use]
    pub fn to_text(&self) -> String {
        let ids: Vec<&str> = self.ids.iter().map(String::as_str).collect();
        ids.join(" ")
    }

    /// Remembers an id; `false` if it was known, and so is not to be acted on.
    pub fn note(&mut self, id: &str) -> bool {
        if self.ids.iter().any(|known| known == id) {
            return false;
        }
        if self.ids.len() >= REMEMBERED_IDS {
            self.ids.pop_front();
        }
        self.ids.push_back(id.to_owned());
        true
    }
}

/// Whether a command is void at this time of the server, in Unix milliseconds; so is one whose end
/// cannot be read, for a later visitor must not be hit.
#[must_use]
pub fn is_void(command: &Command, server_now_ms: i64) -> bool {
    parse_millis(&command.expires_at).is_none_or(|end| end <= server_now_ms)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kiosk_wire::command::CommandKind;
    use proptest::prelude::*;

    use super::*;

    fn command(id: &str, expires_at: &str) -> Command {
        Command {
            id: id.to_owned(),
            kind: CommandKind::Message,
            text: Some("곧 닫아요".to_owned()),
            team: None,
            expires_at: expires_at.to_owned(),
        }
    }

    #[test]
    fn the_stream_is_read_whatever_else_stands_in_it() {
        let sent = command("a", "2025-12-30T12:00:00Z");
        let stream = format!(
            ": hello\n\ndata: {}\n\ndata: <html>\n\ndata: {{\"id\":\"b\",\"kind\":\"dance\"}}\n\n",
            serde_json::to_string(&sent).unwrap()
        );
        for size in [1, 7, stream.len()] {
            let mut reader = CommandReader::default();
            let read: Vec<Command> = stream
                .as_bytes()
                .chunks(size)
                .flat_map(|bytes| reader.push(bytes))
                .collect();
            assert_eq!(read, std::slice::from_ref(&sent));
        }
    }

    #[test]
    fn an_endless_event_does_not_end_the_stream() {
        let mut reader = CommandReader::default();
        let piece = vec![b'a'; 1024 * 1024];
        for _ in 0..5 {
            assert!(reader.push(&piece).is_empty());
        }
        let sent = command("a", "2025-12-30T12:00:00Z");
        let event = format!("\n\ndata: {}\n\n", serde_json::to_string(&sent).unwrap());
        assert_eq!(reader.push(event.as_bytes()), [sent]);
    }

    #[test]
    fn a_command_is_void_from_its_end_on() {
        let noon = parse_millis("2025-12-30T12:00:00Z").unwrap();
        let until_noon = command("a", "2025-12-30T21:00:00.000+09:00");
        assert!(!is_void(&until_noon, noon - 1));
        assert!(is_void(&until_noon, noon));
        assert!(is_void(&command("a", "tomorrow"), noon));
    }

    proptest! {
        #[test]
        fn none_of_the_last_hundred_is_acted_on_twice(
            ids in prop::collection::vec(0_u32..250, 0..600),
            reloads in prop::collection::btree_set(0_usize..600, 0..20),
        ) {
            let mut log = CommandLog::default();
            let mut at = BTreeMap::new();
            let mut taken = 0_usize;
            for (step, id) in ids.iter().enumerate() {
                if reloads.contains(&step) {
                    log = CommandLog::parse(&log.to_text());
                }
                let is_new = log.note(&id.to_string());
                // It is forgotten once a hundred were acted on from then on, it among them.
                let is_due = at.get(id).is_none_or(|last| taken - last >= REMEMBERED_IDS);
                prop_assert_eq!(is_new, is_due);
                if is_new {
                    taken += 1;
                    at.insert(*id, taken);
                }
            }
        }
    }
}

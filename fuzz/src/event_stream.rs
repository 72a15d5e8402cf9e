//! The decoder of event streams against the standard's own words, read naively, however the bytes are cut.

use kiosk_wire::event_stream::{EventStreamDecoder, StreamEvent};

use crate::cuts;

/// Panics if the decoder does not hear what is there.
pub(crate) fn check(bytes: &[u8]) {
    let meant = meant(bytes);
    assert_eq!(heard(&[bytes]), meant, "whole");
    assert_eq!(heard(&cuts::of(bytes)), meant, "cut");
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(heard(&single), meant, "byte by byte");
}

fn heard(pieces: &[&[u8]]) -> Vec<StreamEvent> {
    let mut decoder = EventStreamDecoder::new();
    let mut events = Vec::new();
    for piece in pieces {
        match decoder.push(piece) {
            Ok(more) => events.extend(more),
            Err(error) => panic!("inputs are smaller than any event may be: {error}"),
        }
    }
    events
}

/// "Interpreting an event stream" on the whole text at once.
fn meant(bytes: &[u8]) -> Vec<StreamEvent> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut events = Vec::new();
    let (mut name, mut data) = (String::new(), None::<String>);
    // What follows the last line end is no line yet.
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let lines = (!text.is_empty() && text.contains('\n')).then(|| whole.split('\n'));
    for line in lines.into_iter().flatten() {
        if line.is_empty() {
            let name = std::mem::take(&mut name);
            events.extend(data.take().map(|data| StreamEvent { name, data }));
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut name),
            "data" => match &mut data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => data = Some(value.to_owned()),
            },
            _ => {}
        }
    }
    events
}

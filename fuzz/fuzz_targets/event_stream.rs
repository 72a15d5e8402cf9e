#![no_main]

#[path = "../src/cuts.rs"]
mod cuts;
#[path = "../src/event_stream.rs"]
mod event_stream;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| event_stream::check(bytes));

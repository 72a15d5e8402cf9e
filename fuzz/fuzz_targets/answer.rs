#![no_main]

#[path = "../src/answer.rs"]
mod answer;
#[path = "../src/cuts.rs"]
mod cuts;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| answer::check(bytes));

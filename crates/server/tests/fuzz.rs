//! What `cargo xtask fuzz` looks for, looked for without it: in every recorded shape of a stream, and in
//! mutations of them that are the same each time.

#[cfg(test)]
#[path = "../../../fuzz/src/answer.rs"]
mod answer;
#[cfg(test)]
#[path = "../../../fuzz/src/cuts.rs"]
mod cuts;
#[cfg(test)]
#[path = "../../../fuzz/src/event_stream.rs"]
mod event_stream;
#[cfg(test)]
#[path = "fuzz/mutant.rs"]
mod mutant;

#[cfg(test)]
use std::{
    fs,
    panic::{self, AssertUnwindSafe},
    path::Path,
};

/// How many mutations of each file; `cargo xtask test --long` says more for every property.
#[cfg(test)]
fn mutations() -> u64 {
    std::env::var("PROPTEST_CASES").map_or(256, |cases| cases.parse().unwrap())
}

#[cfg(test)]
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/streams");
    let mut fixtures: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    fixtures.sort();
    assert!(fixtures.len() > 30);
    fixtures
}

/// Looks at every fixture and its mutations; a failure tells which bytes it was.
#[cfg(test)]
#[track_caller]
fn look(check: fn(&[u8])) {
    let fixtures = fixtures();
    let all: Vec<&[u8]> = fixtures.iter().map(|(_, bytes)| &**bytes).collect();
    for (name, bytes) in &fixtures {
        check(bytes);
        for number in 0..mutations() {
            let mutant = mutant::of(bytes, &all, number);
            let looked = panic::catch_unwind(AssertUnwindSafe(|| check(&mutant)));
            assert!(
                looked.is_ok(),
                "mutation {number} of {name}: {:?}",
                String::from_utf8_lossy(&mutant)
            );
        }
    }
}

#[test]
fn events_are_heard_as_the_standard_means_them() {
    look(event_stream::check);
}

#[test]
fn answers_are_heard_the_same_however_they_are_cut() {
    look(answer::check);
}

/// More white space than any answer begins with is none, however it comes.
#[test]
fn a_body_of_white_space_is_no_answer() {
    for length in [1_000, 1_024, 1_025, 5_000] {
        let mut bytes = vec![b' '; length];
        bytes.extend_from_slice(b"{\"choices\":[{\"message\":{\"content\":\"a\"}}]}");
        answer::check(&bytes);
    }
}

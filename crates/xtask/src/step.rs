//! One line for each step: what is done, how it ended and how long it took.
//!
//! Owns the wording on the terminal. Must not decide anything. Invariant: a step that may
//! take long is announced before it starts.

use std::time::{Duration, Instant};

/// Does a step and prints its line.
///
/// The closure says in a few words what it did ("found on PATH", "built").
pub(crate) fn step<E>(name: &str, work: impl FnOnce() -> Result<String, E>) -> Result<Duration, E> {
    let start = Instant::now();
    let outcome = work();
    let took = start.elapsed();
    match &outcome {
        Ok(said) => println!("  ok    {name}: {said} ({})", seconds(took)),
        Err(_) => println!("  FAIL  {name} ({})", seconds(took)),
    }
    outcome.map(|_| took)
}

/// Says that something long begins now.
pub(crate) fn announce(what: &str) {
    println!("  ...   {what}");
}

/// A heading above the steps.
pub(crate) fn heading(title: &str) {
    println!("{title}");
}

/// Seconds with a tenth.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_have_one_decimal() {
        assert_eq!(seconds(Duration::from_millis(1_260)), "1.3 s");
    }

    #[test]
    fn a_failed_step_keeps_its_error() {
        assert_eq!(step("x", || Err::<String, _>("broken")), Err("broken"));
    }
}

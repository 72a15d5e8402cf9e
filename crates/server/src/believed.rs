//! What the database answered is believed for a moment.
//!
//! Owns: how long, and what this server's own changes do to it.
//! Must not own: what was asked.
//! Invariant: what was looked up before a change is not believed after it.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// For how long, if another server may have changed it.
const BELIEVED: Duration = Duration::from_secs(1);

/// Answers by what was asked.
#[derive(Debug)]
pub struct Believed<K, V>(Mutex<Held<K, V>>);

#[derive(Debug)]
struct Held<K, V> {
    answers: HashMap<K, (V, Instant)>,
    forgotten: u64,
}

impl<K, V> Default for Believed<K, V> {
    fn default() -> Self {
        Self(Mutex::new(Held {
            answers: HashMap::new(),
            forgotten: 0,
        }))
    }
}

impl<K: Eq + Hash, V: Clone> Believed<K, V> {
    /// Something has changed: nothing is believed any more.
    pub fn forget(&self) {
        let mut held = self.held();
        held.answers.clear();
        held.forgotten += 1;
    }

    /// What was answered a moment ago, or else what is given back with what is looked up now.
    pub fn get(&self, key: &K) -> Result<V, u64> {
        let held = self.held();
        match held.answers.get(key) {
            Some((answer, since)) if since.elapsed() < BELIEVED => Ok(answer.clone()),
            _ => Err(held.forgotten),
        }
    }

    /// Keeps what was looked up, unless something has changed meanwhile.
    pub fn put(&self, key: K, answer: V, forgotten: u64) {
        let mut held = self.held();
        if held.forgotten == forgotten {
            let answers = &mut held.answers;
            answers.retain(|_, (_, since)| since.elapsed() < BELIEVED);
            answers.insert(key, (answer, Instant::now()));
        }
    }

    fn held(&self) -> MutexGuard<'_, Held<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_up_before_a_change_is_not_believed() {
        let believed = Believed::default();
        let before = believed.get(&1).unwrap_err();
        believed.put(1, "old", before);
        assert_eq!(believed.get(&1), Ok("old"));
        believed.forget();
        believed.put(1, "old", before);
        let now = believed.get(&1).unwrap_err();
        believed.put(1, "new", now);
        assert_eq!(believed.get(&1), Ok("new"));
    }
}

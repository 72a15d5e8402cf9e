//! How many bytes were looked at, for the tests of cost; nothing in what ships.

#[cfg(test)]
thread_local! {
    static BYTES: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Notes that some bytes were looked at.
pub(super) fn add(bytes: usize) {
    #[cfg(test)]
    BYTES.set(BYTES.get() + bytes);
    #[cfg(not(test))]
    let _ = bytes;
}

/// How many bytes `task` looks at.
#[cfg(test)]
pub(super) fn of(task: impl FnOnce()) -> usize {
    let before = BYTES.get();
    task();
    BYTES.get() - before
}

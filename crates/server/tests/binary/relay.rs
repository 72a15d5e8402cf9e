//! A relay that cuts each connection through it after a number of bytes that is drawn from a seed.
//!
//! Owns the way, not what is sent over it. Invariant: of one relay, the same seed cuts the n-th
//! connection in the same direction and after as many bytes.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

/// The most bytes that pass before a cut: from whoever connected, and to them.
#[derive(Clone, Copy)]
pub(crate) struct Most {
    pub(crate) there: u64,
    pub(crate) back: u64,
}

/// `KIOSK_SEED`, or one that nobody has tried before.
pub(crate) fn seed() -> u64 {
    let seed = std::env::var("KIOSK_SEED").map_or_else(
        |_| {
            let now = std::time::UNIX_EPOCH.elapsed().unwrap();
            now.as_secs() ^ u64::from(now.subsec_nanos())
        },
        |seed| seed.parse().unwrap(),
    );
    println!("again with KIOSK_SEED={seed}");
    seed
}

/// Draws of the seed for one connection (`SplitMix64`).
fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[derive(Default)]
struct State {
    cuts: AtomicU64,
    is_cutting: AtomicBool,
}

pub(crate) struct Relay {
    /// Where it listens.
    pub(crate) address: String,
    state: Arc<State>,
}

impl Relay {
    /// Starts one that does not cut yet and lives as long as the test program. `dial` connects to where
    /// it leads.
    pub(crate) fn start(
        seed: u64,
        most: Most,
        dial: impl Fn() -> io::Result<TcpStream> + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            let mut drawn = seed;
            for near in listener.incoming().flatten() {
                let (is_there, length) = (draw(&mut drawn).is_multiple_of(2), draw(&mut drawn));
                let Ok(far) = dial() else { continue };
                // Only one direction is cut; the other passes whole until then.
                let (there, back) = if is_there {
                    (1 + length % most.there, u64::MAX)
                } else {
                    (u64::MAX, 1 + length % most.back)
                };
                pass(&near, &far, there, &shared).unwrap();
                pass(&far, &near, back, &shared).unwrap();
            }
        });
        Self { address, state }
    }

    pub(crate) fn cut(&self, is_cutting: bool) {
        self.state.is_cutting.store(is_cutting, Ordering::Relaxed);
    }

    /// How many connections were cut.
    pub(crate) fn cuts(&self) -> u64 {
        self.state.cuts.load(Ordering::Relaxed)
    }
}

/// Passes bytes on until one side has nothing more to say, or so many have passed.
fn pass(from: &TcpStream, to: &TcpStream, most: u64, state: &Arc<State>) -> io::Result<()> {
    let (mut from, mut to) = (from.try_clone()?, to.try_clone()?);
    let state = Arc::clone(state);
    thread::spawn(move || {
        let (mut left, mut bytes) = (most, [0; 4096]);
        loop {
            let read = from.read(&mut bytes).unwrap_or(0);
            let is_cut = state.is_cutting.load(Ordering::Relaxed) && left <= read as u64;
            let passed = if is_cut {
                usize::try_from(left).unwrap()
            } else {
                read
            };
            let is_passed = to.write_all(&bytes[..passed]).is_ok();
            // What passed while nothing was cut counts as the last byte.
            left = left.saturating_sub(read as u64).max(1);
            if is_cut && read > 0 {
                state.cuts.fetch_add(1, Ordering::Relaxed);
            }
            if is_cut || read == 0 || !is_passed {
                break;
            }
        }
        // Whoever waits on the other side must hear of it too; one side may be gone already.
        from.shutdown(Shutdown::Both).ok();
        to.shutdown(Shutdown::Both).ok();
    });
    Ok(())
}

//! Any schedule of faults and crashes against the real machine, the real loop's steps and a model of
//! the server, two tabs of one browser side by side. Whatever happens: no entry is lost that was not
//! wiped from the disk, none is doubled, what was erased stays so, numbers are given out once, and the
//! queue drains.
//!
//! A seed is a schedule. `KIOSK_SEED=7` replays one, `KIOSK_SEEDS=1000000` tries so many.

use std::{collections::BTreeSet, rc::Rc};

use super::{Bell, Delivery, Effect, Event, Ports, Progress, Wake, driver::perform};
use crate::{
    ports::{Clock, OutboxStorage, StorageError},
    testing::{
        FakeClock, FakeServer, Fault, MemoryOutbox, SeededRandom, UNKNOWN_TEAM, block_on,
        poll_once, sample_entry,
    },
};

/// How many seeds a test run tries.
const SEEDS: u64 = 10_000;
/// Most steps of a schedule.
const STEPS: u64 = 80;
/// Time the queue may take once the server works again.
const DRAIN_MILLIS: u64 = 60_000;
/// A clock may be wrong by as much.
const TEN_YEARS_MILLIS: u64 = 10 * 366 * 24 * 3_600 * 1_000;

const FAULTS: [Fault; 15] = [
    Fault::LostRequest,
    Fault::LostAnswer,
    Fault::Silent,
    Fault::Doubled,
    Fault::CaptivePortal,
    Fault::ForeignJson,
    Fault::Busy,
    Fault::BadGateway,
    Fault::Unauthorized,
    Fault::TooLarge,
    Fault::WrongHashes,
    Fault::MissingReceipts,
    Fault::ShuffledReceipts,
    Fault::Stranger,
    Fault::Late,
];

/// One tab of the browser.
#[derive(Default)]
struct Tab {
    bell: Bell,
    delivery: Delivery,
    effect: Option<Effect>,
}

struct World {
    disk: MemoryOutbox,
    server: Rc<FakeServer>,
    clock: Rc<FakeClock>,
    ports: Ports,
    chance: SeededRandom,
    tabs: [Tab; 2],
    /// The highest number given out, kept apart from the disk.
    reached: u64,
    valid: Vec<String>,
    invalid: Vec<String>,
    delivered: BTreeSet<String>,
    erased: BTreeSet<String>,
    /// Was on the disk and not with the server when the disk was wiped.
    wiped: BTreeSet<String>,
}

impl World {
    fn new(seed: u64) -> Self {
        let (disk, server, clock) = (MemoryOutbox::default(), Rc::default(), Rc::default());
        let ports = Ports {
            storage: Rc::new(disk.clone()),
            transport: Rc::clone(&server) as _,
            clock: Rc::clone(&clock) as _,
            timer: Rc::clone(&clock) as _,
            random: Rc::new(SeededRandom::new(!seed)),
        };
        Self {
            disk,
            server,
            clock,
            ports,
            chance: SeededRandom::new(seed),
            tabs: Default::default(),
            reached: 0,
            valid: Vec::new(),
            invalid: Vec::new(),
            delivered: BTreeSet::new(),
            erased: BTreeSet::new(),
            wiped: BTreeSet::new(),
        }
    }

    fn step(&mut self) {
        let tab = usize::from(self.chance.below(4) == 0);
        match self.chance.below(32) {
            0..=5 => {
                let valid = self.chance.below(5) > 0;
                self.save(valid);
            }
            6 => self.fail_to_save(),
            7..=13 => {
                let fault = self.chance.below(FAULTS.len() as u64);
                self.server
                    .fail_next(FAULTS[usize::try_from(fault).unwrap()]);
            }
            14 => self.fail_disk(tab),
            15..=24 => {
                for _ in 0..=self.chance.below(7) {
                    self.run(tab);
                }
            }
            25 | 26 => self.tabs[tab] = Tab::default(),
            27 => self.ring(Wake::Online),
            28 => self.ring(Wake::Registered),
            29 => self.clock.set(self.chance.below(2 * TEN_YEARS_MILLIS)),
            30 => self.server.arrive(),
            // Rarer than all else: there is little to see on an empty disk.
            _ => match self.chance.below(3) {
                0 => self.wipe(),
                _ => self.erase(),
            },
        }
    }

    fn ring(&self, wake: Wake) {
        for tab in &self.tabs {
            tab.bell.ring(wake);
        }
    }

    fn save(&mut self, valid: bool) {
        let id = format!("id-{}", self.valid.len() + self.invalid.len());
        let mut entry = sample_entry(&id);
        entry.seq = self.reached;
        if !valid {
            entry.team = Some(UNKNOWN_TEAM.to_owned());
        }
        self.reached = block_on(self.disk.append(entry)).unwrap().seq;
        let ids = if valid {
            &mut self.valid
        } else {
            &mut self.invalid
        };
        ids.push(id);
        self.ring(Wake::Saved);
    }

    fn fail_to_save(&self) {
        self.disk.fail_next(StorageError::Full);
        let failed = block_on(self.disk.append(sample_entry("never")));
        assert_eq!(failed, Err(StorageError::Full));
    }

    fn fail_disk(&mut self, tab: usize) {
        let error = || "UnknownError".to_owned();
        self.disk.fail_next(StorageError::ConnectionLost {
            name: error(),
            message: error(),
        });
        self.run(tab);
        // Whatever ran may not have touched the disk.
        block_on(self.disk.counts()).ok();
    }

    fn wipe(&mut self) {
        self.wiped.extend(self.on_disk());
        self.disk.wipe();
    }

    /// An organiser erases one of the entries, wherever it is by now.
    fn erase(&mut self) {
        let Some(last) = (self.valid.len() as u64).checked_sub(1) else {
            return;
        };
        let at = self.chance.below(last + 1);
        let id = &self.valid[usize::try_from(at).unwrap()];
        self.server.erase(id);
        self.erased.insert(id.clone());
    }

    /// One turn of a tab's loop; false if it waits for a ring.
    fn run(&mut self, tab: usize) -> bool {
        let random = Rc::clone(&self.ports.random);
        let (delivered, ports) = (&mut self.delivered, &self.ports);
        let Tab {
            bell,
            delivery,
            effect,
        } = &mut self.tabs[tab];
        let now = effect
            .take()
            .unwrap_or_else(|| delivery.apply(Event::Woken(Wake::Online), &*random));
        let mut observe = |progress| {
            if let Progress::Delivered(ids) = progress {
                delivered.extend(ids);
            }
        };
        let event = poll_once(perform(ports, bell, now.clone(), &mut observe));
        let turned = event.is_some();
        *effect = Some(event.map_or(now, |event| delivery.apply(event, &*random)));
        turned
    }

    /// The server works, the tablet is registered, one tab is left; a wait that was under way comes to
    /// its end.
    fn recover(&mut self) {
        self.server.recover();
        self.tabs[1] = Tab::default();
        self.ring(Wake::Registered);
        while matches!(self.tabs[0].effect, Some(Effect::Wait(_))) {
            self.run(0);
        }
    }

    fn on_disk(&self) -> Vec<String> {
        let pending = block_on(self.disk.pending(usize::MAX)).unwrap();
        let parked = block_on(self.disk.parked()).unwrap();
        let parked = parked.into_iter().map(|parked| parked.entry);
        pending
            .into_iter()
            .chain(parked)
            .map(|entry| entry.id)
            .collect()
    }

    fn stored(&self) -> BTreeSet<String> {
        self.server.stored_ids().into_iter().collect()
    }

    fn check(&self) {
        let saved = (self.valid.len() + self.invalid.len()) as u64;
        assert_eq!(self.reached, saved, "a number was lost or used twice");
        let stored = self.stored();
        assert_eq!(stored.len(), self.server.stored().len(), "stored twice");
        assert!(stored.is_disjoint(&self.erased), "erased and back again");
        assert!(
            self.delivered
                .iter()
                .all(|id| stored.contains(id) || self.erased.contains(id)),
            "acknowledged and not stored"
        );
        assert!(
            self.server.conflicts().is_empty(),
            "an entry changed on the way"
        );
        let mut here = stored;
        here.extend(self.on_disk());
        here.extend(self.erased.iter().chain(&self.wiped).cloned());
        assert_eq!(here.len() as u64, saved, "an entry is nowhere");
    }

    fn check_drained(&self) {
        assert_eq!(block_on(self.disk.counts()).unwrap().pending, 0);
        let stored = self.stored();
        for id in &self.valid {
            let is_gone = self.erased.contains(id) || self.wiped.contains(id);
            assert!(is_gone || stored.contains(id), "{id} is not stored");
        }
        let parked = block_on(self.disk.parked()).unwrap();
        assert!(parked.iter().all(|parked| parked.reason == "unknown_team"));
        let parked: BTreeSet<&String> = parked.iter().map(|parked| &parked.entry.id).collect();
        for id in &self.invalid {
            assert!(
                self.wiped.contains(id) || parked.contains(id),
                "{id} is not parked"
            );
        }
        let seqs: Vec<u64> = self
            .server
            .stored()
            .iter()
            .filter_map(|item| item["seq"].as_u64())
            .collect();
        let distinct: BTreeSet<_> = seqs.iter().collect();
        assert_eq!(distinct.len(), seqs.len(), "a number stands twice");
    }

    fn drain(&mut self) {
        self.recover();
        let since = self.clock.now_millis();
        let mut turns = 0;
        while self.run(0) {
            turns += 1;
            assert!(
                turns < 1_000,
                "the queue does not drain: {:?}",
                self.tabs[0].effect
            );
        }
        self.check();
        self.check_drained();
        assert!(self.clock.now_millis() - since <= DRAIN_MILLIS);
    }
}

/// Says which seed it was, should a check fail.
struct Told(u64);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("replay it with KIOSK_SEED={}", self.0);
        }
    }
}

fn number(variable: &str) -> Option<u64> {
    let number = std::env::var(variable).ok()?;
    Some(number.parse().expect("a number"))
}

#[test]
fn nothing_is_lost_or_doubled_and_the_queue_drains() {
    let seeds = match number("KIOSK_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("KIOSK_SEEDS").unwrap_or(SEEDS),
    };
    for seed in seeds {
        let told = Told(seed);
        let mut world = World::new(seed);
        for _ in 0..=world.chance.below(STEPS) {
            world.step();
            world.check();
        }
        world.drain();
        drop(told);
    }
}

#[test]
fn a_damaged_entry_does_not_stop_the_others() {
    let mut world = World::new(1);
    for _ in 0..3 {
        world.save(true);
    }
    world.disk.damage(2);
    while world.run(0) {}
    assert_eq!(world.server.stored_ids(), ["id-0", "id-2"]);
    let parked = block_on(world.disk.parked()).unwrap();
    assert_eq!(parked.len(), 1);
    assert_eq!(parked[0].reason, "unreadable");
}

#[test]
fn a_thousand_entries_take_ten_requests() {
    let mut world = World::new(1);
    for _ in 0..1_000 {
        world.save(true);
    }
    while world.run(0) {}
    world.check_drained();
    assert_eq!(world.server.requests(), 10);
}

//! Any schedule of faults and crashes against the real machine, the real loop's steps and a model of
//! the server. Whatever happens: no entry is lost, none is doubled, numbers have no gaps, the queue drains.

use std::{collections::BTreeSet, rc::Rc};

use proptest::prelude::*;

use super::{Bell, Delivery, Effect, Event, Ports, Progress, Wake, driver::perform};
use crate::{
    ports::{Clock, OutboxStorage, StorageError},
    testing::{
        FakeClock, FakeServer, Fault, MemoryOutbox, SeededRandom, UNKNOWN_TEAM, block_on,
        poll_once, sample_entry,
    },
};

/// Time the queue may take once the server works again.
const DRAIN_MILLIS: u64 = 60_000;

#[derive(Debug, Clone)]
enum Step {
    Save { valid: bool },
    SaveFails,
    Request(Fault),
    DiskFails,
    Run(usize),
    Crash,
    Online,
    Register,
    ClockJumps(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::bool::weighted(0.8).prop_map(|valid| Step::Save { valid }),
        1 => Just(Step::SaveFails),
        5 => fault().prop_map(Step::Request),
        1 => Just(Step::DiskFails),
        6 => (1_usize..8).prop_map(Step::Run),
        2 => Just(Step::Crash),
        1 => Just(Step::Online),
        1 => Just(Step::Register),
        1 => any::<u32>().prop_map(|millis| Step::ClockJumps(u64::from(millis))),
    ]
}

fn fault() -> impl Strategy<Value = Fault> {
    prop::sample::select(vec![
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
    ])
}

struct World {
    disk: MemoryOutbox,
    server: Rc<FakeServer>,
    clock: Rc<FakeClock>,
    ports: Ports,
    bell: Bell,
    delivery: Delivery,
    effect: Option<Effect>,
    valid: Vec<String>,
    invalid: Vec<String>,
    delivered: BTreeSet<String>,
}

impl World {
    fn new(seed: u64) -> Self {
        let (disk, server, clock) = (MemoryOutbox::default(), Rc::default(), Rc::default());
        let ports = Ports {
            storage: Rc::new(disk.clone()),
            transport: Rc::clone(&server) as _,
            clock: Rc::clone(&clock) as _,
            timer: Rc::clone(&clock) as _,
            random: Rc::new(SeededRandom::new(seed)),
        };
        Self {
            disk,
            server,
            clock,
            ports,
            bell: Bell::default(),
            delivery: Delivery::default(),
            effect: None,
            valid: Vec::new(),
            invalid: Vec::new(),
            delivered: BTreeSet::new(),
        }
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Save { valid } => self.save(valid),
            Step::SaveFails => {
                self.disk.fail_next(StorageError::Full);
                let failed = block_on(self.disk.append(sample_entry("never")));
                assert_eq!(failed, Err(StorageError::Full));
            }
            Step::Request(fault) => self.server.fail_next(fault),
            Step::DiskFails => {
                let error = || "UnknownError".to_owned();
                self.disk.fail_next(StorageError::ConnectionLost {
                    name: error(),
                    message: error(),
                });
                self.run();
                // Whatever ran may not have touched the disk.
                block_on(self.disk.counts()).ok();
            }
            Step::Run(times) => {
                for _ in 0..times {
                    self.run();
                }
            }
            Step::Crash => {
                self.delivery = Delivery::default();
                self.effect = None;
                self.bell = Bell::default();
            }
            Step::Online => self.bell.ring(Wake::Online),
            Step::Register => self.bell.ring(Wake::Registered),
            Step::ClockJumps(millis) => self.clock.set(millis),
        }
    }

    fn save(&mut self, valid: bool) {
        let id = format!("id-{}", self.valid.len() + self.invalid.len());
        let mut entry = sample_entry(&id);
        if !valid {
            entry.team = Some(UNKNOWN_TEAM.to_owned());
        }
        block_on(self.disk.append(entry)).unwrap();
        let ids = if valid {
            &mut self.valid
        } else {
            &mut self.invalid
        };
        ids.push(id);
        self.bell.ring(Wake::Saved);
    }

    /// One turn of the loop; false if it waits for a ring.
    fn run(&mut self) -> bool {
        let random = Rc::clone(&self.ports.random);
        let effect = self
            .effect
            .take()
            .unwrap_or_else(|| self.delivery.apply(Event::Woken(Wake::Online), &*random));
        let delivered = &mut self.delivered;
        let mut observe = |progress| {
            if let Progress::Delivered(ids) = progress {
                delivered.extend(ids);
            }
        };
        let turn = perform(&self.ports, &self.bell, effect.clone(), &mut observe);
        let event = poll_once(turn);
        let turned = event.is_some();
        self.effect = Some(event.map_or(effect, |event| self.delivery.apply(event, &*random)));
        turned
    }

    /// The server works, the tablet is registered; a wait that was under way comes to its end.
    fn recover(&mut self) {
        self.server.recover();
        self.bell.ring(Wake::Registered);
        while matches!(self.effect, Some(Effect::Wait(_))) {
            self.run();
        }
    }

    fn check(&self) {
        let counts = block_on(self.disk.counts()).unwrap();
        let saved = self.valid.len() + self.invalid.len();
        assert_eq!(
            counts.last_seq, saved as u64,
            "a number was lost or used twice"
        );
        let stored: BTreeSet<_> = self.server.stored_ids().into_iter().collect();
        assert_eq!(stored.len(), self.server.stored().len(), "stored twice");
        assert!(
            self.delivered.is_subset(&stored),
            "acknowledged and not stored"
        );
        assert!(
            self.server.conflicts().is_empty(),
            "an entry changed on the way"
        );
        let mut here: BTreeSet<_> = stored;
        here.extend(
            block_on(self.disk.pending(usize::MAX))
                .unwrap()
                .into_iter()
                .map(|e| e.id),
        );
        here.extend(
            block_on(self.disk.parked())
                .unwrap()
                .into_iter()
                .map(|p| p.entry.id),
        );
        assert_eq!(here.len(), saved, "an entry is nowhere");
    }

    fn check_drained(&self) {
        let counts = block_on(self.disk.counts()).unwrap();
        assert_eq!(counts.pending, 0);
        let mut stored = self.server.stored_ids();
        stored.sort();
        let mut valid = self.valid.clone();
        valid.sort();
        assert_eq!(stored, valid, "every valid entry, exactly once");
        let parked = block_on(self.disk.parked()).unwrap();
        assert_eq!(
            parked.iter().map(|p| &p.entry.id).collect::<Vec<_>>(),
            self.invalid.iter().collect::<Vec<_>>()
        );
        assert!(parked.iter().all(|parked| parked.reason == "unknown_team"));
        let seqs: BTreeSet<_> = self
            .server
            .stored()
            .iter()
            .filter_map(|item| item["seq"].as_u64())
            .chain(parked.iter().map(|parked| parked.entry.seq))
            .collect();
        assert!(seqs.iter().copied().eq(1..=counts.last_seq), "{seqs:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nothing_is_lost_or_doubled_and_the_queue_drains(
        seed: u64,
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let mut world = World::new(seed);
        for step in steps {
            world.take(&step);
            world.check();
        }
        world.recover();
        let since = world.clock.now_millis();
        let mut turns = 0;
        while world.run() {
            turns += 1;
            prop_assert!(turns < 1_000, "the queue does not drain: {:?}", world.effect);
        }
        world.check();
        world.check_drained();
        prop_assert!(world.clock.now_millis() - since <= DRAIN_MILLIS);
    }
}

#[test]
fn a_damaged_entry_does_not_stop_the_others() {
    let mut world = World::new(1);
    for _ in 0..3 {
        world.save(true);
    }
    world.disk.damage(2);
    while world.run() {}
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
    while world.run() {}
    world.check_drained();
    assert_eq!(world.server.requests(), 10);
}

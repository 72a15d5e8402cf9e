//! The loop that runs the delivery over the ports. It decides nothing.

use std::{
    convert::Infallible,
    future::{Future, poll_fn},
    pin::pin,
    rc::Rc,
    task::Poll,
    time::Duration,
};

use kiosk_wire::feedback::{Batch, Receipts};

use super::{Bell, Delivery, Effect, Event, State, Wake};
use crate::ports::{
    Clock, FeedbackTransport, OutboxStorage, Random, StorageError, Timer, TransportError,
};

/// A connection that died silently would otherwise hold the whole queue. Enough for the largest batch
/// at 35 KB a second; an answer that comes later is told again as a duplicate.
const SEND_TIMEOUT: Duration = Duration::from_secs(30);

/// What the delivery needs.
#[derive(Clone)]
pub struct Ports {
    /// The queue.
    pub storage: Rc<dyn OutboxStorage>,
    /// The way to the server.
    pub transport: Rc<dyn FeedbackTransport>,
    /// The tablet's clock.
    pub clock: Rc<dyn Clock>,
    /// Waiting.
    pub timer: Rc<dyn Timer>,
    /// Jitter.
    pub random: Rc<dyn Random>,
}

/// What the rest of the app may want to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The delivery does something else now.
    State(State),
    /// The server has these entries.
    Delivered(Vec<String>),
    /// The server refused these entries; they are kept.
    Refused(Vec<String>),
}

/// Delivers what waits, now and whenever the bell rings, for as long as the future is polled.
/// Dropping it at any point loses nothing.
pub async fn deliver(ports: Ports, bell: Bell, mut observe: impl FnMut(Progress)) -> Infallible {
    let mut delivery = Delivery::default();
    let mut event = Event::Woken(Wake::Online);
    loop {
        let before = delivery.state();
        let effect = delivery.apply(event, &*ports.random);
        if delivery.state() != before {
            observe(Progress::State(delivery.state()));
        }
        event = perform(&ports, &bell, effect, &mut observe).await;
    }
}

/// Does what the delivery asks for.
pub(super) async fn perform(
    ports: &Ports,
    bell: &Bell,
    effect: Effect,
    observe: &mut impl FnMut(Progress),
) -> Event {
    match effect {
        Effect::Load { limit } => Event::Loaded(ports.storage.pending(limit).await),
        Effect::Send { items } => {
            let batch = Batch {
                sent_at: ports.clock.now_rfc3339(),
                items,
            };
            Event::Answered(send(ports, &batch).await)
        }
        Effect::Settle { released, refused } => {
            Event::Settled(settle(ports, released, refused, observe).await)
        }
        Effect::Wait(duration) => wait(ports, bell, duration).await,
        Effect::Listen(at_least) => Event::Woken(bell.heard(at_least).await),
    }
}

async fn send(ports: &Ports, batch: &Batch) -> Result<Receipts, TransportError> {
    let mut answer = ports.transport.send(batch);
    let mut deadline = ports.timer.sleep(SEND_TIMEOUT);
    poll_fn(|context| match answer.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(answer),
        Poll::Pending => deadline
            .as_mut()
            .poll(context)
            .map(|()| Err(TransportError::Unreachable)),
    })
    .await
}

async fn settle(
    ports: &Ports,
    released: Vec<String>,
    refused: Vec<(String, String)>,
    observe: &mut impl FnMut(Progress),
) -> Result<(), StorageError> {
    if !released.is_empty() {
        let removed = ports.storage.remove(released.clone()).await;
        // True even if the disk failed: the server has them, and will say so again.
        observe(Progress::Delivered(released));
        removed?;
    }
    let mut parked = Vec::new();
    for (id, reason) in refused {
        ports.storage.park(id.clone(), reason).await?;
        parked.push(id);
    }
    if !parked.is_empty() {
        observe(Progress::Refused(parked));
    }
    Ok(())
}

async fn wait(ports: &Ports, bell: &Bell, duration: Duration) -> Event {
    let mut sleep = ports.timer.sleep(duration);
    let mut ring = pin!(bell.heard(Wake::Online));
    poll_fn(|context| match ring.as_mut().poll(context) {
        Poll::Ready(wake) => Poll::Ready(Event::Woken(wake)),
        Poll::Pending => sleep.as_mut().poll(context).map(|()| Event::Elapsed),
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::testing::{
        FakeClock, FakeServer, Fault, MemoryOutbox, SeededRandom, UNKNOWN_TEAM, block_on,
        poll_once, sample_entry,
    };

    struct Tablet {
        disk: MemoryOutbox,
        server: Rc<FakeServer>,
        clock: Rc<FakeClock>,
        bell: Bell,
        heard: Rc<RefCell<Vec<Progress>>>,
    }

    impl Tablet {
        fn new() -> Self {
            Self {
                disk: MemoryOutbox::default(),
                server: Rc::default(),
                clock: Rc::default(),
                bell: Bell::default(),
                heard: Rc::default(),
            }
        }

        fn save(&self, id: &str) {
            block_on(self.disk.append(sample_entry(id))).unwrap();
        }

        fn start(&self) -> impl Future<Output = Infallible> + use<> {
            let ports = Ports {
                storage: Rc::new(self.disk.clone()),
                transport: self.server.clone(),
                clock: self.clock.clone(),
                timer: self.clock.clone(),
                random: Rc::new(SeededRandom::new(1)),
            };
            let heard = Rc::clone(&self.heard);
            deliver(ports, self.bell.clone(), move |progress| {
                heard.borrow_mut().push(progress);
            })
        }

        fn pending(&self) -> u64 {
            block_on(self.disk.counts()).unwrap().pending
        }
    }

    #[test]
    fn what_was_saved_before_the_start_and_after_it_is_delivered() {
        let tablet = Tablet::new();
        tablet.save("a");
        let mut running = pin!(tablet.start());
        assert_eq!(poll_once(running.as_mut()), None);
        assert_eq!(tablet.pending(), 0);
        tablet.save("b");
        tablet.bell.ring(Wake::Saved);
        assert_eq!(poll_once(running.as_mut()), None);
        assert_eq!(tablet.pending(), 0);
        assert_eq!(tablet.server.stored_ids(), ["a", "b"]);
        let heard = tablet.heard.borrow();
        assert!(
            heard.contains(&Progress::Delivered(vec!["b".to_owned()])),
            "{heard:?}"
        );
        assert_eq!(heard.last(), Some(&Progress::State(State::Idle)));
    }

    #[test]
    fn what_the_server_has_and_what_it_refused_is_told_by_id_once() {
        let tablet = Tablet::new();
        tablet.save("taken");
        let mut refused = sample_entry("refused");
        refused.team = Some(UNKNOWN_TEAM.to_owned());
        block_on(tablet.disk.append(refused)).unwrap();
        let mut running = pin!(tablet.start());
        assert_eq!(poll_once(running.as_mut()), None);
        tablet.save("later");
        tablet.bell.ring(Wake::Saved);
        assert_eq!(poll_once(running), None);
        let heard = tablet.heard.take().into_iter();
        let told: Vec<_> = heard
            .filter(|progress| !matches!(progress, Progress::State(_)))
            .collect();
        let expected = [
            Progress::Delivered(vec!["taken".to_owned()]),
            Progress::Refused(vec!["refused".to_owned()]),
            Progress::Delivered(vec!["later".to_owned()]),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_server_that_comes_back_gets_everything_without_a_reload() {
        let tablet = Tablet::new();
        for id in 0..250 {
            tablet.save(&format!("{id:03}"));
        }
        for _ in 0..20 {
            tablet.server.fail_next(Fault::LostRequest);
        }
        let running = pin!(tablet.start());
        assert_eq!(poll_once(running), None);
        assert_eq!(tablet.pending(), 0);
        assert_eq!(tablet.server.stored_ids().len(), 250);
    }

    #[test]
    fn a_refused_tablet_keeps_its_queue_until_it_is_registered() {
        let tablet = Tablet::new();
        tablet.save("a");
        tablet.server.fail_next(Fault::Unauthorized);
        let mut running = pin!(tablet.start());
        assert_eq!(poll_once(running.as_mut()), None);
        tablet.bell.ring(Wake::Online);
        assert_eq!(poll_once(running.as_mut()), None);
        assert_eq!(tablet.pending(), 1);
        assert_eq!(
            tablet.heard.borrow().last(),
            Some(&Progress::State(State::Stopped))
        );
        tablet.bell.ring(Wake::Registered);
        assert_eq!(poll_once(running.as_mut()), None);
        assert_eq!(tablet.pending(), 0);
    }

    #[test]
    fn a_request_that_never_ends_is_given_up() {
        let tablet = Tablet::new();
        tablet.save("a");
        tablet.server.fail_next(Fault::Silent);
        let running = pin!(tablet.start());
        assert_eq!(poll_once(running), None);
        assert_eq!(tablet.pending(), 0);
        assert_eq!(tablet.server.stored_ids(), ["a"]);
        assert!(tablet.clock.now_millis() >= 30_000);
    }

    #[test]
    fn a_wait_ends_early_when_the_server_is_back() {
        let tablet = Tablet::new();
        tablet.clock.hold();
        tablet.save("a");
        tablet.server.fail_next(Fault::CaptivePortal);
        let mut running = pin!(tablet.start());
        assert_eq!(poll_once(running.as_mut()), None);
        tablet.bell.ring(Wake::Saved);
        assert_eq!(poll_once(running.as_mut()), None);
        assert_eq!(tablet.pending(), 1);
        tablet.bell.ring(Wake::Online);
        assert_eq!(poll_once(running.as_mut()), None);
        assert_eq!(tablet.pending(), 0);
    }
}

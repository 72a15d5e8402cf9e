//! The guide on the tablet, for questions that find no server.
//!
//! Owns: when the guide answers, and at what pace. Must not own: what it says, or where it runs.
//! Invariant: an answer comes from one of the two. What a model has begun is never ended by the guide,
//! and the guide says whose words follow before it says them.

use std::cell::{Cell, RefCell};
use std::future::{poll_fn, ready};
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::Duration;

use kiosk_wire::chat::{Content, ServedBy};
use kiosk_wire::event::Language;

use super::Ask;
use super::stream::{Failure, StreamEvent};
use crate::ports::{LocalFuture, Timer};
use crate::race::{First, first};
use crate::remote::{ChatTransport, GuideQuestion, OnEvent, TabletGuide};

/// Between two pieces: slow enough to be read along.
const PACE: Duration = Duration::from_millis(20);
/// A long answer comes faster rather than later than this.
const LONGEST: Duration = Duration::from_secs(2);

/// Asks the server, and the guide on the tablet if no server is in reach.
pub struct GuideFallback {
    server: Rc<dyn ChatTransport>,
    guide: Rc<dyn TabletGuide>,
    timer: Rc<dyn Timer>,
    running: Running,
}

impl GuideFallback {
    /// Puts the two together.
    #[must_use]
    pub fn new(
        server: Rc<dyn ChatTransport>,
        guide: Rc<dyn TabletGuide>,
        timer: Rc<dyn Timer>,
    ) -> Self {
        Self {
            server,
            guide,
            timer,
            running: Running::default(),
        }
    }
}

impl ChatTransport for GuideFallback {
    fn answer(&self, ask: Ask, language: Language, on_event: OnEvent) -> LocalFuture<'static, ()> {
        let question = question(&ask, language);
        let turn = self.running.begin(&ask.request_id);
        let on_event = Rc::new(RefCell::new(on_event));
        let heard = Rc::new(Cell::new(Heard::Nothing));
        let relay = relay(Rc::clone(&on_event), Rc::clone(&heard));
        let served = self.server.answer(ask, language, relay);
        let (guide, timer) = (Rc::clone(&self.guide), Rc::clone(&self.timer));
        Box::pin(async move {
            served.await;
            if heard.get() != Heard::NoServer {
                return;
            }
            let tell = |event| (*on_event.borrow_mut())(event);
            let answer = Box::pin(answer(&*guide, &*timer, question, &tell));
            let is_whole = match first(Box::pin(turn.cancelled()), answer).await {
                First::Left(()) => false,
                First::Right(is_whole) => is_whole,
            };
            tell(if is_whole {
                StreamEvent::Done
            } else {
                StreamEvent::Failed(Failure::Offline)
            });
        })
    }

    fn cancel(&self, request_id: String) -> LocalFuture<'static, ()> {
        match self.running.end(&request_id) {
            // The server knows nothing of it.
            Some(Writer::Guide(waker)) => {
                waker.wake();
                Box::pin(ready(()))
            }
            Some(Writer::Server) | None => self.server.cancel(request_id),
        }
    }
}

fn question(ask: &Ask, language: Language) -> GuideQuestion {
    let last = ask.messages.last().map(|message| &message.content);
    let text = match last {
        Some(Content::Text(text)) => text.clone(),
        // The guide sees no pictures.
        Some(Content::Parts(_)) | None => String::new(),
    };
    GuideQuestion {
        key: ask.key.clone(),
        language,
        text,
    }
}

/// What has come of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heard {
    /// At most a place in line, and who would answer.
    Nothing,
    /// Words: thinking counts, as it would stand above the guide's answer as if it were the guide's.
    Words,
    /// The server was not reached, or lost before the first word.
    NoServer,
}

/// Passes on what the server says, but for the failure that the guide may still make good.
fn relay(on_event: Rc<RefCell<OnEvent>>, heard: Rc<Cell<Heard>>) -> OnEvent {
    Box::new(move |event| {
        match event {
            StreamEvent::Failed(Failure::Offline) if heard.get() == Heard::Nothing => {
                heard.set(Heard::NoServer);
                return;
            }
            StreamEvent::Text(_) | StreamEvent::Reasoning(_) => heard.set(Heard::Words),
            _ => {}
        }
        (*on_event.borrow_mut())(event);
    })
}

/// Lets the guide speak; `false` if it cannot be had.
async fn answer(
    guide: &dyn TabletGuide,
    timer: &dyn Timer,
    question: GuideQuestion,
    tell: &dyn Fn(StreamEvent),
) -> bool {
    let pieces = guide.answer(question).await.unwrap_or_default();
    let Ok(count @ 1..) = u32::try_from(pieces.len()) else {
        return false;
    };
    tell(StreamEvent::ServedBy {
        served_by: ServedBy::Guide,
        model: "guide".to_owned(),
        stand_in: false,
    });
    for piece in pieces {
        tell(StreamEvent::Text(piece));
        timer.sleep(PACE.min(LONGEST / count)).await;
    }
    tell(StreamEvent::Finished("stop".to_owned()));
    true
}

/// Answers that are being written, by request id.
#[derive(Clone, Default)]
struct Running(Rc<RefCell<Vec<(String, Writer)>>>);

enum Writer {
    Server,
    /// To be woken when the visitor stops it.
    Guide(Waker),
}

impl Running {
    fn begin(&self, request_id: &str) -> Turn {
        let entry = (request_id.to_owned(), Writer::Server);
        self.0.borrow_mut().push(entry);
        Turn {
            request_id: request_id.to_owned(),
            running: self.clone(),
        }
    }

    fn end(&self, request_id: &str) -> Option<Writer> {
        let mut running = self.0.borrow_mut();
        let at = running.iter().position(|(id, _)| id == request_id)?;
        Some(running.swap_remove(at).1)
    }
}

/// One answer's place among the running ones, for as long as somebody waits for it.
struct Turn {
    request_id: String,
    running: Running,
}

impl Turn {
    /// Resolves once the answer was cancelled; from now on it is the guide's.
    async fn cancelled(&self) {
        poll_fn(|context| {
            let mut running = self.running.0.borrow_mut();
            match running.iter_mut().find(|(id, _)| *id == self.request_id) {
                Some((_, writer)) => {
                    *writer = Writer::Guide(context.waker().clone());
                    Poll::Pending
                }
                None => Poll::Ready(()),
            }
        })
        .await;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.running.end(&self.request_id);
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use kiosk_wire::chat::{ChatMessage, QueuePlace, Role};
    use kiosk_wire::error::ChatErrorCode;

    use super::*;
    use crate::chat::ChatKey;
    use crate::testing::{FakeClock, block_on};

    /// A server that says these things and no more.
    #[derive(Default)]
    struct FakeChat {
        says: Vec<StreamEvent>,
        never_ends: bool,
        cancelled: RefCell<Vec<String>>,
    }

    impl ChatTransport for FakeChat {
        fn answer(&self, _: Ask, _: Language, mut on_event: OnEvent) -> LocalFuture<'static, ()> {
            let (says, never_ends) = (self.says.clone(), self.never_ends);
            Box::pin(async move {
                says.into_iter().for_each(&mut on_event);
                if never_ends {
                    pending::<()>().await;
                }
            })
        }

        fn cancel(&self, request_id: String) -> LocalFuture<'static, ()> {
            self.cancelled.borrow_mut().push(request_id);
            Box::pin(ready(()))
        }
    }

    /// A guide that says these pieces, or never comes; it notes what it was asked.
    #[derive(Default)]
    struct FakeGuide {
        says: Option<Vec<String>>,
        never_comes: bool,
        asked: RefCell<Vec<GuideQuestion>>,
        /// Held by every answer that is being worked on.
        work: Rc<()>,
    }

    impl TabletGuide for FakeGuide {
        fn answer(&self, question: GuideQuestion) -> LocalFuture<'static, Option<Vec<String>>> {
            self.asked.borrow_mut().push(question);
            let (says, never_comes) = (self.says.clone(), self.never_comes);
            let work = Rc::clone(&self.work);
            Box::pin(async move {
                if never_comes {
                    pending::<()>().await;
                }
                drop(work);
                says
            })
        }
    }

    struct Booth {
        chat: Rc<FakeChat>,
        guide: Rc<FakeGuide>,
        clock: Rc<FakeClock>,
        fallback: GuideFallback,
        events: Rc<RefCell<Vec<StreamEvent>>>,
    }

    impl Booth {
        fn new(chat: FakeChat, guide: FakeGuide) -> Self {
            let (chat, guide) = (Rc::new(chat), Rc::new(guide));
            let clock = Rc::new(FakeClock::default());
            Self {
                fallback: GuideFallback::new(chat.clone(), guide.clone(), clock.clone()),
                chat,
                guide,
                clock,
                events: Rc::default(),
            }
        }

        /// Without a server, and with a guide that says two pieces.
        fn away() -> Self {
            Self::new(lost_after(&[]), guide())
        }

        fn ask(&self) -> LocalFuture<'static, ()> {
            let events = Rc::clone(&self.events);
            let on_event = Box::new(move |event| events.borrow_mut().push(event));
            self.fallback.answer(asked(), Language::En, on_event)
        }

        fn heard(&self) -> Vec<StreamEvent> {
            self.events.borrow().clone()
        }

        fn answered(self) -> Vec<StreamEvent> {
            block_on(self.ask());
            self.heard()
        }
    }

    fn asked() -> Ask {
        let message = |role, text: &str| ChatMessage {
            role,
            content: Content::Text(text.to_owned()),
        };
        Ask {
            request_id: "r1".to_owned(),
            key: key(),
            messages: vec![
                message(Role::User, "before"),
                message(Role::Assistant, "said"),
                message(Role::User, "now"),
            ],
        }
    }

    fn key() -> ChatKey {
        ChatKey {
            team: "skt".to_owned(),
            demo: "chat".to_owned(),
        }
    }

    fn guide() -> FakeGuide {
        FakeGuide {
            says: Some(vec!["안내 ".to_owned(), "답변".to_owned()]),
            ..FakeGuide::default()
        }
    }

    fn lost_after(said: &[StreamEvent]) -> FakeChat {
        FakeChat {
            says: said
                .iter()
                .cloned()
                .chain([StreamEvent::Failed(Failure::Offline)])
                .collect(),
            ..FakeChat::default()
        }
    }

    fn by(served_by: ServedBy, model: &str) -> StreamEvent {
        StreamEvent::ServedBy {
            served_by,
            model: model.to_owned(),
            stand_in: false,
        }
    }

    fn text(text: &str) -> StreamEvent {
        StreamEvent::Text(text.to_owned())
    }

    /// What the guide's answer is made of.
    fn guided() -> Vec<StreamEvent> {
        vec![
            by(ServedBy::Guide, "guide"),
            text("안내 "),
            text("답변"),
            StreamEvent::Finished("stop".to_owned()),
            StreamEvent::Done,
        ]
    }

    #[test]
    fn without_a_server_the_guide_answers_under_its_own_name() {
        assert_eq!(Booth::away().answered(), guided());
    }

    #[test]
    fn a_server_lost_in_line_or_before_the_first_word_is_made_good() {
        let before = [
            StreamEvent::Place(QueuePlace {
                position: 1,
                wait_secs: 3,
            }),
            by(ServedBy::Model, "m"),
        ];
        let heard = Booth::new(lost_after(&before), guide()).answered();
        assert_eq!(heard, [before.to_vec(), guided()].concat());
    }

    #[test]
    fn what_a_model_has_begun_is_not_ended_by_the_guide() {
        for begun in [text("네"), StreamEvent::Reasoning("음".to_owned())] {
            let booth = Booth::new(lost_after(std::slice::from_ref(&begun)), guide());
            let guide = Rc::clone(&booth.guide);
            let heard = booth.answered();
            assert_eq!(heard, [begun, StreamEvent::Failed(Failure::Offline)]);
            assert!(guide.asked.borrow().is_empty());
        }
    }

    #[test]
    fn a_server_that_answers_or_refuses_is_believed() {
        let refused = StreamEvent::Failed(Failure::Refused(ChatErrorCode::QueueFull));
        for says in [vec![text("네"), StreamEvent::Done], vec![refused]] {
            let chat = FakeChat {
                says: says.clone(),
                ..FakeChat::default()
            };
            let booth = Booth::new(chat, guide());
            let guide = Rc::clone(&booth.guide);
            assert_eq!(booth.answered(), says);
            assert!(guide.asked.borrow().is_empty());
        }
    }

    #[test]
    fn a_guide_that_cannot_be_had_leaves_the_failure() {
        for says in [None, Some(Vec::new())] {
            let guide = FakeGuide {
                says,
                ..FakeGuide::default()
            };
            let heard = Booth::new(lost_after(&[]), guide).answered();
            assert_eq!(heard, [StreamEvent::Failed(Failure::Offline)]);
        }
    }

    #[test]
    fn the_guide_is_told_the_question_and_nothing_before_it() {
        let booth = Booth::away();
        block_on(booth.ask());
        let expected = GuideQuestion {
            key: key(),
            language: Language::En,
            text: "now".to_owned(),
        };
        assert_eq!(*booth.guide.asked.borrow(), [expected]);
    }

    fn poll(future: &mut LocalFuture<'static, ()>) -> bool {
        crate::testing::poll_once(future.as_mut()).is_some()
    }

    #[test]
    fn a_question_cancelled_at_the_server_is_not_asked_again() {
        let chat = FakeChat {
            never_ends: true,
            ..lost_after(&[])
        };
        let booth = Booth::new(chat, guide());
        let mut answer = booth.ask();
        assert!(!poll(&mut answer));
        block_on(booth.fallback.cancel("r1".to_owned()));
        assert_eq!(*booth.chat.cancelled.borrow(), ["r1"]);
        // The aborted request ends as a lost one.
        let booth = Booth::new(lost_after(&[]), guide());
        let answer = booth.ask();
        block_on(booth.fallback.cancel("r1".to_owned()));
        block_on(answer);
        assert_eq!(booth.heard(), [StreamEvent::Failed(Failure::Offline)]);
        assert!(booth.guide.asked.borrow().is_empty());
    }

    #[test]
    fn cancelling_ends_the_guide_while_it_is_loaded() {
        let guide = FakeGuide {
            never_comes: true,
            ..guide()
        };
        let booth = Booth::new(lost_after(&[]), guide);
        let mut answer = booth.ask();
        assert!(!poll(&mut answer));
        assert_eq!(Rc::strong_count(&booth.guide.work), 2);
        block_on(booth.fallback.cancel("r1".to_owned()));
        assert!(poll(&mut answer));
        assert_eq!(Rc::strong_count(&booth.guide.work), 1);
        assert_eq!(booth.heard(), [StreamEvent::Failed(Failure::Offline)]);
        assert!(booth.chat.cancelled.borrow().is_empty());
    }

    #[test]
    fn cancelling_ends_the_guide_while_it_speaks() {
        let booth = Booth::away();
        booth.clock.hold();
        let mut answer = booth.ask();
        assert!(!poll(&mut answer));
        block_on(booth.fallback.cancel("r1".to_owned()));
        assert!(poll(&mut answer));
        let lost = StreamEvent::Failed(Failure::Offline);
        let expected = [by(ServedBy::Guide, "guide"), text("안내 "), lost];
        assert_eq!(booth.heard(), expected);
    }

    #[test]
    fn dropping_ends_the_guide() {
        let guide = FakeGuide {
            never_comes: true,
            ..guide()
        };
        let booth = Booth::new(lost_after(&[]), guide);
        let mut answer = booth.ask();
        assert!(!poll(&mut answer));
        drop(answer);
        assert_eq!(Rc::strong_count(&booth.guide.work), 1);
        assert!(booth.heard().is_empty());
        assert!(booth.fallback.running.0.borrow().is_empty());
    }

    #[test]
    fn a_long_answer_takes_two_seconds_and_a_short_one_less() {
        use crate::ports::Clock as _;

        for (pieces, millis) in [(2, 40), (1_000, 2_000)] {
            let says = Some(vec!["말 ".to_owned(); pieces]);
            let guide = FakeGuide {
                says,
                ..FakeGuide::default()
            };
            let booth = Booth::new(lost_after(&[]), guide);
            block_on(booth.ask());
            assert_eq!(booth.clock.now_millis(), millis);
        }
    }
}

//! The flow of one visit: which screen is shown and how the visit ends. There are no routes.
//!
//! Owns: the screens' order, the chosen team and demos, what start-over hides and undo brings back.
//! Must not own: texts, chats or the form; they live beside it and die with the same visit.
//! Invariant: a visit ends exactly once, and after [`VisitEffect::End`] its state is not used again.

use std::collections::BTreeMap;

use kiosk_wire::feedback::EndedBy;

/// A screen of the visitor's app; the name is its `data-screen`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Screen {
    /// Invites whoever passes by.
    Attract,
    /// All teams, equal.
    Teams,
    /// One team: its model, demos and starter prompts.
    Team,
    /// The conversation.
    Chat,
    /// The form.
    Feedback,
    /// Thanks and the receipt.
    Thanks,
}

impl Screen {
    /// The value of `data-screen`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Attract => "attract",
            Self::Teams => "teams",
            Self::Team => "team",
            Self::Chat => "chat",
            Self::Feedback => "feedback",
            Self::Thanks => "thanks",
        }
    }
}

/// Where a tablet stands between visits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Home {
    /// The attract screen.
    #[default]
    Attract,
    /// The team picker: "meet another team" after a visit.
    Teams,
    /// A team's page, on a tablet bound to it.
    Team(String),
}

/// What a visitor, or time, does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisitEvent {
    /// Any touch or key; starts the visit on a tablet that is bound to a team.
    Touched,
    /// The start button.
    Start,
    /// A team was picked.
    PickTeam(String),
    /// A demo was picked on the team's page.
    PickDemo(String),
    /// From a chat to all teams: whatever answer is waited for is given up.
    OtherTeams,
    /// To the chat of the chosen demo.
    OpenChat,
    /// To the form.
    OpenFeedback,
    /// One step back.
    Back,
    /// The form was sent and is stored.
    Submitted,
    /// The form was skipped.
    Skip,
    /// Hide everything at once.
    StartOver,
    /// Bring back what start-over hid.
    Undo,
    /// The time to undo is over.
    UndoOver,
    /// Nobody is there any more.
    Idle,
    /// Away from the thanks screen.
    Finish,
    /// From the thanks screen to the teams, as a new visit.
    Again,
    /// Staff end the visit.
    StaffReset,
    /// Staff bind the tablet to a team, or to none: this is where the next visit begins.
    AssignHome(Home),
    /// Something new waits to take over, a build or an event: begin anew, unless somebody is there.
    Renew,
}

/// What the shell has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisitEffect {
    /// Stop every answer that is being written.
    StopAnswers,
    /// Record how the visit ended; release a rating that was tapped, unless it was skipped.
    Record(EndedBy),
    /// Drop everything of this visit and begin the next one there.
    End(Home),
}

/// One visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    home: Home,
    screen: Screen,
    hidden: Option<Screen>,
    is_started: bool,
    is_recorded: bool,
    team: Option<String>,
    demos: BTreeMap<String, String>,
    back_from_feedback: Screen,
}

impl Visit {
    /// A visit that begins at `start`, on a tablet whose place between visits is `home`.
    #[must_use]
    pub fn new(start: Home, home: Home) -> Self {
        // Whoever begins elsewhere than at home was brought there by a tap.
        let is_started = start != home;
        let (screen, team) = match start {
            Home::Attract => (Screen::Attract, None),
            Home::Teams => (Screen::Teams, None),
            Home::Team(team) => (Screen::Team, Some(team)),
        };
        Self {
            is_started,
            home,
            screen,
            hidden: None,
            is_recorded: false,
            team,
            demos: BTreeMap::new(),
            back_from_feedback: Screen::Teams,
        }
    }

    /// The screen that is shown.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.screen
    }

    /// The team the visitor is with.
    #[must_use]
    pub fn team(&self) -> Option<&str> {
        self.team.as_deref()
    }

    /// The demo chosen for this team, if one was.
    #[must_use]
    pub fn demo(&self, team: &str) -> Option<&str> {
        self.demos.get(team).map(String::as_str)
    }

    /// Whether a visitor has begun: the idle clock runs, and the end is recorded.
    #[must_use]
    pub fn is_started(&self) -> bool {
        self.is_started
    }

    /// Whether start-over can still be undone.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.hidden.is_some()
    }

    /// Whether the accent of the team colours the screen.
    #[must_use]
    pub fn is_with_team(&self) -> bool {
        !matches!(self.screen, Screen::Attract | Screen::Teams)
    }

    /// Takes an event and says what follows from it.
    pub fn apply(&mut self, event: VisitEvent) -> Vec<VisitEffect> {
        match event {
            VisitEvent::AssignHome(home) => return self.assign_home(home),
            VisitEvent::Renew => return self.renew(),
            _ => {}
        }
        if self.hidden.is_some() {
            return self.apply_hidden(event);
        }
        match event {
            VisitEvent::Touched => {
                self.is_started |= self.screen != Screen::Attract;
            }
            VisitEvent::Start => self.go(Screen::Teams),
            VisitEvent::OtherTeams => {
                self.go(Screen::Teams);
                return vec![VisitEffect::StopAnswers];
            }
            VisitEvent::PickTeam(team) => {
                self.team = Some(team);
                self.go(Screen::Team);
            }
            VisitEvent::PickDemo(demo) => {
                if let Some(team) = &self.team {
                    self.demos.insert(team.clone(), demo);
                }
            }
            VisitEvent::OpenChat if self.team.is_some() => self.go(Screen::Chat),
            VisitEvent::OpenFeedback if self.screen != Screen::Feedback => {
                self.back_from_feedback = self.screen;
                self.go(Screen::Feedback);
                return vec![VisitEffect::StopAnswers];
            }
            VisitEvent::Back => self.back(),
            VisitEvent::Submitted if self.screen == Screen::Feedback => {
                self.go(Screen::Thanks);
                return self.record(EndedBy::Submit);
            }
            VisitEvent::Skip => return self.end(EndedBy::Skip, self.home.clone()),
            VisitEvent::StartOver | VisitEvent::Finish if self.is_recorded => {
                return vec![VisitEffect::End(self.home.clone())];
            }
            VisitEvent::StartOver => {
                self.hidden = Some(self.screen);
                self.screen = Screen::Attract;
            }
            VisitEvent::Idle => return self.end(EndedBy::Idle, self.home.clone()),
            VisitEvent::StaffReset => return self.end(EndedBy::Staff, self.home.clone()),
            VisitEvent::Again if self.is_recorded => return vec![VisitEffect::End(Home::Teams)],
            VisitEvent::OpenChat
            | VisitEvent::OpenFeedback
            | VisitEvent::Submitted
            | VisitEvent::Finish
            | VisitEvent::Again
            | VisitEvent::Undo
            | VisitEvent::UndoOver
            | VisitEvent::AssignHome(_)
            | VisitEvent::Renew => {}
        }
        Vec::new()
    }

    /// While start-over can be undone, anything but undo makes it final.
    fn apply_hidden(&mut self, event: VisitEvent) -> Vec<VisitEffect> {
        match event {
            VisitEvent::Undo => {
                self.screen = self.hidden.take().unwrap_or(Screen::Attract);
                Vec::new()
            }
            VisitEvent::Touched => Vec::new(),
            VisitEvent::Start => self.end(EndedBy::StartOver, Home::Teams),
            VisitEvent::PickTeam(team) => self.end(EndedBy::StartOver, Home::Team(team)),
            _ => self.end(EndedBy::StartOver, self.home.clone()),
        }
    }

    fn assign_home(&mut self, home: Home) -> Vec<VisitEffect> {
        if self.home == home {
            return Vec::new();
        }
        self.home = home;
        self.renew()
    }

    /// Whoever is on the way goes on, also while start-over can be undone; nobody there: at once.
    fn renew(&self) -> Vec<VisitEffect> {
        (!self.is_started)
            .then(|| VisitEffect::End(self.home.clone()))
            .into_iter()
            .collect()
    }

    fn go(&mut self, screen: Screen) {
        self.is_started = true;
        self.screen = screen;
    }

    fn back(&mut self) {
        match self.screen {
            Screen::Team => self.go(Screen::Teams),
            Screen::Chat => self.go(Screen::Team),
            Screen::Feedback => self.go(self.back_from_feedback),
            Screen::Attract | Screen::Teams | Screen::Thanks => {}
        }
    }

    fn record(&mut self, ended_by: EndedBy) -> Vec<VisitEffect> {
        let is_due = self.is_started && !self.is_recorded;
        self.is_recorded = true;
        is_due
            .then_some(VisitEffect::Record(ended_by))
            .into_iter()
            .collect()
    }

    fn end(&mut self, ended_by: EndedBy, next: Home) -> Vec<VisitEffect> {
        let mut effects = self.record(ended_by);
        effects.push(VisitEffect::End(next));
        effects
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn visit() -> Visit {
        Visit::new(Home::Attract, Home::Attract)
    }

    fn after(events: &[VisitEvent]) -> Visit {
        let mut visit = visit();
        for event in events {
            visit.apply(event.clone());
        }
        visit
    }

    fn skt() -> VisitEvent {
        VisitEvent::PickTeam("skt".to_owned())
    }

    #[test]
    fn the_way_leads_from_attract_to_thanks() {
        let mut visit = visit();
        assert_eq!(visit.screen(), Screen::Attract);
        assert!(!visit.is_started());
        visit.apply(VisitEvent::Start);
        assert_eq!(visit.screen(), Screen::Teams);
        visit.apply(skt());
        assert_eq!(visit.screen(), Screen::Team);
        visit.apply(VisitEvent::PickDemo("languages".to_owned()));
        assert_eq!(visit.demo("skt"), Some("languages"));
        visit.apply(VisitEvent::OpenChat);
        assert_eq!(visit.screen(), Screen::Chat);
        assert_eq!(
            visit.apply(VisitEvent::OpenFeedback),
            [VisitEffect::StopAnswers]
        );
        assert_eq!(
            visit.apply(VisitEvent::Submitted),
            [VisitEffect::Record(EndedBy::Submit)]
        );
        assert_eq!(visit.screen(), Screen::Thanks);
        assert_eq!(
            visit.apply(VisitEvent::Finish),
            [VisitEffect::End(Home::Attract)]
        );
    }

    #[test]
    fn back_goes_one_step() {
        let mut visit = after(&[
            VisitEvent::Start,
            skt(),
            VisitEvent::OpenChat,
            VisitEvent::OpenFeedback,
        ]);
        let mut seen = Vec::new();
        for _ in 0..4 {
            visit.apply(VisitEvent::Back);
            seen.push(visit.screen());
        }
        assert_eq!(
            seen,
            [Screen::Chat, Screen::Team, Screen::Teams, Screen::Teams]
        );
    }

    #[test]
    fn start_over_hides_at_once_and_undo_brings_back() {
        let mut visit = after(&[skt(), VisitEvent::OpenChat]);
        assert!(visit.apply(VisitEvent::StartOver).is_empty());
        assert_eq!(visit.screen(), Screen::Attract);
        visit.apply(VisitEvent::Undo);
        assert_eq!(visit.screen(), Screen::Chat);
        visit.apply(VisitEvent::StartOver);
        assert_eq!(
            visit.apply(VisitEvent::UndoOver),
            [
                VisitEffect::Record(EndedBy::StartOver),
                VisitEffect::End(Home::Attract)
            ]
        );
    }

    #[test]
    fn the_next_visitor_need_not_wait_for_the_undo_time() {
        let mut visit = after(&[VisitEvent::Start, VisitEvent::StartOver]);
        assert_eq!(
            visit.apply(skt()),
            [
                VisitEffect::Record(EndedBy::StartOver),
                VisitEffect::End(Home::Team("skt".to_owned()))
            ]
        );
    }

    #[test]
    fn start_over_after_the_form_records_nothing_more() {
        let mut visit = after(&[skt(), VisitEvent::OpenFeedback, VisitEvent::Submitted]);
        assert_eq!(
            visit.apply(VisitEvent::StartOver),
            [VisitEffect::End(Home::Attract)]
        );
    }

    #[test]
    fn a_bound_tablet_waits_at_its_team_until_somebody_touches_it() {
        let home = Home::Team("skt".to_owned());
        let mut visit = Visit::new(home.clone(), home.clone());
        assert_eq!(visit.screen(), Screen::Team);
        assert!(!visit.is_started());
        visit.apply(VisitEvent::Touched);
        assert!(visit.is_started());
        assert_eq!(
            visit.apply(VisitEvent::Idle),
            [VisitEffect::Record(EndedBy::Idle), VisitEffect::End(home)]
        );
    }

    #[test]
    fn staff_end_a_visit_wherever_it_is() {
        for events in [
            vec![VisitEvent::Start],
            vec![skt(), VisitEvent::OpenChat],
            vec![skt(), VisitEvent::OpenFeedback],
        ] {
            assert_eq!(
                after(&events).apply(VisitEvent::StaffReset),
                [
                    VisitEffect::Record(EndedBy::Staff),
                    VisitEffect::End(Home::Attract)
                ]
            );
        }
        let over = VisitEffect::End(Home::Attract);
        assert_eq!(
            visit().apply(VisitEvent::StaffReset),
            std::slice::from_ref(&over)
        );
        let mut thanked = after(&[skt(), VisitEvent::OpenFeedback, VisitEvent::Submitted]);
        assert_eq!(thanked.apply(VisitEvent::StaffReset), [over]);
    }

    #[test]
    fn what_the_visitor_ended_stays_ended_by_the_visitor() {
        let mut visit = after(&[skt(), VisitEvent::StartOver]);
        assert_eq!(
            visit.apply(VisitEvent::StaffReset)[0],
            VisitEffect::Record(EndedBy::StartOver)
        );
    }

    #[test]
    fn an_assigned_team_waits_for_whoever_is_on_the_way() {
        let home = Home::Team("skt".to_owned());
        let assign = || VisitEvent::AssignHome(Home::Team("skt".to_owned()));
        assert_eq!(visit().apply(assign()), [VisitEffect::End(home.clone())]);
        for event in [VisitEvent::Start, VisitEvent::StartOver] {
            let mut visit = after(&[VisitEvent::Start, event]);
            assert!(visit.apply(assign()).is_empty());
            assert_eq!(
                visit.apply(VisitEvent::Idle).last(),
                Some(&VisitEffect::End(home.clone()))
            );
        }
        let mut bound = Visit::new(home.clone(), home);
        assert!(bound.apply(assign()).is_empty());
        assert_eq!(
            bound.apply(VisitEvent::AssignHome(Home::Attract)),
            [VisitEffect::End(Home::Attract)]
        );
    }

    #[test]
    fn something_new_waits_for_whoever_is_there() {
        let home = Home::Team("skt".to_owned());
        for (home, mut visit) in [
            (Home::Attract, visit()),
            (home.clone(), Visit::new(home.clone(), home.clone())),
        ] {
            assert_eq!(visit.apply(VisitEvent::Renew), [VisitEffect::End(home)]);
        }
        for events in [
            vec![VisitEvent::Start],
            vec![skt(), VisitEvent::OpenChat],
            vec![skt(), VisitEvent::StartOver],
            vec![skt(), VisitEvent::OpenFeedback, VisitEvent::Submitted],
        ] {
            let mut visit = after(&events);
            let screen = visit.screen();
            assert!(visit.apply(VisitEvent::Renew).is_empty(), "{events:?}");
            assert_eq!(visit.screen(), screen);
        }
        let mut bound = Visit::new(home.clone(), home);
        bound.apply(VisitEvent::Touched);
        assert!(bound.apply(VisitEvent::Renew).is_empty());
        // Whoever goes on to another team was there before this visit began.
        let mut again = Visit::new(Home::Teams, Home::Attract);
        assert!(again.apply(VisitEvent::Renew).is_empty());
    }

    fn any_event() -> impl Strategy<Value = VisitEvent> {
        prop::sample::select(vec![
            VisitEvent::Touched,
            VisitEvent::Start,
            skt(),
            VisitEvent::PickDemo("chat".to_owned()),
            VisitEvent::OpenChat,
            VisitEvent::OpenFeedback,
            VisitEvent::Back,
            VisitEvent::Submitted,
            VisitEvent::Skip,
            VisitEvent::StartOver,
            VisitEvent::Undo,
            VisitEvent::UndoOver,
            VisitEvent::Idle,
            VisitEvent::Finish,
            VisitEvent::Again,
            VisitEvent::StaffReset,
            VisitEvent::AssignHome(Home::Team("upstage".to_owned())),
            VisitEvent::Renew,
        ])
    }

    proptest! {
        #[test]
        fn a_started_visit_is_recorded_exactly_once(events in prop::collection::vec(any_event(), 0..40)) {
            let mut visit = visit();
            let mut recorded = 0;
            for event in events {
                let was_started = visit.is_started();
                let effects = visit.apply(event);
                recorded += effects.iter().filter(|e| matches!(e, VisitEffect::Record(_))).count();
                if effects.iter().any(|e| matches!(e, VisitEffect::End(_))) {
                    prop_assert!(recorded == 1 || !was_started);
                    break;
                }
            }
            prop_assert!(recorded <= 1);
        }
    }
}

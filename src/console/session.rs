//! Who is signed in on this browser, and what that role may see.
//!
//! Owns: the answer of the last sign-in. Must not own: permission; the server decides, and this
//! only keeps pages out of sight that would be refused.

use kiosk_wire::console::WhoAmI;
use leptos::prelude::*;

/// What a person is, each may do all that the one before may; a team stands apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    Staff,
    Lead,
    Organiser,
    /// Somebody of the team with this id.
    Team(String),
}

impl Role {
    /// The role of this code; a role of a newer server may do what staff may.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "lead" => Self::Lead,
            "organiser" => Self::Organiser,
            _ => match code.strip_prefix("team:") {
                Some(team) => Self::Team(team.to_owned()),
                None => Self::Staff,
            },
        }
    }

    /// Whether it may see what `least` may see.
    #[must_use]
    pub fn may(&self, least: Least) -> bool {
        let rank = match self {
            Self::Team(_) => return false,
            Self::Staff => Least::Staff,
            Self::Lead => Least::Lead,
            Self::Organiser => Least::Organiser,
        };
        rank >= least
    }
}

/// The least role that a page asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Least {
    Staff,
    Lead,
    Organiser,
}

/// Whether somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedIn {
    /// The server was not asked yet.
    Unknown,
    Nobody,
    Somebody(WhoAmI),
}

/// Who is signed in, for everything in the console.
#[derive(Clone, Copy)]
pub struct Session {
    now: RwSignal<SignedIn>,
    /// Whether the last sign-in ended by itself.
    has_lapsed: RwSignal<bool>,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            now: RwSignal::new(SignedIn::Unknown),
            has_lapsed: RwSignal::new(false),
        }
    }
}

impl Session {
    /// Whether somebody is signed in; tracked.
    #[must_use]
    pub fn get(self) -> SignedIn {
        self.now.get()
    }

    /// The one who is signed in; tracked.
    #[must_use]
    pub fn who(self) -> Option<WhoAmI> {
        match self.now.get() {
            SignedIn::Somebody(who) => Some(who),
            SignedIn::Unknown | SignedIn::Nobody => None,
        }
    }

    /// The role of the one who is signed in; tracked.
    #[must_use]
    pub fn role(self) -> Option<Role> {
        self.who().map(|who| Role::from_code(&who.role))
    }

    /// Whether the one who is signed in may see this; tracked.
    #[must_use]
    pub fn may(self, least: Least) -> bool {
        self.role().is_some_and(|role| role.may(least))
    }

    pub fn begin(self, who: WhoAmI) {
        self.has_lapsed.set(false);
        self.now.set(SignedIn::Somebody(who));
    }

    /// Whether the last sign-in ended without anybody signing out; tracked.
    #[must_use]
    pub fn has_lapsed(self) -> bool {
        self.has_lapsed.get()
    }

    /// The server knows nobody here: a sign-in has ended, if there was one.
    pub fn lapse(self) {
        let was = |now: &SignedIn| matches!(now, SignedIn::Somebody(_));
        if self.now.with_untracked(was) {
            self.has_lapsed.set(true);
        }
        self.end();
    }

    /// Nobody is signed in from now on.
    pub fn end(self) {
        if self.now.with_untracked(|now| *now != SignedIn::Nobody) {
            self.now.set(SignedIn::Nobody);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_the_one_before_may() {
        let lead = Role::from_code("lead");
        assert!(lead.may(Least::Staff) && lead.may(Least::Lead) && !lead.may(Least::Organiser));
        assert!(Role::from_code("organiser").may(Least::Organiser));
        assert!(!Role::from_code("staff").may(Least::Lead));
    }

    #[test]
    fn only_a_sign_in_that_was_there_lapses() {
        let session = Session::default();
        session.lapse();
        assert!(!session.has_lapsed.get_untracked());
        session.begin(WhoAmI {
            role: "staff".to_owned(),
            name: "first".to_owned(),
            expires_at: String::new(),
        });
        session.lapse();
        session.lapse();
        assert!(session.has_lapsed.get_untracked());
        assert_eq!(session.now.get_untracked(), SignedIn::Nobody);
    }

    #[test]
    fn a_team_sees_none_of_the_pages() {
        let team = Role::from_code("team:skt");
        assert_eq!(team, Role::Team("skt".to_owned()));
        assert!(!team.may(Least::Staff));
    }
}

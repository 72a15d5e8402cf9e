//! What a figure has to reach, and whether it did. Smaller is better, unless a budget says otherwise.

use serde::Serialize;

/// What is held against the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Judged {
    Value,
    /// Over the peer's value.
    Ratio,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Budget {
    pub(crate) judged: Judged,
    /// None where only the goal is set.
    pub(crate) must: Option<f64>,
    pub(crate) goal: f64,
    /// Whether the limits are the least, not the most, that will do.
    pub(crate) at_least: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    MetGoal,
    MetMust,
    /// The goal, where nothing else is set.
    MissedGoal,
    Missed,
    /// What was taken is a lower bound, and within the limits.
    Open,
}

impl Verdict {
    pub(crate) const ALL: [Self; 5] = [
        Self::MetGoal,
        Self::MetMust,
        Self::MissedGoal,
        Self::Missed,
        Self::Open,
    ];

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::MetGoal => "met goal",
            Self::MetMust => "met must",
            Self::MissedGoal => "missed goal",
            Self::Missed => "MISSED",
            Self::Open => "not judged",
        }
    }

    /// Of a value that may be larger than what was taken.
    pub(crate) fn of_lower_bound(self) -> Self {
        match self {
            Self::MetGoal | Self::MetMust => Self::Open,
            missed => missed,
        }
    }
}

impl Budget {
    pub(crate) fn value(must: f64, goal: f64) -> Self {
        Self {
            judged: Judged::Value,
            must: Some(must),
            goal,
            at_least: false,
        }
    }

    /// A limit without a goal beyond it.
    pub(crate) fn most(must: f64) -> Self {
        Self::value(must, must)
    }

    /// The least that will do.
    pub(crate) fn least(must: f64) -> Self {
        Self {
            at_least: true,
            ..Self::most(must)
        }
    }

    /// A limit of the ratio.
    pub(crate) fn most_of_peer(must: f64) -> Self {
        Self::ratio(must, must)
    }

    /// The least ratio that will do.
    pub(crate) fn least_of_peer(must: f64) -> Self {
        Self {
            at_least: true,
            ..Self::most_of_peer(must)
        }
    }

    pub(crate) fn ratio(must: f64, goal: f64) -> Self {
        Self {
            judged: Judged::Ratio,
            ..Self::value(must, goal)
        }
    }

    /// A goal for the ratio, without a must.
    pub(crate) fn goal_ratio(goal: f64) -> Self {
        Self {
            must: None,
            ..Self::ratio(goal, goal)
        }
    }

    /// The goal, if it is beyond what must be reached.
    pub(crate) fn own_goal(&self) -> Option<f64> {
        let is_must = self
            .must
            .is_some_and(|must| must.total_cmp(&self.goal).is_eq());
        (!is_must).then_some(self.goal)
    }

    pub(crate) fn verdict(&self, taken: f64) -> Verdict {
        let is_within = |limit: f64| {
            if self.at_least {
                taken >= limit
            } else {
                taken <= limit
            }
        };
        if is_within(self.goal) {
            return match self.own_goal() {
                Some(_) => Verdict::MetGoal,
                None => Verdict::MetMust,
            };
        }
        match self.must {
            None => Verdict::MissedGoal,
            Some(must) if is_within(must) => Verdict::MetMust,
            Some(_) => Verdict::Missed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_met_when_it_is_reached_exactly() {
        let budget = Budget::value(100.0, 50.0);
        assert_eq!(budget.verdict(50.0), Verdict::MetGoal);
        assert_eq!(budget.verdict(50.1), Verdict::MetMust);
        assert_eq!(budget.verdict(100.0), Verdict::MetMust);
        assert_eq!(budget.verdict(100.1), Verdict::Missed);
    }

    #[test]
    fn some_limits_are_the_least_that_will_do() {
        let budget = Budget::least(50.0);
        assert_eq!(budget.verdict(50.0), Verdict::MetMust);
        assert_eq!(budget.verdict(49.9), Verdict::Missed);
        assert_eq!(Budget::most(50.0).verdict(50.0), Verdict::MetMust);
        assert_eq!(Budget::most(50.0).verdict(50.1), Verdict::Missed);
        assert_eq!(Budget::least_of_peer(10.0).judged, Judged::Ratio);
    }

    #[test]
    fn a_lower_bound_can_miss_but_not_meet() {
        assert_eq!(Verdict::MetGoal.of_lower_bound(), Verdict::Open);
        assert_eq!(Verdict::MetMust.of_lower_bound(), Verdict::Open);
        assert_eq!(Verdict::Missed.of_lower_bound(), Verdict::Missed);
    }

    #[test]
    fn a_goal_alone_cannot_be_a_must() {
        assert_eq!(Budget::goal_ratio(1.3).verdict(1.3), Verdict::MetGoal);
        assert_eq!(Budget::goal_ratio(1.3).verdict(9.0), Verdict::MissedGoal);
    }
}

//! What a figure has to reach, and whether it did. Smaller is better everywhere.

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
            judged: Judged::Ratio,
            must: None,
            goal,
        }
    }

    pub(crate) fn verdict(&self, taken: f64) -> Verdict {
        if taken <= self.goal {
            return Verdict::MetGoal;
        }
        match self.must {
            None => Verdict::MissedGoal,
            Some(must) if taken <= must => Verdict::MetMust,
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

//! Every series with its name.
//!
//! Owns: names and labels. Names follow `OpenTelemetry`'s conventions for generative AI where it has one,
//! as Prometheus writes them, and begin with `booth_` where it has none.
//! Must not own: counting.
//! Invariant: names stand here and nowhere else.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::text::Text;
use super::{Answers, Histogram, Metrics, Service, Team};
use crate::llm::setup::{self, Backend, Backends};

/// One service in the list of those who answer for a team.
pub(super) struct Place<'a> {
    pub(super) team: &'a str,
    /// 0 is the team's own, 1 the first that stands in for it.
    number: usize,
    pub(super) service: &'a setup::Service,
}

/// Every place of every team.
pub(super) fn places(backends: &BTreeMap<String, Backends>) -> impl Iterator<Item = Place<'_>> {
    backends.iter().flat_map(|(team, backends)| {
        backends
            .iter()
            .enumerate()
            .filter_map(move |(number, backend)| match backend {
                Backend::Service(service) => Some(Place {
                    team,
                    number,
                    service,
                }),
                Backend::Guide => None,
            })
    })
}

/// What is looked up at the moment of reading.
pub(in crate::llm) struct Now<'a> {
    /// Who answers, with their lines.
    pub(in crate::llm) backends: &'a BTreeMap<String, Backends>,
    /// What each team's models have used today; empty where that cannot be read.
    pub(in crate::llm) tokens: BTreeMap<&'a str, u64>,
    /// What they may use in a day.
    pub(in crate::llm) tokens_per_day: u64,
}

impl Metrics {
    /// Everything, as Prometheus reads it.
    pub(in crate::llm) fn text(&self, now: &Now<'_>) -> String {
        let mut text = Text::default();
        self.write_services(&mut text);
        self.write_answers(&mut text);
        self.write_booth(&mut text);
        write_now(&mut text, now);
        text.finish()
    }

    /// The side towards the teams' services.
    fn write_services(&self, text: &mut Text) {
        let name = "gen_ai_client_inference_duration_seconds";
        let help = "How long a service was asked, further tries included.";
        text.family(name, "histogram", help);
        for ((team, model), service) in &self.services {
            let labels = inference(team, model);
            text.histogram(name, &labels, &service.answered);
            for (code, histogram) in &service.failed.of {
                let labels: Vec<_> = labels
                    .into_iter()
                    .chain([("error_type", &**code)])
                    .collect();
                text.histogram(name, &labels, histogram);
            }
        }
        let name = "gen_ai_client_inference_time_to_first_chunk_seconds";
        let help = "From asking a service to its first token.";
        text.family(name, "histogram", help);
        for ((team, model), service) in &self.services {
            text.histogram(name, &inference(team, model), &service.first_chunk);
        }
        let input: fn(&Service) -> &AtomicU64 = |service| &service.input_tokens;
        let output: fn(&Service) -> &AtomicU64 = |service| &service.output_tokens;
        for (kind, help, tokens) in [
            (
                "input",
                "Tokens read, estimated where a service does not tell.",
                input,
            ),
            (
                "output",
                "Tokens written, estimated where a service does not tell.",
                output,
            ),
        ] {
            let name = format!("gen_ai_client_inference_usage_{kind}_tokens_total");
            text.family(&name, "counter", help);
            for ((team, model), service) in &self.services {
                text.sample(
                    &name,
                    &inference(team, model),
                    tokens(service).load(Relaxed),
                );
            }
        }
    }

    /// The side towards visitors.
    fn write_answers(&self, text: &mut Text) {
        let duration: fn(&Answers) -> &Histogram = |answers| &answers.duration;
        let first_token: fn(&Answers) -> &Histogram = |answers| &answers.first_token;
        for (what, help, histogram) in [
            (
                "request_duration",
                "From a question to the end of its answer, the line included.",
                duration,
            ),
            (
                "time_to_first_token",
                "From a question to the first token of its answer, the line included.",
                first_token,
            ),
        ] {
            let name = format!("gen_ai_server_{what}_seconds");
            text.family(&name, "histogram", help);
            for (id, team) in &self.teams {
                for (served_by, answers) in team.answers() {
                    let labels = [OPERATION, ("team", id), ("served_by", served_by)];
                    text.histogram(&name, &labels, histogram(answers));
                }
            }
        }
        let name = "gen_ai_server_time_per_output_token_seconds";
        let help = "Time of a token after the first, in whole answers of models.";
        text.family(name, "histogram", help);
        for (id, team) in &self.teams {
            text.histogram(name, &[OPERATION, ("team", id)], &team.token_time);
        }
    }

    fn write_booth(&self, text: &mut Text) {
        let name = "booth_requests_total";
        let help = "Answers that are over, by how they ended and who gave them.";
        text.family(name, "counter", help);
        for (id, team) in &self.teams {
            for (served_by, answers) in team.answers() {
                for (outcome, count) in answers.outcomes() {
                    let labels = [
                        ("team", &**id),
                        ("outcome", outcome),
                        ("served_by", served_by),
                    ];
                    text.sample(name, &labels, count.load(Relaxed));
                }
            }
        }
        let name = "booth_refusals_total";
        let help = "Questions refused before anybody was to answer, by code.";
        text.family(name, "counter", help);
        for (code, count) in &self.refusals.of {
            text.sample(name, &[("code", code)], count.load(Relaxed));
        }
        let name = "booth_moderation_total";
        let help = "Texts put to the moderation service, by what it said; failed: nothing in time.";
        text.family(name, "counter", help);
        for (outcome, count) in [
            ("passed", &self.judged.passed),
            ("flagged", &self.judged.flagged),
            ("failed", &self.judged.failed),
        ] {
            text.sample(name, &[("outcome", outcome)], count.load(Relaxed));
        }
        let name = "booth_line_wait_seconds";
        let help = "How long those waited in line whom a model answered.";
        text.family(name, "histogram", help);
        for (id, team) in &self.teams {
            text.histogram(name, &[("team", id)], &team.line_wait);
        }
    }
}

const OPERATION: (&str, &str) = ("gen_ai_operation_name", "chat");

/// The labels of what is asked of a service. The provider is the dialect that is spoken; who it really
/// is, the team says.
fn inference<'a>(team: &'a str, model: &'a str) -> [(&'static str, &'a str); 4] {
    [
        OPERATION,
        ("gen_ai_provider_name", "openai"),
        ("gen_ai_request_model", model),
        ("team", team),
    ]
}

impl Team {
    fn answers(&self) -> [(&'static str, &Answers); 3] {
        [
            ("model", &self.by_model),
            ("guide", &self.by_guide),
            ("none", &self.by_nobody),
        ]
    }
}

impl Answers {
    fn outcomes(&self) -> impl Iterator<Item = (&str, &AtomicU64)> {
        let failed = self.failed.of.iter().map(|(code, count)| (&**code, count));
        [("ok", &self.ok), ("gone", &self.gone)]
            .into_iter()
            .chain(failed)
    }
}

/// What is so now, rather than counted.
fn write_now(text: &mut Text, now: &Now<'_>) {
    let waiting: fn(&setup::Service) -> u32 = |service| service.line.waiting().0;
    let answering: fn(&setup::Service) -> u32 = |service| service.line.answering();
    let breaker: fn(&setup::Service) -> u32 = |service| service.breaker.number();
    for (what, help, count) in [
        ("line_waiting", "People in the line of a service.", waiting),
        ("line_answering", "Answers a service is giving.", answering),
        (
            "breaker_state",
            "Whether a service is asked (0), spared (1), or tried by one question (2).",
            breaker,
        ),
    ] {
        let name = format!("booth_{what}");
        text.family(&name, "gauge", help);
        for place in places(now.backends) {
            let labels = [("team", place.team), ("place", &*place.number.to_string())];
            text.sample(&name, &labels, count(place.service));
        }
    }
    let name = "booth_tokens_today";
    let help = "Tokens the team's models have used in the event's day.";
    text.family(name, "gauge", help);
    for (team, tokens) in &now.tokens {
        text.sample(name, &[("team", team)], tokens);
    }
    let name = "booth_tokens_per_day";
    let help = "Tokens a team's models may use in a day; 0 is no limit.";
    text.family(name, "gauge", help);
    text.sample(name, &[], now.tokens_per_day);
}

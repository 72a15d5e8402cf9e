//! Every call under `/api` and `/v1`.

use kiosk_wire::{
    chat::{ChatRequest, Chunk, Completion, DONE, ModelInfo, ModelList},
    command::{Command, CommandAccepted, CommandRequest},
    console::{
        AuditPage, FeedbackPage, Fleet, PairingCode, People, PersonEntry, PersonMade,
        Reconciliation, Retention, SignIn, Summary, TeamList, TeamStateRequest, WhoAmI,
    },
    device::{Heartbeat, HeartbeatAnswer, Ping, RegisterDevice, RegisteredDevice},
    error::OpenAiError,
    event::{Event, Language, TEAM_FORMAT},
    feedback::{Batch, Kind, Receipts},
    id::UUID_PATTERN,
    paths,
    rescue::RescueFile,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::{Answer, Operation, Parameter, Shape, Who, shape};

fn call(method: &'static str, path: impl Into<String>, summary: &'static str) -> Operation {
    Operation {
        method,
        path: path.into(),
        summary,
        who: Who::Person,
        query: Vec::new(),
        body: None,
        answers: Vec::new(),
    }
}

impl Operation {
    fn by(mut self, who: Who) -> Self {
        self.who = who;
        self
    }

    fn asks(mut self, name: &'static str, shape: Shape) -> Self {
        self.query.push(Parameter {
            name,
            shape,
            required: false,
        });
        self
    }

    fn must_ask(mut self, name: &'static str, shape: Shape) -> Self {
        self = self.asks(name, shape);
        if let Some(last) = self.query.last_mut() {
            last.required = true;
        }
        self
    }

    /// What narrows lists and downloads.
    fn filtered(self) -> Self {
        self.asks("team", team)
            .asks("kind", optional::<Kind>)
            .asks("rating_min", rating)
            .asks("rating_max", rating)
            .asks("language", optional::<Language>)
            .asks("device", uuid)
            .asks("from", time)
            .asks("to", time)
            .asks("q", text)
    }

    fn paged(self) -> Self {
        self.asks("limit", limit).asks("cursor", cursor)
    }

    fn takes(mut self, body: Shape) -> Self {
        self.body = Some(body);
        self
    }

    fn gives(mut self, status: u16, answer: Answer) -> Self {
        self.answers.push((status, answer));
        self
    }
}

/// What is left empty counts as absent: a form sends every field it has.
fn or_empty(schema: &Schema) -> Schema {
    json_schema!({"anyOf": [schema, {"type": "string", "maxLength": 0}]})
}

fn text(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string"})
}

fn team(_: &mut SchemaGenerator) -> Schema {
    or_empty(&json_schema!({"type": "string", "format": TEAM_FORMAT}))
}

fn optional<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    or_empty(&shape::<T>(generator))
}

fn uuid(_: &mut SchemaGenerator) -> Schema {
    or_empty(&json_schema!({"type": "string", "pattern": UUID_PATTERN}))
}

fn time(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "description": "A day, or an RFC 3339 time.",
        "anyOf": [{"format": "date"}, {"format": "date-time"}, {"maxLength": 0}]})
}

fn rating(_: &mut SchemaGenerator) -> Schema {
    or_empty(&json_schema!({"type": "integer", "minimum": 1, "maximum": 5}))
}

fn limit(_: &mut SchemaGenerator) -> Schema {
    or_empty(&json_schema!({"type": "integer", "minimum": 1, "maximum": 500, "default": 100}))
}

fn cursor(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "pattern": "^[0-9]{0,18}$", "description": "A `next_cursor` as answered."})
}

fn flag(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "enum": ["true", "false", ""]})
}

fn format(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "enum": ["csv", "xlsx", "jsonl"]})
}

/// What an answer's events carry before the last one.
fn chunk_or_error(generator: &mut SchemaGenerator) -> Schema {
    let (chunk, error) = (shape::<Chunk>(generator), shape::<OpenAiError>(generator));
    json_schema!({"anyOf": [chunk, error]})
}

/// Every operation, in the contract's order.
pub(super) fn all() -> Vec<Operation> {
    [
        chat(),
        tablets(),
        people(),
        fleet(),
        feedback(),
        downloads(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn chat() -> Vec<Operation> {
    use Answer::{Events, Json, Nothing};
    vec![
        call("get", paths::MODELS, "The teams that are open.")
            .by(Who::Tablet)
            .gives(200, Json(shape::<ModelList>)),
        call("get", paths::model("{id}"), "One team that is open.")
            .by(Who::Tablet)
            .gives(200, Json(shape::<ModelInfo>)),
        call(
            "post",
            paths::CHAT,
            "Chat, streamed or whole. A stream's data are chunks and `[DONE]`.",
        )
        .by(Who::Tablet)
        .takes(shape::<ChatRequest>)
        .gives(200, Json(shape::<Completion>))
        .gives(200, Events(chunk_or_error, Some(DONE))),
        call(
            "post",
            paths::cancel("{request_id}"),
            "Cancels an answer of this tablet.",
        )
        .by(Who::Tablet)
        .gives(204, Nothing),
    ]
}

fn tablets() -> Vec<Operation> {
    use Answer::{Events, Json, Nothing};
    vec![
        call("get", paths::PING, "Whether this is the booth's server.")
            .by(Who::Anyone)
            .gives(200, Json(shape::<Ping>)),
        call("get", paths::EVENT, "The event as content.")
            .by(Who::Anyone)
            .gives(200, Json(shape::<Event>))
            .gives(304, Nothing),
        call(
            "post",
            paths::DEVICES,
            "Registers a tablet, with a pairing code or from loopback.",
        )
        .by(Who::Anyone)
        .takes(shape::<RegisterDevice>)
        .gives(201, Json(shape::<RegisteredDevice>)),
        call("post", paths::HEARTBEAT, "A tablet's sign of life.")
            .by(Who::Tablet)
            .takes(shape::<Heartbeat>)
            .gives(200, Json(shape::<HeartbeatAnswer>)),
        call(
            "get",
            paths::COMMANDS,
            "The tablet's commands, as they are given.",
        )
        .by(Who::Tablet)
        .gives(200, Events(shape::<Command>, None)),
        call(
            "post",
            paths::FEEDBACK,
            "Takes entries in, each with a receipt.",
        )
        .by(Who::Tablet)
        .takes(shape::<Batch>)
        .gives(200, Json(shape::<Receipts>)),
    ]
}

fn people() -> Vec<Operation> {
    use Answer::{Json, Nothing};
    vec![
        call("post", paths::SESSION, "Signs in.")
            .by(Who::Anyone)
            .takes(shape::<SignIn>)
            .gives(200, Json(shape::<WhoAmI>)),
        call("get", paths::SESSION, "Who is signed in.").gives(200, Json(shape::<WhoAmI>)),
        call("delete", paths::SESSION, "Signs out.")
            .by(Who::Anyone)
            .gives(204, Nothing),
        call("get", paths::PEOPLE, "Everybody with access.").gives(200, Json(shape::<People>)),
        call("post", paths::PEOPLE, "Gives somebody access.")
            .takes(shape::<PersonEntry>)
            .gives(201, Json(shape::<PersonMade>)),
        call("delete", paths::person("{name}"), "Takes access away.").gives(204, Nothing),
        call("get", paths::AUDIT, "What was done by whom.")
            .paged()
            .gives(200, Json(shape::<AuditPage>)),
    ]
}

fn fleet() -> Vec<Operation> {
    use Answer::{Json, Nothing};
    vec![
        call("get", paths::DEVICES, "The fleet.").gives(200, Json(shape::<Fleet>)),
        call(
            "post",
            paths::device_commands("{id}"),
            "A command for a tablet, or for `all`.",
        )
        .takes(shape::<CommandRequest>)
        .gives(202, Json(shape::<CommandAccepted>)),
        call(
            "delete",
            paths::device("{id}"),
            "Takes a tablet's token away.",
        )
        .gives(204, Nothing),
        call("post", paths::PAIRING_CODES, "A code for a new tablet.")
            .gives(201, Json(shape::<PairingCode>)),
        call("get", paths::TEAMS, "How every team is doing.").gives(200, Json(shape::<TeamList>)),
        call("post", paths::team_state("{id}"), "Opens or closes a team.")
            .takes(shape::<TeamStateRequest>)
            .gives(204, Nothing),
    ]
}

fn feedback() -> Vec<Operation> {
    use Answer::{Json, Nothing};
    vec![
        call("get", paths::FEEDBACK, "Entries, the newest first.")
            .filtered()
            .paged()
            .gives(200, Json(shape::<FeedbackPage>)),
        call(
            "get",
            paths::SUMMARY,
            "Counts and distributions, without a ranking.",
        )
        .filtered()
        .gives(200, Json(shape::<Summary>)),
        call(
            "get",
            paths::RECONCILIATION,
            "What was announced and what arrived.",
        )
        .gives(200, Json(shape::<Reconciliation>)),
        call(
            "get",
            paths::RETENTION,
            "What is going to be erased after its time.",
        )
        .gives(200, Json(shape::<Retention>)),
        call("post", paths::IMPORT, "Takes a tablet's rescue file in.")
            .takes(shape::<RescueFile>)
            .gives(200, Json(shape::<Receipts>)),
        call("delete", paths::erase("{receipt}"), "Erases a visit.")
            .asks("remember", flag)
            .gives(202, Nothing)
            .gives(204, Nothing),
    ]
}

fn downloads() -> Vec<Operation> {
    use Answer::{Json, Other};
    vec![
        call("get", paths::EXPORT, "Entries as a file.")
            .must_ask("format", format)
            .filtered()
            .gives(200, Other("text/csv"))
            .gives(200, Other("application/x-ndjson"))
            .gives(
                200,
                Other("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ),
        call(
            "get",
            paths::DICTIONARY,
            "What each column of a file means.",
        )
        .gives(200, Json(shape::<Value>)),
        call(
            "get",
            paths::PACK,
            "Everything in one ZIP, or what is one team's.",
        )
        .asks("team", team)
        .gives(200, Other("application/zip")),
    ]
}

//! The interface as an `OpenAPI` 3.1 document, made from the types that travel.
//!
//! Owns: how operations become a document.
//! Must not own: what an operation does.
//! Invariant: shapes come from `wire`, paths from its constants; a test holds the list against every
//! endpoint there is.

mod operations;

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use kiosk_wire::error::{OpenAiError, Problem};
use kiosk_wire::event::TEAM_FORMAT;

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Anyone,
    Tablet,
    Person,
}

/// A JSON shape, once a generator is there.
type Shape = fn(&mut SchemaGenerator) -> Schema;

/// What comes back with success.
enum Answer {
    /// Nothing but a status.
    Nothing,
    Json(Shape),
    /// An event stream, by what the data of an event are: JSON of this shape, or a last word.
    Events(Shape, Option<&'static str>),
    /// Something else, by its media type.
    Other(&'static str),
}

/// A parameter of the query string.
struct Parameter {
    name: &'static str,
    shape: Shape,
    required: bool,
}

/// One call.
struct Operation {
    method: &'static str,
    path: String,
    summary: &'static str,
    who: Who,
    query: Vec<Parameter>,
    body: Option<Shape>,
    answers: Vec<(u16, Answer)>,
}

/// What any call under `/api` may be answered besides, and under `/v1`.
const REFUSALS: [u16; 11] = [400, 401, 403, 404, 405, 413, 415, 421, 429, 500, 503];
const CHAT_REFUSALS: [u16; 13] = [
    400, 401, 403, 404, 405, 409, 413, 421, 429, 500, 502, 503, 504,
];

fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// The document of an event with these teams.
pub fn document(teams: &[&str]) -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations::all() {
        let described = described(&operation, &mut generator);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method] = described;
    }
    let (problem, error) = (
        shape::<Problem>(&mut generator),
        shape::<OpenAiError>(&mut generator),
    );
    let refusal = |kind: &str, schema: Schema| json!({"description": "Why not.", "content": {kind: {"schema": schema}}});
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "AI booth kiosk",
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "responses": {
                "Problem": refusal("application/problem+json", problem),
                "Error": refusal("application/json", error),
            },
            "securitySchemes": {
                "tablet": {"type": "http", "scheme": "bearer"},
                "person": {"type": "apiKey", "in": "cookie", "name": crate::auth::people::COOKIE},
            },
        },
    });
    name_teams(&mut document, teams);
    document
}

/// Puts the event's teams where a team is asked for.
fn name_teams(value: &mut Value, teams: &[&str]) {
    match value {
        Value::Object(fields) => {
            if fields
                .get("format")
                .is_some_and(|format| format == TEAM_FORMAT)
            {
                fields.remove("format");
                fields.insert("enum".to_owned(), json!(teams));
            }
            fields
                .values_mut()
                .for_each(|field| name_teams(field, teams));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| name_teams(item, teams)),
        _ => {}
    }
}

fn described(operation: &Operation, generator: &mut SchemaGenerator) -> Value {
    let mut described = json!({
        "summary": operation.summary,
        "operationId": operation_id(operation),
        "parameters": parameters(operation, generator),
        "responses": responses(operation, generator),
        "security": match operation.who {
            Who::Anyone => json!([]),
            Who::Tablet => json!([{"tablet": []}]),
            Who::Person => json!([{"person": []}]),
        },
    });
    if let Some(body) = operation.body {
        let content = json!({"application/json": {"schema": body(generator)}});
        described["requestBody"] = json!({"required": true, "content": content});
    }
    described
}

/// `get_api_feedback_export`: method and path, without what stands for a name.
fn operation_id(operation: &Operation) -> String {
    let parts = operation.path.split('/').filter(|part| !part.is_empty());
    let parts = parts.map(|part| part.trim_matches(['{', '}']).replace(['-', '.'], "_"));
    let parts: Vec<String> = std::iter::once(operation.method.to_owned())
        .chain(parts)
        .collect();
    parts.join("_")
}

fn parameters(operation: &Operation, generator: &mut SchemaGenerator) -> Vec<Value> {
    let names = operation.path.split(['{', '}']).skip(1).step_by(2);
    let in_path = names.map(|name| {
        let schema = if name == "receipt" {
            // As it is shown; what people make of it is understood, too.
            json!({"type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$"})
        } else {
            json!({"type": "string", "minLength": 1})
        };
        json!({"name": name, "in": "path", "required": true, "schema": schema})
    });
    let mut parameters: Vec<Value> = in_path.collect();
    for parameter in &operation.query {
        parameters.push(json!({
            "name": parameter.name, "in": "query", "required": parameter.required,
            "schema": (parameter.shape)(generator),
        }));
    }
    parameters
}

fn responses(operation: &Operation, generator: &mut SchemaGenerator) -> Value {
    let is_chat = operation.path.starts_with("/v1");
    let (refusals, refusal) = if is_chat {
        (&CHAT_REFUSALS[..], "#/components/responses/Error")
    } else {
        (&REFUSALS[..], "#/components/responses/Problem")
    };
    let refused = refusals.iter();
    let mut responses: Map<String, Value> = refused
        .map(|status| (status.to_string(), json!({"$ref": refusal})))
        .collect();
    let mut by_status: Map<String, Value> = Map::new();
    for (status, answer) in &operation.answers {
        let told = by_status
            .entry(status.to_string())
            .or_insert_with(|| json!({"description": "Done."}));
        match answer {
            Answer::Nothing => {}
            Answer::Json(shape) => {
                told["content"]["application/json"] = json!({"schema": shape(generator)});
            }
            Answer::Events(shape, last) => {
                let schema = event(&shape(generator), *last);
                told["content"]["text/event-stream"] = json!({"schema": schema});
            }
            Answer::Other(kind) => told["content"][*kind] = json!({"schema": {"type": "string"}}),
        }
    }
    responses.extend(by_status);
    Value::Object(responses)
}

/// One event of a stream: before `OpenAPI` 3.2 nothing can tell of a stream as a whole.
fn event(data: &Schema, last: Option<&str>) -> Value {
    let json = json!({"contentMediaType": "application/json", "contentSchema": data});
    let data = match last {
        Some(last) => json!({"type": "string", "anyOf": [{"const": last}, json]}),
        None => json!({"type": "string", "allOf": [json]}),
    };
    json!({
        "type": "object",
        "description": "Each event of the stream.",
        "properties": {"data": data},
        "required": ["data"],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every `$ref` leads somewhere, and every operation has a name of its own.
    #[test]
    fn the_document_holds_together() {
        let document = document(&["skt", "upstage"]);
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1) {
            let (pointer, _) = reference.split_once('"').unwrap();
            assert!(
                document.pointer(pointer).is_some(),
                "{pointer} leads nowhere"
            );
        }
        let mut ids: Vec<String> = operations::all().iter().map(operation_id).collect();
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
        assert!(document["components"]["schemas"]["Entry"]["properties"]["visit_id"].is_object());
    }

    #[test]
    fn names_in_a_path_are_parameters() {
        let document = document(&["skt", "upstage"]);
        let erase = &document["paths"]["/api/feedback/{receipt}"]["delete"];
        assert_eq!(erase["parameters"][0]["name"], "receipt");
        assert_eq!(erase["parameters"][1]["in"], "query");
        assert_eq!(erase["operationId"], "delete_api_feedback_receipt");
    }

    #[test]
    fn the_teams_are_those_of_the_event() {
        let document = document(&["skt", "upstage"]);
        let pack = &document["paths"]["/api/feedback/pack"]["get"]["parameters"][0];
        assert_eq!(
            pack["schema"]["anyOf"][0]["enum"],
            json!(["skt", "upstage"])
        );
        let model = &document["components"]["schemas"]["ChatRequest"]["properties"]["model"];
        assert_eq!(model["enum"], json!(["skt", "upstage"]));
    }
}

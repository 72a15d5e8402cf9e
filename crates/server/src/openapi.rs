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

/// The document.
pub fn document() -> Value {
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
    json!({
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
    })
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
        json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}})
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
            Answer::Other(kind) => told["content"][*kind] = json!({"schema": {"type": "string"}}),
        }
    }
    responses.extend(by_status);
    Value::Object(responses)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every `$ref` leads somewhere, and every operation has a name of its own.
    #[test]
    fn the_document_holds_together() {
        let document = document();
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
        let document = document();
        let erase = &document["paths"]["/api/feedback/{receipt}"]["delete"];
        assert_eq!(erase["parameters"][0]["name"], "receipt");
        assert_eq!(erase["parameters"][1]["in"], "query");
        assert_eq!(erase["operationId"], "delete_api_feedback_receipt");
    }
}

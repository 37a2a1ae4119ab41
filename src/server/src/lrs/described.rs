//! What is described of xAPI's resources, for the document of the API.

use serde_json::json;
use utoipa::openapi::{
    Content, HttpMethod, Paths, Ref, Required, Response, ResponseBuilder,
    path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
    request_body::RequestBodyBuilder,
    schema::{ObjectBuilder, Type},
    security::SecurityRequirement,
};

use super::{PREFIXES, RESOURCES, Resource};

/// What can be done with a resource: the method, what it is, and its parameters, of which those with a
/// `!` must be given.
type Call = (HttpMethod, &'static str, &'static [&'static str]);

fn calls(resource: Resource) -> Vec<Call> {
    use HttpMethod::{Delete, Get, Post, Put};
    let documents = |found: &'static [&'static str], one: &'static [&'static str]| {
        vec![
            (Get, "Reads a document, or the names of all", found),
            (Put, "Stores a document", one),
            (
                Post,
                "Merges a JSON document into the one that is there",
                one,
            ),
            (Delete, "Deletes a document", one),
        ]
    };
    match resource {
        Resource::Statements => vec![
            (
                Get,
                "Finds statements",
                &[
                    "statementId",
                    "voidedStatementId",
                    "agent",
                    "verb",
                    "activity",
                    "registration",
                    "related_activities",
                    "related_agents",
                    "since",
                    "until",
                    "limit",
                    "format",
                    "attachments",
                    "ascending",
                ],
            ),
            (Put, "Stores a statement", &["statementId!"]),
            (Post, "Stores statements", &[]),
        ],
        Resource::State => documents(
            &["activityId!", "agent!", "registration", "stateId", "since"],
            &["activityId!", "agent!", "registration", "stateId!"],
        ),
        Resource::ActivityProfile => documents(
            &["activityId!", "profileId", "since"],
            &["activityId!", "profileId!"],
        ),
        Resource::AgentProfile => {
            documents(&["agent!", "profileId", "since"], &["agent!", "profileId!"])
        }
        Resource::Activities => vec![(Get, "Tells what is known of an activity", &["activityId!"])],
        Resource::Agents => vec![(Get, "Tells by which names somebody is known", &["agent!"])],
        Resource::About => vec![(Get, "Tells which versions are spoken", &[])],
    }
}

/// Adds xAPI's resources to what is described.
pub(crate) fn describe(paths: &mut Paths) {
    for (prefix, version) in PREFIXES {
        for (path, resource) in RESOURCES {
            let path = format!("{prefix}/{path}");
            for (method, summary, parameters) in calls(resource) {
                let is_public = resource == Resource::About;
                let mut operation = OperationBuilder::new()
                    .tag("xapi")
                    .operation_id(Some(id(&method, &path)))
                    .summary(Some(summary))
                    .response("200", success())
                    .response("204", success())
                    .response("304", success())
                    .response("4XX", failure())
                    .response("5XX", failure());
                for name in parameters {
                    operation = operation.parameter(parameter(name));
                }
                if !is_public {
                    let version = version.number();
                    let none: [String; 0] = [];
                    operation = operation
                        .parameter(version_header(version))
                        .security(SecurityRequirement::new("credential", none));
                }
                if matches!(method, HttpMethod::Put | HttpMethod::Post) {
                    let body = RequestBodyBuilder::new()
                        .content("application/json", Content::new(None::<Ref>))
                        .required(Some(Required::True));
                    operation = operation.request_body(Some(body.build()));
                }
                paths.add_path_operation(&path, vec![method], operation);
            }
        }
    }
}

/// A name for an operation that no other has.
pub(crate) fn id(method: &HttpMethod, path: &str) -> String {
    let method = match method {
        HttpMethod::Get => "get",
        HttpMethod::Put => "put",
        HttpMethod::Post => "post",
        HttpMethod::Delete => "delete",
        HttpMethod::Patch => "patch",
        _ => "other",
    };
    let words = path.split(|it: char| !it.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|it| !it.is_empty()).collect();
    format!("{method}-{}", words.join("-"))
}

fn parameter(name: &str) -> Parameter {
    let required = if name.ends_with('!') {
        Required::True
    } else {
        Required::False
    };
    let name = name.trim_end_matches('!');
    let kind = match name {
        "limit" => Type::Integer,
        "related_activities" | "related_agents" | "attachments" | "ascending" => Type::Boolean,
        _ => Type::String,
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(required)
        .schema(Some(ObjectBuilder::new().schema_type(kind)))
        .build()
}

fn version_header(version: &str) -> Parameter {
    ParameterBuilder::new()
        .name("X-Experience-API-Version")
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .example(Some(json!(version)))
        .build()
}

fn success() -> Response {
    ResponseBuilder::new().description("As xAPI says").build()
}

fn failure() -> Response {
    ResponseBuilder::new()
        .description("Why not, in a sentence")
        .build()
}

//! What is known of activities and agents, and of the record store itself.

use axum::{
    Json as AxumJson,
    http::{Method, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::json;
use xinghuo_wire::lrs::{Json, agent_parameter, identity, person};

use super::{access::Client, call::Call, refusal::Refusal, scope::Scope};

/// An activity with what is known of it.
pub(super) async fn activity(call: &Call) -> Result<Response, Refusal> {
    only_get(call)?;
    let parameters = call.parameters(&["activityId"])?;
    parameters.must("activityId")?;
    let id = parameters.iri("activityId")?.unwrap_or_default();
    let known = call
        .app
        .store
        .definitions(std::slice::from_ref(&id))
        .await?;
    let mut activity = Json::object([
        ("objectType", Json::text("Activity")),
        ("id", Json::text(&*id)),
    ]);
    if let (Some(definition), Some(members)) = (known.get(&id), activity.members_mut()) {
        members.set("definition", definition.clone());
    }
    Ok(shown(&activity))
}

/// The Person that an agent is.
pub(super) async fn agent(call: &Call, client: &Client) -> Result<Response, Refusal> {
    only_get(call)?;
    client.needs(&[Scope::StatementsRead, Scope::Profile])?;
    let parameters = call.parameters(&["agent"])?;
    let agent = agent_parameter("agent", parameters.must("agent")?)?;
    let who = identity(&agent).unwrap_or_default();
    let names = call.app.store.agent_names(&who).await?;
    Ok(shown(&person(&agent, names)))
}

/// What the record store is.
pub(super) fn about(call: &Call) -> Result<Response, Refusal> {
    only_get(call)?;
    let about = json!({
        "version": ["2.0.0", "1.0.3", "1.0.2", "1.0.1", "1.0.0"],
        "extensions": {
            "https://w3id.org/xinghuo/extensions/server": env!("CARGO_PKG_VERSION"),
        },
    });
    Ok(AxumJson(about).into_response())
}

fn only_get(call: &Call) -> Result<(), Refusal> {
    if call.method == Method::GET {
        Ok(())
    } else {
        Err(Refusal::no_method("GET, HEAD"))
    }
}

fn shown(json: &Json) -> Response {
    let kind = [(CONTENT_TYPE, "application/json")];
    (kind, json.to_string()).into_response()
}

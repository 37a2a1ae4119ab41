//! Statements that come in: one or many, all or none.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use uuid::Uuid;
use xinghuo_wire::lrs::{
    Submitted,
    multipart::{self, Part},
};

use super::{
    access::Client,
    attachments::{self, Attached},
    call::Call,
    refusal::Refusal,
    scope::Scope,
    store::{Batch, Kept},
};

/// Stores a statement under the id that the request names.
pub(super) async fn put(call: &Call, client: &Client) -> Result<Response, Refusal> {
    client.needs(&[Scope::StatementsWrite])?;
    let parameters = call.parameters(&["statementId"])?;
    parameters.must("statementId")?;
    let Some(id) = parameters.uuid("statementId")? else {
        return Err(Refusal::bad_request("statementId is missing"));
    };
    let (mut statements, attached) = received(call)?;
    let [statement] = statements.as_mut_slice() else {
        return Err(Refusal::bad_request(
            "a PUT brings exactly one statement; POST brings more",
        ));
    };
    match statement.id {
        Some(own) if own != id => {
            return Err(Refusal::bad_request(
                "/id: is not the id in the parameter statementId",
            ));
        }
        _ => statement.set_id(id),
    }
    stored(call, client, statements, attached).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Stores statements and answers their ids in the order in which they came.
pub(super) async fn post(call: &Call, client: &Client) -> Result<Response, Refusal> {
    client.needs(&[Scope::StatementsWrite])?;
    call.parameters(&[])?;
    let (mut statements, attached) = received(call)?;
    let mut seen = std::collections::BTreeSet::new();
    for statement in &mut statements {
        let id = statement.id.unwrap_or_else(Uuid::new_v4);
        if !seen.insert(id) {
            return Err(Refusal::bad_request(format!(
                "two statements of the batch have the id {id}"
            )));
        }
        statement.set_id(id);
    }
    let ids = stored(call, client, statements, attached).await?;
    let ids: Vec<_> = ids.iter().map(Uuid::to_string).collect();
    Ok(axum::Json(ids).into_response())
}

/// The statements of a request, checked, with the attachments that came along.
fn received(call: &Call) -> Result<(Vec<Submitted>, Vec<Attached>), Refusal> {
    let (statements, parts) = match call.body_kind().as_str() {
        "application/json" => (Submitted::all(&call.body, call.version)?, None),
        "multipart/mixed" => {
            let boundary = multipart::boundary(call.header(&axum::http::header::CONTENT_TYPE));
            let boundary = boundary.ok_or_else(|| {
                Refusal::bad_request("Content-Type: multipart/mixed names no boundary")
            })?;
            let parts = multipart::read(&call.body, &boundary)?;
            let first = parts.first().filter(|first| is_json(first));
            let first = first.ok_or_else(|| {
                Refusal::bad_request("the first part must be application/json: the statements")
            })?;
            (Submitted::all(first.body, call.version)?, Some(parts))
        }
        _ => {
            return Err(Refusal::bad_request(
                "Content-Type must be application/json, or multipart/mixed with attachments",
            ));
        }
    };
    let attached = attachments::received(
        &statements,
        parts.as_deref().map(|it| &it[1..]),
        call.version,
    )?;
    Ok((statements, attached))
}

fn is_json(part: &Part<'_>) -> bool {
    multipart::essence(part.header("content-type").unwrap_or_default()) == "application/json"
}

async fn stored(
    call: &Call,
    client: &Client,
    statements: Vec<Submitted>,
    attached: Vec<Attached>,
) -> Result<Vec<Uuid>, Refusal> {
    let batch = Batch {
        statements,
        attached,
        authority: client.authority.clone(),
        authority_identity: client.identity.clone(),
        may_void_others: client.allows(Scope::All),
        version: call.version,
        by: client.named(),
    };
    let app = call.app.clone();
    // To its end, even if whoever asked has gone away meanwhile.
    let kept = tokio::spawn(async move { app.store.keep(batch).await }).await;
    match kept.map_err(|error| Refusal::internal(&error))?? {
        Kept::All(ids) => Ok(ids),
        Kept::Conflict(id) => Err(Refusal::new(
            StatusCode::CONFLICT,
            format!("another statement is stored under the id {id}; nothing of this was stored"),
        )),
        Kept::MayNotVoid(id) => Err(Refusal::new(
            StatusCode::FORBIDDEN,
            format!("statement {id} was stored by another; voiding it needs the scope all"),
        )),
        Kept::Limited => Err(Refusal::limited()),
    }
}

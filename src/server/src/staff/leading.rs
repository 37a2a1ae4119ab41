//! Who leads a class: whoever made it, and others whom those who lead it have named.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xinghuo_wire::ErrorCode;

use super::{classes::own, role::Right, somebody::Somebody};
use crate::{api::Body, app::App, error::ApiError};

/// Somebody who leads a class.
#[derive(Serialize, ToSchema)]
pub(super) struct LeaderShown {
    /// What they sign in with.
    name: String,
    /// Whether that is whoever asks.
    me: bool,
}

/// Somebody who is to lead a class too.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LeaderAsked {
    /// What they sign in with.
    name: String,
}

/// Who leads a class of one's own.
#[utoipa::path(
    get,
    path = "/api/v1/staff/classes/{class}/leaders",
    tag = "staff",
    params(("class" = String, Path)),
    responses((status = 200, description = "Done", body = Vec<LeaderShown>))
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    somebody: Somebody,
    Path(id): Path<String>,
) -> Result<Json<Vec<LeaderShown>>, ApiError> {
    own(&app, &somebody, &id).await?;
    let names = app.store.leaders(&id).await?.into_iter();
    let shown = names.map(|name| LeaderShown {
        me: name == somebody.account.name,
        name,
    });
    Ok(Json(shown.collect()))
}

/// Lets another instructor lead a class of one's own too.
#[utoipa::path(
    post,
    path = "/api/v1/staff/classes/{class}/leaders",
    tag = "staff",
    request_body = LeaderAsked,
    params(("class" = String, Path)),
    responses((status = 204, description = "Done"))
)]
pub(super) async fn add(
    State(app): State<Arc<App>>,
    somebody: Somebody,
    Path(id): Path<String>,
    Body(asked): Body<LeaderAsked>,
) -> Result<StatusCode, ApiError> {
    own(&app, &somebody, &id).await?;
    let name = asked.name.trim().to_lowercase();
    let other = app.store.account_named(&name).await?;
    // Whoever may not teach, or may not sign in, is no more to be found than whoever is not there.
    let other = other.filter(|it| it.disabled_ms.is_none() && it.role.may(Right::Teach));
    let other = other.ok_or_else(|| {
        ApiError::new(
            ErrorCode::NotFound,
            "there is no instructor of this name",
            "give the name that they sign in with",
        )
    })?;
    app.store.add_leader(&id, &other.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets somebody lead a class of one's own no more: another, or oneself. Somebody always leads it.
#[utoipa::path(
    delete,
    path = "/api/v1/staff/classes/{class}/leaders/{name}",
    tag = "staff",
    params(("class" = String, Path), ("name" = String, Path)),
    responses((status = 204, description = "Done"))
)]
pub(super) async fn remove(
    State(app): State<Arc<App>>,
    somebody: Somebody,
    Path((id, name)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    own(&app, &somebody, &id).await?;
    if app.store.remove_leader(&id, &name).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ApiError::new(
        ErrorCode::BadRequest,
        "nobody of this name leads the class, or nobody else does",
        "name another first, or dissolve the class",
    ))
}

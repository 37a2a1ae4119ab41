//! How a visit joins a class: whoever holds its token says so, and is told as whom it is seen there.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xinghuo_wire::ErrorCode;

use super::store::Member;
use crate::{
    api::{Body, authorized, unlimited},
    app::App,
    error::ApiError,
};

/// The class to join.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Joining {
    code: String,
}

/// A class that a visit is in, and as whom.
#[derive(Serialize, ToSchema)]
pub(super) struct Joined {
    /// The name of the class.
    class: String,
    /// A number below 57,600, of which the page makes two words and a number.
    pseudonym: i64,
}

impl From<Member> for Joined {
    fn from(member: Member) -> Self {
        Self {
            class: member.class,
            pseudonym: member.pseudonym,
        }
    }
}

/// Makes a visit one of a class; the same again changes nothing.
#[utoipa::path(
    put,
    path = "/api/v1/visits/{visit}/class",
    tag = "visits",
    request_body = Joining,
    params(("visit" = String, Path)),
    responses((status = 200, description = "Done", body = Joined))
)]
pub(super) async fn join(
    State(app): State<Arc<App>>,
    Path(visit): Path<String>,
    headers: HeaderMap,
    Body(joining): Body<Joining>,
) -> Result<Json<Joined>, ApiError> {
    let (id, stored) = authorized(&app, &visit, &headers).await?;
    unlimited(&stored)?;
    let chance = getrandom::u32().map_err(|error| ApiError::internal(&error))?;
    let code = joining.code.trim().to_ascii_uppercase();
    let member = app.store.join_class(id, &code, chance.into()).await?;
    let member = member.ok_or_else(|| {
        ApiError::new(
            ErrorCode::NotFound,
            "no class has this code, or it takes no more visits",
            "ask whoever leads the class for its link",
        )
    })?;
    Ok(Json(member.into()))
}

/// The class that a visit is in.
#[utoipa::path(
    get,
    path = "/api/v1/visits/{visit}/class",
    tag = "visits",
    params(("visit" = String, Path)),
    responses((status = 200, description = "Done", body = Joined))
)]
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Path(visit): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Joined>, ApiError> {
    let (id, _) = authorized(&app, &visit, &headers).await?;
    let member = app.store.member(id).await?;
    let member = member.ok_or_else(|| {
        ApiError::new(
            ErrorCode::NotFound,
            "the visit is in no class",
            "join one by its link",
        )
    })?;
    Ok(Json(member.into()))
}

/// Takes a visit out of its class.
#[utoipa::path(
    delete,
    path = "/api/v1/visits/{visit}/class",
    tag = "visits",
    params(("visit" = String, Path)),
    responses((status = 204, description = "Done"))
)]
pub(super) async fn leave(
    State(app): State<Arc<App>>,
    Path(visit): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let (id, _) = authorized(&app, &visit, &headers).await?;
    app.store.leave_class(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

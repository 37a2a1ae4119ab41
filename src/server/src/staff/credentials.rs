//! The credentials of the record store, as `xinghuo-server credential` keeps them.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use xinghuo_wire::ErrorCode;

use super::{now_ms, role::Right, somebody::Somebody};
use crate::{
    api::Body,
    app::App,
    error::ApiError,
    lrs::{Scope, make_credential},
};

/// Longest label, in characters, and longest life, in days.
const LABEL: usize = 120;
const DAYS: u32 = 3650;

/// A credential without its secret.
#[derive(Serialize)]
pub(super) struct CredentialShown {
    key: String,
    label: String,
    scopes: Vec<String>,
    created: i64,
    expires: Option<i64>,
    revoked: Option<i64>,
}

/// A credential to make.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CredentialAsked {
    label: String,
    scopes: Vec<String>,
    /// After how many days it ends; without this it does not end by itself.
    days: Option<u32>,
}

/// A credential's key and its secret, which is shown this once.
#[derive(Serialize)]
pub(super) struct CredentialMade {
    key: String,
    secret: String,
}

/// Every credential, oldest first.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    somebody: Somebody,
) -> Result<Json<Vec<CredentialShown>>, ApiError> {
    somebody.needs(Right::SeeCredentials)?;
    let all = app.store.credentials().await?;
    let shown = all.into_iter().map(|it| CredentialShown {
        key: it.key,
        label: it.label,
        scopes: it.scopes.split(' ').map(str::to_owned).collect(),
        created: it.created_ms,
        expires: it.expires_ms,
        revoked: it.revoked_ms,
    });
    Ok(Json(shown.collect()))
}

/// Makes a credential.
pub(super) async fn add(
    State(app): State<Arc<App>>,
    somebody: Somebody,
    Body(asked): Body<CredentialAsked>,
) -> Result<(StatusCode, Json<CredentialMade>), ApiError> {
    somebody.needs(Right::KeepCredentials)?;
    let wrong = |message: String| ApiError::new(ErrorCode::BadRequest, message, "correct it");
    let label = asked.label.trim().to_owned();
    if label.is_empty() || label.chars().count() > LABEL || label.chars().any(char::is_control) {
        return Err(wrong("a label has from 1 to 120 characters".into()));
    }
    let scopes: Result<Vec<Scope>, _> = asked.scopes.iter().map(|it| it.parse()).collect();
    let scopes = scopes.map_err(|error| wrong(error.to_string()))?;
    if scopes.is_empty() {
        return Err(wrong("a credential is good for one scope or more".into()));
    }
    if asked.days.is_some_and(|days| days == 0 || days > DAYS) {
        return Err(wrong("a credential ends after 1 to 3650 days".into()));
    }
    let made = make_credential(&app.store, label, scopes, asked.days, now_ms()).await?;
    let shown = CredentialMade {
        key: made.key,
        secret: made.secret.reveal().to_owned(),
    };
    Ok((StatusCode::CREATED, Json(shown)))
}

/// Ends a credential at once and for good.
pub(super) async fn revoke(
    State(app): State<Arc<App>>,
    somebody: Somebody,
    Path(key): Path<String>,
) -> Result<StatusCode, ApiError> {
    somebody.needs(Right::KeepCredentials)?;
    if app.store.revoke_credential(&key, now_ms()).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ApiError::new(
        ErrorCode::NotFound,
        "there is no credential with that key",
        "see the list of credentials",
    ))
}

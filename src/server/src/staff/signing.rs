//! Signing in and out, and setting a password by a link.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use xinghuo_wire::ErrorCode;

use super::{
    cookie::Cookie,
    now_ms, password,
    somebody::{OurPage, Somebody},
};
use crate::{api::Body, app::App, error::ApiError, limits::Neighbourhood, token::Secret};

/// How long the browser keeps the cookie of a session. The session itself may end earlier.
const COOKIE_SECS: i64 = 12 * 60 * 60;

/// The ways in which one can sign in.
#[derive(Serialize)]
pub(super) struct Ways {
    /// What the OpenID provider is called, if there is one.
    provider: Option<String>,
}

/// A name and a password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    name: String,
    password: String,
}

/// A password, and the link that lets it be set.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetPassword {
    link: String,
    password: String,
}

/// Whoever is signed in.
#[derive(Serialize)]
pub(super) struct Me {
    name: String,
    role: String,
    /// What the role includes.
    rights: Vec<&'static str>,
    /// To be sent in the header `X-Xinghuo-Proof` with whatever changes something.
    proof: String,
}

/// A session of one's own.
#[derive(Serialize)]
pub(super) struct SessionShown {
    id: String,
    created: i64,
    seen: i64,
    /// Whether it is the one that asks.
    here: bool,
}

/// In which ways one can sign in here.
pub(super) async fn ways(State(app): State<Arc<App>>) -> Json<Ways> {
    let provider = app.staff.oidc.as_ref().map(|it| it.name().to_owned());
    Json(Ways { provider })
}

/// Signs in with a password. What is wrong is not told: name, password, or that the account is
/// disabled.
pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    Extension(from): Extension<Neighbourhood>,
    _: OurPage,
    headers: HeaderMap,
    Body(given): Body<SignIn>,
) -> Result<Response, ApiError> {
    app.turnstile.sign_in(from).map_err(ApiError::too_many)?;
    let name = as_stored(&given.name);
    let name_sha256 = name_hash(&name);
    if let Some(until_ms) = app.store.attempt(&name_sha256, now_ms()).await? {
        let wait = Duration::from_millis((until_ms - now_ms()).max(1000) as u64);
        return Err(too_often(wait));
    }
    let account = app.store.account_named(&name).await?;
    let account = account.filter(|it| it.disabled_ms.is_none());
    let stored = account.as_ref().and_then(|it| it.password.clone());
    let opens = password::opens(given.password, stored).await?;
    let account = account.filter(|_| opens).ok_or_else(wrong)?;
    app.store.forgive(&name_sha256).await?;
    let cookie = begin(&app, &account.id, &headers).await?;
    tracing::info!(role = %account.role, "somebody signed in with a password");
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Begins a session, with a token that nobody knew before, in the place of the one before.
pub(super) async fn begin(
    app: &App,
    account: &str,
    headers: &HeaderMap,
) -> Result<HeaderValue, ApiError> {
    let is_secure = app.staff.is_secure();
    let before = Cookie::Session.of(headers, is_secure).map(|it| it.hash());
    let secret = Secret::random().map_err(|error| ApiError::internal(&error))?;
    let id = Uuid::new_v4().to_string();
    let before = before.as_ref().map(|it| &it[..]);
    let hash = secret.hash();
    let stored = app
        .store
        .begin_session(&id, &hash, account, before, now_ms());
    stored.await?;
    Ok(Cookie::Session.set(&secret, COOKIE_SECS, is_secure))
}

/// Signs out: the session ends here and its cookie in the browser.
pub(super) async fn sign_out(
    State(app): State<Arc<App>>,
    somebody: Somebody,
) -> Result<Response, ApiError> {
    let ended = app
        .store
        .end_session(&somebody.account.id, &somebody.session);
    ended.await?;
    let cookie = Cookie::Session.unset(app.staff.is_secure());
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Sets a password by a link that is good for it once. Whoever was signed in is so no more.
pub(super) async fn set_password(
    State(app): State<Arc<App>>,
    Extension(from): Extension<Neighbourhood>,
    _: OurPage,
    Body(given): Body<SetPassword>,
) -> Result<Json<serde_json::Value>, ApiError> {
    app.turnstile.sign_in(from).map_err(ApiError::too_many)?;
    let gone = || {
        ApiError::new(
            ErrorCode::SignIn,
            "this link has been used, or is too old",
            "ask an administrator for a new one",
        )
    };
    let link = Secret::shown(&given.link).hash();
    let account = app.store.account_of_link(&link, now_ms()).await?;
    let account = account.ok_or_else(gone)?;
    password::check(&given.password, &account.name)?;
    let hashed = password::hashed(given.password).await?;
    if !app.store.set_password(&account.id, &link, &hashed).await? {
        return Err(gone());
    }
    app.store.forgive(&name_hash(&account.name)).await?;
    Ok(Json(serde_json::json!({ "name": account.name })))
}

/// Who is signed in.
pub(super) async fn me(somebody: Somebody) -> Json<Me> {
    let role = somebody.account.role;
    Json(Me {
        name: somebody.account.name,
        role: role.to_string(),
        rights: role.rights(),
        proof: somebody.proof,
    })
}

/// Where else one is signed in.
pub(super) async fn sessions(
    State(app): State<Arc<App>>,
    somebody: Somebody,
) -> Result<Json<Vec<SessionShown>>, ApiError> {
    let all = app.store.sessions_of(&somebody.account.id, now_ms());
    let shown = all.await?.into_iter().map(|it| SessionShown {
        here: it.id == somebody.session,
        id: it.id,
        created: it.created_ms,
        seen: it.seen_ms,
    });
    Ok(Json(shown.collect()))
}

/// Ends a session of one's own.
pub(super) async fn end(
    State(app): State<Arc<App>>,
    somebody: Somebody,
    Path(session): Path<String>,
) -> Result<StatusCode, ApiError> {
    let ended = app
        .store
        .end_session(&somebody.account.id, &session)
        .await?;
    if ended {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ApiError::new(
        ErrorCode::NotFound,
        "you have no such session",
        "see the list of your sessions",
    ))
}

/// A name as it is stored and compared.
pub(super) fn as_stored(name: &str) -> String {
    name.trim().to_lowercase()
}

/// What failures to sign in with a name are counted by.
pub(super) fn name_hash(name: &str) -> [u8; 32] {
    Sha256::digest(name).into()
}

fn wrong() -> ApiError {
    ApiError::new(
        ErrorCode::SignIn,
        "the name or the password is wrong",
        "try again, or ask an administrator for a link to set a new password",
    )
}

fn too_often(wait: Duration) -> ApiError {
    ApiError::new(
        ErrorCode::TooMany,
        "too many wrong passwords for this name",
        "try again after the seconds in the header `Retry-After`",
    )
    .after(wait)
}

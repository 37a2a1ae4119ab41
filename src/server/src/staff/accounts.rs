//! Accounts, as administrators keep them and auditors see them.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use xinghuo_wire::{ErrorCode, Token};

use super::{
    now_ms,
    role::{Right, Role},
    signing::as_stored,
    somebody::Somebody,
    store::{Account, NewAccount},
};
use crate::{
    api::Body,
    app::App,
    error::ApiError,
    store::{Store, StoreError},
    token::Secret,
};

/// How long a link to set a password with is good.
const LINK_MS: i64 = 48 * 60 * 60 * 1000;

/// Longest name, in characters.
const NAME: usize = 64;

/// An account as it is shown.
#[derive(Serialize)]
pub(super) struct AccountShown {
    id: String,
    name: String,
    role: String,
    /// Whether they sign in with the OpenID provider.
    elsewhere: bool,
    /// Whether a password has been set.
    ready: bool,
    created: i64,
    disabled: Option<i64>,
}

/// An account to make.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountAsked {
    name: String,
    role: String,
}

/// What to change of an account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountChange {
    role: Option<String>,
    disabled: Option<bool>,
}

/// A link to set a password with, which is shown this once.
#[derive(Serialize)]
pub(super) struct Link {
    link: String,
}

/// Every account.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    somebody: Somebody,
) -> Result<Json<Vec<AccountShown>>, ApiError> {
    somebody.needs(Right::SeeAccounts)?;
    let all = app.store.accounts().await?.into_iter().map(shown);
    Ok(Json(all.collect()))
}

/// Makes an account and the link with which its password is set.
pub(super) async fn add(
    State(app): State<Arc<App>>,
    somebody: Somebody,
    Body(asked): Body<AccountAsked>,
) -> Result<(StatusCode, Json<Link>), ApiError> {
    somebody.needs(Right::KeepAccounts)?;
    let name = checked(&asked.name)?;
    let id = made(&app.store, &name, role_of(&asked.role)?).await?;
    let id = id.ok_or_else(|| taken(&name))?;
    let link = link_to_set(&app.store, &id, &app.staff.origin).await?;
    Ok((StatusCode::CREATED, Json(Link { link })))
}

/// Changes what somebody works as, disables their account, or lets them in again.
pub(super) async fn change(
    State(app): State<Arc<App>>,
    somebody: Somebody,
    Path(id): Path<String>,
    Body(change): Body<AccountChange>,
) -> Result<Json<AccountShown>, ApiError> {
    somebody.needs(Right::KeepAccounts)?;
    let mut account = app.store.account(&id).await?.ok_or_else(no_account)?;
    if account.id == somebody.account.id {
        return Err(ApiError::new(
            ErrorCode::Forbidden,
            "nobody changes their own account, so that an administrator is always left",
            "ask another administrator, or use `xinghuo-server staff`",
        ));
    }
    if let Some(role) = &change.role {
        account.role = role_of(role)?;
    }
    match change.disabled {
        Some(true) => account.disabled_ms = account.disabled_ms.or(Some(now_ms())),
        Some(false) => account.disabled_ms = None,
        None => {}
    }
    let changed = app
        .store
        .change_account(&id, account.role, account.disabled_ms);
    changed.await?;
    Ok(Json(shown(account)))
}

/// A new link to set a password with.
pub(super) async fn link(
    State(app): State<Arc<App>>,
    somebody: Somebody,
    Path(id): Path<String>,
) -> Result<Json<Link>, ApiError> {
    somebody.needs(Right::KeepAccounts)?;
    let account = app.store.account(&id).await?.ok_or_else(no_account)?;
    if account.is_elsewhere {
        return Err(ApiError::new(
            ErrorCode::BadRequest,
            "who signs in with the OpenID provider has no password here",
            "have it set there",
        ));
    }
    let link = link_to_set(&app.store, &id, &app.staff.origin).await?;
    Ok(Json(Link { link }))
}

/// Makes an account; gives its id, or nothing if the name is another's.
pub(super) async fn made(
    store: &Store,
    name: &str,
    role: Role,
) -> Result<Option<String>, StoreError> {
    let id = Uuid::new_v4().to_string();
    let new = NewAccount {
        id: &id,
        name,
        role,
        identity: None,
        now_ms: now_ms(),
    };
    Ok(store.add_account(&new).await?.then_some(id))
}

/// A link with which the password of an account is set. What makes it good stands behind the `#`:
/// browsers send that to nobody, and no log has it.
pub(super) async fn link_to_set(
    store: &Store,
    account: &str,
    origin: &str,
) -> Result<String, ApiError> {
    let secret = Secret::random().map_err(|error| ApiError::internal(&error))?;
    let token: Token = secret.token();
    store
        .add_link(account, &secret.hash(), now_ms() + LINK_MS)
        .await?;
    Ok(format!("{origin}/staff/#set={}", token.reveal()))
}

/// A name as it is stored, if it can be one.
pub(super) fn checked(name: &str) -> Result<String, ApiError> {
    let name = as_stored(name);
    let length = name.chars().count();
    if length == 0 || length > NAME || name.chars().any(char::is_control) {
        return Err(ApiError::new(
            ErrorCode::BadRequest,
            "a name has from 1 to 64 characters",
            "give a shorter name",
        ));
    }
    Ok(name)
}

fn role_of(text: &str) -> Result<Role, ApiError> {
    text.parse().map_err(|error: super::RoleError| {
        ApiError::new(
            ErrorCode::BadRequest,
            error.to_string(),
            "give one of these",
        )
    })
}

fn shown(account: Account) -> AccountShown {
    AccountShown {
        ready: account.is_elsewhere || account.password.is_some(),
        id: account.id,
        name: account.name,
        role: account.role.to_string(),
        elsewhere: account.is_elsewhere,
        created: account.created_ms,
        disabled: account.disabled_ms,
    }
}

fn taken(name: &str) -> ApiError {
    ApiError::new(
        ErrorCode::Taken,
        format!("the name {name:?} is taken"),
        "give another name, or change the account that has it",
    )
}

fn no_account() -> ApiError {
    ApiError::new(
        ErrorCode::NotFound,
        "there is no such account",
        "see the list of accounts",
    )
}

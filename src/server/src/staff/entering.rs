//! Signing in with an OpenID provider: away to it, and back with a code. What goes wrong is shown
//! by the page, which is told by one word.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{
    cookie::Cookie,
    now_ms,
    oidc::Identity,
    signing::{as_stored, begin},
    store::{Account, Entering, NewAccount},
};
use crate::{
    app::App,
    error::ApiError,
    limits::Neighbourhood,
    store::{Store, StoreError},
    token::Secret,
};

/// How long somebody may take at the provider.
const PATIENCE_SECS: i64 = 15 * 60;

/// How often another name is tried where one is another's.
const TRIES: u32 = 5;

/// What went wrong, as the page knows it.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    /// There is no provider.
    NoProvider,
    /// The provider cannot be used.
    Provider,
    /// What came back does not fit what was sent away, or was used already.
    Stale,
    /// The provider let them not in, or they gave up.
    Refused,
    /// They are in none of the groups, or their account is disabled.
    NoRole,
}

impl Trouble {
    fn word(self) -> &'static str {
        match self {
            Self::NoProvider => "no-provider",
            Self::Provider => "provider",
            Self::Stale => "stale",
            Self::Refused => "refused",
            Self::NoRole => "no-role",
        }
    }
}

/// Sends somebody to the provider.
pub(super) async fn leave(
    State(app): State<Arc<App>>,
    Extension(from): Extension<Neighbourhood>,
) -> Result<Response, ApiError> {
    app.turnstile.sign_in(from).map_err(ApiError::too_many)?;
    let Some(provider) = &app.staff.oidc else {
        return Ok(told(Trouble::NoProvider));
    };
    let (address, entering) = match provider.way().await {
        Ok(way) => way,
        Err(cause) => {
            tracing::error!(%cause, "nobody can sign in with the OpenID provider");
            return Ok(told(Trouble::Provider));
        }
    };
    let secret = Secret::random().map_err(|error| ApiError::internal(&error))?;
    let now_ms = now_ms();
    let until_ms = now_ms + PATIENCE_SECS * 1000;
    let hash = secret.hash();
    let kept = app.store.begin_entering(&hash, &entering, now_ms, until_ms);
    kept.await?;
    let cookie = Cookie::SignIn.set(&secret, PATIENCE_SECS, app.staff.is_secure());
    Ok(sent_to(&address, &[cookie]))
}

/// Takes back whom the provider sends. That it is the same browser, the cookie shows; that it is for
/// the same sign-in, the state does; both are good once.
pub(super) async fn come_back(
    State(app): State<Arc<App>>,
    Extension(from): Extension<Neighbourhood>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    app.turnstile.sign_in(from).map_err(ApiError::too_many)?;
    let Some(provider) = &app.staff.oidc else {
        return Ok(told(Trouble::NoProvider));
    };
    let given = |name: &str| {
        let query = query.as_deref().unwrap_or_default();
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let found = pairs.find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    };
    let Some(entering) = taken(&app, &headers, given("state")).await? else {
        return Ok(told(Trouble::Stale));
    };
    let Some(code) = given("code") else {
        return Ok(told(Trouble::Refused));
    };
    let identity = match provider.whom(entering, code).await {
        Ok(identity) => identity,
        Err(cause) => {
            tracing::warn!(%cause, "somebody could not sign in with the OpenID provider");
            return Ok(told(Trouble::Provider));
        }
    };
    let Some(account) = account_of(&app.store, &identity).await? else {
        return Ok(told(Trouble::NoRole));
    };
    let is_secure = app.staff.is_secure();
    let session = begin(&app, &account.id, &headers).await?;
    tracing::info!(role = %account.role, "somebody signed in with the OpenID provider");
    let cookies = [session, Cookie::SignIn.unset(is_secure)];
    Ok(sent_to("/staff/", &cookies))
}

/// The sign-in that this browser is under way with, if the state that came back is its own.
async fn taken(
    app: &App,
    headers: &HeaderMap,
    state: Option<String>,
) -> Result<Option<Entering>, ApiError> {
    let secret = Cookie::SignIn.of(headers, app.staff.is_secure());
    let (Some(secret), Some(state)) = (secret, state) else {
        return Ok(None);
    };
    let entering = app.store.take_entering(&secret.hash(), now_ms()).await?;
    let fits = |it: &Entering| bool::from(it.state.as_bytes().ct_eq(state.as_bytes()));
    Ok(entering.filter(fits))
}

/// The account of somebody, made where there is none, with the role that their groups give them. `None`
/// if they have none, or are disabled.
async fn account_of(store: &Store, identity: &Identity) -> Result<Option<Account>, StoreError> {
    let Identity {
        issuer,
        subject,
        name,
        role,
    } = identity;
    let known = store.account_of(issuer, subject).await?;
    let Some(role) = *role else {
        // Whoever was in a group and is no more is signed out everywhere.
        if let Some(it) = known {
            store
                .change_account(&it.id, it.role, it.disabled_ms)
                .await?;
        }
        return Ok(None);
    };
    if let Some(mut it) = known {
        if it.disabled_ms.is_some() {
            return Ok(None);
        }
        if it.role != role {
            store.change_account(&it.id, role, None).await?;
            it.role = role;
        }
        return Ok(Some(it));
    }
    let called = as_stored(name.as_deref().unwrap_or(subject));
    let called: String = called
        .chars()
        .filter(|it| !it.is_control())
        .take(48)
        .collect();
    for n in 1..=TRIES {
        let id = Uuid::new_v4().to_string();
        // A name that is another's already, of a local account say, is never taken over.
        let name = if n == 1 {
            called.clone()
        } else {
            format!("{called} {n}")
        };
        let new = NewAccount {
            id: &id,
            name: &name,
            role,
            identity: Some((issuer.as_str(), subject.as_str())),
            now_ms: now_ms(),
        };
        if store.add_account(&new).await? {
            return store.account(&id).await;
        }
    }
    Ok(None)
}

fn told(trouble: Trouble) -> Response {
    sent_to(&format!("/staff/#trouble={}", trouble.word()), &[])
}

fn sent_to(address: &str, cookies: &[HeaderValue]) -> Response {
    let Ok(address) = HeaderValue::from_str(address) else {
        return ApiError::internal(&"an address cannot be a header").into_response();
    };
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response();
    for cookie in cookies {
        response
            .headers_mut()
            .append(header::SET_COOKIE, cookie.clone());
    }
    response
}

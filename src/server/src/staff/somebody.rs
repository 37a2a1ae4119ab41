//! Who asks: whoever has a session, asking from a page of this server.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, Method, header, request::Parts},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use xinghuo_wire::ErrorCode;

use super::{Staff, cookie::Cookie, now_ms, role::Right, store::Account};
use crate::{app::App, error::ApiError, token::Secret};

/// The header in which the page shows that it could read what this server told it.
const PROOF: HeaderName = HeaderName::from_static("x-xinghuo-proof");

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A session is noted to be in use no more often than this.
const NOTED_EVERY_MS: i64 = 60 * 1000;

/// Somebody who is signed in. To be given one is to know, for whatever is no mere reading, that a page
/// of this server asks.
pub(super) struct Somebody {
    pub(super) account: Account,
    /// The session's id, which is no secret.
    pub(super) session: String,
    /// What the page shows in [`PROOF`].
    pub(super) proof: String,
}

/// A request from a page of this server, whoever has it open.
pub(super) struct OurPage;

impl Somebody {
    /// Insists on a right.
    pub(super) fn needs(&self, right: Right) -> Result<(), ApiError> {
        if self.account.role.may(right) {
            return Ok(());
        }
        Err(ApiError::new(
            ErrorCode::Forbidden,
            "this is not part of what you work as here",
            "ask an administrator of this server",
        ))
    }
}

impl FromRequestParts<Arc<App>> for Somebody {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let is_secure = app.staff.is_secure();
        let secret = Cookie::Session.of(&parts.headers, is_secure);
        let secret = secret.ok_or_else(not_signed_in)?;
        let now_ms = now_ms();
        let session = app.store.session(&secret.hash(), now_ms).await?;
        let session = session.ok_or_else(not_signed_in)?;
        let proof = proof_of(&secret);
        if !is_safe(&parts.method) {
            let shown = parts.headers.get(PROOF).map_or(&[][..], |it| it.as_bytes());
            let is_shown: bool = shown.ct_eq(proof.as_bytes()).into();
            if !is_ours(&app.staff, &parts.headers) || !is_shown {
                return Err(elsewhere(&app.staff));
            }
        }
        if now_ms - session.seen_ms >= NOTED_EVERY_MS {
            app.store.seen(&session.id, now_ms).await?;
        }
        Ok(Self {
            account: session.account,
            session: session.id,
            proof,
        })
    }
}

impl FromRequestParts<Arc<App>> for OurPage {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        if is_ours(&app.staff, &parts.headers) {
            Ok(Self)
        } else {
            Err(elsewhere(&app.staff))
        }
    }
}

fn is_safe(method: &Method) -> bool {
    [Method::GET, Method::HEAD].contains(method)
}

/// Whether the page that asks is of this server. Browsers say where a request comes from, and no
/// page can make them say something else.
fn is_ours(staff: &Staff, headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|it| it.to_str().ok());
    let Some(origin) = text(&header::ORIGIN) else {
        return text(&FETCH_SITE) == Some("same-origin");
    };
    if staff.is_given {
        return origin == staff.origin;
    }
    // Nobody said by which names this server is known: then by the one that it was asked by.
    let name = origin.split_once("://").map(|(_, name)| name);
    origin == staff.origin || (name.is_some() && name == text(&header::HOST))
}

/// What a page shows that could read the answer to [`super::signing::me`]: other sites' pages cannot.
/// It follows from the session's secret, which no page can read.
fn proof_of(secret: &Secret) -> String {
    let mut hash = Sha256::new_with_prefix(b"a page of this server\0");
    hash.update(secret.token().reveal());
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

fn not_signed_in() -> ApiError {
    ApiError::new(
        ErrorCode::SignIn,
        "nobody is signed in, or no longer",
        "sign in at /staff/",
    )
}

fn elsewhere(staff: &Staff) -> ApiError {
    let origin = &staff.origin;
    ApiError::new(
        ErrorCode::Forbidden,
        format!("this was not asked by a page of {origin}"),
        "open the page anew at the address of --origin, and try there",
    )
}

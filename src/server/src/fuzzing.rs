//! What others send and this crate alone reads, as `tests/fuzz` gets at it: the server uses nothing of
//! this, and nothing here decides anything.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use crate::{
    cmi5, deliveries,
    deliveries::Outcome,
    lrs,
    outward::{Answered, origin},
    staff,
};

/// Key and secret of an `Authorization` header by HTTP Basic.
#[must_use]
pub fn basic(header: &str) -> Option<(String, String)> {
    lrs::basic(header)
}

/// The scopes of a credential, as they are stored.
#[must_use]
pub fn scopes(text: &str) -> Option<String> {
    let scopes: lrs::Scopes = text.parse().ok()?;
    Some(scopes.to_string())
}

/// The token of the session that the headers `Cookie` of a request show.
#[must_use]
pub fn session_shown(cookies: &[&[u8]], is_secure: bool) -> Option<String> {
    let values = cookies
        .iter()
        .filter_map(|it| HeaderValue::from_bytes(it).ok());
    let headers: HeaderMap = values.map(|it| (header::COOKIE, it)).collect();
    let token = staff::session_shown(&headers, is_secure)?;
    Some(token.reveal().to_owned())
}

/// The header `Set-Cookie` that gives the session of this token to a browser.
#[must_use]
pub fn session_given(token: &str, is_secure: bool) -> Vec<u8> {
    staff::session_given(token, is_secure).as_bytes().to_vec()
}

/// Whether this is what a page of staff sends of any kind.
#[must_use]
pub fn is_asked_by_staff(json: &[u8]) -> bool {
    staff::is_asked(json)
}

/// A request in xAPI 1.0.3's alternate syntax, as the one that it stands for.
#[derive(Debug)]
pub struct FromForm {
    /// The method.
    pub method: Method,
    /// The parameters.
    pub parameters: Vec<(String, String)>,
    /// The headers.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub content: String,
}

/// Reads xAPI 1.0.3's alternate request syntax; none if it is refused.
#[must_use]
pub fn from_form(query: &[u8], form: &[u8]) -> Option<FromForm> {
    let unfolded = lrs::unfolded(&Method::POST, &lrs::fields(query), form).ok()?;
    Some(FromForm {
        method: unfolded.method,
        parameters: unfolded.given,
        headers: unfolded.headers,
        content: unfolded.content,
    })
}

/// What an answer of another record store to a statement means: whether it is told, the words that are
/// kept, and for how long it is left alone.
#[must_use]
pub fn answer(
    status: u16,
    retry_after: &[u8],
    body: &[u8],
) -> Option<(bool, String, Option<Duration>)> {
    let answer = answered(status, retry_after, body)?;
    Some(match deliveries::meant(Ok(answer)) {
        Outcome::Told => (true, String::new(), None),
        Outcome::GivenUp(words) | Outcome::Later(words) => (false, words, None),
        Outcome::NobodyHome(words, wait) => (false, words, wait),
        Outcome::NotSent => (false, String::new(), None),
    })
}

/// The header `Authorization` of the token that a learning system has given, or the words of why it
/// has given none.
pub fn token_given(status: u16, body: &[u8]) -> Result<String, String> {
    let answer = answered(status, &[], body).ok_or_else(String::new)?;
    cmi5::credential(&answer).map_err(|problem| problem.to_string())
}

/// Where a URL leads: scheme, host and port.
#[must_use]
pub fn origin_of(url: &str) -> Option<String> {
    origin(url)
}

fn answered(status: u16, retry_after: &[u8], body: &[u8]) -> Option<Answered> {
    let mut headers = HeaderMap::new();
    headers.extend(
        HeaderValue::from_bytes(retry_after)
            .ok()
            .map(|it| (header::RETRY_AFTER, it)),
    );
    Some(Answered {
        status: StatusCode::from_u16(status).ok()?,
        headers,
        body: body.to_vec(),
    })
}

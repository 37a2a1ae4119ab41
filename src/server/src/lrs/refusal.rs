//! How the record store says no: a status, a code for programs, a sentence for people.

use std::time::Duration;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use xinghuo_wire::lrs::Flaw;

use crate::store::StoreError;

/// How the record store says no.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    message: String,
    header: Option<(header::HeaderName, HeaderValue)>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            header: None,
        }
    }

    fn with(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.header = Some((name, value));
        self
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// Nobody has shown a credential that holds.
    pub(super) fn unauthorized(message: &str) -> Self {
        let basic = HeaderValue::from_static("Basic realm=\"xAPI\", charset=\"UTF-8\"");
        Self::new(StatusCode::UNAUTHORIZED, message).with(header::WWW_AUTHENTICATE, basic)
    }

    /// The credential holds, but not for this.
    pub(super) fn forbidden(scopes: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            format!("this needs a credential with the scope {scopes}"),
        )
    }

    /// It is about a visit whose visitor has limited its use.
    pub(super) fn limited() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "some of this is about somebody who has had the use of their records limited; nothing is \
             added to these until they lift that, and nothing of this was stored",
        )
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    pub(super) fn no_method(allowed: &'static str) -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            format!("this resource takes only {allowed}"),
        )
        .with(header::ALLOW, HeaderValue::from_static(allowed))
    }

    pub(super) fn too_large(limit: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!(
                "a request may have {} MiB; send fewer statements at a time",
                limit >> 20
            ),
        )
    }

    /// Too much at once, or nothing can be written now.
    pub(super) fn wait(status: StatusCode, message: &str, wait: Duration) -> Self {
        let seconds = wait.as_secs_f64().ceil().max(1.0) as u64;
        Self::new(status, message).with(header::RETRY_AFTER, seconds.into())
    }

    /// Something went wrong here. The cause is logged; the answer does not tell it.
    pub(super) fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "an xAPI request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "something went wrong on the server; send the same again later",
        )
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let code = match self.status.canonical_reason() {
            Some(reason) => reason.to_ascii_uppercase().replace([' ', '-'], "_"),
            None => "ERROR".to_owned(),
        };
        let body = json!({ "error": { "code": code, "message": self.message } });
        let mut response = (self.status, axum::Json(body)).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<Flaw> for Refusal {
    fn from(flaw: Flaw) -> Self {
        Self::bad_request(flaw.to_string())
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::wait(
                StatusCode::SERVICE_UNAVAILABLE,
                "the server is busy; nothing of this was stored; send the same again",
                Duration::from_secs(2),
            ),
            StoreError::Full => {
                tracing::error!("the disk is full: make room, nothing can be stored");
                Self::wait(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "the server has no room left; nothing of this was stored",
                    Duration::from_mins(1),
                )
            }
            StoreError::Away | StoreError::Bucket { .. } => {
                tracing::error!("the database is away: nothing can be read or stored");
                Self::wait(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "the records are away for the moment; send the same again",
                    Duration::from_secs(10),
                )
            }
            StoreError::Nul => Self::bad_request(error.to_string()),
            cause => Self::internal(&cause),
        }
    }
}

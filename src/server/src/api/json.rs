//! Bodies of requests: JSON and nothing else, refused in the API's own words.

use axum::{
    body::{Bytes, HttpBody},
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
};
use serde::de::DeserializeOwned;
use xinghuo_wire::{ErrorCode, MAX_BATCH_BYTES};

use crate::error::ApiError;

/// The body of a request, parsed.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError::new(
                ErrorCode::NotJson,
                "the body is not said to be JSON",
                "send the header `Content-Type: application/json`",
            ));
        }
        // Whoever says beforehand that it is too much is told so before sending it.
        if request.body().size_hint().lower() > MAX_BATCH_BYTES as u64 {
            return Err(too_large());
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(unreadable)?;
        serde_json::from_slice(&bytes).map(Self).map_err(|cause| {
            ApiError::new(
                ErrorCode::BadRequest,
                format!("the body does not parse: {cause}"),
                "send the JSON that this call takes",
            )
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = kind
        .and_then(|kind| kind.split(';').next())
        .unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

fn unreadable(rejection: BytesRejection) -> ApiError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    ApiError::new(
        ErrorCode::BadRequest,
        "the body did not arrive whole",
        "send the same again",
    )
}

fn too_large() -> ApiError {
    ApiError::new(
        ErrorCode::TooLarge,
        "the body is larger than this call takes",
        "send fewer entries at a time",
    )
}

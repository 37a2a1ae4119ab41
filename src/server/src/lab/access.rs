//! Who may: the holder of a lab's key, of a headset's token, or of a visit's token of before.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use xinghuo_wire::ErrorCode;

use super::tables::{self, Headset, Lab};
use crate::{api::now, app::App, error::ApiError, store::Connection, token::Secret};

/// The lab that an address names and a key opens.
pub(super) async fn lab(app: &App, lab: &str, headers: &HeaderMap) -> Result<Lab, ApiError> {
    let key = Secret::of(headers).ok_or_else(no_key)?;
    let id = Uuid::try_parse(lab).map_err(|_| no_lab())?;
    let mut on = app.store.reader().await?;
    let lab = tables::lab(&mut on, id, now()).await?;
    let hash = lab.as_ref().map_or(&[0; 32][..], |lab| &lab.key_sha256);
    let opens = key.opens(hash);
    lab.filter(|_| opens).ok_or_else(no_lab)
}

/// The headset whose token a request shows, with its lab.
pub(super) async fn headset(
    on: &mut Connection,
    headers: &HeaderMap,
) -> Result<(Headset, Lab), ApiError> {
    let token = Secret::of(headers).ok_or_else(no_key)?;
    let known = tables::headset_of(on, &token.hash(), now()).await?;
    known.ok_or_else(no_headset)
}

fn no_key() -> ApiError {
    ApiError::new(
        ErrorCode::NoToken,
        "this needs the key of the lab or the token of the headset",
        "send it in the header `Authorization: Bearer …`",
    )
}

/// There is no such lab, or the key is another one's: nobody learns which.
pub(super) fn no_lab() -> ApiError {
    ApiError::new(
        ErrorCode::UnknownLab,
        "there is no such lab for this key",
        "open a new lab",
    )
}

pub(super) fn no_headset() -> ApiError {
    ApiError::new(
        ErrorCode::UnknownHeadset,
        "there is no such headset in the lab",
        "join a lab again by its code",
    )
}

pub(super) fn no_code() -> ApiError {
    ApiError::new(
        ErrorCode::UnknownCode,
        "there is no such code, or it is past its time",
        "look at the digits again, or have a new code shown",
    )
}

/// Answers with what there is, or that it is what the client has. `tagged` is what the tag covers.
pub(super) fn if_changed(
    headers: &HeaderMap,
    tagged: &impl Serialize,
    answer: &impl Serialize,
) -> Result<Response, ApiError> {
    let printed = |it: &serde_json::Error| ApiError::internal(it);
    let covered = serde_json::to_vec(tagged).map_err(|it| printed(&it))?;
    let sum = Sha256::digest(covered);
    let digits: String = sum[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{digits}\"");
    let known = headers.get(header::IF_NONE_MATCH);
    let is_known = known.is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let body = serde_json::to_vec(answer).map_err(|it| printed(&it))?;
        ([(header::CONTENT_TYPE, "application/json")], body).into_response()
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

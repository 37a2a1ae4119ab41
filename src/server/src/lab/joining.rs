//! Entering a code: that of a lab makes a headset one of its headsets, that of a visit goes on with
//! it here.

use axum::{Extension, Json, extract::State, http::HeaderMap};
use xinghuo_wire::{
    Code, Timestamp,
    lab::{Doors, Join, Joined},
};

use super::{access, handing, place, tables};
use crate::{
    api::{Body, Shared, now},
    error::ApiError,
    limits::Neighbourhood,
    store::Connection,
    token::Secret,
};

/// `GET /join`
pub(super) async fn doors(State(app): Shared) -> Result<Json<Doors>, ApiError> {
    let mut on = app.store.reader().await?;
    let door_open = tables::lab_of_open_door(&mut on, now()).await?.is_some();
    Ok(Json(Doors { door_open }))
}

/// `POST /join`, with the headset's token if it has one.
pub(super) async fn join(
    State(app): Shared,
    Extension(from): Extension<Neighbourhood>,
    headers: HeaderMap,
    Body(Join { code }): Body<Join>,
) -> Result<Json<Joined>, ApiError> {
    app.turnstile.enter_code(from).map_err(ApiError::too_many)?;
    let at = now();
    let mut turn = app.store.turn().await?;
    handing::forget_expired(turn.on(), at).await?;
    let joined = match &code {
        Some(code) => by_code(turn.on(), code, &headers, at).await?,
        None => {
            let lab = tables::lab_of_open_door(turn.on(), at).await?;
            let lab = lab.ok_or_else(access::no_lab)?;
            Joined::Lab(place::take_in(turn.on(), &lab, at).await?)
        }
    };
    turn.commit().await?;
    Ok(Json(joined))
}

async fn by_code(
    on: &mut Connection,
    code: &Code,
    headers: &HeaderMap,
    at: Timestamp,
) -> Result<Joined, ApiError> {
    if let Some(lab) = tables::lab_of_code(on, code, at).await? {
        return Ok(Joined::Lab(place::take_in(on, &lab, at).await?));
    }
    let offer = tables::offer_of_code(on, code, at).await?;
    let offer = offer.ok_or_else(access::no_code)?;
    // A headset whose lab is gone takes a visit as any other device does.
    let headset = match Secret::of(headers) {
        Some(token) => tables::headset_of(on, &token.hash(), at).await?,
        None => None,
    };
    let headset = headset.map(|(headset, _)| headset);
    let ticket = handing::pass(on, offer, headset.as_ref(), true).await?;
    Ok(Joined::Visit(ticket))
}

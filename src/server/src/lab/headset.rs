//! What a headset asks: its number, what it is to do, and the visit that was handed to it.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use xinghuo_wire::{
    VisitStarted,
    lab::{HeadsetTold, OwnVisit},
};

use super::{
    access, handing,
    tables::{self, ms},
};
use crate::{
    api::{Body, Shared, now},
    error::ApiError,
    store::{query, visit_on},
    token::Secret,
};

/// How old what is stored of when a headset was seen may become, milliseconds: thirty headsets ask
/// every few seconds, and each note is a write to the disk.
const SEEN_TO_WITHIN_MS: u64 = 10_000;

/// `GET /headset`
pub(super) async fn told(State(app): Shared, headers: HeaderMap) -> Result<Response, ApiError> {
    let mut on = app.store.reader().await?;
    let (headset, lab) = access::headset(&mut on, &headers).await?;
    drop(on);
    let at = now();
    if at.unix_millis() > headset.seen.unix_millis() + SEEN_TO_WITHIN_MS {
        let mut turn = app.store.turn().await?;
        query("update headsets set seen_ms = $2 where id = $1")
            .bind(headset.id.to_string())
            .bind(ms(at))
            .run(turn.on())
            .await?;
        turn.commit().await?;
    }
    let told = HeadsetTold {
        number: headset.number,
        code: lab.code,
        venue: lab.venue,
        state: headset.state,
        visit: headset.visit,
    };
    access::if_changed(&headers, &told, &told)
}

/// `POST /headset/take`: takes what was handed to it; or, if the answer to that was lost on the way,
/// another token for the visit that it has.
pub(super) async fn take(
    State(app): Shared,
    headers: HeaderMap,
) -> Result<Json<VisitStarted>, ApiError> {
    let mut turn = app.store.turn().await?;
    let (headset, _) = access::headset(turn.on(), &headers).await?;
    let offer = tables::offer_to(turn.on(), headset.id, now()).await?;
    let ticket = match (offer, headset.visit) {
        (Some(offer), _) => handing::pass(turn.on(), offer, Some(&headset), true).await?,
        (None, Some(visit)) => handing::pass(turn.on(), visit, Some(&headset), false).await?,
        (None, None) => return Err(access::no_code()),
    };
    turn.commit().await?;
    Ok(Json(ticket))
}

/// `POST /headset/visit`: a visit begun on the headset itself.
pub(super) async fn begun(
    State(app): Shared,
    headers: HeaderMap,
    Body(OwnVisit { visit, token }): Body<OwnVisit>,
) -> Result<StatusCode, ApiError> {
    let mut turn = app.store.turn().await?;
    let (headset, _) = access::headset(turn.on(), &headers).await?;
    let stored = visit_on(turn.on(), visit).await?;
    let opens = Secret::shown(token.reveal());
    let opens = stored.is_some_and(|stored| opens.opens(&stored.token_sha256));
    if !opens {
        return Err(ApiError::no_visit());
    }
    if headset.visit != Some(visit) {
        handing::let_go(turn.on(), &headset).await?;
        handing::hold(turn.on(), &headset, visit).await?;
        turn.commit().await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /headset/visit`: the headset has sent everything and is ready for the next visitor.
pub(super) async fn ready(State(app): Shared, headers: HeaderMap) -> Result<StatusCode, ApiError> {
    let mut turn = app.store.turn().await?;
    let (headset, _) = access::headset(turn.on(), &headers).await?;
    handing::let_go(turn.on(), &headset).await?;
    turn.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

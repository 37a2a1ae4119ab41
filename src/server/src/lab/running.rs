//! What whoever runs the room can do: open a lab, see its headsets, hand visits to them, close it.

use std::net::IpAddr;

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use uuid::Uuid;
use xinghuo_wire::{
    ErrorCode, Timestamp,
    lab::{
        Addresses, CODE_LIFE_MS, Door, HandTo, LAB_LIFE_MS, LabOpened, LabShown, OpenLab, Picture,
        ShownAt,
    },
};

use super::{
    access, codes, handing, picture as drawn,
    seat::Seat,
    tables::{self, ms},
};
use crate::{
    api::{Body, Shared, now},
    error::ApiError,
    limits::{Neighbourhood, Peer},
    staff::RunsRooms,
    store::query,
};

/// How long a lab that was closed is still there for its headsets to learn of it, milliseconds.
const CLOSING_MS: u64 = 15 * 60 * 1000;

/// `POST /labs`
#[utoipa::path(
    post,
    path = "/api/v1/labs",
    tag = "labs",
    request_body = Object,
    responses((status = 201, description = "Done", body = Object))
)]
pub(super) async fn open(
    State(app): Shared,
    Extension(from): Extension<Neighbourhood>,
    _: RunsRooms,
    Body(asked): Body<OpenLab>,
) -> Result<Response, ApiError> {
    app.turnstile.open_lab(from).map_err(ApiError::too_many)?;
    let index = app.venues.index().await;
    let is_listed = index.is_some_and(|it| it.venues.iter().any(|it| it.id == asked.venue));
    if !is_listed {
        return Err(ApiError::new(
            ErrorCode::UnknownVenue,
            "the server has no such venue",
            "take a venue from /packages/index.json",
        ));
    }
    let (lab, key, at) = (Uuid::new_v4(), handing::secret()?, now());
    let mut turn = app.store.turn().await?;
    handing::forget_expired(turn.on(), at).await?;
    let code = codes::free(turn.on(), at).await?;
    query(
        "insert into labs
             (id, key_sha256, code, venue, door_open, closing, created_ms, expires_ms)
         values ($1, $2, $3, $4, $5, false, $6, $7)",
    )
    .bind(lab.to_string())
    .bind(&key.hash()[..])
    .bind(code.as_str())
    .bind(asked.venue.as_str())
    .bind(asked.door_open)
    .bind(ms(at))
    .bind(ms(at.plus_millis(LAB_LIFE_MS)))
    .run(turn.on())
    .await?;
    turn.commit().await?;
    let key = key.token();
    Ok((StatusCode::CREATED, Json(LabOpened { lab, key })).into_response())
}

/// `GET /labs/{lab}`
#[utoipa::path(
    get,
    path = "/api/v1/labs/{lab}",
    tag = "labs",
    params(("lab" = String, Path)),
    responses((status = 200, description = "Done", body = Object))
)]
pub(super) async fn show(
    State(app): Shared,
    Path(lab): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let lab = access::lab(&app, &lab, &headers).await?;
    let at = now();
    let headsets = tables::shown(&mut app.store.reader().await?, lab.id, at).await?;
    let mut shown = LabShown {
        code: lab.code,
        venue: lab.venue,
        door_open: lab.door_open,
        expires: lab.expires,
        headsets,
        server_now: Timestamp::from_unix_millis(0),
    };
    let tagged = shown.clone();
    shown.server_now = at;
    access::if_changed(&headers, &tagged, &shown)
}

/// `POST /labs/{lab}/door`
#[utoipa::path(
    post,
    path = "/api/v1/labs/{lab}/door",
    tag = "labs",
    request_body = Object,
    params(("lab" = String, Path)),
    responses((status = 204, description = "Done"))
)]
pub(super) async fn door(
    State(app): Shared,
    Path(lab): Path<String>,
    headers: HeaderMap,
    Body(Door { open }): Body<Door>,
) -> Result<StatusCode, ApiError> {
    let lab = access::lab(&app, &lab, &headers).await?;
    let mut turn = app.store.turn().await?;
    query("update labs set door_open = $2 where id = $1")
        .bind(lab.id.to_string())
        .bind(open)
        .run(turn.on())
        .await?;
    turn.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /labs/{lab}/picture`
#[utoipa::path(
    post,
    path = "/api/v1/labs/{lab}/picture",
    tag = "labs",
    request_body = Object,
    params(("lab" = String, Path)),
    responses((status = 200, description = "Done", body = Object))
)]
pub(super) async fn picture(
    State(app): Shared,
    Path(lab): Path<String>,
    headers: HeaderMap,
    Body(ShownAt { address }): Body<ShownAt>,
) -> Result<Json<Picture>, ApiError> {
    let lab = access::lab(&app, &lab, &headers).await?;
    let picture = drawn::of(&address, &lab.code)?;
    Ok(Json(Picture { picture }))
}

/// `GET /labs/{lab}/addresses`, for whoever opened the page on the server's own machine, by a name
/// that means nothing to a headset. Others are not told what networks the machine is in.
#[utoipa::path(
    get,
    path = "/api/v1/labs/{lab}/addresses",
    tag = "labs",
    params(("lab" = String, Path)),
    responses((status = 200, description = "Done", body = Object))
)]
pub(super) async fn addresses(
    State(app): Shared,
    Path(lab): Path<String>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
) -> Result<Json<Addresses>, ApiError> {
    access::lab(&app, &lab, &headers).await?;
    let is_here = peer.is_some_and(|Extension(peer)| peer.0.to_canonical().is_loopback());
    let addresses = if is_here && !headers.contains_key("x-forwarded-for") {
        in_networks()
    } else {
        Vec::new()
    };
    let answers_others = app.answers_others;
    Ok(Json(Addresses {
        addresses,
        answers_others,
    }))
}

/// This machine's addresses as one may type them.
fn in_networks() -> Vec<IpAddr> {
    let all = if_addrs::get_if_addrs().unwrap_or_default();
    let all = all.iter().map(if_addrs::Interface::ip);
    all.filter(|ip| matches!(ip, IpAddr::V4(v4) if !v4.is_loopback() && !v4.is_link_local()))
        .collect()
}

/// `DELETE /labs/{lab}`: nobody joins any more, and the headsets send what they have and forget it.
#[utoipa::path(
    delete,
    path = "/api/v1/labs/{lab}",
    tag = "labs",
    params(("lab" = String, Path)),
    responses((status = 204, description = "Done"))
)]
pub(super) async fn close(
    State(app): Shared,
    Path(lab): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let lab = access::lab(&app, &lab, &headers).await?;
    let until = lab.expires.min(now().plus_millis(CLOSING_MS));
    let mut turn = app.store.turn().await?;
    query("update labs set closing = true, door_open = false, expires_ms = $2 where id = $1")
        .bind(lab.id.to_string())
        .bind(ms(until))
        .run(turn.on())
        .await?;
    query("update headsets set leaving = true where lab = $1 and visit is not null")
        .bind(lab.id.to_string())
        .run(turn.on())
        .await?;
    turn.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /labs/{lab}/headsets/{number}/visit`: the headset takes it when it next asks.
#[utoipa::path(
    post,
    path = "/api/v1/labs/{lab}/headsets/{number}/visit",
    tag = "labs",
    request_body = Object,
    params(("lab" = String, Path), ("number" = String, Path)),
    responses((status = 204, description = "Done"))
)]
pub(super) async fn hand(
    State(app): Shared,
    Extension(from): Extension<Neighbourhood>,
    Path((lab, number)): Path<(String, String)>,
    headers: HeaderMap,
    Body(HandTo { code }): Body<HandTo>,
) -> Result<StatusCode, ApiError> {
    let lab = access::lab(&app, &lab, &headers).await?;
    app.turnstile.enter_code(from).map_err(ApiError::too_many)?;
    let Seat { mut turn, headset } = Seat::numbered(&app, &lab, &number).await?;
    let at = now();
    let offer = tables::offer_of_code(turn.on(), &code, at).await?;
    let offer = offer.ok_or_else(access::no_code)?;
    handing::promise_nothing(turn.on(), headset.id).await?;
    query("update handovers set headset = $2, expires_ms = $3 where visit = $1")
        .bind(offer.to_string())
        .bind(headset.id.to_string())
        .bind(ms(at.plus_millis(CODE_LIFE_MS)))
        .run(turn.on())
        .await?;
    turn.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /labs/{lab}/headsets/{number}/visit`: the headset is for the next visitor. It keeps its
/// visit until it has sent all of it.
#[utoipa::path(
    delete,
    path = "/api/v1/labs/{lab}/headsets/{number}/visit",
    tag = "labs",
    params(("lab" = String, Path), ("number" = String, Path)),
    responses((status = 204, description = "Done"))
)]
pub(super) async fn next_visitor(Seat { mut turn, headset }: Seat) -> Result<StatusCode, ApiError> {
    query("update headsets set leaving = true where id = $1 and visit is not null")
        .bind(headset.id.to_string())
        .run(turn.on())
        .await?;
    handing::promise_nothing(turn.on(), headset.id).await?;
    turn.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /labs/{lab}/headsets/{number}`: it is not there any more. Its visit is let go.
#[utoipa::path(
    delete,
    path = "/api/v1/labs/{lab}/headsets/{number}",
    tag = "labs",
    params(("lab" = String, Path), ("number" = String, Path)),
    responses((status = 204, description = "Done"))
)]
pub(super) async fn remove(Seat { mut turn, headset }: Seat) -> Result<StatusCode, ApiError> {
    handing::let_go(turn.on(), &headset).await?;
    query("delete from headsets where id = $1")
        .bind(headset.id.to_string())
        .run(turn.on())
        .await?;
    turn.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

//! What a visit's holder can do: offer it, see where it goes on, take it back.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use uuid::Uuid;
use xinghuo_wire::{
    VisitStarted,
    lab::{CODE_LIFE_MS, GoesOn, ShownAt, VisitOffered, Whither},
};

use super::{codes, handing, picture, tables};
use crate::{
    api::{Body, Shared, authorized, now, unlimited},
    error::ApiError,
    store::{Connection, query, visit_on},
    token::Secret,
};

/// `POST /visits/{visit}/handover`: the code of before, if there was one, is no more.
#[utoipa::path(
    post,
    path = "/api/v1/visits/{visit}/handover",
    tag = "visits",
    request_body = Object,
    params(("visit" = String, Path)),
    responses((status = 201, description = "Done", body = Object))
)]
pub(super) async fn offer(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
    Body(ShownAt { address }): Body<ShownAt>,
) -> Result<Response, ApiError> {
    let (visit, stored) = authorized(&app, &visit, &headers).await?;
    unlimited(&stored)?;
    let at = now();
    let expires = at.plus_millis(CODE_LIFE_MS);
    let mut turn = app.store.turn().await?;
    handing::forget_expired(turn.on(), at).await?;
    let code = codes::free(turn.on(), at).await?;
    query("delete from handovers where visit = $1")
        .bind(visit.to_string())
        .run(turn.on())
        .await?;
    query("insert into handovers (code, visit, expires_ms) values ($1, $2, $3)")
        .bind(code.as_str())
        .bind(visit.to_string())
        .bind(tables::ms(expires))
        .run(turn.on())
        .await?;
    let picture = picture::of(&address, &code)?;
    turn.commit().await?;
    let offered = VisitOffered {
        code,
        expires,
        picture,
        server_now: at,
    };
    Ok((StatusCode::CREATED, Json(offered)).into_response())
}

/// `DELETE /visits/{visit}/handover`: it is offered no more.
#[utoipa::path(
    delete,
    path = "/api/v1/visits/{visit}/handover",
    tag = "visits",
    params(("visit" = String, Path)),
    responses((status = 204, description = "Done"))
)]
pub(super) async fn withdraw(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let (visit, _) = authorized(&app, &visit, &headers).await?;
    let mut turn = app.store.turn().await?;
    query("delete from handovers where visit = $1")
        .bind(visit.to_string())
        .run(turn.on())
        .await?;
    turn.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /visits/{visit}/handover`, for who holds the visit and for who held it.
#[utoipa::path(
    get,
    path = "/api/v1/visits/{visit}/handover",
    tag = "visits",
    params(("visit" = String, Path)),
    responses((status = 200, description = "Done", body = Object))
)]
pub(super) async fn whither(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Whither>, ApiError> {
    let secret = Secret::of(&headers).ok_or_else(ApiError::no_token)?;
    let visit = Uuid::try_parse(&visit).map_err(|_| ApiError::no_visit())?;
    let mut on = app.store.reader().await?;
    let stored = visit_on(&mut on, visit).await?;
    let stored = stored.ok_or_else(ApiError::no_visit)?;
    let goes_on = if secret.opens(&stored.token_sha256) {
        let offered =
            query("select expires_ms from handovers where visit = $1 and expires_ms > $2");
        let offered = offered.bind(visit.to_string()).bind(tables::ms(now()));
        match offered.first::<(i64,)>(&mut on).await? {
            Some(_) => GoesOn::Offered,
            None => GoesOn::Here,
        }
    } else {
        match tables::was_opened_by(&mut on, visit, &secret.hash()).await? {
            Some(true) => GoesOn::Elsewhere,
            Some(false) => GoesOn::Gone,
            None => return Err(ApiError::no_visit()),
        }
    };
    app.turnstile.visit(visit).map_err(ApiError::too_many)?;
    let headset = headset_of(&mut on, visit).await?;
    Ok(Json(Whither { goes_on, headset }))
}

/// The number of the headset that has the visit, or that it was handed to.
async fn headset_of(on: &mut Connection, visit: Uuid) -> Result<Option<u32>, ApiError> {
    let number = query(
        "select number from headsets where visit = $1
             or id in (select headset from handovers where visit = $1)
         order by number limit 1",
    );
    let number = number.bind(visit.to_string()).first::<(i64,)>(on).await?;
    Ok(number.and_then(|(number,)| u32::try_from(number).ok()))
}

/// `POST /visits/{visit}/return`: who offered the visit goes on with it. What held it since does not.
#[utoipa::path(
    post,
    path = "/api/v1/visits/{visit}/return",
    tag = "visits",
    params(("visit" = String, Path)),
    responses((status = 200, description = "Done", body = Object))
)]
pub(super) async fn take_back(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
) -> Result<Json<VisitStarted>, ApiError> {
    let secret = Secret::of(&headers).ok_or_else(ApiError::no_token)?;
    let visit = Uuid::try_parse(&visit).map_err(|_| ApiError::no_visit())?;
    let mut turn = app.store.turn().await?;
    match tables::was_opened_by(turn.on(), visit, &secret.hash()).await? {
        Some(true) => {}
        Some(false) => return Err(ApiError::visit_elsewhere()),
        None => return Err(ApiError::no_visit()),
    }
    let ticket = handing::pass(turn.on(), visit, None, false).await?;
    query("delete from former_tokens where token_sha256 = $1")
        .bind(&secret.hash()[..])
        .run(turn.on())
        .await?;
    turn.commit().await?;
    Ok(Json(ticket))
}

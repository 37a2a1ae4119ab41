//! Visits: begun, read, exported, erased.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use uuid::Uuid;
use xinghuo_tour::{Session, Venue};
use xinghuo_wire::{
    Deed, ErrorCode, Feedback, Hints, LanguageTag, Record, SEED_LIMIT, StartVisit, VisitKept,
    VisitStarted,
    version::CONSENT,
    xapi::{SITTING_PAUSE_MS, Sitting},
};

use super::{Shared, authorized, identity, json::Body, now, now_ms, person::noted, to_the_end};
use crate::{
    app::App,
    error::ApiError,
    limits::Neighbourhood,
    store::{By, NewVisit, StoredVisit, printed},
    token::Secret,
    venues::{PackageAt, VenueError},
};

/// Begins a visit of a package that is on the disk and can be opened.
#[utoipa::path(
    post,
    path = "/api/v1/visits",
    tag = "visits",
    request_body = StartVisit,
    responses((status = 201, description = "Done", body = VisitStarted))
)]
pub(crate) async fn begin(
    State(app): Shared,
    Extension(from): Extension<Neighbourhood>,
    Body(asked): Body<StartVisit>,
) -> Result<Response, ApiError> {
    app.turnstile.begin(from).map_err(ApiError::too_many)?;
    let StartVisit {
        venue,
        package,
        language,
        consent,
    } = asked;
    let consent = consent.filter(|version| *version == CONSENT);
    let consent = consent.ok_or_else(ApiError::no_consent)?;
    let at = PackageAt {
        venue: venue.clone(),
        hash: package.clone(),
    };
    if !app.venues.is_there(&at).await {
        return Err(VenueError::Missing.into());
    }
    let opened = app.venues.open(&at).await?;
    speaks(&opened.venue, &language)?;
    let random = |error: getrandom::Error| ApiError::internal(&error);
    let secret = Secret::random().map_err(random)?;
    let seed = getrandom::u64().map_err(random)? % SEED_LIMIT;
    let (id, created) = (Uuid::new_v4(), now());
    let visit = StoredVisit {
        token_sha256: secret.hash().to_vec(),
        venue: venue.clone(),
        package: package.clone(),
        language,
        seed,
        created,
        active: None,
        evidence_gone: None,
        limited: None,
        record: Record::of(&Session::new(seed), &opened.venue, None),
    };
    let initialized = identity(&app, id, &visit, &opened).initialized(&opened.venue);
    let new = NewVisit {
        id,
        initialized: printed(&initialized)?,
        visit,
        consent: Some(consent),
    };
    let storing = app.clone();
    to_the_end(async move { Ok(storing.store.begin(&new).await?) }).await?;
    app.metrics.visits.inc();
    let answer = VisitStarted {
        visit: id,
        token: secret.token(),
        seed,
        venue,
        package,
        created,
        server_now: now(),
    };
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// Insists on a language that the venue speaks.
pub(super) fn speaks(venue: &Venue, language: &LanguageTag) -> Result<(), ApiError> {
    let mut spoken = venue.languages.iter();
    if spoken.any(|spoken| spoken == language.as_str()) {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::BadRequest,
        "the venue does not speak this language",
        "take one of the package's languages",
    ))
}

/// A visit's log and what was decided: all that is needed to go on with it elsewhere.
#[utoipa::path(
    get,
    path = "/api/v1/visits/{visit}",
    tag = "visits",
    params(("visit" = String, Path)),
    responses((status = 200, description = "Done", body = VisitKept))
)]
pub(crate) async fn show(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
) -> Result<Json<VisitKept>, ApiError> {
    let (id, _) = noted(&app, &visit, &headers, Deed::Read).await?;
    Ok(Json(kept(&app, id).await?))
}

/// All that is kept of a visit but its statements.
pub(super) async fn kept(app: &App, id: Uuid) -> Result<VisitKept, ApiError> {
    let whole = app.store.whole(id).await?.ok_or_else(ApiError::no_visit)?;
    let at = PackageAt {
        venue: whole.visit.venue.clone(),
        hash: whole.visit.package.clone(),
    };
    // A visit can be read even when its package cannot: then without the words on its answers.
    let (verdicts, feedback, hints) = match app.venues.open(&at).await {
        Ok(opened) => {
            let feedback = opened.feedback(&whole.verdicts);
            let hints = opened.hints(&whole.verdicts);
            (opened.told(whole.verdicts), feedback, hints)
        }
        Err(cause) => {
            tracing::warn!(%cause, "a visit is read without the words on its answers");
            (whole.verdicts, Feedback::new(), Hints::new())
        }
    };
    Ok(VisitKept {
        visit: id,
        venue: whole.visit.venue,
        package: whole.visit.package,
        seed: whole.visit.seed,
        created: whole.visit.created,
        entries: whole.entries,
        verdicts,
        feedback,
        hints,
        record: whole.visit.record,
    })
}

/// The visit's xAPI statements: [`xinghuo_wire::Statements`], which are stored as JSON and go out as
/// they are.
#[utoipa::path(
    get,
    path = "/api/v1/visits/{visit}/statements",
    tag = "visits",
    params(("visit" = String, Path)),
    responses((status = 200, description = "Done", body = Object))
)]
pub(crate) async fn statements(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (id, visit) = noted(&app, &visit, &headers, Deed::Export).await?;
    to_the_end(end_sitting(app.clone(), id, visit)).await?;
    let all = app.store.statements(id).await?.join(",");
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok((kind, format!("{{\"statements\":[{all}]}}")).into_response())
}

/// Tells that the visitor's sitting is over, if it is. Nobody sees statements elsewhere, so it is
/// early enough to tell it when somebody asks, or when the next sitting begins.
async fn end_sitting(app: Arc<App>, id: Uuid, visit: StoredVisit) -> Result<(), ApiError> {
    let since_ms = now()
        .unix_millis()
        .saturating_sub(visit.created.unix_millis());
    if since_ms < SITTING_PAUSE_MS || visit.evidence_gone.is_some() {
        return Ok(());
    }
    let mut writing = app.store.write().await?;
    let now_limited = writing.visit(id).await?.and_then(|it| it.limited);
    if now_limited.is_some() {
        return Ok(());
    }
    let sitting = Sitting::of(&writing.log(id, visit.created).await?);
    if !sitting.is_over(since_ms) {
        return Ok(());
    }
    let at = PackageAt {
        venue: visit.venue.clone(),
        hash: visit.package.clone(),
    };
    let opened = match app.venues.open(&at).await {
        Ok(opened) => opened,
        Err(cause) => {
            tracing::warn!(%cause, "the end of a sitting is told once its package is back");
            return Ok(());
        }
    };
    let terminated = identity(&app, id, &visit, &opened).terminated(&opened.venue, &sitting);
    writing.tell(id, &printed(&terminated)?).await?;
    Ok(writing.commit().await?)
}

/// Erases everything of a visit.
#[utoipa::path(
    delete,
    path = "/api/v1/visits/{visit}",
    tag = "visits",
    params(("visit" = String, Path)),
    responses((status = 204, description = "Done"))
)]
pub(crate) async fn erase(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let (id, _) = authorized(&app, &visit, &headers).await?;
    to_the_end(async move {
        let erased = app.store.erase(id, By::VISITOR, Deed::Erase, now_ms());
        erased.await?;
        app.sessions.forget(id);
        app.metrics.erased.inc();
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

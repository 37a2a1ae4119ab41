//! What a visitor may see, say and decide about what is kept of them: all of it, by the visit's token.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use uuid::Uuid;
use xinghuo_wire::{
    AllStored, CorrectLanguage, Deed, ErrorCode, GiveConsent, Goes, Held, MAX_OBJECTION_CHARS,
    MAX_OBJECTIONS, Notice, RaiseObjection, Timestamp, lrs::identity_of, version::CONSENT,
};

use super::{
    Shared, authorized, json::Body, launches::end_launch, now, now_ms, to_the_end, visits,
};
use crate::{
    app::App,
    csv,
    error::ApiError,
    store::{By, StoredVisit},
    venues::PackageAt,
};

/// What a visitor is told before anything is recorded, as far as the page cannot know it.
#[utoipa::path(
    get,
    path = "/api/v1/notice",
    tag = "visits",
    responses((status = 200, description = "Done", body = Object))
)]
pub(crate) async fn notice(State(app): Shared) -> Json<Notice> {
    Json(Notice {
        consent: CONSENT,
        keep_evidence: app.retention.keep_evidence,
        keep_records: app.retention.keep_records,
        keep_accesses: app.retention.keep_accesses,
        responsible: app.responsible.clone(),
    })
}

/// What is kept of a visit, for how long, and who looked.
#[utoipa::path(
    get,
    path = "/api/v1/visits/{visit}/held",
    tag = "visits",
    params(("visit" = String, Path)),
    responses((status = 200, description = "Done", body = Object))
)]
pub(crate) async fn held(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Held>, ApiError> {
    let (id, stored) = noted(&app, &visit, &headers, Deed::Read).await?;
    Ok(Json(all_held(&app, id, stored).await?))
}

/// The visit that an address names and a token opens, once it is noted what is done with it.
pub(super) async fn noted(
    app: &Arc<App>,
    visit: &str,
    headers: &HeaderMap,
    what: Deed,
) -> Result<(Uuid, StoredVisit), ApiError> {
    let (id, stored) = authorized(app, visit, headers).await?;
    let noting = app.clone();
    to_the_end(async move {
        let visits = [id];
        let noted = noting.store.note(By::VISITOR, what, &visits, now_ms());
        Ok(noted.await?)
    })
    .await?;
    Ok((id, stored))
}

async fn all_held(app: &App, id: Uuid, stored: StoredVisit) -> Result<Held, ApiError> {
    let agent = identity_of(&app.origin, &id.to_string());
    let counted = app.store.counted(id, &agent).await?;
    let (accesses, accesses_in_all) = app.store.accesses(id).await?;
    let since = stored.active.unwrap_or(stored.created).unix_millis();
    let after = |ms: i64| Timestamp::from_unix_millis(since.saturating_add(ms.cast_unsigned()));
    let evidence = after(app.retention.evidence_ms());
    Ok(Held {
        visit: id,
        consents: app.store.consents(id).await?,
        entries: counted.entries,
        verdicts: counted.verdicts,
        statements: counted.statements,
        documents: counted.documents,
        goes: Goes {
            evidence: stored.evidence_gone.is_none().then_some(evidence),
            records: after(app.retention.records_ms()),
            accesses_days: app.retention.keep_accesses,
        },
        launches: app.store.launches(id).await?,
        objections: app.store.objections(id).await?,
        accesses,
        accesses_in_all,
        venue: stored.venue,
        package: stored.package,
        language: stored.language,
        created: stored.created,
        active: stored.active,
        evidence_gone: stored.evidence_gone,
        limited: stored.limited,
        record: stored.record,
    })
}

/// Every row about a visit, table by table, as the register of processing says where they are.
#[utoipa::path(
    get,
    path = "/api/v1/visits/{visit}/stored",
    tag = "visits",
    params(("visit" = String, Path)),
    responses((status = 200, description = "Done", body = Object))
)]
pub(crate) async fn stored(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
) -> Result<Json<AllStored>, ApiError> {
    let (id, _) = noted(&app, &visit, &headers, Deed::Read).await?;
    let tables = app.store.stored(id).await?;
    Ok(Json(AllStored { tables }))
}

/// Everything that is kept of a visit, in one file: [`xinghuo_wire::Exported`]. Statements go out as
/// they are stored.
#[utoipa::path(
    get,
    path = "/api/v1/visits/{visit}/export",
    tag = "visits",
    params(("visit" = String, Path)),
    responses((status = 200, description = "Done", body = Object))
)]
pub(crate) async fn export(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (id, stored) = noted(&app, &visit, &headers, Deed::Export).await?;
    let visit = visits::kept(&app, id).await?;
    let statements = app.store.statements(id).await?.join(",");
    let held = all_held(&app, id, stored).await?;
    let stored = app.store.stored(id).await?;
    let internal = |error: serde_json::Error| ApiError::internal(&error);
    let held = serde_json::to_string(&held).map_err(internal)?;
    let visit = serde_json::to_string(&visit).map_err(internal)?;
    let stored = serde_json::to_string(&stored).map_err(internal)?;
    let all = format!(
        "{{\"held\":{held},\"visit\":{visit},\"statements\":[{statements}],\"stored\":{stored}}}"
    );
    let kind = (header::CONTENT_TYPE, "application/json".to_owned());
    Ok(([kind, as_file(id, "json")], all).into_response())
}

/// The log with what the server said of it, as a table.
#[utoipa::path(
    get,
    path = "/api/v1/visits/{visit}/export.csv",
    tag = "visits",
    params(("visit" = String, Path)),
    responses((status = 200, description = "Done"))
)]
pub(crate) async fn export_csv(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (id, _) = noted(&app, &visit, &headers, Deed::Export).await?;
    let visit = visits::kept(&app, id).await?;
    let kind = (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned());
    Ok(([kind, as_file(id, "csv")], csv::of_visit(&visit)).into_response())
}

fn as_file(visit: Uuid, ending: &str) -> (header::HeaderName, String) {
    let name = format!("attachment; filename=\"xinghuo-{visit}.{ending}\"");
    (header::CONTENT_DISPOSITION, name)
}

/// The visitor agrees to being recorded.
#[utoipa::path(
    put,
    path = "/api/v1/visits/{visit}/consent",
    tag = "visits",
    request_body = Object,
    params(("visit" = String, Path)),
    responses((status = 204, description = "Done"))
)]
pub(crate) async fn give_consent(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
    Body(given): Body<GiveConsent>,
) -> Result<StatusCode, ApiError> {
    let (id, stored) = authorized(&app, &visit, &headers).await?;
    if given.version != CONSENT {
        return Err(ApiError::no_consent());
    }
    unlimited(&stored)?;
    to_the_end(async move { Ok(app.store.agree(id, now_ms()).await?) }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The visitor does not agree any more. What is kept stays until it is erased, and nothing is added; a
/// learning system that launched the visit is told that its session is over.
#[utoipa::path(
    delete,
    path = "/api/v1/visits/{visit}/consent",
    tag = "visits",
    params(("visit" = String, Path)),
    responses((status = 204, description = "Done"))
)]
pub(crate) async fn withdraw_consent(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let (id, _) = authorized(&app, &visit, &headers).await?;
    to_the_end(async move {
        app.store.withdraw(id, now_ms()).await?;
        end_launch(&app, id).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Insists that the use of a visit is not limited.
pub(crate) fn unlimited(visit: &StoredVisit) -> Result<(), ApiError> {
    visit.limited.map_or(Ok(()), |_| Err(ApiError::limited()))
}

/// The visitor has the use of the visit limited: what is kept of it stays, and is used for nothing.
#[utoipa::path(
    put,
    path = "/api/v1/visits/{visit}/limitation",
    tag = "visits",
    params(("visit" = String, Path)),
    responses((status = 204, description = "Done"))
)]
pub(crate) async fn limit(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let (id, _) = authorized(&app, &visit, &headers).await?;
    to_the_end(async move {
        app.store.limit(id, now_ms()).await?;
        app.sessions.forget(id);
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// The visitor lifts that. What is kept may be used as before; to be recorded they agree anew.
#[utoipa::path(
    delete,
    path = "/api/v1/visits/{visit}/limitation",
    tag = "visits",
    params(("visit" = String, Path)),
    responses((status = 204, description = "Done"))
)]
pub(crate) async fn lift(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let (id, _) = authorized(&app, &visit, &headers).await?;
    to_the_end(async move { Ok(app.store.lift(id, now_ms()).await?) }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Corrects the language that the visit is told in from now on.
#[utoipa::path(
    put,
    path = "/api/v1/visits/{visit}/language",
    tag = "visits",
    request_body = Object,
    params(("visit" = String, Path)),
    responses((status = 204, description = "Done"))
)]
pub(crate) async fn correct_language(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
    Body(asked): Body<CorrectLanguage>,
) -> Result<StatusCode, ApiError> {
    let (id, stored) = authorized(&app, &visit, &headers).await?;
    let at = PackageAt {
        venue: stored.venue,
        hash: stored.package,
    };
    let opened = app.venues.open(&at).await;
    let opened = opened.map_err(ApiError::no_venue_of_visit)?;
    visits::speaks(&opened.venue, &asked.language)?;
    to_the_end(async move {
        let language = asked.language.as_str();
        let corrected = app.store.correct_language(id, language, now_ms());
        Ok(corrected.await?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps what the visitor holds to be wrong, for a person to read.
#[utoipa::path(
    post,
    path = "/api/v1/visits/{visit}/objections",
    tag = "visits",
    request_body = Object,
    params(("visit" = String, Path)),
    responses((status = 201, description = "Done", body = Object))
)]
pub(crate) async fn object(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
    Body(raised): Body<RaiseObjection>,
) -> Result<Response, ApiError> {
    let (id, _) = authorized(&app, &visit, &headers).await?;
    let text = raised.text.trim().to_owned();
    let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    let characters = text.chars().count();
    if characters == 0 || characters > MAX_OBJECTION_CHARS || text.chars().any(is_control) {
        return Err(ApiError::new(
            ErrorCode::BadRequest,
            format!(
                "an objection has 1 to {MAX_OBJECTION_CHARS} characters and no control characters"
            ),
            "say it in fewer words",
        ));
    }
    let number = to_the_end(async move {
        let kept = app.store.object(id, &text, MAX_OBJECTIONS, now_ms()).await;
        Ok(kept?)
    })
    .await?;
    let number = number.ok_or_else(|| {
        ApiError::new(
            ErrorCode::BadRequest,
            format!("a visit may have {MAX_OBJECTIONS} objections"),
            "wait for an answer to those that are there",
        )
    })?;
    let answer = serde_json::json!({ "number": number, "at": now() });
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

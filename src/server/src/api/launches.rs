//! Launches: visits that learning systems begin by cmi5, and leave-taking.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use uuid::Uuid;
use xinghuo_tour::Session;
use xinghuo_wire::{
    ErrorCode, LanguageTag, LaunchDeclined, LaunchStarted, Record, SEED_LIMIT, StartLaunch,
    VisitStarted,
    version::CONSENT,
    xapi::cmi5::{Launch, LaunchData},
};

use super::{Shared, authorized, identity, json::Body, now, now_ms, to_the_end};
use crate::{
    app::App,
    cmi5::{self, LaunchProblem, NewLaunch, System},
    error::ApiError,
    limits::Neighbourhood,
    store::{NewVisit, StoredVisit, begin_visit, printed, query},
    token::Secret,
    venues::{Opened, PackageAt},
};

/// Begins a visit that a learning system has launched, or goes on with it.
#[utoipa::path(
    post,
    path = "/api/v1/launches",
    tag = "visits",
    request_body = Object,
    responses((status = 201, description = "Done", body = Object))
)]
pub(crate) async fn launch(
    State(app): Shared,
    Extension(from): Extension<Neighbourhood>,
    Body(asked): Body<StartLaunch>,
) -> Result<Response, ApiError> {
    app.turnstile.begin(from).map_err(ApiError::too_many)?;
    // Before anything is asked of anybody: what is asked names the learner.
    if asked.consent != Some(CONSENT) {
        return Err(ApiError::no_consent());
    }
    let at = app.venues.present(&asked.venue).await?;
    let opened = app.venues.open(&at).await?;
    // To the end: the system gives its token once.
    let started = to_the_end(Box::pin(launched(app, asked, at, opened))).await?;
    Ok((StatusCode::CREATED, Json(started)).into_response())
}

async fn launched(
    app: Arc<App>,
    asked: StartLaunch,
    at: PackageAt,
    opened: Arc<Opened>,
) -> Result<LaunchStarted, ApiError> {
    let system = System::of(&app.outward, &asked, &app.lms_origins).await?;
    let data = system.launch_data().await?;
    let liked = system.preferences().await;
    let language = liked.best_of(&opened.venue.languages);
    let language = language.unwrap_or(asked.language.as_str());
    let language = opened
        .spoken(language)
        .ok_or_else(|| ApiError::internal(&"a venue that speaks no language was opened"))?;
    let launch = launch_of(&system, &asked, &data);
    let mode = launch.mode;
    let (credential, endpoint) = (system.credential, asked.endpoint);
    let (secret, new) = visit(&app, &at, &opened, language.clone())?;
    let mut writing = app.store.write().await?;
    let resumed = cmi5::resumed(writing.on(), &endpoint, &launch).await?;
    let before = match &resumed {
        Some(resumed) => writing.visit(resumed.visit).await?,
        None => None,
    };
    // A visit whose package is gone cannot go on; then another begins.
    let before = match before {
        Some(before) if app.venues.is_there(&package(&before)).await => Some(before),
        _ => None,
    };
    let going_on = before.zip(resumed);
    let (id, visit, untold) = if let Some((before, resumed)) = going_on {
        query("update visits set token_sha256 = $1 where id = $2")
            .bind(secret.hash().to_vec())
            .bind(resumed.visit.to_string())
            .run(writing.on())
            .await?;
        writing.agree(resumed.visit, CONSENT, now_ms()).await?;
        (resumed.visit, before, resumed.untold)
    } else {
        begin_visit(writing.on(), &new).await?;
        app.metrics.visits.inc();
        (new.id, new.visit, Vec::new())
    };
    let new = NewLaunch {
        launch,
        visit: id,
        endpoint,
        credential,
    };
    cmi5::start(writing.on(), &new, &untold).await?;
    writing.commit().await?;
    Ok(LaunchStarted {
        started: VisitStarted {
            visit: id,
            token: secret.token(),
            seed: visit.seed,
            venue: visit.venue,
            package: visit.package,
            created: visit.created,
            server_now: now(),
        },
        seq: visit.record.seq,
        language,
        mode,
        return_url: data.return_url,
    })
}

/// The session that begins.
fn launch_of(system: &System<'_>, asked: &StartLaunch, data: &LaunchData) -> Launch {
    Launch {
        id: Uuid::new_v4(),
        learner: system.learner.clone(),
        registration: asked.registration,
        activity: asked.activity_id.clone(),
        template: data.template.clone(),
        mode: data.mode,
        mastery: data.mastery,
        began: now(),
    }
}

/// Ends the session of a launch whose visitor does not want a record. The learning system hears that it
/// is over, as cmi5 asks for, and of nothing else; nothing of it is kept here.
#[utoipa::path(
    post,
    path = "/api/v1/launches/decline",
    tag = "visits",
    request_body = Object,
    responses((status = 200, description = "Done", body = Object))
)]
pub(crate) async fn decline(
    State(app): Shared,
    Extension(from): Extension<Neighbourhood>,
    Body(asked): Body<StartLaunch>,
) -> Result<Json<LaunchDeclined>, ApiError> {
    app.turnstile.begin(from).map_err(ApiError::too_many)?;
    to_the_end(async move {
        let system = System::of(&app.outward, &asked, &app.lms_origins).await?;
        let data = system.launch_data().await?;
        // cmi5 asks for them to be read, whatever is made of them.
        system.preferences().await;
        system
            .ends_at_once(&launch_of(&system, &asked, &data))
            .await?;
        let return_url = data.return_url;
        Ok(Json(LaunchDeclined { return_url }))
    })
    .await
}

fn package(visit: &StoredVisit) -> PackageAt {
    PackageAt {
        venue: visit.venue.clone(),
        hash: visit.package.clone(),
    }
}

/// A visit that begins, should none go on.
fn visit(
    app: &App,
    at: &PackageAt,
    opened: &Opened,
    language: LanguageTag,
) -> Result<(Secret, NewVisit), ApiError> {
    let random = |error: getrandom::Error| ApiError::internal(&error);
    let secret = Secret::random().map_err(random)?;
    let seed = getrandom::u64().map_err(random)? % SEED_LIMIT;
    let id = Uuid::new_v4();
    let visit = StoredVisit {
        token_sha256: secret.hash().to_vec(),
        venue: at.venue.clone(),
        package: at.hash.clone(),
        language,
        seed,
        created: now(),
        active: None,
        evidence_gone: None,
        limited: None,
        record: Record::of(&Session::new(seed), &opened.venue, None),
    };
    let initialized = identity(app, id, &visit, opened).initialized(&opened.venue);
    let new = NewVisit {
        id,
        initialized: printed(&initialized)?,
        visit,
        consent: Some(CONSENT),
    };
    Ok((secret, new))
}

/// Says that the visitor goes away: the learning system, if there is one, is told at once. Whoever
/// comes back is launched again; whoever has not been launched goes on as if nothing was said.
#[utoipa::path(
    post,
    path = "/api/v1/visits/{visit}/leave",
    tag = "visits",
    params(("visit" = String, Path)),
    responses((status = 204, description = "Done"))
)]
pub(crate) async fn leave(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let (id, _) = authorized(&app, &visit, &headers).await?;
    to_the_end(async move {
        end_launch(&app, id).await?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Ends the launch of a visit that is open, if there is one.
pub(super) async fn end_launch(app: &App, visit: Uuid) -> Result<(), ApiError> {
    let mut writing = app.store.write().await?;
    if let Some(launch) = cmi5::open_launch(writing.on(), visit).await? {
        cmi5::end(writing.on(), &launch, now()).await?;
        writing.commit().await?;
    }
    Ok(())
}

impl From<LaunchProblem> for ApiError {
    fn from(problem: LaunchProblem) -> Self {
        tracing::warn!(%problem, "a launch is not taken");
        let (code, next) = match problem {
            LaunchProblem::Stranger { .. } => (
                ErrorCode::LaunchRefused,
                "let the administrator of this server name the learning system with --lms-origin",
            ),
            LaunchProblem::NoToken => (
                ErrorCode::LaunchRefused,
                "open the visit again from the learning system",
            ),
            LaunchProblem::Flaw(_) => (
                ErrorCode::BadRequest,
                "open the visit again from the learning system, or tell its administrator",
            ),
            LaunchProblem::Answer { .. } => (
                ErrorCode::LaunchFailed,
                "open the visit again from the learning system",
            ),
        };
        Self::new(code, problem.to_string(), next)
    }
}

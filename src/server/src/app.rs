//! What is answered where.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, get, post, put},
};
use serde_json::json;
use subtle::ConstantTimeEq;
use tokio::{sync::Semaphore, time::timeout};
use tower_http::catch_panic::CatchPanicLayer;
use xinghuo_tour::VenueId;
use xinghuo_wire::{
    ErrorCode, MAX_BATCH_BYTES, MAX_LAUNCH_BYTES, MAX_OBJECTION_BYTES, MAX_REQUEST_BYTES,
    PackageHash,
};

use crate::{
    Config, Retention, StartError, api, cmi5,
    error::ApiError,
    files::{self, Files},
    headers, lab,
    limits::{Neighbourhood, Peer, Turnstile},
    lrs,
    metrics::{self, Metrics},
    observe::{self, Observer},
    openapi,
    outward::Outward,
    profile,
    sessions::Sessions,
    staff::{self, Staff},
    store::{Store, now_us},
    telemetry::Telemetry,
    token::bearer,
    venues::{PackageAt, VenueError, Venues},
};

/// How long an API call may take, the arrival of its body included.
const CALL_PATIENCE: Duration = Duration::from_secs(15);

/// What the answers are made from.
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) venues: Venues,
    pub(crate) sessions: Sessions,
    pub(crate) turnstile: Turnstile,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) staff: Staff,
    /// What visitors know this deployment by.
    pub(crate) origin: String,
    /// Asks learning systems.
    pub(crate) outward: Arc<Outward>,
    /// The learning systems that may launch visits.
    pub(crate) lms_origins: Vec<String>,
    site: Files,
    packages: Files,
    pub(crate) calls: Semaphore,
    metrics_token: Option<String>,
    behind_proxy: bool,
    pub(crate) production: bool,
    /// Whether the server answers others than this machine.
    pub(crate) answers_others: bool,
    /// When what is kept goes.
    pub(crate) retention: Retention,
    /// Who is responsible for it.
    pub(crate) responsible: Option<String>,
}

/// Everything that a server with this configuration answers.
pub(crate) fn router(
    config: &Config,
    address: SocketAddr,
    store: &Store,
    outward: Arc<Outward>,
    telemetry: Telemetry,
) -> Result<Router, StartError> {
    let policy =
        headers::policy(&config.frame_ancestors).ok_or_else(|| StartError::FrameAncestors {
            sources: config.frame_ancestors.clone(),
        })?;
    let metrics = Arc::new(Metrics::new());
    let observer = Observer {
        metrics: metrics.clone(),
        telemetry,
        behind_proxy: config.behind_proxy,
    };
    let origin = config.origin_at(address);
    let app = Arc::new(App {
        store: store.clone(),
        venues: Venues::new(
            config.packages.clone(),
            config.keys.clone(),
            config.production,
        ),
        sessions: Sessions::new(),
        turnstile: Turnstile::new(&config.limits),
        metrics: metrics.clone(),
        staff: Staff::new(origin.clone(), config.origin.is_some(), &config.oidc),
        origin,
        outward,
        lms_origins: config.lms_origins.clone(),
        site: Files::site(&config.site),
        packages: Files::packages(&config.packages, &config.site),
        calls: Semaphore::new(config.limits.calls_at_once),
        metrics_token: config.metrics_token.clone(),
        behind_proxy: config.behind_proxy,
        production: config.production,
        answers_others: !address.ip().is_loopback(),
        retention: config.retention,
        responsible: config.responsible.clone(),
    });
    let api = Router::new()
        .route(
            "/api/v1/visits",
            post(api::begin).layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES)),
        )
        .route("/api/v1/visits/{visit}", get(api::show).delete(api::erase))
        .route(
            "/api/v1/visits/{visit}/evidence",
            post(api::add).layer(DefaultBodyLimit::max(MAX_BATCH_BYTES)),
        )
        .route("/api/v1/visits/{visit}/statements", get(api::statements))
        .route("/api/v1/notice", get(api::notice))
        .route("/api/v1/visits/{visit}/held", get(api::held))
        .route("/api/v1/visits/{visit}/stored", get(api::stored))
        .route("/api/v1/visits/{visit}/export", get(api::export))
        .route("/api/v1/visits/{visit}/export.csv", get(api::export_csv))
        .route(
            "/api/v1/visits/{visit}/consent",
            put(api::give_consent)
                .delete(api::withdraw_consent)
                .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES)),
        )
        .route(
            "/api/v1/visits/{visit}/limitation",
            put(api::limit).delete(api::lift),
        )
        .route(
            "/api/v1/visits/{visit}/language",
            put(api::correct_language).layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES)),
        )
        .route(
            "/api/v1/visits/{visit}/objections",
            post(api::object).layer(DefaultBodyLimit::max(MAX_OBJECTION_BYTES)),
        )
        .merge(lab::routes())
        .merge(staff::router())
        .route("/api/v1/visits/{visit}/leave", post(api::leave))
        .route(
            "/api/v1/launches",
            post(api::launch).layer(DefaultBodyLimit::max(MAX_LAUNCH_BYTES)),
        )
        .route(
            "/api/v1/launches/decline",
            post(api::decline).layer(DefaultBodyLimit::max(MAX_LAUNCH_BYTES)),
        )
        .route("/api/openapi.json", get(openapi::show))
        .route("/api", any(no_such_call))
        .route("/api/", any(no_such_call))
        .route("/api/{*rest}", any(no_such_call))
        .method_not_allowed_fallback(no_such_method)
        .route_layer(middleware::from_fn_with_state(app.clone(), gate));
    Ok(Router::new()
        .route("/health", get(health))
        .route("/metrics", get(tell_metrics))
        .route("/packages/{*path}", any(package_file))
        .merge(api)
        .merge(lrs::router())
        .merge(profile::router())
        .fallback(site_file)
        .with_state(app)
        .layer(CatchPanicLayer::custom(|_| {
            ApiError::internal(&"a handler panicked").into_response()
        }))
        .layer(middleware::from_fn_with_state(policy, headers::guard))
        .layer(middleware::from_fn_with_state(observer, observe::observe)))
}

impl App {
    /// Whose allowance a request draws on.
    pub(crate) fn from(&self, request: &Request) -> Neighbourhood {
        let peer = request.extensions().get().copied();
        Neighbourhood::of(peer, request.headers(), self.behind_proxy)
    }

    /// What is answered where there is no such file of a package.
    pub(crate) async fn no_file(&self) -> Response {
        self.packages.not_found().await
    }
}

/// Lets an API call in if there is room for it and the caller's allowance lasts.
async fn gate(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let from = app.from(&request);
    request.extensions_mut().insert(from);
    let mut response = match (app.turnstile.call(from), app.calls.try_acquire()) {
        (Err(wait), _) => ApiError::too_many(wait).into_response(),
        (_, Err(_)) => ApiError::overloaded().into_response(),
        (Ok(()), Ok(_seat)) => match timeout(CALL_PATIENCE, next.run(request)).await {
            Ok(response) => response,
            Err(_) => ApiError::new(
                ErrorCode::Timeout,
                "the call took too long",
                "send the same again; nothing is stored twice",
            )
            .into_response(),
        },
    };
    let never_kept = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, never_kept);
    response
}

async fn no_such_call() -> ApiError {
    ApiError::new(
        ErrorCode::NotFound,
        "the API has no such call",
        "see the calls under /api/v1/visits",
    )
}

async fn no_such_method() -> ApiError {
    ApiError::new(
        ErrorCode::MethodNotAllowed,
        "this cannot be done here",
        "use one of the methods in the header `Allow`",
    )
}

async fn site_file(State(app): State<Arc<App>>, request: Request) -> Response {
    app.site.answer(request).await
}

async fn package_file(State(app): State<Arc<App>>, mut request: Request) -> Response {
    let Some(uri) = files::below("/packages", request.uri()) else {
        return app.packages.not_found().await;
    };
    if let Some(venue) = uri.path().strip_suffix("/cmi5.xml")
        && let Ok(venue) = venue.trim_start_matches('/').parse::<VenueId>()
    {
        return cmi5::course(&app, &venue).await;
    }
    if app.production && uri.path() == "/index.json" {
        return match app.venues.index().await {
            Some(index) => {
                ([(header::CACHE_CONTROL, "no-cache")], axum::Json(index)).into_response()
            }
            None => app.packages.not_found().await,
        };
    }
    if app.production {
        let mut parts = uri.path().split('/').skip(1);
        let venue = parts.next().and_then(|part| part.parse::<VenueId>().ok());
        let hash = parts
            .next()
            .and_then(|part| part.parse::<PackageHash>().ok());
        if let (Some(venue), Some(hash)) = (venue, hash) {
            let at = PackageAt { venue, hash };
            match app.venues.open(&at).await {
                Ok(_) => {}
                Err(VenueError::Missing) => return app.packages.not_found().await,
                Err(refused) => return ApiError::from(refused).into_response(),
            }
        }
    }
    *request.uri_mut() = uri;
    app.packages.answer(request).await
}

async fn health(State(app): State<Arc<App>>) -> Response {
    let asked = timeout(Duration::from_secs(2), app.store.is_alive()).await;
    let (status, word) = match asked {
        Ok(Ok(())) => (StatusCode::OK, "ok"),
        Ok(Err(cause)) => {
            tracing::error!(%cause, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "no-database")
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "slow-database"),
    };
    let never_kept = [(header::CACHE_CONTROL, "no-store")];
    (status, never_kept, axum::Json(json!({ "status": word }))).into_response()
}

async fn tell_metrics(State(app): State<Arc<App>>, request: Request) -> Response {
    if !may_read_metrics(&app, request.extensions().get(), request.headers()) {
        return ApiError::new(
            ErrorCode::NotFound,
            "the metrics are for whoever runs the server",
            "ask from this machine, or send the token of --metrics-token",
        )
        .into_response();
    }
    match app.store.standing().await {
        Ok(standing) => app.metrics.told(&standing, now_us() / 1000),
        Err(cause) => tracing::warn!(%cause, "the deliveries cannot be counted"),
    }
    match app.metrics.text(app.store.size_bytes().await) {
        Ok(text) => {
            let kind = [
                (header::CONTENT_TYPE, metrics::MEDIA_TYPE),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (kind, text).into_response()
        }
        Err(error) => ApiError::internal(&error).into_response(),
    }
}

/// Whoever has the token, or asks from this machine itself: what a proxy on this machine passes on
/// came from elsewhere.
fn may_read_metrics(app: &App, peer: Option<&Peer>, headers: &HeaderMap) -> bool {
    let shown = bearer(headers).unwrap_or_default();
    let has_token = app
        .metrics_token
        .as_ref()
        .filter(|token| !token.is_empty())
        .is_some_and(|token| token.as_bytes().ct_eq(shown.as_bytes()).into());
    let forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    let is_here = peer.is_some_and(|peer| peer.0.to_canonical().is_loopback());
    has_token || (is_here && !forwarded)
}

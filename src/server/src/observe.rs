//! What is logged and counted of a request: method, route, status, time taken and a number to find
//! it by. Never a token, a body, an address or a visit.

use std::{
    sync::Arc,
    time::{Instant, SystemTime},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use uuid::Uuid;

use crate::{
    metrics::Metrics,
    telemetry::{Answered, Telemetry},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Who is told of requests.
#[derive(Clone)]
pub(crate) struct Observer {
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) telemetry: Telemetry,
    pub(crate) behind_proxy: bool,
}

/// Logs and counts a request and gives its answer the number that the log knows it by.
pub(crate) async fn observe(
    State(observer): State<Observer>,
    request: Request,
    next: Next,
) -> Response {
    let (began, began_at) = (Instant::now(), SystemTime::now());
    let telemetry = &observer.telemetry;
    let part_of = telemetry.part_of(request.headers(), observer.behind_proxy);
    let method = word_for(request.method());
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    let route = matched.as_ref().map_or("/{site}", MatchedPath::as_str);
    let took = began.elapsed();
    let status = response.status().as_u16();
    observer.metrics.answered(method, route, status, took);
    telemetry.answered(Answered {
        method,
        route,
        status,
        began: began_at,
        part_of,
    });
    let id = Uuid::new_v4().to_string();
    let micros = took.as_micros();
    tracing::info!(method, route, status, micros, request = id, "answered");
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// A client may invent methods; a label or a log line may not grow by them.
fn word_for(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

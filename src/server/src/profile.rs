//! The xAPI profile of visits: the document for programs, a page for people.

use std::sync::Arc;

use axum::{
    Router,
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use xinghuo_wire::xapi::profile::{DOCUMENT, MEDIA_TYPE};

use crate::app::App;

/// The page of the site that shows the document.
const PAGE: &str = "/profile.html";

/// Where the profile is answered.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/profiles/visits", get(asked))
        .route("/profiles/visits.jsonld", get(document))
}

/// People are shown the page, programs get the document.
async fn asked(headers: HeaderMap) -> Response {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    let vary = [(header::VARY, "accept")];
    if accept.contains("text/html") {
        (vary, Redirect::to(PAGE)).into_response()
    } else {
        (vary, document().await).into_response()
    }
}

async fn document() -> Response {
    let kind = [
        (header::CONTENT_TYPE, MEDIA_TYPE),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (kind, DOCUMENT).into_response()
}

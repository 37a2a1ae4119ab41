//! The headers that every answer carries.

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

const PERMISSIONS: &str = "xr-spatial-tracking=(self), fullscreen=(self), gyroscope=(self), \
    accelerometer=(self), camera=(), microphone=(), geolocation=(), payment=(), usb=(), \
    serial=(), browsing-topics=()";

/// The content security policy. Everything comes from this origin; `blob:` and `data:` images are
/// what the page makes itself of a package's pictures.
pub(crate) fn policy(frame_ancestors: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: blob:; connect-src 'self'; frame-ancestors {frame_ancestors}; \
         form-action 'self'; object-src 'none'; base-uri 'none'"
    ))
    .ok()
}

/// What staff clicks on is never within another page, whoever may embed the tour.
const ALONE: HeaderValue = HeaderValue::from_static("frame-ancestors 'none'");

/// What other systems store is theirs: a browser that is led to it runs nothing of it, and shows it as
/// if it came from nowhere.
const NO_PAGE: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");

/// Adds the headers that every answer carries.
pub(crate) async fn guard(
    State(policy): State<HeaderValue>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let is_staffs = path.starts_with("/staff") || path.starts_with("/api/v1/staff");
    let is_others = path.starts_with("/xapi");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    if is_staffs {
        headers.append(header::CONTENT_SECURITY_POLICY, ALONE);
    }
    if is_others {
        headers.append(header::CONTENT_SECURITY_POLICY, NO_PAGE);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.remove(header::SERVER);
    response
}

//! The description of the API, made from the code: what its handlers say of themselves, and xAPI's
//! resources as the record store lists them.

use std::sync::{Arc, LazyLock};

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use utoipa::{
    OpenApi, PartialSchema, ToSchema,
    openapi::{
        Components, Content, HttpMethod, InfoBuilder, OpenApiBuilder, Ref, ResponseBuilder,
        path::{Operation, PathItem},
        security::{
            ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
        },
    },
};
use xinghuo_wire::ErrorBody;

use crate::{api, app::App, error::ApiError, lab, lrs, staff};

/// What the cookie of a session is called where the line is secure.
const COOKIE: &str = "__Host-xinghuo-staff";

/// The document as it is sent over a secure line.
static DOCUMENT: LazyLock<Result<String, String>> =
    LazyLock::new(|| document().to_json().map_err(|error| error.to_string()));

/// Shows the description of the API.
pub(crate) async fn show(State(app): State<Arc<App>>) -> Response {
    match &*DOCUMENT {
        Ok(document) => {
            let kind = [(header::CONTENT_TYPE, "application/json")];
            let cookie = staff::cookie_name(app.staff.is_secure());
            (kind, document.replace(COOKIE, cookie)).into_response()
        }
        Err(cause) => ApiError::internal(cause).into_response(),
    }
}

/// The description of everything under `/api/v1` and `/xapi`.
pub(crate) fn document() -> utoipa::openapi::OpenApi {
    let info = InfoBuilder::new()
        .title("Xinghuo")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Visits and their evidence, staff and classes, and a learning record store (xAPI).",
        ));
    let mut document = OpenApiBuilder::new().info(info).build();
    document.merge(api::Described::openapi());
    document.merge(staff::Described::openapi());
    document.merge(lab::Described::openapi());
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            operation.operation_id = Some(lrs::operation_id(&method, path));
            may_fail(operation);
            secure(operation, path, &method);
        }
    }
    lrs::describe(&mut document.paths);
    document.components = Some(components(document.components.take()));
    document
}

/// Every operation of a path.
fn operations(item: &mut PathItem) -> Vec<(HttpMethod, &mut Operation)> {
    let PathItem {
        get,
        put,
        post,
        delete,
        patch,
        ..
    } = item;
    let all = [
        (HttpMethod::Get, get),
        (HttpMethod::Put, put),
        (HttpMethod::Post, post),
        (HttpMethod::Delete, delete),
        (HttpMethod::Patch, patch),
    ];
    let there = all.into_iter();
    there
        .filter_map(|(method, it)| it.as_mut().map(|it| (method, it)))
        .collect()
}

/// Whatever is no success is told in the same form.
fn may_fail(operation: &mut Operation) {
    let error = ResponseBuilder::new()
        .description("What went wrong, and what to do next")
        .content(
            "application/json",
            Content::new(Some(Ref::from_schema_name(ErrorBody::name()))),
        );
    let error = error.build();
    for status in ["4XX", "5XX"] {
        let known = &mut operation.responses.responses;
        known.insert(status.to_owned(), error.clone().into());
    }
}

/// Who may ask: the token of a visit, a lab or a headset, or the cookie of staff with the proof of
/// their page.
fn secure(operation: &mut Operation, path: &str, method: &HttpMethod) {
    let none: [String; 0] = [];
    let open = ["/ways", "/sign-in", "/password", "/oidc", "/oidc/back"];
    let of = |name: &str| SecurityRequirement::new(name, none.clone());
    let bearing = ["/api/v1/visits/", "/api/v1/labs/", "/api/v1/headset"];
    operation.security = if bearing.iter().any(|it| path.starts_with(it)) {
        Some(vec![of("bearer")])
    } else if path.starts_with("/api/v1/staff/") && !open.iter().any(|it| path.ends_with(it)) {
        let session = of("session");
        Some(vec![match method {
            HttpMethod::Get => session,
            _ => session.add("proof", none.clone()),
        }])
    } else {
        None
    };
}

fn components(known: Option<Components>) -> Components {
    let mut all = known.unwrap_or_default();
    let mut schemas = vec![(ErrorBody::name().into_owned(), ErrorBody::schema())];
    ErrorBody::schemas(&mut schemas);
    all.schemas.extend(schemas);
    let http = |scheme| SecurityScheme::Http(HttpBuilder::new().scheme(scheme).build());
    let cookie = ApiKeyValue::new(COOKIE);
    let header = ApiKeyValue::new("X-Xinghuo-Proof");
    for (name, scheme) in [
        ("bearer", http(HttpAuthScheme::Bearer)),
        ("credential", http(HttpAuthScheme::Basic)),
        ("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie))),
        ("proof", SecurityScheme::ApiKey(ApiKey::Header(header))),
    ] {
        all.add_security_scheme(name, scheme);
    }
    all
}

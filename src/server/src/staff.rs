//! Staff: who runs the deployment and who teaches with it. They sign in, with a password or with an
//! OpenID provider, and may do what their role includes and nothing else.
//!
//! Whoever is asked for in a handler, [`Somebody`], has shown a session, and for whatever changes
//! something also that the request comes from a page of this server. Visits are read in `reading`
//! alone.

mod accounts;
mod classes;
mod command;
mod cookie;
mod credentials;
mod entering;
mod joining;
mod leading;
mod oidc;
mod options;
mod password;
mod reading;
mod role;
mod rooms;
mod signing;
mod somebody;
mod state;
mod store;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderMap, HeaderValue},
    routing::{delete, get, patch, post, put},
};

pub use command::{StaffCommand, manage_staff};
pub use options::{OidcOptions, RoleOfGroup};
pub use role::{Role, RoleError};
pub(crate) use rooms::RunsRooms;

use xinghuo_wire::Token;

use crate::{app::App, store::now_us, token::Secret};

/// Most bytes of what staff sends at one time.
const BODY: usize = 16 * 1024;

/// Whether something is what staff sends of any kind.
pub(crate) fn is_asked(json: &[u8]) -> bool {
    fn is<T: serde::de::DeserializeOwned>(json: &[u8]) -> bool {
        serde_json::from_slice::<T>(json).is_ok()
    }
    let kinds = [
        is::<signing::SignIn>,
        is::<signing::SetPassword>,
        is::<accounts::AccountAsked>,
        is::<accounts::AccountChange>,
        is::<credentials::CredentialAsked>,
        is::<classes::ClassAsked>,
        is::<classes::ClassChange>,
        is::<leading::LeaderAsked>,
        is::<joining::Joining>,
    ];
    kinds.iter().any(|is| is(json))
}

/// The session that a request's cookies show, as its browser was given it.
pub(crate) fn session_shown(headers: &HeaderMap, is_secure: bool) -> Option<Token> {
    let secret = cookie::Cookie::Session.of(headers, is_secure)?;
    Some(secret.token())
}

/// The cookie that gives a session to a browser.
pub(crate) fn session_given(token: &str, is_secure: bool) -> HeaderValue {
    cookie::Cookie::Session.set(&Secret::shown(token), 1, is_secure)
}

/// What is described of all this.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    signing::ways,
    signing::sign_in,
    signing::sign_out,
    signing::set_password,
    signing::me,
    signing::sessions,
    signing::end,
    entering::leave,
    entering::come_back,
    accounts::list,
    accounts::add,
    accounts::change,
    accounts::link,
    credentials::list,
    credentials::add,
    credentials::revoke,
    state::show,
    classes::list,
    classes::add,
    classes::change,
    classes::dissolve,
    leading::list,
    leading::add,
    leading::remove,
    reading::class,
    reading::statistics,
    joining::join,
    joining::show,
    joining::leave,
))]
pub(crate) struct Described;

/// What signing in needs to know.
pub(crate) struct Staff {
    /// The address of this deployment, and whether somebody gave it or it was guessed.
    origin: String,
    is_given: bool,
    oidc: Option<oidc::Provider>,
}

impl Staff {
    pub(crate) fn new(origin: String, is_given: bool, options: &OidcOptions) -> Self {
        let oidc = oidc::Provider::new(options, &origin);
        Self {
            origin,
            is_given,
            oidc,
        }
    }

    /// Whether browsers come here over a secure line.
    pub(crate) fn is_secure(&self) -> bool {
        self.origin.starts_with("https://")
    }
}

/// Everything of staff's, and how a visit joins a class.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/staff/ways", get(signing::ways))
        .route("/api/v1/staff/sign-in", post(signing::sign_in))
        .route("/api/v1/staff/sign-out", post(signing::sign_out))
        .route("/api/v1/staff/password", post(signing::set_password))
        .route("/api/v1/staff/oidc", get(entering::leave))
        .route("/api/v1/staff/oidc/back", get(entering::come_back))
        .route("/api/v1/staff/me", get(signing::me))
        .route("/api/v1/staff/sessions", get(signing::sessions))
        .route("/api/v1/staff/sessions/{session}", delete(signing::end))
        .route(
            "/api/v1/staff/accounts",
            get(accounts::list).post(accounts::add),
        )
        .route("/api/v1/staff/accounts/{account}", patch(accounts::change))
        .route(
            "/api/v1/staff/accounts/{account}/link",
            post(accounts::link),
        )
        .route(
            "/api/v1/staff/credentials",
            get(credentials::list).post(credentials::add),
        )
        .route(
            "/api/v1/staff/credentials/{key}",
            delete(credentials::revoke),
        )
        .route("/api/v1/staff/state", get(state::show))
        .route("/api/v1/staff/statistics", get(reading::statistics))
        .route(
            "/api/v1/staff/classes",
            get(classes::list).post(classes::add),
        )
        .route(
            "/api/v1/staff/classes/{class}",
            get(reading::class)
                .patch(classes::change)
                .delete(classes::dissolve),
        )
        .route(
            "/api/v1/staff/classes/{class}/leaders",
            get(leading::list).post(leading::add),
        )
        .route(
            "/api/v1/staff/classes/{class}/leaders/{name}",
            delete(leading::remove),
        )
        .route(
            "/api/v1/visits/{visit}/class",
            put(joining::join).get(joining::show).delete(joining::leave),
        )
        .layer(DefaultBodyLimit::max(BODY))
}

/// What the cookie of a session is called.
pub(crate) fn cookie_name(is_secure: bool) -> &'static str {
    cookie::Cookie::Session.name(is_secure)
}

/// Asks the OpenID provider about itself, if there is one; says what is wrong.
pub(crate) async fn check_provider(options: &OidcOptions, origin: &str) -> Result<(), String> {
    match oidc::Provider::new(options, origin) {
        Some(provider) => provider.check().await.map_err(|cause| cause.to_string()),
        None => Ok(()),
    }
}

/// Now, milliseconds since 1970.
fn now_ms() -> i64 {
    now_us() / 1000
}

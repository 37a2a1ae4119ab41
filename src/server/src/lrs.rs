//! The learning record store: xAPI 2.0 under `/xapi`, 1.0.3 under `/xapi/1.0.3`, on the same records.
//!
//! What a statement is and means is `wire`'s business; here it is received, kept and found. The
//! statements of visits lie in the same table and are found by the same queries.

mod access;
mod attachments;
mod call;
mod credential;
mod described;
mod directory;
mod documents;
mod find;
mod reading;
mod refusal;
mod scope;
mod store;
mod submitting;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    response::Response,
    routing::any,
};
use xinghuo_wire::lrs::XapiVersion;

pub(crate) use access::basic;
pub(crate) use attachments::{hex, is_sum_of};
pub(crate) use call::{fields, unfolded};
pub(crate) use credential::make as make_credential;
pub use credential::{CredentialCommand, manage};
pub(crate) use described::{describe, id as operation_id};
pub(crate) use scope::{Scope, Scopes};
pub(crate) use store::{
    Derived, Together, etag_of, first_wrongly_linked, forget_terms, keep_derived,
};

use crate::app::App;

/// What an xAPI call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resource {
    Statements,
    State,
    ActivityProfile,
    AgentProfile,
    Activities,
    Agents,
    About,
}

const RESOURCES: [(&str, Resource); 7] = [
    ("statements", Resource::Statements),
    ("activities/state", Resource::State),
    ("activities/profile", Resource::ActivityProfile),
    ("agents/profile", Resource::AgentProfile),
    ("activities", Resource::Activities),
    ("agents", Resource::Agents),
    ("about", Resource::About),
];

/// Where xAPI is answered, and in which version a client is answered that names none.
const PREFIXES: [(&str, XapiVersion); 2] = [
    ("/xapi", XapiVersion::Two),
    ("/xapi/1.0.3", XapiVersion::One),
];

/// A resource, as one of the two versions shows it.
#[derive(Debug, Clone, Copy)]
struct Place {
    resource: Resource,
    prefix: &'static str,
    version: XapiVersion,
}

/// Everything under `/xapi`.
pub(crate) fn router() -> Router<Arc<App>> {
    let mut router = Router::new();
    for (prefix, version) in PREFIXES {
        for (path, resource) in RESOURCES {
            let place = Place {
                resource,
                prefix,
                version,
            };
            let answer =
                move |State(app): State<Arc<App>>, request: Request| answer(app, place, request);
            router = router.route(&format!("{prefix}/{path}"), any(answer));
        }
        router = router
            .route(prefix, any(call::nowhere))
            .route(&format!("{prefix}/{{*rest}}"), any(call::nowhere));
    }
    router
}

async fn answer(app: Arc<App>, place: Place, request: Request) -> Response {
    call::answered(app, place, request).await
}

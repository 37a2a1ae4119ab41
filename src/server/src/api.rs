//! The calls about visits: begin one, add evidence, read it, take its statements, erase it.

mod evidence;
mod json;
mod launches;
mod person;
mod visits;

use std::{future::Future, sync::Arc};

use axum::{extract::State, http::HeaderMap};
use uuid::Uuid;
use xinghuo_wire::{Timestamp, xapi::VisitIdentity};

pub(crate) use evidence::add;
pub(crate) use json::Body;
pub(crate) use launches::{decline, launch, leave};
pub(crate) use person::{
    correct_language, export, export_csv, give_consent, held, lift, limit, notice, object, stored,
    unlimited, withdraw_consent,
};
pub(crate) use visits::{begin, erase, show, statements};

use crate::{
    app::App, clock::now_us, error::ApiError, lab, store::StoredVisit, token::Secret,
    venues::Opened,
};

/// What is described of all this.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    visits::begin,
    visits::show,
    visits::statements,
    visits::erase,
    evidence::add,
    launches::launch,
    launches::decline,
    launches::leave,
    person::notice,
    person::held,
    person::stored,
    person::export,
    person::export_csv,
    person::give_consent,
    person::withdraw_consent,
    person::limit,
    person::lift,
    person::correct_language,
    person::object
))]
pub(crate) struct Described;

pub(crate) type Shared = State<Arc<App>>;

/// The visit that an address names and a token opens, once its allowance is drawn on.
pub(crate) async fn authorized(
    app: &App,
    visit: &str,
    headers: &HeaderMap,
) -> Result<(Uuid, StoredVisit), ApiError> {
    let secret = Secret::of(headers).ok_or_else(ApiError::no_token)?;
    let id = Uuid::try_parse(visit).map_err(|_| ApiError::no_visit())?;
    let stored = app.store.visit(id).await?;
    // The comparison is made for an unknown visit too, so that both take equally long.
    let hash = stored
        .as_ref()
        .map_or(&[0; 32][..], |visit| &visit.token_sha256);
    let opens = secret.opens(hash);
    if !opens {
        let mut on = app.store.reader().await?;
        let former = lab::was_opened_by(&mut on, id, &secret.hash()).await?;
        return Err(former.map_or_else(ApiError::no_visit, |_| ApiError::visit_elsewhere()));
    }
    let stored = stored.ok_or_else(ApiError::no_visit)?;
    app.turnstile.visit(id).map_err(ApiError::too_many)?;
    Ok((id, stored))
}

/// What statements say of a visit and its log does not tell. The visit is all the identity that a
/// visitor has: there is nothing by which two visits of one person could be told to be one.
fn identity(app: &App, id: Uuid, visit: &StoredVisit, opened: &Opened) -> VisitIdentity {
    VisitIdentity {
        visit: id,
        home_page: app.origin.clone(),
        pseudonym: id.to_string(),
        venue: visit.venue.clone(),
        package: visit.package.clone(),
        activity_base: app.origin.clone(),
        language: visit.language.clone(),
        created: visit.created,
        words: opened.words.clone(),
    }
}

/// Does it to its end, even if whoever asked has gone away meanwhile.
async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, ApiError>> + Send + 'static,
) -> Result<T, ApiError> {
    let done = tokio::spawn(work).await;
    done.unwrap_or_else(|error| Err(ApiError::internal(&error)))
}

/// Now, milliseconds since 1970.
fn now_ms() -> i64 {
    now().unix_millis().cast_signed()
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_unix_millis((now_us() / 1000).cast_unsigned())
}

//! How the server does, for whoever keeps it.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{role::Right, somebody::Somebody};
use crate::{app::App, error::ApiError};

/// How the server does.
#[derive(Serialize, ToSchema)]
pub(super) struct StateShown {
    version: &'static str,
    origin: String,
    /// Whether only packages are taken that somebody has signed off.
    production: bool,
    /// `sqlite` or `postgresql`.
    database: &'static str,
    /// How much room the database takes on the disk.
    bytes: u64,
    visits: i64,
    statements: i64,
    /// Visits whose use is limited; they and their statements are not in the other numbers.
    limited: i64,
}

/// Shows how the server does.
#[utoipa::path(
    get,
    path = "/api/v1/staff/state",
    tag = "staff",
    responses((status = 200, description = "Done", body = StateShown))
)]
pub(super) async fn show(
    State(app): State<Arc<App>>,
    somebody: Somebody,
) -> Result<Json<StateShown>, ApiError> {
    somebody.needs(Right::SeeState)?;
    let (visits, statements, limited) = app.store.counts().await?;
    Ok(Json(StateShown {
        version: env!("CARGO_PKG_VERSION"),
        origin: app.origin.clone(),
        production: app.production,
        database: app.store.kind(),
        bytes: app.store.size_bytes().await,
        visits,
        statements,
        limited,
    }))
}

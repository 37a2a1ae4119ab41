//! Who may open a lab of headsets. Where a deployment has staff, whoever of it runs rooms; where it
//! has none, as on a laptop in a room of headsets, anybody in the room.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};

use super::{role::Right, somebody::Somebody};
use crate::{app::App, error::ApiError};

/// Somebody who may open a lab.
pub(crate) struct RunsRooms;

impl FromRequestParts<Arc<App>> for RunsRooms {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        // Whoever comes from an OpenID provider has no account before they first come.
        if app.staff.oidc.is_some() || app.store.has_staff().await? {
            let somebody = Somebody::from_request_parts(parts, app).await?;
            somebody.needs(Right::RunRooms)?;
        }
        Ok(Self)
    }
}

//! A headset of a lab, as whoever runs the lab names it: by its number.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};

use super::{
    access,
    tables::{self, Headset, Lab},
};
use crate::{api::now, app::App, error::ApiError, store::Turn};

/// The headset with that number, to be changed. To be given one is to know that whoever asks holds
/// the key of its lab.
pub(super) struct Seat {
    pub(super) turn: Turn,
    pub(super) headset: Headset,
}

impl Seat {
    pub(super) async fn numbered(app: &App, lab: &Lab, number: &str) -> Result<Self, ApiError> {
        let number = number.parse().map_err(|_| access::no_headset())?;
        let mut turn = app.store.turn().await?;
        let headset = tables::headset_numbered(turn.on(), lab.id, number, now()).await?;
        let headset = headset.ok_or_else(access::no_headset)?;
        Ok(Self { turn, headset })
    }
}

impl FromRequestParts<Arc<App>> for Seat {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let named = Path::<(String, String)>::from_request_parts(parts, app).await;
        let Path((lab, number)) = named.map_err(|_| access::no_headset())?;
        let lab = access::lab(app, &lab, &parts.headers).await?;
        Self::numbered(app, &lab, &number).await
    }
}

//! A lab: headsets in one room that nobody signs in on, and visits that are handed to them.
//!
//! Whoever runs the room opens a lab, as staff where there is any, and holds its key; headsets join by its code, or through its
//! open door, and get a number each. A visit goes on in a headset once its code was entered there,
//! or by whoever runs the room. The server then gives the headset a token of its own, and the one
//! of before opens the visit no more: it has one holder at a time. What a lab shows follows from the
//! records alone; it holds no name and nothing that outlives it.

mod access;
mod codes;
mod handing;
mod headset;
mod joining;
mod picture;
mod place;
mod running;
mod seat;
mod tables;
mod visit;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{delete, get, post},
};
use xinghuo_wire::MAX_REQUEST_BYTES;

pub(crate) use tables::was_opened_by;

use crate::app::App;

/// What is described of all this.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    running::open,
    running::show,
    running::close,
    running::addresses,
    running::door,
    running::picture,
    running::remove,
    running::hand,
    running::next_visitor,
    joining::doors,
    joining::join,
    headset::told,
    headset::take,
    headset::begun,
    headset::ready,
    visit::whither,
    visit::offer,
    visit::withdraw,
    visit::take_back,
))]
pub(crate) struct Described;

/// The calls about labs, headsets and handing visits over.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/labs", post(running::open))
        .route(
            "/api/v1/labs/{lab}",
            get(running::show).delete(running::close),
        )
        .route("/api/v1/labs/{lab}/addresses", get(running::addresses))
        .route("/api/v1/labs/{lab}/door", post(running::door))
        .route("/api/v1/labs/{lab}/picture", post(running::picture))
        .route(
            "/api/v1/labs/{lab}/headsets/{number}",
            delete(running::remove),
        )
        .route(
            "/api/v1/labs/{lab}/headsets/{number}/visit",
            post(running::hand).delete(running::next_visitor),
        )
        .route("/api/v1/join", get(joining::doors).post(joining::join))
        .route("/api/v1/headset", get(headset::told))
        .route("/api/v1/headset/take", post(headset::take))
        .route(
            "/api/v1/headset/visit",
            post(headset::begun).delete(headset::ready),
        )
        .route(
            "/api/v1/visits/{visit}/handover",
            get(visit::whither)
                .post(visit::offer)
                .delete(visit::withdraw),
        )
        .route("/api/v1/visits/{visit}/return", post(visit::take_back))
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
}

//! `cmi5.xml`: what an administrator of a learning system imports.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use xinghuo_tour::VenueId;
use xinghuo_wire::xapi::cmi5::Course;

use crate::{app::App, error::ApiError, venues::VenueError};

/// The course structure of a venue, as its present package has it.
pub(crate) async fn course(app: &App, venue: &VenueId) -> Response {
    let opened = match app.venues.present(venue).await {
        Ok(at) => app.venues.open(&at).await,
        Err(missing) => Err(missing),
    };
    let opened = match opened {
        Ok(opened) => opened,
        Err(VenueError::Missing) => return app.no_file().await,
        Err(refused) => return ApiError::from(refused).into_response(),
    };
    let course = Course {
        origin: &app.origin,
        venue: &opened.venue,
        words: &opened.words,
    };
    let kind = [
        (header::CONTENT_TYPE, "text/xml; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"cmi5.xml\"",
        ),
    ];
    (kind, course.to_xml()).into_response()
}

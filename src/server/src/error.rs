//! How the API says no. What is said is described in `wire`; here is with which status, and what
//! the log is told of it.

use std::time::Duration;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use xinghuo_wire::{ErrorBody, ErrorCode, Problem, version::CONSENT};

use crate::{store::StoreError, venues::VenueError};

/// How the API says no.
#[derive(Debug)]
pub(crate) struct ApiError {
    // Boxed, because every answer that is a success would be as large otherwise.
    body: Box<ErrorBody>,
    wait: Option<Duration>,
}

impl ApiError {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>, next: &str) -> Self {
        Self {
            body: Box::new(ErrorBody::new(code, message, next)),
            wait: None,
        }
    }

    /// The same with particulars.
    pub(crate) fn with(mut self, particulars: impl FnOnce(&mut Problem)) -> Self {
        particulars(&mut self.body.error);
        self
    }

    /// What happened and what to do next, for a terminal.
    pub(crate) fn sentence(&self) -> String {
        format!("{}; {}", self.body.error.message, self.body.error.next)
    }

    /// The same, to be tried again after a while.
    pub(crate) fn after(mut self, wait: Duration) -> Self {
        self.wait = Some(wait);
        self
    }

    /// Nobody said who they are.
    pub(crate) fn no_token() -> Self {
        Self::new(
            ErrorCode::NoToken,
            "this needs the visit's token",
            "send the token in the header `Authorization: Bearer …`",
        )
    }

    /// There is no such visit, or the token is another one's: nobody learns which.
    pub(crate) fn no_visit() -> Self {
        Self::new(
            ErrorCode::UnknownVisit,
            "there is no such visit for this token",
            "begin a new visit",
        )
    }

    /// The visitor has not agreed to being recorded.
    pub(crate) fn no_consent() -> Self {
        Self::new(
            ErrorCode::ConsentNeeded,
            "the visitor has not agreed to being recorded, or not to the present text, or no longer",
            "show the text of that version and send `consent` with the visit's beginning, or PUT it \
             to the visit; without it nothing is recorded",
        )
        .with(|problem| problem.consent = Some(CONSENT))
    }

    /// The log is not there any more, so nothing can follow from it.
    pub(crate) fn expired() -> Self {
        Self::new(
            ErrorCode::Expired,
            "the log of this visit has been deleted, since its time was over",
            "begin a new visit; what this one has come to can still be read",
        )
    }

    /// The use of the visit is limited: it is kept, and nothing is done with it.
    pub(crate) fn limited() -> Self {
        Self::new(
            ErrorCode::Limited,
            "the visitor has had the use of this visit limited; it is kept, and nothing is added to it \
             or done with it until they lift that",
            "lift it with `DELETE …/limitation`, or begin a new visit",
        )
    }

    /// The visit goes on elsewhere.
    pub(crate) fn visit_elsewhere() -> Self {
        Self::new(
            ErrorCode::VisitElsewhere,
            "this visit goes on elsewhere; nothing more is taken with this token",
            "ask where with `GET …/handover`; whoever offered it takes it back with `POST …/return`",
        )
    }

    /// Too much was asked at once.
    pub(crate) fn too_many(wait: Duration) -> Self {
        Self::new(
            ErrorCode::TooMany,
            "too many requests at once",
            "send the same again after the seconds in the header `Retry-After`",
        )
        .after(wait)
    }

    /// The server has as much in hand as it can.
    pub(crate) fn overloaded() -> Self {
        Self::new(
            ErrorCode::Unavailable,
            "the server is busy",
            "send the same again after the seconds in the header `Retry-After`",
        )
        .after(Duration::from_secs(2))
    }

    /// The venue of a visit that is there cannot be used. What is stored of the visit can be read
    /// all the same; it cannot be added to without the package, and may be once that is back.
    pub(crate) fn no_venue_of_visit(error: VenueError) -> Self {
        let message = match error {
            VenueError::Missing => {
                "the version of the venue that this visit is of is not on the server any more; \
                 all that was acknowledged is kept, and can be read"
            }
            VenueError::Draft => {
                "this visit is of a draft, and this server takes only what somebody has signed \
                 off; all that was acknowledged is kept, and can be read"
            }
            broken @ VenueError::Broken { .. } => return broken.into(),
        };
        tracing::warn!(
            "a visit's package is gone: put it back into the packages' folder, and its keys"
        );
        Self::new(
            ErrorCode::PackageGone,
            message,
            "keep the rest and send it again later, or begin a new visit of the present version",
        )
        .after(Duration::from_mins(1))
    }

    /// Something went wrong here. The cause is logged; the answer does not tell it.
    pub(crate) fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(
            ErrorCode::Internal,
            "something went wrong on the server; nothing was lost that was acknowledged",
            "send the same again later",
        )
    }
}

fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
        ErrorCode::NoToken | ErrorCode::SignIn => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden
        | ErrorCode::ConsentNeeded
        | ErrorCode::Limited
        | ErrorCode::LaunchRefused => StatusCode::FORBIDDEN,
        ErrorCode::Expired => StatusCode::GONE,
        ErrorCode::LaunchFailed => StatusCode::BAD_GATEWAY,
        ErrorCode::UnknownVisit
        | ErrorCode::UnknownVenue
        | ErrorCode::UnknownCode
        | ErrorCode::UnknownLab
        | ErrorCode::UnknownHeadset
        | ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::Timeout => StatusCode::REQUEST_TIMEOUT,
        ErrorCode::SeqConflict
        | ErrorCode::SeqGap
        | ErrorCode::Taken
        | ErrorCode::VisitElsewhere
        | ErrorCode::LabFull => StatusCode::CONFLICT,
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::TooMany => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::PackageGone | ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = status_of(self.body.error.code);
        let mut response = (status, Json(self.body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(wait) = self.wait {
            let seconds = wait.as_secs_f64().ceil().max(1.0) as u64;
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::overloaded(),
            StoreError::Full => {
                tracing::error!("the disk is full: make room, nothing can be stored");
                Self::new(
                    ErrorCode::Unavailable,
                    "the server has no room left; nothing of this was stored",
                    "keep it and send the same again later",
                )
                .after(Duration::from_mins(1))
            }
            StoreError::Away | StoreError::Bucket { .. } => {
                tracing::error!("the database is away: nothing can be read or stored");
                Self::new(
                    ErrorCode::Unavailable,
                    "the server cannot reach its records; nothing of this was stored",
                    "keep it and send the same again later",
                )
                .after(Duration::from_secs(10))
            }
            cause => Self::internal(&cause),
        }
    }
}

impl From<VenueError> for ApiError {
    fn from(error: VenueError) -> Self {
        match error {
            VenueError::Missing => Self::new(
                ErrorCode::UnknownVenue,
                "the server has no such package",
                "take venue and hash from /packages/index.json",
            ),
            VenueError::Draft => Self::new(
                ErrorCode::UnknownVenue,
                "the package is a draft, and this server takes only what somebody has signed off",
                "have the package reviewed and publish it again",
            ),
            VenueError::Broken { .. } => {
                tracing::error!(cause = %error, "a package cannot be used: build and copy it again");
                Self::new(
                    ErrorCode::Unavailable,
                    "the package on the server cannot be opened",
                    "tell whoever runs the server; keep what was recorded and send it later",
                )
                .after(Duration::from_mins(1))
            }
        }
    }
}

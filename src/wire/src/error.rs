//! How the server says no: a code for programs, a sentence for people, and what to do next.

use serde::{Deserialize, Serialize};
use xinghuo_tour::Verdict;

use crate::{Feedback, Hints};

/// The body of every answer that is not a success.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// What went wrong.
    pub error: Problem,
}

/// What went wrong, and what to do next.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The name that programs go by.
    pub code: ErrorCode,
    /// What happened, in a sentence.
    pub message: String,
    /// What to do next, in a sentence.
    pub next: String,
    /// With `REFUSED` and `SEQ_CONFLICT`: the entry that was not taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u32>,
    /// With `REFUSED`: a [`Refusal`](xinghuo_tour::Refusal) in kebab-case, or
    /// [`REASON_FROM_THE_FUTURE`](crate::REASON_FROM_THE_FUTURE).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// With `SEQ_GAP`: the number that should have come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<u32>,
    /// With `CONSENT_NEEDED`: the version of the text that a visitor agrees to now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<u32>,
    /// With `REFUSED`: the last entry that is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_through: Option<u32>,
    /// With `REFUSED`: verdicts on what was stored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Object>))]
    pub verdicts: Vec<Verdict>,
    /// With `REFUSED`: what is said to the answers that these verdicts call right, and to no other.
    #[serde(default, skip_serializing_if = "Feedback::is_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = Object))]
    pub feedback: Feedback,
    /// With `REFUSED`: what is said to the answers that these verdicts call wrong, and to no other.
    #[serde(default, skip_serializing_if = "Hints::is_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = Object))]
    pub hints: Hints,
}

/// The name of a problem.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ErrorCode {
    /// 400: the request cannot be read.
    BadRequest,
    /// 401: there is no token.
    NoToken,
    /// 403: the visitor has not agreed to being recorded, or not to the present text, or no longer.
    ConsentNeeded,
    /// 403: the visitor has had the use of the visit limited, and not lifted that.
    Limited,
    /// 401: nobody is signed in, or not with what was given.
    SignIn,
    /// 403: whoever is signed in may not do that, or another site's page asked for it.
    Forbidden,
    /// 403: this launch is not for this server, or the learning system does not stand by it.
    LaunchRefused,
    /// 502: the learning system did not answer as it should.
    LaunchFailed,
    /// 404: no such visit, or another's: the two are not told apart.
    UnknownVisit,
    /// 409: the visit goes on elsewhere, and whoever held it before may take it back.
    VisitElsewhere,
    /// 404: no code like this, or it is past its time.
    UnknownCode,
    /// 404: no such lab, or another's: the two are not told apart.
    UnknownLab,
    /// 404: no such headset in the lab.
    UnknownHeadset,
    /// 409: the lab has as many headsets as it takes.
    LabFull,
    /// 404: no such venue, or not in that version.
    UnknownVenue,
    /// 503: the visit is there, and the version of the venue that it is pinned to is not.
    PackageGone,
    /// 404: nothing is there.
    NotFound,
    /// 405: the address does not take that method.
    MethodNotAllowed,
    /// 408: the request took too long to arrive.
    Timeout,
    /// 409: another entry of that number is stored.
    SeqConflict,
    /// 409: entries are missing before this one.
    SeqGap,
    /// 410: what the visit's log held has been deleted, since its time was over.
    Expired,
    /// 409: the name is another's already.
    Taken,
    /// 413: the request is larger than it may be.
    TooLarge,
    /// 415: the request is not JSON.
    NotJson,
    /// 422: the visit does not allow it.
    Refused,
    /// 429: too many requests.
    TooMany,
    /// 500: the server failed.
    Internal,
    /// 503: the server cannot answer now.
    Unavailable,
}

impl ErrorBody {
    /// A problem without further particulars.
    pub fn new(code: ErrorCode, message: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            error: Problem {
                code,
                message: message.into(),
                next: next.into(),
                seq: None,
                reason: None,
                expected: None,
                consent: None,
                accepted_through: None,
                verdicts: Vec::new(),
                feedback: Feedback::new(),
                hints: Hints::new(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_no_more_than_it_has_to() {
        let body = ErrorBody::new(ErrorCode::SeqGap, "a", "b");
        let json = serde_json::to_string(&body).unwrap();
        assert_eq!(
            json,
            r#"{"error":{"code":"SEQ_GAP","message":"a","next":"b"}}"#
        );
        assert_eq!(serde_json::from_str::<ErrorBody>(&json).unwrap(), body);
    }
}

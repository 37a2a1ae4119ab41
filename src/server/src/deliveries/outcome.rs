//! What becomes of what was sent, by what was answered.

use std::time::{Duration, SystemTime};

use axum::http::{HeaderMap, StatusCode, header};

use crate::outward::{Answered, Unanswered};

/// What became of something that was to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is told.
    Told,
    /// It is not wanted, and will not be wanted later.
    GivenUp(String),
    /// It may be wanted later.
    Later(String),
    /// Nothing is wanted now: for everybody's sake it is waited, as long as was asked for.
    NobodyHome(String, Option<Duration>),
    /// It was not sent at all.
    NotSent,
}

/// The longest that a receiver may ask to be left alone.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// How much of what was answered is kept with what was given up, characters.
const EXCERPT: usize = 200;

/// What an answer to statements means.
pub(crate) fn meant(answer: Result<Answered, Unanswered>) -> Outcome {
    let answer = match answer {
        Ok(answer) => answer,
        Err(cause) => return Outcome::NobodyHome(cause.to_string(), None),
    };
    let status = answer.status;
    let said = format!("it answered {}", status.as_u16());
    match status {
        status if status.is_success() => Outcome::Told,
        status if status.is_redirection() => {
            Outcome::NobodyHome(format!("{said}, a redirect, which is not followed"), None)
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            Outcome::NobodyHome(format!("{said}: it does not take the credential"), None)
        }
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            Outcome::NobodyHome(format!("{said}: this is no xAPI endpoint"), None)
        }
        StatusCode::REQUEST_TIMEOUT
        | StatusCode::TOO_EARLY
        | StatusCode::TOO_MANY_REQUESTS
        | StatusCode::SERVICE_UNAVAILABLE => {
            Outcome::NobodyHome(said, retry_after(&answer.headers))
        }
        status if status.is_server_error() => Outcome::Later(said),
        _ => {
            let body = String::from_utf8_lossy(&answer.body);
            let excerpt: String = body
                .chars()
                .filter(|it| !it.is_control())
                .take(EXCERPT)
                .collect();
            Outcome::GivenUp(format!("{said}: {excerpt}"))
        }
    }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    let wait = match text.parse() {
        Ok(secs) => Duration::from_secs(secs),
        Err(_) => httpdate::parse_http_date(text)
            .ok()?
            .duration_since(SystemTime::now())
            .ok()?,
    };
    Some(wait.min(LONGEST_WAIT))
}

/// How long to wait after so many failures in a row: twice as long each time up to an hour, a quarter
/// more or less, so that not everybody comes back at once.
pub(super) fn patience(failures: u32) -> Duration {
    let base = Duration::from_secs(1 << failures.saturating_sub(1).min(12));
    let base = base.min(LONGEST_WAIT);
    let jitter = getrandom::u32().unwrap_or_default() % 500;
    base.mul_f64(0.75 + f64::from(jitter) / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &str)]) -> Outcome {
        let headers = headers.iter().map(|(name, value)| {
            (
                name.parse().expect("a name"),
                value.parse().expect("a value"),
            )
        });
        meant(Ok(Answered {
            status: StatusCode::from_u16(status).expect("a status"),
            headers: headers.collect(),
            body: b"why\nnot".to_vec(),
        }))
    }

    #[test]
    fn what_is_wrong_for_good_is_given_up_and_what_may_get_better_is_not() {
        assert_eq!(answer(200, &[]), Outcome::Told);
        assert_eq!(answer(204, &[]), Outcome::Told);
        assert_eq!(
            answer(400, &[]),
            Outcome::GivenUp("it answered 400: whynot".into())
        );
        assert!(matches!(answer(500, &[]), Outcome::Later(_)));
        for passing in [301, 401, 403, 404, 408, 429, 503] {
            assert!(
                matches!(answer(passing, &[]), Outcome::NobodyHome(_, None)),
                "{passing}"
            );
        }
    }

    #[test]
    fn a_receiver_may_ask_for_time_but_not_for_ever() {
        for (asked, wait) in [("7", 7), ("99999999", 3600)] {
            let Outcome::NobodyHome(_, Some(given)) = answer(429, &[("retry-after", asked)]) else {
                panic!("it asks for time");
            };
            assert_eq!(given, Duration::from_secs(wait));
        }
    }

    #[test]
    fn patience_grows_up_to_an_hour() {
        for (failures, secs) in [
            (1, 1.0),
            (2, 2.0),
            (5, 16.0),
            (13, 3600.0),
            (u32::MAX, 3600.0),
        ] {
            for _ in 0..20 {
                let share = patience(failures).as_secs_f64() / secs;
                assert!((0.75..=1.25).contains(&share), "{failures}: {share}");
            }
        }
    }
}

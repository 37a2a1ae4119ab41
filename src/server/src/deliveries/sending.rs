//! Sending what was claimed: many statements at once where that works, else one by one.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Method, Uri,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use uuid::Uuid;
use xinghuo_wire::lrs::{Json, XapiVersion, multipart, same};

use super::{
    outcome::{Outcome, meant},
    queue::Claimed,
};
use crate::{
    forward::Forward,
    outward::{Asked, Outward, Unanswered},
    store::{Store, StoreError},
};

/// How long sending goes on with what was claimed; the rest is claimed anew. With the patience of one
/// more request this stays below the lease.
const ENOUGH: Duration = Duration::from_mins(1);

/// After how many failures one after the other the rest is left for later.
const DISCOURAGED: u32 = 3;

/// An xAPI endpoint.
pub(super) struct Endpoint<'a> {
    pub(super) url: &'a str,
    pub(super) credential: &'a str,
    pub(super) version: &'a str,
    pub(super) link_local: bool,
}

/// The learning system that launched a visit.
pub(super) struct LaunchingSystem {
    pub(super) endpoint: String,
    pub(super) credential: String,
}

impl Endpoint<'_> {
    fn asked(
        &self,
        method: Method,
        query: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> Result<Asked, Unusable> {
        let url = format!("{}/statements{query}", self.url.trim_end_matches('/'));
        let uri: Uri = url.parse().map_err(|_| Unusable)?;
        let text = |text: &str| HeaderValue::from_str(text).map_err(|_| Unusable);
        let mut credential = text(self.credential)?;
        credential.set_sensitive(true);
        let version = HeaderName::from_static("x-experience-api-version");
        let headers = [
            (AUTHORIZATION, credential),
            (version, text(self.version)?),
            (CONTENT_TYPE, text(kind)?),
            (ACCEPT, HeaderValue::from_static("application/json")),
        ];
        Ok(Asked {
            method,
            uri,
            headers: HeaderMap::from_iter(headers),
            body,
            link_local: self.link_local,
        })
    }
}

/// An endpoint that cannot be asked at all.
struct Unusable;

impl From<Unusable> for Outcome {
    fn from(_: Unusable) -> Self {
        Self::NobodyHome("its address or its credential cannot be sent".into(), None)
    }
}

/// Sends what is forwarded, and tells what became of each.
pub(super) async fn forwarded(
    outward: &Outward,
    store: &Store,
    forward: &Forward,
    claimed: &[Claimed],
) -> Result<Vec<Outcome>, StoreError> {
    let endpoint = Endpoint {
        url: &forward.endpoint,
        credential: &forward.credential.0,
        version: &forward.version,
        link_local: forward.link_local,
    };
    let mut contents = Vec::new();
    for it in claimed {
        contents.push(match it.position {
            Some(position) if it.statement.contains("\"attachments\"") => {
                store.attachments_of(position).await?
            }
            _ => Vec::new(),
        });
    }
    if claimed.len() > 1 && contents.iter().all(Vec::is_empty) {
        let statements: Vec<_> = claimed.iter().map(|it| it.statement.as_str()).collect();
        let body = format!("[{}]", statements.join(",")).into_bytes();
        let outcome = match endpoint.asked(Method::POST, "", "application/json", body) {
            Ok(asked) => meant(outward.ask(asked).await),
            Err(unusable) => unusable.into(),
        };
        match outcome {
            Outcome::Told | Outcome::NobodyHome(..) => return Ok(vec![outcome; claimed.len()]),
            // One of them may be at fault: a record store takes all of a batch or nothing.
            _ => {}
        }
    }
    let mut one_by_one = OneByOne::new();
    for (it, contents) in claimed.iter().zip(&contents) {
        if one_by_one.passes_over(it) {
            continue;
        }
        let mut outcome = alone(outward, &endpoint, it, contents).await;
        if matches!(&outcome, Outcome::GivenUp(why) if why.contains(" 409")) {
            outcome = is_there(outward, &endpoint, it, outcome).await;
        }
        one_by_one.heard(it, outcome);
    }
    Ok(one_by_one.outcomes)
}

/// Tells the learning system that launched a visit, one after the other.
pub(super) async fn told(
    outward: &Outward,
    system: &LaunchingSystem,
    claimed: &[Claimed],
) -> Vec<Outcome> {
    let endpoint = Endpoint {
        url: &system.endpoint,
        credential: &system.credential,
        version: "1.0.3",
        link_local: false,
    };
    let mut one_by_one = OneByOne::new();
    for it in claimed {
        if one_by_one.passes_over(it) {
            continue;
        }
        let outcome = match alone(outward, &endpoint, it, &[]).await {
            // Its token is good for one session: what is refused once is refused for good.
            Outcome::NobodyHome(why, None) if why.starts_with("it answered 4") => {
                Outcome::GivenUp(why)
            }
            outcome => outcome,
        };
        one_by_one.heard(it, outcome);
    }
    one_by_one.outcomes
}

/// Statements that go out one after the other, in order within their lanes.
struct OneByOne {
    outcomes: Vec<Outcome>,
    began: Instant,
    /// Lanes in which something waits now, so that what follows it waits too.
    held: BTreeSet<String>,
    in_a_row: u32,
    nobody_home: bool,
}

impl OneByOne {
    fn new() -> Self {
        Self {
            outcomes: Vec::new(),
            began: Instant::now(),
            held: BTreeSet::new(),
            in_a_row: 0,
            nobody_home: false,
        }
    }

    /// Leaves the next one for later if there is a reason to.
    fn passes_over(&mut self, next: &Claimed) -> bool {
        let passes = self.nobody_home
            || self.in_a_row >= DISCOURAGED
            || self.began.elapsed() > ENOUGH
            || self.held.contains(&next.lane);
        if passes {
            self.outcomes.push(Outcome::NotSent);
        }
        passes
    }

    fn heard(&mut self, of: &Claimed, outcome: Outcome) {
        match &outcome {
            Outcome::Told | Outcome::GivenUp(_) => self.in_a_row = 0,
            Outcome::Later(_) | Outcome::NotSent => {
                self.in_a_row += 1;
                self.held.insert(of.lane.clone());
            }
            Outcome::NobodyHome(..) => self.nobody_home = true,
        }
        self.outcomes.push(outcome);
    }
}

/// Sends one statement, with what is attached to it. By PUT, so that whoever has it already knows it.
async fn alone(
    outward: &Outward,
    endpoint: &Endpoint<'_>,
    one: &Claimed,
    contents: &[(String, Vec<u8>)],
) -> Outcome {
    let Some(query) = id_of(one).map(|id| format!("?statementId={id}")) else {
        return Outcome::GivenUp("it has no id".into());
    };
    let statement = one.statement.as_bytes();
    let asked = if contents.is_empty() {
        endpoint.asked(Method::PUT, &query, "application/json", statement.to_vec())
    } else {
        let boundary = Uuid::new_v4().simple().to_string();
        let mut body = Vec::new();
        let kind = [("Content-Type", "application/json")];
        multipart::write(&mut body, &boundary, &kind, statement);
        for (sum, content) in contents {
            let headers = [
                ("Content-Type", "application/octet-stream"),
                ("Content-Transfer-Encoding", "binary"),
                ("X-Experience-API-Hash", sum.as_str()),
            ];
            multipart::write(&mut body, &boundary, &headers, content);
        }
        multipart::end(&mut body, &boundary);
        let kind = format!("multipart/mixed; boundary={boundary}");
        endpoint.asked(Method::PUT, &query, &kind, body)
    };
    match asked {
        Ok(asked) => meant(outward.ask(asked).await),
        Err(unusable) => unusable.into(),
    }
}

/// Whether a receiver that says that there is another statement with this id has in truth this one: it
/// was told before, and the answer was lost.
async fn is_there(
    outward: &Outward,
    endpoint: &Endpoint<'_>,
    one: &Claimed,
    conflict: Outcome,
) -> Outcome {
    let Some(query) = id_of(one).map(|id| format!("?statementId={id}")) else {
        return conflict;
    };
    let kind = "application/json";
    let Ok(asked) = endpoint.asked(Method::GET, &query, kind, Vec::new()) else {
        return conflict;
    };
    let answer: Result<_, Unanswered> = outward.ask(asked).await;
    let (Ok(answer), Ok(sent)) = (answer, Json::read(one.statement.as_bytes())) else {
        return conflict;
    };
    match Json::read(&answer.body) {
        Ok(there) if answer.status.is_success() && same(&there, &sent, XapiVersion::Two) => {
            Outcome::Told
        }
        _ => conflict,
    }
}

fn id_of(one: &Claimed) -> Option<Uuid> {
    let statement = Json::read(one.statement.as_bytes()).ok()?;
    statement.text_at(&["id"])?.parse().ok()
}

//! What a learning system is asked when it has launched a visit.

use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use form_urlencoded::Serializer;
use serde_json::Value;
use xinghuo_wire::{
    StartLaunch,
    xapi::cmi5::{Launch, LaunchData, LaunchFlaw, Preferences, learner},
};

use crate::outward::{Answered, Asked, Outward, origin};

/// Why there is no launch. It says nothing of the learner and no secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LaunchProblem {
    /// The administrator has not named the system.
    #[error("{origin:?} is no learning system that may launch visits here")]
    Stranger {
        /// Where the launch leads.
        origin: String,
    },
    /// What stands in the launch is not what cmi5 asks for.
    #[error("the launch cannot be used: {0}")]
    Flaw(#[from] LaunchFlaw),
    /// The system gives no token: it was given before, or the session has ended.
    #[error("the learning system gives no token for this launch any more")]
    NoToken,
    /// The system does not answer, or not as it should.
    #[error("the learning system did not answer as it should: {what}")]
    Answer {
        /// What it did.
        what: String,
    },
}

/// A learning system that has launched a visit, and has given its token.
pub(crate) struct System<'a> {
    outward: &'a Outward,
    asked: &'a StartLaunch,
    /// The learner.
    pub(crate) learner: Value,
    /// The header `Authorization` for its record store.
    pub(crate) credential: String,
}

impl<'a> System<'a> {
    /// Checks that the launch comes from a system in `allowed`, and takes its token, which it gives
    /// once.
    pub(crate) async fn of(
        outward: &'a Outward,
        asked: &'a StartLaunch,
        allowed: &[String],
    ) -> Result<Self, LaunchProblem> {
        for url in [&asked.endpoint, &asked.fetch] {
            let leads_to = origin(url);
            let is_allowed = leads_to.as_ref().is_some_and(|it| allowed.contains(it));
            if !is_allowed {
                let shown = leads_to.unwrap_or_else(|| "what is no address".to_owned());
                return Err(LaunchProblem::Stranger { origin: shown });
            }
        }
        let learner = learner(&asked.actor)?;
        let answer = ask(outward, Method::POST, &asked.fetch, None, Vec::new()).await?;
        Ok(Self {
            outward,
            asked,
            learner,
            credential: credential(&answer)?,
        })
    }

    /// What the system keeps for this launch.
    pub(crate) async fn launch_data(&self) -> Result<LaunchData, LaunchProblem> {
        let registration = self.asked.registration.to_string();
        let query = query(&[
            ("stateId", LaunchData::STATE_ID),
            ("activityId", &self.asked.activity_id),
            ("agent", &self.learner.to_string()),
            ("registration", &registration),
        ]);
        let answer = self.get("activities/state", &query).await?;
        if answer.status != StatusCode::OK {
            return Err(unexpected(LaunchData::STATE_ID, &answer));
        }
        Ok(LaunchData::read(&answer.body)?)
    }

    /// What the learner likes. A system that does not say is no reason not to begin.
    pub(crate) async fn preferences(&self) -> Preferences {
        let query = query(&[
            ("profileId", Preferences::PROFILE_ID),
            ("agent", &self.learner.to_string()),
        ]);
        match self.get("agents/profile", &query).await {
            Ok(answer) if answer.status == StatusCode::OK => Preferences::read(&answer.body),
            _ => Preferences::default(),
        }
    }

    /// Tells that the session is over as soon as it began, and nothing else: the learner does not want a
    /// record. The system has given its token for the session, so it is not left open.
    pub(crate) async fn ends_at_once(&self, launch: &Launch) -> Result<(), LaunchProblem> {
        for statement in [launch.initialized(), launch.terminated(launch.began)] {
            let id = statement["id"].as_str().unwrap_or_default();
            let url = self.url("statements", &query(&[("statementId", id)]));
            let body = statement.to_string().into_bytes();
            let token = Some(self.credential.as_str());
            let answer = ask(self.outward, Method::PUT, &url, token, body).await?;
            if !answer.status.is_success() {
                return Err(unexpected("to take that the session is over", &answer));
            }
        }
        Ok(())
    }

    async fn get(&self, resource: &str, query: &str) -> Result<Answered, LaunchProblem> {
        let url = self.url(resource, query);
        let token = Some(self.credential.as_str());
        ask(self.outward, Method::GET, &url, token, Vec::new()).await
    }

    fn url(&self, resource: &str, query: &str) -> String {
        let endpoint = self.asked.endpoint.trim_end_matches('/');
        format!("{endpoint}/{resource}?{query}")
    }
}

/// The header `Authorization` of the token that a system has given.
pub(crate) fn credential(answer: &Answered) -> Result<String, LaunchProblem> {
    let given: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let token = given["auth-token"].as_str();
    match token.filter(|token| !token.is_empty()) {
        Some(token) => Ok(format!("Basic {token}")),
        None if given.get("error-code").is_some() => Err(LaunchProblem::NoToken),
        None => Err(unexpected("its token", answer)),
    }
}

fn query(parameters: &[(&str, &str)]) -> String {
    Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish()
}

async fn ask(
    outward: &Outward,
    method: Method,
    url: &str,
    credential: Option<&str>,
    body: Vec<u8>,
) -> Result<Answered, LaunchProblem> {
    let wrong = |what: &str| LaunchProblem::Answer { what: what.into() };
    let uri: Uri = url
        .parse()
        .map_err(|_| wrong("its address cannot be asked"))?;
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(credential) = credential {
        let credential = HeaderValue::from_str(credential);
        let mut credential = credential.map_err(|_| wrong("its token cannot be sent"))?;
        credential.set_sensitive(true);
        headers.insert(AUTHORIZATION, credential);
        let version = HeaderName::from_static("x-experience-api-version");
        headers.insert(version, HeaderValue::from_static("1.0.3"));
    }
    if !body.is_empty() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let asked = Asked {
        method,
        uri,
        headers,
        body,
        link_local: false,
    };
    let answer = outward.ask(asked).await;
    answer.map_err(|cause| wrong(&cause.to_string()))
}

fn unexpected(what: &str, answer: &Answered) -> LaunchProblem {
    LaunchProblem::Answer {
        what: format!("asked for {what}, it answered {}", answer.status.as_u16()),
    }
}

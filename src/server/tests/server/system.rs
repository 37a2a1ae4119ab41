//! A learning system that launches visits by cmi5, and holds what it is told to cmi5's rules. Written
//! after the specification (sections 8 to 11), it knows nothing of our types.

use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{RawQuery, Request, State},
    http::{HeaderMap, StatusCode},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, time::sleep};
use uuid::Uuid;

use crate::{
    defined::{MOVE_ON, breach_of_defined, ids, is_defined, verb},
    receiver::{parameters, serve},
};

const SESSION: &str = "https://w3id.org/xapi/cmi5/context/extensions/sessionid";
const PROGRESS: &str = "https://w3id.org/xapi/cmi5/result/extensions/progress";
const PUBLISHED: &str = "https://tours.example.edu/venues/boat";

/// A session.
#[derive(Clone, Default)]
pub(crate) struct Session {
    pub(crate) id: String,
    token: String,
    token_given: bool,
    pub(crate) mode: &'static str,
    pub(crate) mastery: Option<f64>,
    /// Whether it takes nothing any more.
    pub(crate) closed: bool,
    /// What it took, in order.
    pub(crate) told: Vec<Value>,
}

/// What the system knows.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) sessions: Vec<Session>,
    /// The rules that it found broken.
    pub(crate) violations: Vec<String>,
    /// It answers this to statements, so often.
    pub(crate) fails: Option<(u16, usize)>,
    /// What `LMS.LaunchData` is, if not what it should be.
    pub(crate) launch_data: Option<Value>,
    /// Whether it tells nobody what the learner likes.
    pub(crate) tells_no_preferences: bool,
    /// How many requests came.
    pub(crate) requests: usize,
    /// What it was asked, in order.
    pub(crate) asked: Vec<String>,
}

/// A learning system with one learner in one course.
#[derive(Clone)]
pub(crate) struct System {
    known: Arc<Mutex<Known>>,
    pub(crate) origin: String,
    pub(crate) registration: Uuid,
}

impl System {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a port");
        let address: SocketAddr = listener.local_addr().expect("an address");
        let system = Self {
            known: Arc::default(),
            origin: format!("http://{address}"),
            registration: Uuid::new_v4(),
        };
        let router = Router::new()
            .route("/token", post(token))
            .route("/lrs/activities/state", get(state))
            .route("/lrs/agents/profile", get(profile))
            .route("/lrs/statements", put(statement))
            .layer(from_fn_with_state(system.clone(), note))
            .with_state(system.clone());
        tokio::spawn(serve(listener, router));
        system
    }

    pub(crate) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("nobody panicked")
    }

    fn learner() -> Value {
        json!({
            "objectType": "Agent", "name": "Li Lei",
            "account": {"homePage": "https://lms.example.edu", "name": "1625378"},
        })
    }

    fn activity(&self) -> String {
        format!("{}/units/7", self.origin)
    }

    /// A new session, as it stands in the address that the learner is sent to.
    pub(crate) fn launch(&self, mode: &'static str, mastery: Option<f64>) -> Value {
        let mut known = self.known();
        for before in &mut known.sessions {
            before.closed |= !before.told.is_empty() && verb(before.told.last()) == "terminated";
        }
        let id = Uuid::new_v4().to_string();
        known.sessions.push(Session {
            token: format!("token-{id}"),
            id: id.clone(),
            mode,
            mastery,
            ..Session::default()
        });
        json!({
            "venue": "boat", "language": "en",
            "endpoint": format!("{}/lrs/", self.origin),
            "fetch": format!("{}/token?k={id}", self.origin),
            "actor": Self::learner().to_string(),
            "registration": self.registration,
            "activityId": self.activity(), "consent": 1,
        })
    }

    /// The verbs that a session was told, in order.
    pub(crate) fn verbs(&self, session: usize) -> Vec<String> {
        let known = self.known();
        let told = known.sessions.get(session).map_or(&[][..], |it| &it.told);
        told.iter().map(|it| verb(Some(it))).collect()
    }

    /// Waits until a session has ended, and says what it was told.
    #[track_caller]
    pub(crate) fn ends(&self, session: usize) -> impl Future<Output = Vec<String>> + '_ {
        let caller = std::panic::Location::caller();
        async move {
            for _ in 0..150 {
                let verbs = self.verbs(session);
                if verbs.last().is_some_and(|it| it == "terminated") {
                    return verbs;
                }
                sleep(Duration::from_millis(100)).await;
            }
            let violations = self.known().violations.clone();
            panic!("{caller}: {:?} {violations:?}", self.verbs(session));
        }
    }

    fn session(&self, headers: &HeaderMap) -> Option<usize> {
        let shown = headers.get("authorization")?.to_str().ok()?.to_owned();
        let known = self.known();
        let mut sessions = known.sessions.iter();
        sessions.position(|it| it.token_given && shown == format!("Basic {}", it.token))
    }

    /// The rule that a statement breaks in a session, if any.
    fn breach(&self, at: usize, statement: &Value) -> Option<&'static str> {
        let known = self.known();
        let session = &known.sessions[at];
        let told = &session.told;
        let verb = verb(Some(statement));
        let is = |what: &str| verb == what;
        let context = &statement["context"];
        let result = &statement["result"];
        let happened = told
            .iter()
            .map(|it| crate::defined::verb(Some(it)))
            .collect::<BTreeSet<_>>();
        let in_registration: Vec<String> = known
            .sessions
            .iter()
            .flat_map(|it| &it.told)
            .filter(|it| is_defined(it))
            .map(|it| crate::defined::verb(Some(it)))
            .collect();
        let ever = |what: &str| in_registration.iter().any(|it| it == what);
        let time = |it: &Value| it["timestamp"].as_str().unwrap_or_default().to_owned();
        if session.closed {
            return Some("8.1.2 the session is over");
        }
        if statement["actor"] != Self::learner() {
            return Some("8.1.3 the actor is another");
        }
        if context["registration"] != json!(self.registration) {
            return Some("9.6.1 the registration is another");
        }
        if context["extensions"][SESSION] != json!(session.id) {
            return Some("9.6.3.1 the session id is another");
        }
        if !ids(context, "grouping").contains(PUBLISHED) {
            return Some("9.6.2.3 the publisher's id is missing");
        }
        if context["extensions"]["https://lms.example.edu/cohort"] != json!(7) {
            return Some("10.2.1 the context template was not kept");
        }
        if !time(statement).ends_with('Z')
            || told.last().is_some_and(|it| time(it) > time(statement))
        {
            return Some("9.7 the time is missing or goes back");
        }
        if happened.contains("terminated") {
            return Some("9.3 something follows terminated");
        }
        if told.is_empty() && !is("initialized") {
            return Some("9.3 initialized is not first");
        }
        if !is_defined(statement) {
            if ids(context, "category").contains(MOVE_ON) {
                return Some("9.6.2.2 only what cmi5 defines is in the category moveon");
            }
            if session.mode != "Normal" {
                return Some("10.2.2 nothing else is told in this mode");
            }
            let goes_on = result["extensions"].get(PROGRESS).is_some();
            return (goes_on && ever("completed")).then_some("9.5.5.1 progress after completion");
        }
        breach_of_defined(statement, &self.activity(), session, &in_registration)
    }
}

async fn note(State(system): State<System>, request: Request, next: Next) -> Response {
    let asked = format!("{} {}", request.method(), request.uri().path());
    system.known().asked.push(asked);
    next.run(request).await
}

async fn token(State(system): State<System>, RawQuery(query): RawQuery) -> Response {
    let query = parameters(query);
    let mut known = system.known();
    known.requests += 1;
    let session = known.sessions.iter_mut().find(|it| it.id == query["k"]);
    match session {
        Some(session) if !session.token_given => {
            session.token_given = true;
            axum::Json(json!({ "auth-token": session.token })).into_response()
        }
        _ => axum::Json(json!({ "error-code": "1", "error-text": "used" })).into_response(),
    }
}

async fn state(
    State(system): State<System>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let query = parameters(query);
    let Some(at) = system.session(&headers) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let agent: Value = serde_json::from_str(&query["agent"]).expect("JSON");
    let fits = agent == System::learner()
        && query["stateId"] == "LMS.LaunchData"
        && query["activityId"] == system.activity()
        && query["registration"] == system.registration.to_string();
    if !fits {
        return StatusCode::NOT_FOUND.into_response();
    }
    let known = system.known();
    let session = &known.sessions[at];
    let mut data = json!({
        "contextTemplate": {
            "extensions": { SESSION: session.id, "https://lms.example.edu/cohort": 7 },
            "contextActivities": { "grouping": [{ "id": PUBLISHED }] },
        },
        "launchMode": session.mode, "moveOn": "CompletedAndPassed",
        "returnURL": "https://lms.example.edu/course/12",
    });
    if let Some(mastery) = session.mastery {
        data["masteryScore"] = json!(mastery);
    }
    axum::Json(known.launch_data.clone().unwrap_or(data)).into_response()
}

async fn profile(
    State(system): State<System>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let query = parameters(query);
    let agent: Value = serde_json::from_str(&query["agent"]).expect("JSON");
    let is_refused = system.known().tells_no_preferences
        || system.session(&headers).is_none()
        || agent != System::learner()
        || query["profileId"] != "cmi5LearnerPreferences";
    if is_refused {
        return StatusCode::FORBIDDEN.into_response();
    }
    let liked = json!({ "languagePreference": "fr-FR,zh-CN,en", "audioPreference": "off" });
    axum::Json(liked).into_response()
}

async fn statement(
    State(system): State<System>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let query = parameters(query);
    let Some(at) = system.session(&headers) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    {
        let mut known = system.known();
        known.requests += 1;
        if let Some((status, times)) = &mut known.fails
            && *times > 0
        {
            *times -= 1;
            return StatusCode::from_u16(*status)
                .expect("a status")
                .into_response();
        }
    }
    let statement: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(statement["id"], query["statementId"]);
    let breach = system.breach(at, &statement);
    let mut known = system.known();
    if let Some(rule) = breach {
        known
            .violations
            .push(format!("{rule}: {}", verb(Some(&statement))));
        return (StatusCode::FORBIDDEN, rule).into_response();
    }
    known.sessions[at].told.push(statement);
    StatusCode::NO_CONTENT.into_response()
}

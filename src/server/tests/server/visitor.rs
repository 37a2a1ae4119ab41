//! A visitor: the browser's side of a visit, with the same `tour` and without the keys.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_tour::{Action, Entry, Event, QuestionId, Response, Session, StopId, Venue};

use crate::place::{Answer, Place, Running, SECRET, venue};

/// A visit as the browser has it.
pub(crate) struct Visitor {
    pub(crate) visit: String,
    pub(crate) token: String,
    pub(crate) session: Session,
    pub(crate) venue: Venue,
    /// What was done and not sent yet.
    pub(crate) outbox: Vec<Entry>,
    at: u64,
}

impl Visitor {
    pub(crate) async fn begin(place: &Place, server: &Running) -> Self {
        let asked =
            json!({"venue": "boat", "package": place.package, "language": "en", "consent": 1});
        let answer = server
            .call(Method::POST, "/api/v1/visits", None, &asked)
            .await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        Self::of(&answer.json())
    }

    pub(crate) fn of(created: &Value) -> Self {
        let text = |field: &str| created[field].as_str().expect("a text").to_owned();
        Self {
            visit: text("visit"),
            token: text("token"),
            session: Session::new(created["seed"].as_u64().expect("a seed")),
            venue: venue(false).without_keys(),
            outbox: Vec::new(),
            at: 0,
        }
    }

    /// Goes on from where another left off.
    pub(crate) fn resume_at(&mut self, other: &Self) {
        self.at = other.at;
    }

    pub(crate) fn path(&self, below: &str) -> String {
        format!("/api/v1/visits/{}{below}", self.visit)
    }

    pub(crate) async fn get(&self, server: &Running, below: &str) -> Answer {
        server
            .call(
                Method::GET,
                &self.path(below),
                Some(&self.token),
                &Value::Null,
            )
            .await
    }

    /// Does something one millisecond later than the last thing.
    pub(crate) fn act(&mut self, action: Action) {
        self.act_after(1, action);
    }

    /// Does something `millis` later than the last thing.
    pub(crate) fn act_after(&mut self, millis: u64, action: Action) {
        self.at += millis;
        let events = self.session.apply(&self.venue, &action, self.at);
        assert!(
            !events.iter().any(|it| matches!(it, Event::Refused(_))),
            "{action:?}: {events:?}"
        );
        let seq = self.session.seq();
        self.outbox.push(Entry {
            seq,
            at: self.at,
            action,
        });
    }

    /// Goes to a stop, looks at what is there and hears its story.
    pub(crate) fn attend(&mut self, stop: &str) {
        let stop: StopId = stop.parse().expect("an id");
        self.act(Action::Arrive { stop: stop.clone() });
        self.act_after(
            1_000,
            Action::Look {
                stop: stop.clone(),
                millis: 1_000,
            },
        );
        self.act(Action::Story { stop });
    }

    /// The question that a stop's checkpoint asks now.
    pub(crate) fn asked(&self, stop: &str) -> Option<QuestionId> {
        let panel = self
            .session
            .checkpoint(&self.venue, &stop.parse().expect("an id"))?;
        Some(panel.slots[panel.open?].question.question.clone())
    }

    pub(crate) fn answer(&mut self, question: QuestionId, option: &str) {
        let response = Response::Single(option.parse().expect("an id"));
        self.act(Action::Answer { question, response });
    }

    /// Answers everything that a stop asks, rightly or not, and sends each answer.
    pub(crate) async fn answer_all(&mut self, server: &Running, stop: &str, rightly: bool) {
        while let Some(question) = self.asked(stop) {
            self.answer(question, if rightly { SECRET } else { "a-wrong-one" });
            self.flush(server).await;
        }
    }

    /// Sends what is in the outbox and learns what the server says.
    pub(crate) async fn flush(&mut self, server: &Running) -> Value {
        let batch = std::mem::take(&mut self.outbox);
        let answer = self.send(server, &batch).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let answer = answer.json();
        assert_eq!(answer["acceptedThrough"], self.session.seq());
        let verdicts = answer["verdicts"].as_array().expect("verdicts").clone();
        for verdict in verdicts {
            let verdict = serde_json::from_value(verdict).expect("a verdict");
            self.session.learn(&self.venue, &verdict);
        }
        answer
    }

    /// Sends these entries and nothing else.
    pub(crate) async fn send(&self, server: &Running, entries: &[Entry]) -> Answer {
        self.send_json(server, &json!({ "entries": entries })).await
    }

    pub(crate) async fn send_json(&self, server: &Running, body: &Value) -> Answer {
        server
            .call(
                Method::POST,
                &self.path("/evidence"),
                Some(&self.token),
                body,
            )
            .await
    }

    /// The visit's log as the server has it.
    pub(crate) async fn log(&self, server: &Running) -> Vec<Entry> {
        let answer = self.get(server, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        serde_json::from_value(answer.json()["entries"].clone()).expect("entries")
    }
}

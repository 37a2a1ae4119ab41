//! A room of headsets as tests have it: whoever runs it, its headsets, and visits on their way.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    place::{Answer, Running},
    visitor::Visitor,
};

pub(crate) const ADDRESS: &str = "http://192.168.1.20:8080";

/// Whoever runs the room.
pub(crate) struct Instructor {
    pub(crate) lab: String,
    pub(crate) key: String,
}

impl Instructor {
    pub(crate) async fn open(server: &Running, door_open: bool) -> Self {
        let asked = json!({"venue": "boat", "doorOpen": door_open});
        let opened = server
            .call(Method::POST, "/api/v1/labs", None, &asked)
            .await;
        assert_eq!(opened.status, StatusCode::CREATED, "{opened:?}");
        let text = |field: &str| opened.json()[field].as_str().expect("a text").to_owned();
        Self {
            lab: text("lab"),
            key: text("key"),
        }
    }

    pub(crate) async fn ask(
        &self,
        server: &Running,
        method: Method,
        below: &str,
        body: &Value,
    ) -> Answer {
        let path = format!("/api/v1/labs/{}{below}", self.lab);
        server.call(method, &path, Some(&self.key), body).await
    }

    pub(crate) async fn look(&self, server: &Running) -> Value {
        let shown = self.ask(server, Method::GET, "", &Value::Null).await;
        assert_eq!(shown.status, StatusCode::OK, "{shown:?}");
        shown.json()
    }

    pub(crate) async fn code(&self, server: &Running) -> String {
        let shown = self.look(server).await;
        shown["code"].as_str().expect("a code").to_owned()
    }
}

pub(crate) async fn join(server: &Running, code: Option<&str>, token: Option<&str>) -> Answer {
    let body = json!({ "code": code });
    server
        .call(Method::POST, "/api/v1/join", token, &body)
        .await
}

/// A headset that has joined: its token and its number.
pub(crate) async fn joined(server: &Running, code: Option<&str>) -> (String, u64) {
    let answer = join(server, code, None).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let answer = answer.json();
    assert_eq!(answer["kind"], "lab", "{answer}");
    let token = answer["of"]["token"].as_str().expect("a token").to_owned();
    (token, answer["of"]["number"].as_u64().expect("a number"))
}

pub(crate) async fn headset(
    server: &Running,
    method: Method,
    below: &str,
    token: &str,
    body: &Value,
) -> Answer {
    let path = format!("/api/v1/headset{below}");
    server.call(method, &path, Some(token), body).await
}

pub(crate) async fn told(server: &Running, token: &str) -> Value {
    let answer = headset(server, Method::GET, "", token, &Value::Null).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()
}

/// The code under which a visit is offered.
pub(crate) async fn offered(server: &Running, visitor: &Visitor) -> String {
    let body = json!({ "address": ADDRESS });
    let path = visitor.path("/handover");
    let answer = server
        .call(Method::POST, &path, Some(&visitor.token), &body)
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    let answer = answer.json();
    assert!(
        answer["picture"]
            .as_str()
            .expect("a picture")
            .contains("<svg")
    );
    answer["code"].as_str().expect("a code").to_owned()
}

/// The same visit, gone on with by another token.
pub(crate) fn with_token(visitor: &Visitor, ticket: &Value) -> Visitor {
    assert_eq!(ticket["visit"], visitor.visit.as_str(), "{ticket}");
    let mut other = Visitor::of(ticket);
    other.session = visitor.session.clone();
    other.resume_at(visitor);
    other
}

pub(crate) fn refused(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

//! A client of the record store: a credential, a version of xAPI, and the calls.

use axum::http::{Method, Request, StatusCode, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use uuid::Uuid;
use xinghuo_server::{CredentialCommand, manage};

use crate::place::{Answer, Place, Running};

/// Whoever reads and writes records.
#[derive(Clone)]
pub(crate) struct Recorder {
    pub(crate) key: String,
    secret: String,
    pub(crate) basic: String,
    pub(crate) version: &'static str,
}

impl Recorder {
    /// Somebody with a new credential for these scopes, who speaks xAPI 2.0.
    pub(crate) async fn new(place: &Place, scopes: &[&str]) -> Self {
        Self::for_days(place, scopes, None).await
    }

    /// The same, for as many days.
    pub(crate) async fn for_days(place: &Place, scopes: &[&str], days: Option<u32>) -> Self {
        let scope = scopes.iter().map(|scope| scope.parse().expect("a scope"));
        let command = CredentialCommand::Add {
            records: place.records.clone(),
            label: "a test".into(),
            scope: scope.collect(),
            days,
        };
        let printed = done(command).await.expect("it is made");
        let word = |n| printed.split_whitespace().nth(n).expect("a word");
        Self::holding(word(1), word(3))
    }

    /// Whoever was given this key and this secret.
    pub(crate) fn holding(key: &str, secret: &str) -> Self {
        Self {
            key: key.to_owned(),
            secret: secret.to_owned(),
            basic: format!("Basic {}", STANDARD.encode(format!("{key}:{secret}"))),
            version: "2.0.0",
        }
    }

    /// The key and the secret, for whoever else is to use them.
    pub(crate) fn shown(&self) -> (String, String) {
        (self.key.clone(), self.secret.clone())
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> Request<axum::body::Body> {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, &self.basic)
            .header("X-Experience-API-Version", self.version)
            .header(header::CONTENT_TYPE, kind)
            .body(body.into())
            .expect("a request")
    }

    pub(crate) async fn get(&self, server: &Running, path: &str) -> Answer {
        server
            .ask(self.request(Method::GET, path, "application/json", Vec::new()))
            .await
    }

    pub(crate) async fn send(
        &self,
        server: &Running,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Answer {
        let body = body.to_string().into_bytes();
        server
            .ask(self.request(method, path, "application/json", body))
            .await
    }

    pub(crate) async fn send_as(
        &self,
        server: &Running,
        kind: &str,
        path: &str,
        body: &[u8],
    ) -> Answer {
        server
            .ask(self.request(Method::POST, path, kind, body.to_vec()))
            .await
    }

    pub(crate) async fn with_headers(
        &self,
        server: &Running,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = self.request(method, path, "application/json", body.into());
        for (name, value) in headers {
            let name: header::HeaderName = name.parse().expect("a name");
            request
                .headers_mut()
                .insert(name, value.parse().expect("a value"));
        }
        server.ask(request).await
    }

    pub(crate) async fn post(&self, server: &Running, body: &Value) -> Answer {
        self.send(server, Method::POST, "/xapi/statements", body)
            .await
    }

    /// The ids of the statements that a query finds, on one page.
    pub(crate) async fn found(&self, server: &Running, query: &str) -> Vec<String> {
        let answer = self.get(server, &format!("/xapi/statements?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        ids(&answer.json())
    }
}

/// The ids of a page's statements.
pub(crate) fn ids(page: &Value) -> Vec<String> {
    let statements = page["statements"].as_array().expect("statements");
    let id = |it: &Value| it["id"].as_str().expect("an id").to_owned();
    statements.iter().map(id).collect()
}

/// What a command prints.
pub(crate) async fn done(command: CredentialCommand) -> anyhow::Result<String> {
    let mut out = Vec::new();
    manage(command, &mut out).await?;
    Ok(String::from_utf8(out)?)
}

/// A statement that `who` did something with `what`.
pub(crate) fn statement(who: &str, what: &str) -> Value {
    json!({
        "id": Uuid::new_v4().to_string(),
        "actor": {"mbox": format!("mailto:{who}@example.org")},
        "verb": {"id": "http://example.org/verbs/did"},
        "object": {"id": format!("http://example.org/things/{what}")},
    })
}

/// The statement's id.
pub(crate) fn id(statement: &Value) -> &str {
    statement["id"].as_str().expect("an id")
}

/// A query for what `who` did.
pub(crate) fn by(who: &str) -> String {
    format!("agent=%7B%22mbox%22:%22mailto:{who}@example.org%22%7D")
}

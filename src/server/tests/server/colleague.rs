//! Somebody of staff with a browser: its cookie, and what its page was told.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::{Value, json};
use xinghuo_server::{Allowance, Config, Role, StaffCommand, manage_staff};

use crate::place::{Answer, Place, Running};

/// The address at which the pages of the deployment are open.
pub(crate) const ORIGIN: &str = "https://tours.example.edu";

/// The password that everybody here has.
pub(crate) const PASSWORD: &str = "a boat on the southern lake";

/// Somebody who is signed in.
#[derive(Clone)]
pub(crate) struct Colleague {
    pub(crate) cookie: String,
    pub(crate) proof: String,
}

/// Does what a command says; what it printed.
pub(crate) async fn done(command: StaffCommand) -> anyhow::Result<String> {
    let mut out = Vec::new();
    manage_staff(command, &mut out).await?;
    Ok(String::from_utf8(out).expect("text"))
}

/// Makes an account on the command line; the secret of the link that was printed.
pub(crate) async fn hired(place: &Place, name: &str, role: Role) -> String {
    let printed = done(StaffCommand::Add {
        records: place.records.clone(),
        name: name.into(),
        role,
        origin: ORIGIN.into(),
    });
    secret_of(&printed.await.expect("an account"))
}

/// The secret of a link to set a password with.
pub(crate) fn secret_of(link: &str) -> String {
    let secret = link.trim().strip_prefix(&format!("{ORIGIN}/staff/#set="));
    secret.expect("a link").to_owned()
}

/// Asks as a page of the deployment does, by a browser with these headers.
pub(crate) async fn ask(
    server: &Running,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = if body.is_null() {
        Body::empty()
    } else {
        request = request.header(header::CONTENT_TYPE, "application/json");
        body.to_string().into()
    };
    server.ask(request.body(body).expect("a request")).await
}

/// Posts what nobody needs to be signed in for.
pub(crate) async fn post(server: &Running, path: &str, body: &Value) -> Answer {
    ask(server, Method::POST, path, &[("origin", ORIGIN)], body).await
}

pub(crate) async fn sign_in(server: &Running, name: &str, password: &str) -> Answer {
    let given = json!({"name": name, "password": password});
    post(server, "/api/v1/staff/sign-in", &given).await
}

/// A server that lets one address try as often as it likes.
pub(crate) async fn patient(place: &Place) -> Running {
    Running::with(patience(place)).await
}

/// What such a server is told.
pub(crate) fn patience(place: &Place) -> Config {
    let mut config = place.config();
    config.limits.sign_ins_of_peer = Allowance::new(10_000, 10_000);
    config
}

/// The pair of a cookie that was set.
pub(crate) fn pair_of(answer: &Answer) -> String {
    let set = answer.header("set-cookie");
    set.split(';').next().expect("a pair").to_owned()
}

impl Colleague {
    /// Makes an account, sets its password by the link, and signs in.
    pub(crate) async fn hired(place: &Place, server: &Running, name: &str, role: Role) -> Self {
        let link = hired(place, name, role).await;
        let given = json!({"link": link, "password": PASSWORD});
        let set = post(server, "/api/v1/staff/password", &given).await;
        assert_eq!(set.status, StatusCode::OK, "{set:?}");
        Self::signed_in(server, name).await
    }

    pub(crate) async fn signed_in(server: &Running, name: &str) -> Self {
        let answer = sign_in(server, name, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
        Self::with(server, pair_of(&answer)).await
    }

    /// Whoever has this cookie.
    pub(crate) async fn with(server: &Running, cookie: String) -> Self {
        let proof = String::new();
        let mut it = Self { cookie, proof };
        let me = it.get(server, "me").await;
        assert_eq!(me.status, StatusCode::OK, "{me:?}");
        me.json()["proof"]
            .as_str()
            .expect("a proof")
            .clone_into(&mut it.proof);
        it
    }

    pub(crate) async fn get(&self, server: &Running, path: &str) -> Answer {
        self.call(server, Method::GET, path, &Value::Null).await
    }

    pub(crate) async fn post(&self, server: &Running, path: &str, body: &Value) -> Answer {
        self.call(server, Method::POST, path, body).await
    }

    /// Calls what is below `/api/v1/staff/`.
    pub(crate) async fn call(
        &self,
        server: &Running,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Answer {
        let headers = [
            ("cookie", self.cookie.as_str()),
            ("origin", ORIGIN),
            ("x-xinghuo-proof", &self.proof),
        ];
        let path = format!("/api/v1/staff/{path}");
        ask(server, method, &path, &headers, body).await
    }
}

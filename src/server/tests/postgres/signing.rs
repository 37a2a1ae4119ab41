//! Staff and keys where several servers share a database: whatever one of them let in is in at all of
//! them, and what one of them shut out is out at all of them. What one address may ask for is each
//! server's own.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_server::{Allowance, Config, Role, StaffCommand};

use crate::{
    colleague::{Colleague, PASSWORD, done, hired, pair_of, patience, sign_in},
    entering::{Provider, come_back, config, leave, trouble},
    place::{Place, Running},
    recorder::Recorder,
};

/// Two servers that are told the same.
async fn two(config: impl Fn() -> Config) -> [Running; 2] {
    let (a, b) = tokio::join!(Running::with(config()), Running::with(config()));
    [a, b]
}

#[tokio::test]
async fn who_left_for_the_provider_at_one_comes_back_at_another_and_once() {
    let (place, provider) = (Place::new(), Provider::start().await);
    let [a, b] = &two(|| config(&place, &provider)).await;
    let (cookie, way) = leave(a).await;
    let back = provider.let_in(&way);
    let answer = come_back(b, &cookie, &back).await;
    assert_eq!(answer.header("location"), "/staff/");
    let chen = Colleague::with(a, pair_of(&answer)).await;
    let me = chen.get(b, "me").await.json();
    assert_eq!(me["role"], "instructor", "{me}");
    for server in [a, b] {
        assert_eq!(trouble(&come_back(server, &cookie, &back).await), "stale");
    }

    // Whoever sends the same to both at once is let in by one of them.
    let (cookie, way) = leave(b).await;
    let back = provider.let_in(&way);
    let answers = tokio::join!(come_back(a, &cookie, &back), come_back(b, &cookie, &back));
    let mut ways = [&answers.0, &answers.1].map(|it| it.header("location").to_owned());
    ways.sort();
    assert_eq!(ways, ["/staff/", "/staff/#trouble=stale"]);

    let out = chen.post(a, "sign-out", &Value::Null).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT, "{out:?}");
    for server in [a, b] {
        assert_eq!(chen.get(server, "me").await.code(), "SIGN_IN");
    }
}

#[tokio::test]
async fn a_session_of_one_is_one_of_all_and_ends_at_all() {
    let place = Place::new();
    let [a, b] = &two(|| patience(&place)).await;
    let ann = Colleague::hired(&place, a, "ann", Role::Administrator).await;
    let made = json!({"name": "ben", "role": "reader"});
    let made = ann.post(b, "accounts", &made).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    // A session that another server ends, an account that it changes.
    let here = Colleague::signed_in(b, "ann").await;
    let sessions = ann.get(a, "sessions").await.json();
    let sessions = sessions.as_array().expect("sessions");
    let there = sessions.iter().find(|it| it["here"] == false);
    let there = there.expect("the other")["id"].as_str().expect("an id");
    let path = format!("sessions/{there}");
    let ended = ann.call(a, Method::DELETE, &path, &Value::Null).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{ended:?}");
    assert_eq!(here.get(b, "me").await.code(), "SIGN_IN");
    assert_eq!(ann.get(b, "me").await.status, StatusCode::OK);
    let disable = StaffCommand::Disable {
        records: place.records.clone(),
        name: "ann".into(),
    };
    done(disable).await.expect("it is disabled");
    for server in [a, b] {
        assert_eq!(ann.get(server, "me").await.code(), "SIGN_IN");
    }
}

#[tokio::test]
async fn a_key_made_at_one_opens_all_until_any_of_them_revokes_it() {
    let place = Place::new();
    let [a, b] = &two(|| patience(&place)).await;
    let ann = Colleague::hired(&place, a, "ann", Role::Administrator).await;
    let asked = json!({"label": "campus", "scopes": ["statements/read"]});
    let made = ann.post(a, "credentials", &asked).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let made = made.json();
    let shown = |name: &str| made[name].as_str().expect("a text");
    let reader = Recorder::holding(shown("key"), shown("secret"));
    let path = "/xapi/statements";
    for server in [a, b, a] {
        assert_eq!(reader.get(server, path).await.status, StatusCode::OK);
    }
    let path_of_key = format!("credentials/{}", reader.key);
    let revoked = ann.call(b, Method::DELETE, &path_of_key, &Value::Null);
    assert_eq!(revoked.await.status, StatusCode::NO_CONTENT);
    for server in [a, b] {
        let answer = reader.get(server, path).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{answer:?}");
    }
}

#[tokio::test]
async fn wrong_passwords_are_counted_together_and_haste_by_each() {
    let place = Place::new();
    let [a, b] = &two(|| patience(&place)).await;
    hired(&place, "ann", Role::Reader).await;
    for n in 0..5 {
        let server = [a, b][n % 2];
        assert_eq!(sign_in(server, "ann", "x").await.code(), "SIGN_IN", "{n}");
    }
    for server in [a, b] {
        assert_eq!(sign_in(server, "ann", PASSWORD).await.code(), "TOO_MANY");
    }
    let hasty = || {
        let mut config = place.config();
        config.limits.visits_of_peer = Allowance::new(2, 1);
        config
    };
    let begin = async |server: &Running| {
        let asked =
            json!({"venue": "boat", "package": place.package, "language": "en", "consent": 1});
        let begun = server.call(Method::POST, "/api/v1/visits", None, &asked);
        begun.await.status
    };
    for server in two(hasty).await {
        let burst = [begin(&server).await, begin(&server).await];
        assert_eq!(burst, [StatusCode::CREATED; 2]);
        assert_eq!(begin(&server).await, StatusCode::TOO_MANY_REQUESTS);
    }
}

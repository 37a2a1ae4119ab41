//! Sessions and guesses: what ends a session, and how wrong passwords are slowed down.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_server::{Allowance, Role, StaffCommand};

use crate::{
    colleague::{
        Colleague, ORIGIN, PASSWORD, ask, done, pair_of, patient, post, secret_of, sign_in,
    },
    place::{Place, Running},
};

#[tokio::test]
async fn a_session_is_new_with_each_sign_in_and_ends_for_good() {
    let place = Place::new();
    let server = place.start().await;
    let ann = Colleague::hired(&place, &server, "ann", Role::Reader).await;
    // Somebody plants a cookie, or knows the one from before: signing in makes it worthless.
    for planted in [
        ann.cookie.as_str(),
        "__Host-xinghuo-staff=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        let given = json!({"name": "ann", "password": PASSWORD});
        let headers = [("origin", ORIGIN), ("cookie", planted)];
        let answer = ask(
            &server,
            Method::POST,
            "/api/v1/staff/sign-in",
            &headers,
            &given,
        )
        .await;
        assert_ne!(pair_of(&answer), planted);
        let planted = Colleague {
            cookie: planted.into(),
            proof: String::new(),
        };
        assert_eq!(planted.get(&server, "me").await.code(), "SIGN_IN");
    }
    let (one, other) = (
        Colleague::signed_in(&server, "ann").await,
        Colleague::signed_in(&server, "ann").await,
    );
    let sessions = one.get(&server, "sessions").await.json();
    let there = sessions
        .as_array()
        .expect("sessions")
        .iter()
        .find(|it| it["here"] == false);
    let there = there.expect("another session")["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let stranger = Colleague::hired(&place, &server, "ben", Role::Administrator).await;
    let path = format!("sessions/{there}");
    let not_theirs = stranger
        .call(&server, Method::DELETE, &path, &Value::Null)
        .await;
    assert_eq!(not_theirs.status, StatusCode::NOT_FOUND);
    let out = other.post(&server, "sign-out", &Value::Null).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT, "{out:?}");
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{out:?}");
    assert_eq!(
        other.get(&server, "me").await.code(),
        "SIGN_IN",
        "the old cookie is worthless"
    );
    assert_eq!(one.get(&server, "me").await.status, StatusCode::OK);
    let reset = done(StaffCommand::Reset {
        records: place.records.clone(),
        name: "ann".into(),
        origin: ORIGIN.into(),
    });
    let given = json!({"link": secret_of(&reset.await.expect("a link")), "password": "a new boat upon the lake"});
    assert_eq!(
        post(&server, "/api/v1/staff/password", &given).await.status,
        StatusCode::OK
    );
    assert_eq!(
        one.get(&server, "me").await.code(),
        "SIGN_IN",
        "a new password ends what was"
    );
    assert_eq!(sign_in(&server, "ann", PASSWORD).await.code(), "SIGN_IN");
}

#[tokio::test]
async fn wrong_passwords_lock_a_name_out_whether_it_is_anybodys_or_not() {
    let place = Place::new();
    let server = patient(&place).await;
    let ann = Colleague::hired(&place, &server, "ann", Role::Reader).await;
    Colleague::hired(&place, &server, "ben", Role::Reader).await;
    for name in ["ann", "nobody"] {
        for _ in 0..5 {
            assert_eq!(
                sign_in(&server, name, "a wrong password").await.code(),
                "SIGN_IN"
            );
        }
        for password in ["a wrong password", PASSWORD] {
            let answer = sign_in(&server, name, password).await;
            assert_eq!(answer.code(), "TOO_MANY", "{name}");
            let wait: u32 = answer.header("retry-after").parse().expect("seconds");
            assert!((50..=60).contains(&wait), "{wait}");
        }
    }
    assert_eq!(
        ann.get(&server, "me").await.status,
        StatusCode::OK,
        "who is in stays in"
    );
    Colleague::signed_in(&server, "ben").await;
    let reset = done(StaffCommand::Reset {
        records: place.records.clone(),
        name: "ann".into(),
        origin: ORIGIN.into(),
    });
    reset.await.expect("a link");
    Colleague::signed_in(&server, "ann").await;
}

#[tokio::test]
async fn guesses_at_once_are_not_more_than_one_after_the_other() {
    let place = Place::new();
    let server = patient(&place).await;
    Colleague::hired(&place, &server, "ann", Role::Reader).await;
    let guesses = (0..20).map(|n| {
        let server = &server;
        async move {
            sign_in(server, "ann", &format!("a guess, number {n}"))
                .await
                .code()
        }
    });
    let answers = futures_util::future::join_all(guesses).await;
    let tried = answers.iter().filter(|it| *it == "SIGN_IN").count();
    assert!(tried <= 5, "{answers:?}");
    assert!(answers.iter().any(|it| it == "TOO_MANY"), "{answers:?}");
}

#[tokio::test]
async fn an_address_that_tries_many_names_has_to_wait() {
    let place = Place::new();
    let mut config = place.config();
    config.limits.sign_ins_of_peer = Allowance::new(3, 1);
    let server = Running::with(config).await;
    for n in 0..3 {
        assert_eq!(
            sign_in(&server, &format!("name {n}"), "x").await.code(),
            "SIGN_IN"
        );
    }
    let answer = sign_in(&server, "name 4", "x").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{answer:?}");
    assert!(!answer.header("retry-after").is_empty());
}

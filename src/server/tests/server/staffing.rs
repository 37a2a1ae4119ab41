//! Who may do what as staff: signing in, sessions, roles, and what other sites cannot do.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_server::{Allowance, Role, StaffCommand};

use crate::{
    colleague::{Colleague, ORIGIN, PASSWORD, ask, done, hired, pair_of, post, secret_of, sign_in},
    place::{Place, Running},
};

const ROLES: [Role; 5] = [
    Role::Administrator,
    Role::Curator,
    Role::Instructor,
    Role::Auditor,
    Role::Reader,
];

/// A server that lets one address try as often as it likes.
async fn patient(place: &Place) -> Running {
    let mut config = place.config();
    config.limits.sign_ins_of_peer = Allowance::new(10_000, 10_000);
    Running::with(config).await
}

#[tokio::test]
async fn a_link_sets_a_password_once_and_the_password_signs_in() {
    let place = Place::new();
    let server = place.start().await;
    let link = hired(&place, "Ann", Role::Curator).await;
    let before = sign_in(&server, "ann", PASSWORD).await;
    assert_eq!(before.code(), "SIGN_IN", "no password is set yet");
    let set = |password: &str| json!({"link": link, "password": password});
    let path = "/api/v1/staff/password";
    let weak = post(&server, path, &set("short")).await;
    assert_eq!(weak.status, StatusCode::BAD_REQUEST, "{weak:?}");
    let made = post(&server, path, &set(PASSWORD)).await;
    assert_eq!(made.json()["name"], "ann");
    let again = post(&server, path, &set("another boat on the lake")).await;
    assert_eq!(again.code(), "SIGN_IN", "the link is used up");
    let wrong = post(&server, path, &json!({"link": "x", "password": PASSWORD})).await;
    assert_eq!(wrong.code(), "SIGN_IN");
    let answer = sign_in(&server, " ANN ", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
    let set = answer.header("set-cookie");
    assert!(set.starts_with("__Host-xinghuo-staff="), "{set}");
    for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(set.contains(attribute), "{set}");
    }
    let ann = Colleague::with(&server, pair_of(&answer)).await;
    let me = ann.get(&server, "me").await.json();
    assert_eq!(
        (&me["name"], &me["role"]),
        (&json!("ann"), &json!("curator"))
    );
    assert_eq!(me["rights"], json!(["see-statistics"]));
    assert_eq!(
        sign_in(&server, "ann", "another boat").await.code(),
        "SIGN_IN"
    );
}

#[tokio::test]
async fn each_role_may_do_its_own_and_nothing_else() {
    use Role::{Administrator, Auditor, Curator, Instructor, Reader};
    let place = Place::new();
    let server = patient(&place).await;
    let class = json!({"name": "a class"});
    let account = json!({"name": "somebody", "role": "reader"});
    let credential = json!({"label": "a test", "scopes": ["state"]});
    let calls: [(Method, &str, &Value, &[Role]); 14] = [
        (Method::GET, "me", &Value::Null, &ROLES),
        (Method::GET, "sessions", &Value::Null, &ROLES),
        (
            Method::GET,
            "accounts",
            &Value::Null,
            &[Administrator, Auditor],
        ),
        (Method::POST, "accounts", &account, &[Administrator]),
        (
            Method::PATCH,
            "accounts/x",
            &json!({"role": "administrator"}),
            &[Administrator],
        ),
        (
            Method::POST,
            "accounts/x/link",
            &Value::Null,
            &[Administrator],
        ),
        (
            Method::GET,
            "credentials",
            &Value::Null,
            &[Administrator, Auditor],
        ),
        (Method::POST, "credentials", &credential, &[Administrator]),
        (
            Method::DELETE,
            "credentials/x",
            &Value::Null,
            &[Administrator],
        ),
        (
            Method::GET,
            "state",
            &Value::Null,
            &[Administrator, Auditor],
        ),
        (Method::GET, "statistics", &Value::Null, &[Curator, Reader]),
        (Method::GET, "classes", &Value::Null, &[Instructor]),
        (Method::POST, "classes", &class, &[Instructor]),
        (Method::GET, "classes/x", &Value::Null, &[Instructor]),
    ];
    for role in ROLES {
        let it = Colleague::hired(&place, &server, &role.to_string(), role).await;
        for (method, path, body, may) in &calls {
            let answer = it.call(&server, method.clone(), path, body).await;
            let is_refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(
                is_refused,
                !may.contains(&role),
                "{role}: {method} {path} {answer:?}"
            );
            assert!(!answer.status.is_server_error(), "{role}: {method} {path}");
            let nobody = ask(
                &server,
                method.clone(),
                &format!("/api/v1/staff/{path}"),
                &[("origin", ORIGIN)],
                body,
            )
            .await;
            assert_eq!(nobody.code(), "SIGN_IN", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn nobody_gives_themselves_another_role_or_leaves_no_administrator() {
    let place = Place::new();
    let server = place.start().await;
    let ann = Colleague::hired(&place, &server, "ann", Role::Administrator).await;
    let made = ann
        .post(
            &server,
            "accounts",
            &json!({"name": "<b>Ben</b>", "role": "auditor"}),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let taken = ann
        .post(
            &server,
            "accounts",
            &json!({"name": "ANN", "role": "auditor"}),
        )
        .await;
    assert_eq!(taken.status, StatusCode::CONFLICT, "{taken:?}");
    let accounts = ann.get(&server, "accounts").await.json();
    let id = |name: &str| {
        let all = accounts.as_array().expect("accounts");
        let one = all.iter().find(|it| it["name"] == name).expect("it");
        one["id"].as_str().expect("an id").to_owned()
    };
    let (mine, bens) = (id("ann"), id("<b>ben</b>"));
    let demote = json!({"role": "reader"});
    let own = ann
        .call(&server, Method::PATCH, &format!("accounts/{mine}"), &demote)
        .await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    let unknown = json!({"role": "root"});
    let none = ann
        .call(
            &server,
            Method::PATCH,
            &format!("accounts/{bens}"),
            &unknown,
        )
        .await;
    assert_eq!(none.status, StatusCode::BAD_REQUEST);
    let smuggled = json!({"name": "eve", "role": "reader", "password": "x"});
    let smuggled = ann.post(&server, "accounts", &smuggled).await;
    assert_eq!(smuggled.status, StatusCode::BAD_REQUEST, "{smuggled:?}");

    let link = made.json()["link"].as_str().expect("a link").to_owned();
    let given = json!({"link": secret_of(&link), "password": PASSWORD});
    post(&server, "/api/v1/staff/password", &given).await;
    let ben = Colleague::signed_in(&server, "<b>ben</b>").await;
    let changed = ann
        .call(&server, Method::PATCH, &format!("accounts/{bens}"), &demote)
        .await;
    assert_eq!(changed.status, StatusCode::OK);
    assert_eq!(
        ben.get(&server, "me").await.code(),
        "SIGN_IN",
        "another role, another session"
    );
    let ben = Colleague::signed_in(&server, "<b>ben</b>").await;
    assert_eq!(
        ben.get(&server, "accounts").await.status,
        StatusCode::FORBIDDEN
    );
    let disable = json!({"disabled": true});
    let disabled = ann
        .call(
            &server,
            Method::PATCH,
            &format!("accounts/{bens}"),
            &disable,
        )
        .await;
    assert_eq!(disabled.status, StatusCode::OK);
    assert_eq!(ben.get(&server, "me").await.code(), "SIGN_IN");
    assert_eq!(
        sign_in(&server, "<b>ben</b>", PASSWORD).await.code(),
        "SIGN_IN"
    );
}

#[tokio::test]
async fn another_sites_page_can_do_nothing() {
    let place = Place::new();
    let server = place.start().await;
    let ann = Colleague::hired(&place, &server, "ann", Role::Instructor).await;
    let ben = Colleague::hired(&place, &server, "ben", Role::Instructor).await;
    let class = json!({"name": "a class"});
    let cookie = ("cookie", ann.cookie.as_str());
    let proof = ("x-xinghuo-proof", ann.proof.as_str());
    let forged: [&[(&str, &str)]; 8] = [
        &[cookie],
        &[cookie, proof],
        &[cookie, ("origin", ORIGIN)],
        &[cookie, ("origin", "https://evil.example"), proof],
        &[cookie, ("origin", "null"), proof],
        &[
            cookie,
            ("origin", "https://tours.example.edu.evil.example"),
            proof,
        ],
        &[cookie, ("sec-fetch-site", "cross-site"), proof],
        &[cookie, ("origin", ORIGIN), ("x-xinghuo-proof", &ben.proof)],
    ];
    for headers in forged {
        let path = "/api/v1/staff/classes";
        let answer = ask(&server, Method::POST, path, headers, &class).await;
        assert_eq!(answer.code(), "FORBIDDEN", "{headers:?}");
    }
    assert_eq!(ann.get(&server, "classes").await.json(), json!([]));
    let given = json!({"name": "ann", "password": PASSWORD});
    for headers in [&[][..], &[("origin", "https://evil.example")]] {
        let path = "/api/v1/staff/sign-in";
        let answer = ask(&server, Method::POST, path, headers, &given).await;
        assert_eq!(answer.code(), "FORBIDDEN", "{headers:?}");
    }
    let policies: Vec<_> = server
        .get("/staff/")
        .await
        .headers
        .get_all("content-security-policy")
        .iter()
        .map(|it| it.to_str().expect("text").to_owned())
        .collect();
    assert!(
        policies.iter().any(|it| it == "frame-ancestors 'none'"),
        "{policies:?}"
    );
}

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

#[tokio::test]
async fn a_credential_made_on_the_page_is_good_until_it_is_revoked_there() {
    let place = Place::new();
    let server = place.start().await;
    let ann = Colleague::hired(&place, &server, "ann", Role::Administrator).await;
    for wrong in [
        json!({"label": "", "scopes": ["all"]}),
        json!({"label": "a", "scopes": []}),
        json!({"label": "a", "scopes": ["everything"]}),
        json!({"label": "a", "scopes": ["all"], "days": 0}),
    ] {
        let answer = ann.post(&server, "credentials", &wrong).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let asked = json!({"label": "<img src=x>", "scopes": ["statements/read"], "days": 30});
    let made = ann.post(&server, "credentials", &asked).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let (key, secret) = (made.json()["key"].clone(), made.json()["secret"].clone());
    let (key, secret) = (
        key.as_str().expect("a key"),
        secret.as_str().expect("a secret"),
    );
    let basic = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("{key}:{secret}"),
    );
    let basic = format!("Basic {basic}");
    let headers = [
        ("authorization", basic.as_str()),
        ("x-experience-api-version", "2.0.0"),
    ];
    let path = "/xapi/statements";
    assert_eq!(server.get_with(path, &headers).await.status, StatusCode::OK);
    let listed = ann.get(&server, "credentials").await;
    assert!(!String::from_utf8_lossy(&listed.bytes).contains(secret));
    let revoked = ann
        .call(
            &server,
            Method::DELETE,
            &format!("credentials/{key}"),
            &Value::Null,
        )
        .await;
    assert_eq!(revoked.status, StatusCode::NO_CONTENT);
    assert_eq!(
        server.get_with(path, &headers).await.status,
        StatusCode::UNAUTHORIZED
    );
    let state = ann.get(&server, "state").await.json();
    assert_eq!(state["visits"], 0, "{state}");
    assert_eq!(state["origin"], ORIGIN);
}

#[tokio::test]
async fn the_command_line_lists_changes_and_disables() {
    let place = Place::new();
    hired(&place, "ann", Role::Reader).await;
    let records = || place.records.clone();
    let list = || done(StaffCommand::List { records: records() });
    assert_eq!(
        list().await.expect("a list"),
        "reader  no password yet  ann\n"
    );
    let role = StaffCommand::Role {
        records: records(),
        name: "ANN".into(),
        role: Role::Auditor,
    };
    done(role).await.expect("it is changed");
    let disable = StaffCommand::Disable {
        records: records(),
        name: "ann".into(),
    };
    done(disable).await.expect("it is disabled");
    assert_eq!(list().await.expect("a list"), "auditor  disabled  ann\n");
    let enable = StaffCommand::Enable {
        records: records(),
        name: "ann".into(),
    };
    done(enable).await.expect("it is enabled");
    assert_eq!(
        list().await.expect("a list"),
        "auditor  no password yet  ann\n"
    );
    let nobody = StaffCommand::Disable {
        records: records(),
        name: "bob".into(),
    };
    let error = done(nobody).await.expect_err("there is no bob").to_string();
    assert!(error.contains("staff list"), "{error}");
}

//! Who may do what as staff: signing in, sessions, roles, and what other sites cannot do.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_server::{Role, StaffCommand};

use crate::{
    colleague::{
        Colleague, ORIGIN, PASSWORD, ask, done, hired, pair_of, patient, post, secret_of, sign_in,
    },
    place::Place,
    recorder::Recorder,
};

const ROLES: [Role; 5] = [
    Role::Administrator,
    Role::Curator,
    Role::Instructor,
    Role::Auditor,
    Role::Reader,
];

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
    let made = made.json();
    let shown = |name: &str| made[name].as_str().expect("a text");
    let (key, secret) = (shown("key"), shown("secret"));
    let reader = Recorder::holding(key, secret);
    let path = "/xapi/statements";
    assert_eq!(reader.get(&server, path).await.status, StatusCode::OK);
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
        reader.get(&server, path).await.status,
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

//! What another site's page can do with the browser of somebody who is signed in: nothing.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_server::Role;

use crate::{
    colleague::{Colleague, ORIGIN, PASSWORD, ask},
    place::Place,
};

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
async fn nothing_that_staff_can_do_is_done_for_another_sites_page() {
    let place = Place::new();
    let server = place.start().await;
    let ann = Colleague::hired(&place, &server, "ann", Role::Instructor).await;
    let ben = Colleague::hired(&place, &server, "ben", Role::Administrator).await;
    let class = json!({"name": "a class"});
    let account = json!({"name": "somebody", "role": "reader"});
    let credential = json!({"label": "a test", "scopes": ["state"]});
    let leader = json!({"name": "ben"});
    let lab = json!({"venue": "boat", "package": place.package});
    let nothing = &Value::Null;
    for (it, method, path, body) in [
        (&ann, Method::POST, "staff/classes", &class),
        (&ann, Method::PATCH, "staff/classes/x", &class),
        (&ann, Method::DELETE, "staff/classes/x", nothing),
        (&ann, Method::POST, "staff/classes/x/leaders", &leader),
        (&ann, Method::DELETE, "staff/classes/x/leaders/ben", nothing),
        (&ben, Method::POST, "staff/accounts", &account),
        (
            &ben,
            Method::PATCH,
            "staff/accounts/x",
            &json!({"role": "reader"}),
        ),
        (&ben, Method::POST, "staff/accounts/x/link", nothing),
        (&ben, Method::POST, "staff/credentials", &credential),
        (&ben, Method::DELETE, "staff/credentials/x", nothing),
        (&ben, Method::DELETE, "staff/sessions/x", nothing),
        (&ann, Method::POST, "labs", &lab),
        (&ann, Method::POST, "staff/sign-out", nothing),
    ] {
        let path = format!("/api/v1/{path}");
        let (cookie, proof) = (("cookie", &*it.cookie), ("x-xinghuo-proof", &*it.proof));
        for forged in [
            &[cookie][..],
            &[cookie, ("origin", ORIGIN)],
            &[cookie, ("origin", "https://evil.example"), proof],
            &[cookie, ("sec-fetch-site", "cross-site"), proof],
        ] {
            let answer = ask(&server, method.clone(), &path, forged, body).await;
            assert_eq!(answer.code(), "FORBIDDEN", "{method} {path} {forged:?}");
        }
        // The same by the deployment's own page is something else, were it only that there is none.
        let own = [cookie, ("origin", ORIGIN), proof];
        let answer = ask(&server, method.clone(), &path, &own, body).await;
        assert_ne!(
            answer.status,
            StatusCode::FORBIDDEN,
            "{method} {path} {answer:?}"
        );
        assert!(
            !answer.status.is_server_error(),
            "{method} {path} {answer:?}"
        );
    }
}

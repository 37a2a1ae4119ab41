//! Classes: whose they are, how visits join them, and what is told of a group.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_server::Role;

use crate::{
    colleague::Colleague,
    place::{Answer, Place, Running, SECRET},
    visitor::Visitor,
};

/// A class of somebody's: its id and its code.
pub(crate) async fn class_of(server: &Running, teacher: &Colleague) -> (String, String) {
    let made = teacher
        .post(server, "classes", &json!({"name": "7B"}))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let text = |name: &str| made.json()[name].as_str().expect("a text").to_owned();
    (text("id"), text("code"))
}

pub(crate) async fn join(server: &Running, visitor: &Visitor, code: &str) -> Answer {
    let path = visitor.path("/class");
    let body = json!({ "code": code });
    let token = Some(visitor.token.as_str());
    server.call(Method::PUT, &path, token, &body).await
}

/// A visit in a class, that answers the first question of the landing.
pub(crate) async fn visit_of(
    place: &Place,
    server: &Running,
    code: &str,
    rightly: bool,
) -> Visitor {
    let mut visitor = Visitor::begin(place, server).await;
    assert_eq!(join(server, &visitor, code).await.status, StatusCode::OK);
    visitor.attend("landing");
    let question = visitor.asked("landing").expect("a question");
    visitor.answer(question, if rightly { SECRET } else { "a-wrong-one" });
    visitor.flush(server).await;
    visitor
}

#[tokio::test]
async fn several_lead_a_class_and_somebody_always_does() {
    let place = Place::new();
    let server = place.start().await;
    let ann = Colleague::hired(&place, &server, "ann", Role::Instructor).await;
    let dan = Colleague::hired(&place, &server, "dan", Role::Instructor).await;
    Colleague::hired(&place, &server, "cy", Role::Curator).await;
    let (class, code) = class_of(&server, &ann).await;
    visit_of(&place, &server, &code, true).await;
    let (path, leaders) = (
        format!("classes/{class}"),
        format!("classes/{class}/leaders"),
    );
    for of_nobodys in [&path, &leaders] {
        let answer = dan.get(&server, of_nobodys).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer:?}");
    }
    let by_a_stranger = dan.post(&server, &leaders, &json!({"name": "dan"})).await;
    assert_eq!(
        by_a_stranger.status,
        StatusCode::NOT_FOUND,
        "{by_a_stranger:?}"
    );
    let one = format!("{leaders}/ann");
    let removed = dan.call(&server, Method::DELETE, &one, &Value::Null);
    assert_eq!(removed.await.status, StatusCode::NOT_FOUND);
    // Who may not teach leads nothing, and nobody learns of them.
    for name in ["cy", "nobody", ""] {
        let refused = ann.post(&server, &leaders, &json!({"name": name})).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{refused:?}");
    }
    let alone = ann
        .call(
            &server,
            Method::DELETE,
            &format!("{leaders}/ann"),
            &Value::Null,
        )
        .await;
    assert_eq!(alone.status, StatusCode::BAD_REQUEST, "{alone:?}");
    for _ in 0..2 {
        let added = ann.post(&server, &leaders, &json!({"name": " Dan "})).await;
        assert_eq!(added.status, StatusCode::NO_CONTENT, "{added:?}");
    }
    let both = json!([{"name": "ann", "me": false}, {"name": "dan", "me": true}]);
    assert_eq!(dan.get(&server, &leaders).await.json(), both);
    let read = dan.get(&server, &path).await;
    assert_eq!(
        read.json()["visits"].as_array().map(Vec::len),
        Some(1),
        "{read:?}"
    );
    let removed = dan
        .call(
            &server,
            Method::DELETE,
            &format!("{leaders}/ann"),
            &Value::Null,
        )
        .await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{removed:?}");
    assert_eq!(ann.get(&server, &path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(dan.get(&server, &path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_visit_joins_by_the_code_and_is_seen_under_a_pseudonym_alone() {
    let place = Place::new();
    let server = place.start().await;
    let ann = Colleague::hired(&place, &server, "ann", Role::Instructor).await;
    let (class, code) = class_of(&server, &ann).await;
    let mut visitor = Visitor::begin(&place, &server).await;
    let stranger = Visitor::begin(&place, &server).await;

    assert_eq!(
        join(&server, &visitor, "WRONG234").await.status,
        StatusCode::NOT_FOUND
    );
    let path = visitor.path("/class");
    let body = json!({ "code": code });
    for token in [None, Some(stranger.token.as_str())] {
        let refused = server.call(Method::PUT, &path, token, &body).await;
        assert!(refused.status.is_client_error(), "{refused:?}");
    }
    let joined = join(&server, &visitor, &format!(" {} ", code.to_lowercase())).await;
    assert_eq!(joined.json()["class"], "7B", "{joined:?}");
    let again = join(&server, &visitor, &code).await;
    assert_eq!(
        again.json(),
        joined.json(),
        "the same again changes nothing"
    );
    assert_eq!(visitor.get(&server, "/class").await.json(), joined.json());

    visitor.attend("landing");
    visitor.answer_all(&server, "landing", true).await;
    let read = ann.get(&server, &format!("classes/{class}")).await;
    let visits = read.json()["visits"].clone();
    assert_eq!(visits[0]["pseudonym"], joined.json()["pseudonym"]);
    assert_eq!(
        (&visits[0]["completed"], &visits[0]["passed"]),
        (&json!(true), &json!(true))
    );
    let text = String::from_utf8_lossy(&read.bytes).into_owned();
    assert!(
        !text.contains(&visitor.visit) && !text.contains(&visitor.token),
        "{text}"
    );

    // Who leaves, or has the visit erased, is seen no more.
    let token = Some(visitor.token.as_str());
    let left = server
        .call(Method::DELETE, &path, token, &Value::Null)
        .await;
    assert_eq!(left.status, StatusCode::NO_CONTENT);
    assert_eq!(
        visitor.get(&server, "/class").await.status,
        StatusCode::NOT_FOUND
    );
    join(&server, &visitor, &code).await;
    let erased = server
        .call(Method::DELETE, &visitor.path(""), token, &Value::Null)
        .await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    let read = ann.get(&server, &format!("classes/{class}")).await;
    assert_eq!(read.json()["visits"], json!([]));
}

#[tokio::test]
async fn a_class_is_nobody_elses() {
    let place = Place::new();
    let server = place.start().await;
    let ann = Colleague::hired(&place, &server, "ann", Role::Instructor).await;
    let ben = Colleague::hired(&place, &server, "ben", Role::Instructor).await;
    let boss = Colleague::hired(&place, &server, "boss", Role::Administrator).await;
    let (class, code) = class_of(&server, &ann).await;
    visit_of(&place, &server, &code, true).await;
    let path = format!("classes/{class}");
    for (method, body) in [
        (Method::GET, Value::Null),
        (Method::PATCH, json!({"name": "mine"})),
        (Method::DELETE, Value::Null),
    ] {
        let answer = ben.call(&server, method.clone(), &path, &body).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method}");
        let answer = boss.call(&server, method.clone(), &path, &body).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method}");
    }
    assert_eq!(ben.get(&server, "classes").await.json(), json!([]));
    let kept = ann.get(&server, &path).await.json();
    assert_eq!(
        (&kept["class"]["name"], &kept["class"]["visits"]),
        (&json!("7B"), &json!(1))
    );
}

#[tokio::test]
async fn a_closed_class_takes_nobody_and_a_dissolved_one_forgets_everybody() {
    let place = Place::new();
    let server = place.start().await;
    let ann = Colleague::hired(&place, &server, "ann", Role::Instructor).await;
    let (class, code) = class_of(&server, &ann).await;
    let member = visit_of(&place, &server, &code, true).await;
    let path = format!("classes/{class}");
    let close = json!({"closed": true, "name": "<script>alert(1)</script>"});
    let closed = ann.call(&server, Method::PATCH, &path, &close).await;
    assert!(closed.json()["closed"].is_i64(), "{closed:?}");
    let late = Visitor::begin(&place, &server).await;
    assert_eq!(
        join(&server, &late, &code).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        join(&server, &member, &code).await.status,
        StatusCode::OK,
        "who is in stays in"
    );
    let open = ann
        .call(&server, Method::PATCH, &path, &json!({"closed": false}))
        .await;
    assert_eq!(open.json()["closed"], Value::Null);
    assert_eq!(join(&server, &late, &code).await.status, StatusCode::OK);
    let gone = ann.call(&server, Method::DELETE, &path, &Value::Null).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(
        member.get(&server, "/class").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        member.get(&server, "").await.status,
        StatusCode::OK,
        "the visit itself stays"
    );
}

#[tokio::test]
async fn groups_below_five_are_not_told_of_and_larger_ones_in_fives() {
    let place = Place::new();
    let server = place.start().await;
    let ann = Colleague::hired(&place, &server, "ann", Role::Instructor).await;
    let reader = Colleague::hired(&place, &server, "reader", Role::Reader).await;
    let (class, code) = class_of(&server, &ann).await;
    let path = format!("classes/{class}");
    let told = async || {
        let read = ann.get(&server, &path).await.json();
        let all = reader.get(&server, "statistics").await.json();
        assert_eq!(
            read["questions"], all["questions"],
            "the class is everybody here"
        );
        (read["questions"].clone(), all["venues"].clone())
    };
    // Which of the four questions is drawn is chance, so that it takes some visits until five have
    // answered the same.
    let mut answered = std::collections::BTreeMap::<String, Vec<bool>>::new();
    let mut visits = 0;
    while !answered.values().any(|it| it.len() == 6) {
        let (questions, venues) = told().await;
        let whole = visits - visits % 5;
        assert_eq!(venues[0]["visits"].as_u64().unwrap_or(0), whole, "{venues}");
        let expected: Vec<_> = answered
            .iter()
            .filter(|(_, it)| it.len() >= 5)
            .map(|(question, it)| {
                let right = it[..5].iter().filter(|it| **it).count();
                json!({"venue": "boat", "question": question, "visits": 5, "right": right})
            })
            .collect();
        assert_eq!(questions, json!(expected));
        let mut visitor = Visitor::begin(&place, &server).await;
        join(&server, &visitor, &code).await;
        visitor.attend("landing");
        let question = visitor.asked("landing").expect("a question");
        let rightly = visits % 3 != 0;
        visitor.answer(
            question.clone(),
            if rightly { SECRET } else { "a-wrong-one" },
        );
        visitor.flush(&server).await;
        let of = answered.entry(question.as_str().to_owned()).or_default();
        of.push(rightly);
        visits += 1;
    }
    let (questions, _) = told().await;
    let six = answered.iter().find(|(_, it)| it.len() == 6).expect("one");
    let all = questions.as_array().expect("questions");
    let shown = all
        .iter()
        .find(|it| it["question"] == six.0.as_str())
        .expect("it is told of");
    assert_eq!(shown["visits"], 5, "the sixth is not told of");
}

//! A visit whose use is limited is kept for its visitor, and for nobody else: whoever asks finds nothing
//! of it, nothing is added to it, and once that is lifted everything is as it was.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_package::sha256_hex;
use xinghuo_server::{ObjectionCommand, Role, hear};

use crate::{
    attaching::send as attach,
    colleague::Colleague,
    person::{call, held, log},
    place::{Place, Running},
    recorder::{id, ids, statement},
    records::{count, meddle},
    teaching::{class_of, join, visit_of},
    upkeep::verify,
    visitor::Visitor,
    written::{ATTACHED, VOIDED, account, said, written},
};

/// Where what is limited lies meanwhile.
pub(crate) const ASIDE: [&str; 5] = [
    "limited_statements",
    "limited_links",
    "limited_attachments",
    "limited_documents",
    "limited_deliveries",
];

/// Has the use of a visit limited, or lifts that.
pub(crate) async fn limit(server: &Running, visitor: &Visitor, method: Method) {
    let done = call(server, visitor, method, "/limitation", &Value::Null).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{done:?}");
}

#[tokio::test]
async fn a_limited_visit_is_found_by_no_other_system_and_is_as_it_was_once_that_is_lifted() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.answer_all(&server, "landing", true).await;
    let written = written(&place, &server, &visitor).await;
    let other = statement("han-mei", "boat");
    assert_eq!(
        written.recorder.post(&server, &other).await.status,
        StatusCode::OK
    );
    let before = said(written.answers(&server, &visitor).await);
    for (place, status, text) in &before {
        assert_eq!(*status, StatusCode::OK, "{place} {text}");
    }
    let own = visitor.get(&server, "/statements").await.json();
    let first = held(&server, &visitor).await;
    for _ in 0..2 {
        limit(&server, &visitor, Method::PUT).await;
    }

    let secrets = [
        "Li Lei of 7B",
        "a drawing of",
        "she-hesitated",
        id(&written.told),
    ];
    let mut others = 0;
    for (place, answer) in written.answers(&server, &visitor).await {
        let text = String::from_utf8_lossy(&answer.bytes).into_owned();
        // Who asks for a number is told that there is none of that number.
        for secret in secrets.iter().filter(|it| !place.contains(**it)) {
            assert!(!text.contains(secret), "{place} tells {secret}");
        }
        // Where it is one thing that is asked for, there is none.
        let one = ["tatementId=", "stateId="];
        if one.iter().any(|it| place.contains(it)) {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{place} {answer:?}");
        } else if place.contains("/statements?") && !place.contains("attachments") {
            let found = ids(&answer.json());
            assert!(found.iter().all(|it| it == id(&other)), "{place} {found:?}");
            others += found.len();
        }
    }
    assert!(others >= 4, "the other statement is found as ever");

    // Its visitor has all of it.
    assert_eq!(visitor.get(&server, "/statements").await.json(), own);
    let then = held(&server, &visitor).await;
    assert!(then["limited"].is_string(), "{then}");
    for same in ["entries", "verdicts", "statements", "documents", "record"] {
        assert_eq!(then[same], first[same], "{same}");
    }
    for below in ["/stored", "/export"] {
        let shown = visitor.get(&server, below).await;
        let shown = String::from_utf8_lossy(&shown.bytes).into_owned();
        for secret in secrets {
            assert!(shown.contains(secret), "{below} has no {secret}");
        }
    }
    let told = verify(&place.records).await.expect("no breach");
    assert!(told.contains(" of them are aside"), "{told}");

    limit(&server, &visitor, Method::DELETE).await;
    limit(&server, &visitor, Method::DELETE).await;
    assert_eq!(said(written.answers(&server, &visitor).await), before);
    assert_eq!(visitor.get(&server, "/statements").await.json(), own);
    let told = verify(&place.records).await.expect("no breach");
    assert!(!told.contains("aside"), "{told}");
    for table in ASIDE {
        assert_eq!(count(&place.records, table).await, 0, "{table}");
    }
    let noted = log(&server, &visitor).await;
    let noted: Vec<_> = noted
        .iter()
        .filter(|it| it.ends_with("limit") || it.ends_with("lift"))
        .collect();
    assert_eq!(noted, ["visitor limit", "visitor lift"]);

    // Whoever has it limited past the server finds all of it used still.
    meddle(&place.records, "update visits set limited_ms = $1", 1).await;
    let found = verify(&place.records).await.expect_err("it is used");
    assert!(found.contains("though its use is limited"), "{found}");
}

#[tokio::test]
async fn nothing_is_added_to_a_limited_visit_and_what_is_there_is_taken_once() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.flush(&server).await;
    let written = written(&place, &server, &visitor).await;
    limit(&server, &visitor, Method::PUT).await;
    let kept = count(&place.records, "chain").await;

    // By its visitor.
    visitor.attend("bow");
    let batch = std::mem::take(&mut visitor.outbox);
    let refused = visitor.send(&server, &batch).await;
    let again = call(
        &server,
        &visitor,
        Method::PUT,
        "/consent",
        &json!({"version": 1}),
    )
    .await;
    let address = json!({"address": "https://tours.example.edu"});
    let offered = call(&server, &visitor, Method::POST, "/handover", &address).await;
    let joined = join(&server, &visitor, "AAAAAA").await;
    for refused in [refused, again, offered, joined] {
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
        assert_eq!(refused.code(), "LIMITED");
    }

    // By other systems: what they sent before is there, and something else under its id is not taken.
    let (recorder, told) = (&written.recorder, &written.told);
    let sum = sha256_hex(ATTACHED);
    let sent_again = attach(&server, recorder, told, (&sum, ATTACHED)).await;
    assert_eq!(sent_again.json(), json!([id(told)]), "{sent_again:?}");
    let mut changed = told.clone();
    changed["verb"]["id"] = json!("http://example.org/verbs/other");
    let conflict = attach(&server, recorder, &changed, (&sum, ATTACHED)).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT, "{conflict:?}");
    let mut new = statement("x", "new");
    new["actor"] = account(&visitor);
    let mut voiding = statement("mei", "x");
    voiding["verb"] = json!({ "id": VOIDED });
    voiding["object"] = json!({"objectType": "StatementRef", "id": id(told)});
    // A batch is taken as a whole or not at all.
    for added in [json!([statement("ann", "boat"), new]), voiding] {
        let refused = recorder.post(&server, &added).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
        let said = refused.json()["error"]["message"].to_string();
        assert!(
            said.contains("limited") && !said.contains(&visitor.visit),
            "{said}"
        );
    }
    let all_documents = written.document.replace("&stateId=s", "");
    for (method, path) in [
        (Method::PUT, &written.document),
        (Method::POST, &written.document),
        (Method::DELETE, &written.document),
        (Method::DELETE, &all_documents),
    ] {
        let refused = recorder.send(&server, method, path, &json!({"a": 1})).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
    }
    assert_eq!(count(&place.records, "chain").await, kept);
    assert_eq!(count(&place.records, "limited_documents").await, 1);
    let corrected = json!({"language": "zh-Hans"});
    let corrected = call(&server, &visitor, Method::PUT, "/language", &corrected).await;
    assert_eq!(corrected.status, StatusCode::NO_CONTENT, "{corrected:?}");

    // Afterwards who is to be recorded agrees first.
    limit(&server, &visitor, Method::DELETE).await;
    let refused = visitor.send(&server, &batch).await;
    assert_eq!(refused.code(), "CONSENT_NEEDED");
    call(
        &server,
        &visitor,
        Method::PUT,
        "/consent",
        &json!({"version": 1}),
    )
    .await;
    let taken = visitor.send(&server, &batch).await;
    assert_eq!(taken.status, StatusCode::OK, "{taken:?}");
    assert_eq!(recorder.post(&server, &new).await.status, StatusCode::OK);
    verify(&place.records).await.expect("no breach");
}

/// How many visits a class, or everybody's statistics, tell of.
fn visits(shown: &Value, list: &str) -> i64 {
    let list = shown[list].as_array().expect("a list").iter();
    list.map(|it| it["visits"].as_i64().unwrap_or(1)).sum()
}

#[tokio::test]
async fn staff_counts_a_limited_visit_nowhere_and_sees_that_there_is_one() {
    let place = Place::new();
    let server = place.start().await;
    let ann = Colleague::hired(&place, &server, "ann", Role::Instructor).await;
    let reader = Colleague::hired(&place, &server, "rui", Role::Reader).await;
    let auditor = Colleague::hired(&place, &server, "dan", Role::Auditor).await;
    let (class, code) = class_of(&server, &ann).await;
    let path = format!("classes/{class}");
    let seen = async || {
        let class = ann.get(&server, &path).await.json();
        let statistics = reader.get(&server, "statistics").await.json();
        let state = auditor.get(&server, "state").await.json();
        let classes = ann.get(&server, "classes").await.json();
        let numbers = [
            i64::try_from(class["visits"].as_array().expect("visits").len()).expect("a few"),
            class["class"]["visits"].as_i64().expect("a number"),
            classes[0]["visits"].as_i64().expect("a number"),
            visits(&class, "questions"),
            visits(&statistics, "venues"),
            visits(&statistics, "questions"),
            state["visits"].as_i64().expect("a number"),
            state["limited"].as_i64().expect("a number"),
        ];
        (numbers, state["statements"].as_i64().expect("a number"))
    };
    // Which question is drawn is chance: with the visit after which one is told, five have had that one.
    let mut all = 0;
    let (fifth, (before, statements)) = loop {
        all += 1;
        let visitor = visit_of(&place, &server, &code, true).await;
        let now = seen().await;
        if all >= 5 && now.0[5] > 0 {
            break (visitor, now);
        }
        assert!(all <= 17, "{now:?}");
    };
    let without = [
        before[0], before[1], before[2], before[4], before[6], before[7],
    ];
    // Statistics are told in fives.
    let fives = |visits: i64| visits - visits % 5;
    assert_eq!(without, [all, all, all, fives(all), all, 0], "{before:?}");
    assert!(before[3] > 0, "{before:?}");
    limit(&server, &fifth, Method::PUT).await;
    // Of fewer than five nothing is told.
    let (numbers, fewer) = seen().await;
    let left = all - 1;
    assert_eq!(numbers, [left, left, left, 0, fives(left), 0, left, 1]);
    assert!(fewer < statements, "{fewer}");
    let noted = log(&server, &fifth).await;
    assert_eq!(
        noted.iter().filter(|it| *it == "ann read").count(),
        1,
        "{noted:?}"
    );
    limit(&server, &fifth, Method::DELETE).await;
    assert_eq!(seen().await, (before, statements));

    // Of five visits more or fewer a venue's numbers tell.
    let mut last = fifth;
    while all % 5 > 0 {
        all += 1;
        last = visit_of(&place, &server, &code, true).await;
    }
    assert_eq!(seen().await.0[4], all);
    limit(&server, &last, Method::PUT).await;
    assert_eq!(seen().await.0[4], all - 5);
}

#[tokio::test]
async fn an_objection_to_a_limited_visit_is_answered_and_its_visitor_lifts_it() {
    let place = Place::new();
    let server = place.start().await;
    let visitor = Visitor::begin(&place, &server).await;
    limit(&server, &visitor, Method::PUT).await;
    let objection = json!({"text": "It was not me."});
    let raised = call(&server, &visitor, Method::POST, "/objections", &objection).await;
    assert_eq!(raised.status, StatusCode::CREATED, "{raised:?}");
    let (mut listed, records) = (Vec::new(), place.records.clone());
    let list = ObjectionCommand::List { records };
    hear(list, &mut listed).await.expect("a list");
    let listed = String::from_utf8(listed).expect("a text");
    assert!(
        listed.contains("its use is limited") && listed.contains("not me"),
        "{listed}"
    );
    let answer = ObjectionCommand::Answer {
        records: place.records.clone(),
        visit: visitor.visit.parse().expect("a number"),
        number: 1,
        text: "So it was.".into(),
    };
    hear(answer, &mut Vec::new()).await.expect("it is answered");
    let then = held(&server, &visitor).await;
    assert_eq!(then["objections"][0]["answer"], "So it was.");
    assert!(then["limited"].is_string(), "nobody else lifts it: {then}");
}

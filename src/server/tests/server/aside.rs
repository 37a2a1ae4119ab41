//! What is set aside while the use of a visit is limited: neither forwarded nor told, erased and deleted
//! in time like everything else, backed up as it is, and held against the chain.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::sleep;
use xinghuo_server::Retention;

use crate::{
    expiring::{DAY_MS, expire_by, now_ms},
    launching::{config, launched},
    limiting::{ASIDE, limit},
    living::{Living, add, listed, run, told, visit},
    person::{call, held},
    place::{Place, Running},
    receiver::Receiver,
    recorder::{Recorder, id, statement},
    records::{count, hold, meddle},
    system::System,
    upkeep::{back_up, restore, verify},
    visitor::Visitor,
    written::{VOIDED, Written, account, said, written},
};

#[tokio::test]
async fn nothing_of_a_limited_visit_is_forwarded_and_what_waits_goes_on_once_it_is_lifted() {
    let place = Place::new();
    let (receiver, later) = (Receiver::start().await, Receiver::start().await);
    receiver.seen().refuses = Some(("rule-version", 500));
    let key = add(&place, &receiver.endpoint(), &[]).await;
    let paused = add(&place, &later.endpoint(), &[]).await;
    run(&place, &["pause", &paused])
        .await
        .expect("it is paused");
    let server = Living::start(&place).await;
    let visitor = visit(&place, &server.running).await;
    let told = told(&visitor, &server.running).await;
    for _ in 0..100 {
        if receiver.seen().requests > 0 {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    limit(&server.running, &visitor, Method::PUT).await;
    // What was on its way has come back.
    sleep(Duration::from_secs(1)).await;
    receiver.seen().refuses = None;
    receiver.seen().taken.clear();
    run(&place, &["resume", &key]).await.expect("it goes on");
    let writer = Recorder::new(&place, &["all"]).await;
    let after = statement("li", "lamp");
    writer.post(&server.running, &after).await;
    receiver.takes(1).await;
    run(&place, &["resume", &paused]).await.expect("it goes on");
    later.takes(1).await;
    sleep(Duration::from_secs(2)).await;
    for receiver in [&receiver, &later] {
        assert_eq!(receiver.ids(), [id(&after)]);
    }
    let list = run(&place, &["list"]).await.expect("a list");
    assert_eq!(list.matches(" 0 waiting").count(), 2, "{list}");

    limit(&server.running, &visitor, Method::DELETE).await;
    let all: Vec<_> = told.iter().map(|it| id(it).to_owned()).collect();
    for receiver in [&receiver, &later] {
        receiver.takes(told.len() + 1).await;
        sleep(Duration::from_millis(500)).await;
        assert_eq!(receiver.ids()[1..], all, "each once, in its order");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_a_paused_forward_has_not_come_to_is_forwarded_once() {
    let place = Place::new();
    let receiver = Receiver::start().await;
    let key = add(&place, &receiver.endpoint(), &[]).await;
    run(&place, &["pause", &key]).await.expect("it is paused");
    let server = Living::start(&place).await;
    let visitor = visit(&place, &server.running).await;
    let told = told(&visitor, &server.running).await;
    limit(&server.running, &visitor, Method::PUT).await;
    limit(&server.running, &visitor, Method::DELETE).await;
    run(&place, &["resume", &key]).await.expect("it goes on");
    receiver.takes(told.len()).await;
    listed(&place, " 0 waiting").await;
    sleep(Duration::from_millis(500)).await;
    let all: Vec<_> = told.iter().map(|it| id(it).to_owned()).collect();
    assert_eq!(receiver.ids(), all);
    server.stop().await;
}

#[tokio::test]
async fn a_forward_that_comes_meanwhile_begins_where_it_was_told_to() {
    let place = Place::new();
    let server = Living::start(&place).await;
    let writer = Recorder::new(&place, &["all"]).await;
    let before = statement("li", "lamp");
    writer.post(&server.running, &before).await;
    let visitor = visit(&place, &server.running).await;
    let told = told(&visitor, &server.running).await;
    limit(&server.running, &visitor, Method::PUT).await;
    let (whole, new) = (Receiver::start().await, Receiver::start().await);
    add(&place, &whole.endpoint(), &["--with-past"]).await;
    add(&place, &new.endpoint(), &[]).await;
    whole.takes(1).await;
    let after = statement("mei", "lamp");
    writer.post(&server.running, &after).await;
    whole.takes(2).await;
    new.takes(1).await;
    limit(&server.running, &visitor, Method::DELETE).await;
    whole.takes(told.len() + 2).await;
    listed(&place, " 0 waiting").await;
    sleep(Duration::from_millis(500)).await;
    let all: Vec<_> = [&before, &after]
        .into_iter()
        .chain(&told)
        .map(|it| id(it).to_owned())
        .collect();
    assert_eq!(whole.ids(), all, "each once, in its order");
    assert_eq!(new.ids(), [id(&after)]);
    server.stop().await;
}

#[tokio::test]
async fn a_learning_system_hears_nothing_of_a_limited_visit_and_begins_another() {
    let (place, system) = (Place::new(), System::start().await);
    let server = Living::with(config(&place, &system)).await;
    let (mut visitor, _) = launched(&server.running, &system, "Normal", None).await;
    visitor.attend("landing");
    visitor.flush(&server.running).await;
    for _ in 0..100 {
        if system.verbs(0).contains(&"experienced".to_owned()) {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    limit(&server.running, &visitor, Method::PUT).await;
    let heard = system.verbs(0).len();
    sleep(Duration::from_secs(2)).await;
    assert_eq!(system.verbs(0).len(), heard, "{:?}", system.verbs(0));
    assert_ne!(
        system.verbs(0).last().map(String::as_str),
        Some("terminated")
    );
    // A server that starts forgets the tokens of launches of which there is nothing more to tell.
    server.stop().await;
    let server = Living::with(config(&place, &system)).await;
    sleep(Duration::from_secs(1)).await;
    limit(&server.running, &visitor, Method::DELETE).await;
    let verbs = system.ends(0).await;
    assert_eq!(verbs[0], "initialized");

    limit(&server.running, &visitor, Method::PUT).await;
    let (other, _) = launched(&server.running, &system, "Normal", None).await;
    assert_ne!(other.visit, visitor.visit);
    assert_eq!(system.known().violations, [""; 0]);
    server.stop().await;
}

/// A visit of which others wrote, whose use is limited.
async fn limited(place: &Place) -> (Running, Visitor, Written) {
    let server = place.start().await;
    let mut visitor = Visitor::begin(place, &server).await;
    visitor.attend("landing");
    visitor.answer_all(&server, "landing", true).await;
    let written = written(place, &server, &visitor).await;
    limit(&server, &visitor, Method::PUT).await;
    (server, visitor, written)
}

#[tokio::test]
async fn a_limited_visit_is_erased_with_all_that_is_aside() {
    let place = Place::new();
    let (server, visitor, _) = limited(&place).await;
    for table in &ASIDE[..4] {
        assert!(count(&place.records, table).await > 0, "{table}");
    }
    let erased = call(&server, &visitor, Method::DELETE, "", &Value::Null).await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    for table in [
        &ASIDE[..],
        &["statements", "links", "attachments", "documents"],
    ]
    .concat()
    {
        assert_eq!(count(&place.records, table).await, 0, "{table}");
    }
    for text in [
        "Li Lei of 7B",
        "a drawing of",
        "she-hesitated",
        &visitor.visit,
    ] {
        assert!(!hold(&place.records, text), "{text} is still there");
    }
    let told = verify(&place.records).await.expect("no breach");
    assert!(told.starts_with("0 statements as stored, "), "{told}");
}

#[tokio::test]
async fn what_is_aside_goes_when_its_time_is_over() {
    let place = Place::new();
    let (server, visitor, written) = limited(&place).await;
    let all = held(&server, &visitor).await["statements"].as_u64();
    let later = now_ms() + 181 * DAY_MS;
    let told = expire_by(Retention::default(), &place, later).await;
    assert!(told.contains("the evidence of 1 more"), "{told}");
    let then = held(&server, &visitor).await;
    assert!(
        then["limited"].is_string() && then["statements"].as_u64() < all,
        "{then}"
    );
    assert_eq!(count(&place.records, "statements").await, 0);
    let month = Retention {
        keep_others: Some(30),
        ..Retention::default()
    };
    let told = expire_by(month, &place, later).await;
    assert!(
        told.contains(" statements and documents of other systems"),
        "{told}"
    );
    assert!(!told.contains(" 0 statements and documents"), "{told}");
    assert_eq!(count(&place.records, "limited_documents").await, 0);
    assert!(!hold(&place.records, "a drawing of"));
    verify(&place.records).await.expect("no breach");
    limit(&server, &visitor, Method::DELETE).await;
    let path = format!("registration={}", visitor.visit);
    let found = written.recorder.found(&server, &path).await;
    // One of its own is voided; what voids it, which another system stored, stays for as long.
    assert_eq!(
        Some(found.len() as u64),
        then["statements"].as_u64(),
        "{found:?}"
    );
    verify(&place.records).await.expect("no breach");
    expire_by(Retention::default(), &place, now_ms() + 1_096 * DAY_MS).await;
    assert_eq!(count(&place.records, "visits").await, 0);
}

#[tokio::test]
async fn a_limited_visit_goes_when_its_time_is_over() {
    let place = Place::new();
    let (_server, visitor, _) = limited(&place).await;
    expire_by(Retention::default(), &place, now_ms() + 1_096 * DAY_MS).await;
    for table in [&ASIDE[..], &["visits", "statements"]].concat() {
        assert_eq!(count(&place.records, table).await, 0, "{table}");
    }
    assert!(!hold(&place.records, &visitor.visit));
    verify(&place.records).await.expect("no breach");
}

#[tokio::test]
async fn a_backup_keeps_a_limited_visit_limited() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.flush(&server).await;
    let written = written(&place, &server, &visitor).await;
    let before = said(written.answers(&server, &visitor).await);
    limit(&server, &visitor, Method::PUT).await;
    let limited = said(written.answers(&server, &visitor).await);
    let file = place.folder("backup.sqlite");
    back_up(&place.records, file.clone())
        .await
        .expect("a backup");

    let there = Place::new();
    restore(&there.records, file).await.expect("it is put back");
    let restored = there.start().await;
    assert!(held(&restored, &visitor).await["limited"].is_string());
    assert_eq!(said(written.answers(&restored, &visitor).await), limited);
    // What is stored there meanwhile is later than what is aside.
    let after = statement("li", "lamp");
    assert_eq!(
        written.recorder.post(&restored, &after).await.status,
        StatusCode::OK
    );
    limit(&restored, &visitor, Method::DELETE).await;
    let found = written.recorder.found(&restored, "limit=0").await;
    assert_eq!(found[0], id(&after));
    let (by_agent, then) = (&before[3], said(written.answers(&restored, &visitor).await));
    assert_eq!(&then[3], by_agent);
    verify(&there.records).await.expect("no breach");
}

#[tokio::test]
async fn what_is_aside_is_held_against_the_chain() {
    for (sql, sentence) in [
        (
            "delete from limited_statements where position >= $1",
            "removed",
        ),
        (
            "update limited_statements set statement = '{}' where position >= $1",
            "altered",
        ),
        (
            "update limited_statements set voided = (position > $1)",
            "voided was altered",
        ),
        (
            "update limited_statements set position = position + 1000 + $1",
            "removed",
        ),
        (
            "delete from limited_links where position > $1 and reach = 0",
            "found by was altered",
        ),
        (
            "update limited_documents set etag = 'other' where kind < $1",
            "was altered",
        ),
        (
            "insert into statements (position, id, visit, statement, stored_us, version, authority,
                 target, is_voiding, voided)
             select position, id, visit, statement, stored_us, version, authority, target,
                 is_voiding, voided
             from limited_statements where position = $1",
            "can be found, though its use is limited",
        ),
    ] {
        let place = Place::new();
        let (_server, ..) = limited(&place).await;
        verify(&place.records).await.expect("no breach");
        meddle(&place.records, sql, 1).await;
        let found = verify(&place.records).await.expect_err(sql);
        assert!(found.contains(sentence), "{found} after {sql}");
    }
}

#[tokio::test]
async fn what_is_about_two_is_aside_until_both_have_lifted_it() {
    let place = Place::new();
    let server = place.start().await;
    let (ann, bo) = (
        Visitor::begin(&place, &server).await,
        Visitor::begin(&place, &server).await,
    );
    let recorder = Recorder::new(&place, &["all"]).await;
    let mut both = statement("x", "boat");
    both["actor"] = json!({"objectType": "Group", "member": [account(&ann), account(&bo)]});
    assert_eq!(recorder.post(&server, &both).await.status, StatusCode::OK);
    let path = format!("/xapi/statements?statementId={}", id(&both));
    let seen = async || recorder.get(&server, &path).await.status;
    let verified = async || verify(&place.records).await.expect("no breach");
    assert_eq!(seen().await, StatusCode::OK);
    for (visitor, method, then) in [
        (&ann, Method::PUT, StatusCode::NOT_FOUND),
        (&bo, Method::PUT, StatusCode::NOT_FOUND),
        (&ann, Method::DELETE, StatusCode::NOT_FOUND),
        (&bo, Method::DELETE, StatusCode::OK),
        (&bo, Method::PUT, StatusCode::NOT_FOUND),
    ] {
        limit(&server, visitor, method.clone()).await;
        assert_eq!(seen().await, then, "{method}");
        verified().await;
    }
    // Whoever of the two erases theirs erases it.
    let erased = call(&server, &ann, Method::DELETE, "", &Value::Null).await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    verified().await;
    assert!(held(&server, &bo).await["limited"].is_string());
    limit(&server, &bo, Method::DELETE).await;
    assert_eq!(seen().await, StatusCode::NOT_FOUND);
    verified().await;
}

#[tokio::test]
async fn what_is_aside_voids_what_comes_later_and_is_found_by_it_once_it_is_back() {
    let place = Place::new();
    let server = place.start().await;
    let visitor = Visitor::begin(&place, &server).await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let (late, other) = (statement("li", "late"), statement("li", "other"));
    for (of, verb) in [(&late, VOIDED), (&other, "http://example.org/liked")] {
        let mut says = statement("x", "x");
        says["actor"] = account(&visitor);
        says["verb"] = json!({ "id": verb });
        says["object"] = json!({"objectType": "StatementRef", "id": id(of)});
        assert_eq!(recorder.post(&server, &says).await.status, StatusCode::OK);
    }
    limit(&server, &visitor, Method::PUT).await;
    let taken = recorder.post(&server, &json!([late, other])).await;
    assert_eq!(taken.status, StatusCode::OK, "{taken:?}");
    verify(&place.records).await.expect("no breach");
    assert_eq!(recorder.found(&server, "limit=0").await, [id(&other)]);
    limit(&server, &visitor, Method::DELETE).await;
    verify(&place.records).await.expect("no breach");
    let about = "activity=http://example.org/things/other";
    assert_eq!(
        recorder.found(&server, about).await.len(),
        2,
        "it and what speaks of it"
    );
}

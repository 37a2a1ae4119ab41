//! Statements that are forwarded to other record stores.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::sleep;
use xinghuo_package::sha256_hex;

use crate::{
    attaching::send as attach,
    living::{Living, SECRET, add, listed, run, told, visit},
    person::log,
    place::Place,
    receiver::Receiver,
    recorder::{Recorder, id, statement},
    records::hold,
    visitor::Visitor,
};

#[tokio::test]
async fn a_visit_is_forwarded_whole_and_in_order() {
    let place = Place::new();
    let receiver = Receiver::start().await;
    add(&place, &receiver.endpoint(), &[]).await;
    let server = Living::start(&place).await;
    let visitor = visit(&place, &server.running).await;
    let told = told(&visitor, &server.running).await;
    receiver.takes(told.len()).await;
    assert_eq!(receiver.seen().taken, told);
    let headers = receiver.seen().headers.clone();
    assert_eq!(headers["x-experience-api-version"], "1.0.3");
    let basic = headers["authorization"]
        .to_str()
        .expect("a text")
        .to_owned();
    assert!(basic.starts_with("Basic "), "{basic}");
    let list = listed(&place, "0 waiting").await;
    assert!(
        list.contains("0 given up") && !list.contains(SECRET),
        "{list}"
    );
    server.stop().await;
}

#[tokio::test]
async fn a_person_sees_to_whom_their_records_were_passed_on_once_for_each_sending() {
    let place = Place::new();
    let (receiver, other) = (Receiver::start().await, Receiver::start().await);
    add(&place, &receiver.endpoint(), &[]).await;
    let nothing = ["--verb", "http://example.org/verbs/none"];
    add(&place, &other.endpoint(), &nothing).await;
    let server = Living::start(&place).await;
    let untouched = Visitor::begin(&place, &server.running).await;
    receiver.takes(1).await;
    receiver.seen().refuses = Some(("rule-version", 500));
    let forwards = |log: &[String]| log.iter().filter(|it| *it == "campus forward").count();
    let visitor = visit(&place, &server.running).await;
    let told = told(&visitor, &server.running).await;
    let writer = Recorder::new(&place, &["all"]).await;
    writer.post(&server.running, &statement("li", "lamp")).await;
    receiver.takes(2).await;
    // What is tried again is not noted again, nor is what waits for it.
    sleep(Duration::from_secs(2)).await;
    let before = log(&server.running, &visitor).await;
    sleep(Duration::from_secs(4)).await;
    let after = log(&server.running, &visitor).await;
    assert_eq!(forwards(&after), forwards(&before), "{after:?}");
    receiver.seen().refuses = None;
    receiver.takes(told.len() + 2).await;
    listed(&place, " 0 waiting").await;
    let of_visitor = log(&server.running, &visitor).await;
    let sendings = forwards(&of_visitor);
    assert!((1..=told.len()).contains(&sendings), "{of_visitor:?}");
    assert_eq!(forwards(&log(&server.running, &untouched).await), 1);
    let verified = crate::upkeep::verify(&place.records).await;
    verified.expect("the log holds");
    server.stop().await;
}

#[tokio::test]
async fn our_own_record_store_takes_what_ours_forwards() {
    let (here, there) = (Place::new(), Place::new());
    let receiving = Living::start(&there).await;
    let reader = Recorder::new(&there, &["all"]).await;
    let (key, secret) = reader.shown();
    let file = here.folder("there");
    std::fs::write(&file, secret).expect("a file");
    let (endpoint, file) = (
        format!("{}/xapi", receiving.origin),
        file.display().to_string(),
    );
    let words = ["add", "--label", "there", "--to", &endpoint, "--key", &key];
    let more = ["--secret-file", &file, "--xapi", "2.0.0"];
    run(&here, &[&words[..], &more].concat())
        .await
        .expect("it is added");

    let server = Living::start(&here).await;
    let writer = Recorder::new(&here, &["all"]).await;
    let content = b"an attachment";
    let sum = sha256_hex(content);
    let mut said = statement("li", "lamp");
    said["attachments"] = json!([{
        "usageType": "http://example.org/photo", "display": {"en": "photo"},
        "contentType": "image/png", "length": content.len(), "sha2": sum,
    }]);
    let answer = attach(&server.running, &writer, &said, (&sum, content)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let visitor = visit(&here, &server.running).await;
    let told = told(&visitor, &server.running).await;
    listed(&here, "0 waiting").await;
    for _ in 0..100 {
        if reader.found(&receiving.running, "limit=0").await.len() > told.len() {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    let query = format!("registration={}&ascending=true", visitor.visit);
    let found = reader.found(&receiving.running, &query).await;
    let ids: Vec<_> = told.iter().map(|it| id(it).to_owned()).collect();
    assert_eq!(found, ids);
    let path = format!(
        "/xapi/statements?statementId={}&attachments=true",
        id(&said)
    );
    let there = reader.get(&receiving.running, &path).await;
    let there = String::from_utf8_lossy(&there.bytes).into_owned();
    assert!(there.contains("an attachment"), "{there}");
    server.stop().await;
    receiving.stop().await;
}

#[tokio::test]
async fn what_is_erased_is_not_forwarded_any_more() {
    let place = Place::new();
    let receiver = Receiver::start().await;
    receiver.seen().refuses = Some(("rule-version", 500));
    let key = add(&place, &receiver.endpoint(), &[]).await;
    let server = Living::start(&place).await;
    let visitor = visit(&place, &server.running).await;
    for _ in 0..100 {
        if receiver.seen().requests > 0 {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    let waiting = run(&place, &["list"]).await.expect("a list");
    assert!(!waiting.contains(" 0 waiting"), "{waiting}");
    assert!(hold(&place.records, &visitor.visit));
    let erased = server
        .running
        .call(
            Method::DELETE,
            &visitor.path(""),
            Some(&visitor.token),
            &Value::Null,
        )
        .await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    receiver.seen().refuses = None;
    run(&place, &["resume", &key]).await.expect("it goes on");
    let writer = Recorder::new(&place, &["all"]).await;
    let after = statement("li", "lamp");
    writer.post(&server.running, &after).await;
    receiver.takes(1).await;
    assert_eq!(receiver.ids(), [id(&after)]);
    listed(&place, " 0 waiting").await;
    server.stop().await;
}

#[tokio::test]
async fn only_what_is_asked_for_is_forwarded_and_nothing_while_paused() {
    let place = Place::new();
    let [passed, boat, lamps, past, halted] = [
        Receiver::start().await,
        Receiver::start().await,
        Receiver::start().await,
        Receiver::start().await,
        Receiver::start().await,
    ];
    let server = Living::start(&place).await;
    let writer = Recorder::new(&place, &["all"]).await;
    let before = statement("li", "before");
    writer.post(&server.running, &before).await;
    let verb = "http://adlnet.gov/expapi/verbs/passed";
    add(&place, &passed.endpoint(), &["--verb", verb]).await;
    add(&place, &boat.endpoint(), &["--venue", "boat"]).await;
    add(
        &place,
        &lamps.endpoint(),
        &["--activity", "http://example.org/things"],
    )
    .await;
    add(&place, &past.endpoint(), &["--with-past"]).await;
    let key = add(&place, &halted.endpoint(), &[]).await;
    run(&place, &["pause", &key]).await.expect("it is paused");
    let lamp = statement("li", "lamp");
    writer.post(&server.running, &lamp).await;
    let visitor = visit(&place, &server.running).await;
    let told = told(&visitor, &server.running).await;

    past.takes(told.len() + 2).await;
    boat.takes(told.len()).await;
    passed.takes(1).await;
    lamps.takes(1).await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(past.ids()[0], id(&before));
    assert_eq!(boat.ids().len(), told.len());
    assert_eq!(lamps.ids(), [id(&lamp)]);
    assert_eq!(passed.ids().len(), 1);
    assert_eq!(passed.seen().taken[0]["verb"]["id"], verb);
    assert_eq!(halted.seen().requests, 0);
    run(&place, &["resume", &key]).await.expect("it goes on");
    halted.takes(told.len() + 1).await;
    run(&place, &["remove", &key]).await.expect("it is gone");
    assert!(!run(&place, &["list"]).await.expect("a list").contains(&key));
    server.stop().await;
}

#[tokio::test]
async fn two_servers_share_the_work() {
    let place = Place::new();
    let receiver = Receiver::start().await;
    add(&place, &receiver.endpoint(), &[]).await;
    let (one, other) = (Living::start(&place).await, Living::start(&place).await);
    let writer = Recorder::new(&place, &["all"]).await;
    let mut sent = Vec::new();
    for n in 0..60 {
        let statement = statement("li", &format!("thing-{n}"));
        sent.push(id(&statement).to_owned());
        let server = if n % 2 == 0 { &one } else { &other };
        writer.post(&server.running, &statement).await;
    }
    receiver.takes(60).await;
    let mut taken = receiver.ids();
    taken.sort_unstable();
    sent.sort_unstable();
    assert_eq!(taken, sent, "each once");
    one.stop().await;
    other.stop().await;
}

//! Record stores that statements are forwarded to, and that fail, hang, refuse or lead elsewhere.

use std::{path::Path, time::Duration};

use serde_json::json;
use tokio::time::sleep;

use crate::{
    living::{Living, add, listed, run, secret, told, visit},
    place::Place,
    receiver::{Next, Receiver},
    recorder::{Recorder, id, statement},
    records::meddle,
};

#[tokio::test]
async fn a_receiver_that_fails_gets_everything_later_and_in_order() {
    let place = Place::new();
    let receiver = Receiver::start().await;
    // The answer to what was taken is lost; then it fails, first as a whole, then one by one.
    let script = [
        Next::TakeAndAnswer(500),
        Next::Answer(500),
        Next::Answer(503),
        Next::Answer(401),
        Next::Answer(500),
    ];
    receiver.seen().next.extend(script);
    add(&place, &receiver.endpoint(), &[]).await;
    let server = Living::start(&place).await;
    let visitor = visit(&place, &server.running).await;
    let told = told(&visitor, &server.running).await;
    listed(&place, "failing").await;
    receiver.takes(told.len()).await;
    listed(&place, "since").await;
    let mut first_taken = Vec::new();
    for id in receiver.ids() {
        if !first_taken.contains(&id) {
            first_taken.push(id);
        }
    }
    let ids: Vec<_> = told.iter().map(|it| id(it).to_owned()).collect();
    assert_eq!(first_taken, ids);
    assert!(listed(&place, "0 waiting").await.contains("0 given up"));
    server.stop().await;
}

#[tokio::test]
async fn what_a_receiver_refuses_is_seen_and_can_be_tried_again() {
    let place = Place::new();
    let receiver = Receiver::start().await;
    receiver.seen().refuses = Some(("example.org/things/poison", 400));
    let key = add(&place, &receiver.endpoint(), &[]).await;
    let server = Living::start(&place).await;
    let writer = Recorder::new(&place, &["all"]).await;
    let batch: Vec<_> = ["lamp", "poison", "boat"]
        .map(|it| statement("li", it))
        .into();
    writer.post(&server.running, &json!(batch)).await;
    receiver.takes(2).await;
    listed(&place, "1 given up").await;
    let dead = run(&place, &["dead", &key]).await.expect("a list");
    assert!(
        dead.contains(id(&batch[1])) && dead.contains("400"),
        "{dead}"
    );
    assert_eq!(dead.lines().count(), 1, "{dead}");

    receiver.seen().refuses = None;
    let number = dead.split_whitespace().next().expect("a number");
    run(&place, &["requeue", &key, number])
        .await
        .expect("it is tried again");
    receiver.takes(3).await;
    listed(&place, "0 given up").await;
    let nothing = run(&place, &["requeue", &key]).await;
    assert!(
        nothing
            .expect_err("nothing is dead")
            .to_string()
            .contains("forward dead")
    );
    server.stop().await;
}

#[tokio::test]
async fn a_conflict_is_looked_into() {
    let place = Place::new();
    let receiver = Receiver::start().await;
    receiver.seen().next.push_back(Next::TakeAndAnswer(409));
    let key = add(&place, &receiver.endpoint(), &[]).await;
    let server = Living::start(&place).await;
    let writer = Recorder::new(&place, &["all"]).await;
    let same = statement("li", "lamp");
    writer.post(&server.running, &same).await;
    receiver.takes(1).await;
    let list = listed(&place, "0 waiting").await;
    assert!(list.contains("0 given up"), "{list}");

    // Under this id it has something else.
    let mine = statement("li", "boat");
    let mut other = mine.clone();
    other["object"]["id"] = json!("http://example.org/things/other");
    receiver.seen().taken.push(other);
    receiver.seen().next.push_back(Next::Answer(409));
    writer.post(&server.running, &mine).await;
    listed(&place, "1 given up").await;
    let dead = run(&place, &["dead", &key]).await.expect("a list");
    assert!(dead.contains(id(&mine)) && dead.contains("409"), "{dead}");
    server.stop().await;
}

#[tokio::test]
async fn one_that_hangs_does_not_keep_others_waiting() {
    let place = Place::new();
    let (hanging, well) = (Receiver::start().await, Receiver::start().await);
    hanging.seen().next.push_back(Next::Hang);
    add(&place, &hanging.endpoint(), &[]).await;
    add(&place, &well.endpoint(), &[]).await;
    let server = Living::start(&place).await;
    let writer = Recorder::new(&place, &["all"]).await;
    for what in ["lamp", "boat", "oar"] {
        writer.post(&server.running, &statement("li", what)).await;
        sleep(Duration::from_millis(700)).await;
    }
    well.takes(3).await;
    assert_eq!(hanging.seen().requests, 1);
    assert!(hanging.ids().is_empty());
    // The server does not wait for it when it is told to stop.
    server.stop().await;
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_age_ends_everything() {
    let place = Place::new();
    let receiver = Receiver::start().await;
    receiver.seen().next.extend([Next::Answer(307); 3]);
    let key = add(&place, &receiver.endpoint(), &[]).await;
    let server = Living::start(&place).await;
    let writer = Recorder::new(&place, &["all"]).await;
    writer.post(&server.running, &statement("li", "lamp")).await;
    listed(&place, "a redirect").await;
    assert!(receiver.ids().is_empty());
    let four_days = 4 * 24 * 60 * 60 * 1000;
    let aged = "update deliveries set created_ms = created_ms - $1";
    meddle(&place.records, aged, four_days).await;
    run(&place, &["resume", &key]).await.expect("it goes on");
    listed(&place, "1 given up").await;
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_forwarded_to_is_named_with_the_next_step() {
    let place = Place::new();
    let file = secret(&place);
    for (words, says) in [
        (
            ["--to", "lrs.example.edu", "--verb", "http://x/y"],
            "no URL",
        ),
        (
            [
                "--to",
                "http://lrs.example.edu/xapi",
                "--verb",
                "http://x/y",
            ],
            "--allow-plain-http",
        ),
        (
            [
                "--to",
                "https://me:pass@lrs.example.edu",
                "--verb",
                "http://x/y",
            ],
            "no URL",
        ),
        (
            ["--to", "https://lrs.example.edu/xapi", "--verb", "passed"],
            "no IRI",
        ),
        (
            [
                "--to",
                "https://lrs.example.edu/xapi?a=b",
                "--verb",
                "http://x/y",
            ],
            "query",
        ),
    ] {
        let always = ["add", "--label", "x", "--key", "k", "--secret-file", &file];
        let error = run(&place, &[&always[..], &words].concat())
            .await
            .expect_err(says);
        assert!(error.to_string().contains(says), "{error}");
    }
    // Nobody is asked at an address where a machine tells about itself.
    let key = add(
        &place,
        "http://169.254.169.254/xapi",
        &["--allow-plain-http"],
    )
    .await;
    let server = Living::start(&place).await;
    let writer = Recorder::new(&place, &["all"]).await;
    writer.post(&server.running, &statement("li", "lamp")).await;
    listed(&place, "refused").await;
    let unknown = run(&place, &["pause", "nobody"])
        .await
        .expect_err("no such key");
    assert!(unknown.to_string().contains("forward list"));
    run(&place, &["remove", &key]).await.expect("it is gone");
    assert!(Path::new(&file).exists());
    server.stop().await;
}

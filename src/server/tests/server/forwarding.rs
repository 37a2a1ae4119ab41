//! Statements that are forwarded to other record stores, whatever these do.

use std::{path::Path, time::Duration};

use axum::http::{Method, StatusCode};
use clap::Parser;
use serde_json::{Value, json};
use tokio::{sync::oneshot, task::JoinHandle, time::sleep};
use xinghuo_package::sha256_hex;
use xinghuo_server::{ForwardCommand, Server, forward};

use crate::{
    attaching::send as attach,
    place::{Place, Running},
    receiver::{Next, Receiver},
    recorder::{Recorder, id, statement},
    records::{hold, meddle},
    visitor::Visitor,
};

const SECRET: &str = "nobody-may-read-this";

/// A server that also does what nobody asks it for.
pub(crate) struct Living {
    pub(crate) running: Running,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
    pub(crate) origin: String,
}

impl Living {
    pub(crate) async fn start(place: &Place) -> Self {
        Self::with(place.config()).await
    }

    pub(crate) async fn with(config: xinghuo_server::Config) -> Self {
        let server = Server::bind(config).await.expect("it starts");
        let (stop, stopped) = oneshot::channel();
        let running = Running::of(&server);
        let origin = format!("http://{}", server.address());
        let task = tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        Self {
            running,
            stop,
            task,
            origin,
        }
    }

    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        self.task.await.expect("it ends");
    }
}

/// The command line of `forward`.
#[derive(clap::Parser)]
struct Line {
    #[command(subcommand)]
    command: ForwardCommand,
}

/// What `forward` prints, with these words after it.
async fn run(place: &Place, words: &[&str]) -> anyhow::Result<String> {
    let (name, value) = match (&place.records.data, &place.records.database_url) {
        (Some(data), _) => ("--data", data.display().to_string()),
        (None, Some(url)) => ("--database-url", url.clone()),
        (None, None) => panic!("no records"),
    };
    let (command, words) = words.split_first().expect("a command");
    let line = ["forward", command, name, &value]
        .into_iter()
        .chain(words.iter().copied());
    let mut out = Vec::new();
    forward(Line::try_parse_from(line)?.command, &mut out).await?;
    Ok(String::from_utf8(out)?)
}

fn secret(place: &Place) -> String {
    let file = place.folder("secret");
    std::fs::write(&file, format!("{SECRET}\n")).expect("a file");
    file.display().to_string()
}

/// Forwards to an endpoint, and returns the key.
async fn add(place: &Place, endpoint: &str, more: &[&str]) -> String {
    let file = secret(place);
    let words = [
        "add",
        "--label",
        "campus",
        "--to",
        endpoint,
        "--key",
        "k",
        "--secret-file",
        &file,
    ];
    let printed = run(place, &[&words[..], more].concat())
        .await
        .expect("it is added");
    printed
        .trim()
        .strip_prefix("key ")
        .expect("a key")
        .to_owned()
}

/// Waits until the list of forwards says so.
async fn listed(place: &Place, says: &str) -> String {
    let mut list = String::new();
    for _ in 0..200 {
        list = run(place, &["list"]).await.expect("a list");
        if list.contains(says) {
            return list;
        }
        sleep(Duration::from_millis(250)).await;
    }
    panic!("{list} does not say {says}");
}

async fn told(visitor: &Visitor, server: &Running) -> Vec<Value> {
    let told = visitor.get(server, "/statements").await.json();
    told["statements"].as_array().expect("statements").clone()
}

async fn visit(place: &Place, server: &Running) -> Visitor {
    let mut visitor = Visitor::begin(place, server).await;
    visitor.attend("landing");
    visitor.answer_all(server, "landing", true).await;
    visitor
}

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

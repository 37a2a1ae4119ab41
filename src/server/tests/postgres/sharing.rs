//! Several servers with one database: whatever is told to any of them is kept once, and is read in the
//! order in which it can be read.

use std::{collections::BTreeSet, sync::Arc};

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use xinghuo_tour::Action;

use crate::{
    paging::{check_all, micros},
    place::{Place, Running},
    recorder::{Recorder, id, statement},
    room::{Instructor, join, joined, offered, refused, with_token},
    visitor::Visitor,
};

/// Three servers with one database, started at one moment.
pub(crate) async fn servers(place: &Place) -> Vec<Arc<Running>> {
    let (a, b, c) = tokio::join!(place.start(), place.start(), place.start());
    [a, b, c].map(Arc::new).into()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_statement_told_to_all_at_once_is_kept_once() {
    let place = Place::new();
    let servers = servers(&place).await;
    let recorder = Recorder::new(&place, &["all"]).await;
    for _ in 0..10 {
        let told = statement("ann", "swam");
        let mut other = told.clone();
        other["verb"]["id"] = json!("http://example.org/verbs/forged");
        let mut posts = JoinSet::new();
        for (n, server) in servers.iter().cycle().take(6).enumerate() {
            let (server, recorder) = (server.clone(), recorder.clone());
            let body = if n < 4 { told.clone() } else { other.clone() };
            posts.spawn(async move { recorder.post(&server, &body).await.status });
        }
        let statuses = posts.join_all().await;
        let kept = statuses.iter().filter(|it| **it == StatusCode::OK).count();
        assert!(kept == 4 || kept == 2, "{statuses:?}");
        let refused = |status: &StatusCode| *status == StatusCode::CONFLICT;
        assert_eq!(statuses.iter().filter(|it| refused(it)).count(), 6 - kept);
    }
    assert_eq!(recorder.found(&servers[0], "limit=100").await.len(), 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_sent_to_all_at_once_is_in_the_log_once() {
    let place = Place::new();
    let servers = servers(&place).await;
    let mut visitor = Visitor::begin(&place, &servers[0]).await;
    for round in 0..10 {
        let stop = if round % 2 == 0 { "landing" } else { "bow" };
        visitor.act(Action::Arrive {
            stop: stop.parse().expect("an id"),
        });
        let body = json!({ "entries": visitor.outbox });
        let mut posts = JoinSet::new();
        for server in &servers {
            let (server, body) = (server.clone(), body.clone());
            let (path, token) = (visitor.path("/evidence"), visitor.token.clone());
            posts.spawn(async move {
                let answer = server.call(Method::POST, &path, Some(&token), &body);
                answer.await.json()["acceptedThrough"].clone()
            });
        }
        for through in posts.join_all().await {
            assert_eq!(through, visitor.session.seq());
        }
        visitor.outbox.clear();
    }
    let logs = [
        visitor.log(&servers[1]).await,
        visitor.log(&servers[2]).await,
    ];
    assert_eq!(logs[0], logs[1]);
    assert_eq!(logs[0].len(), 10);
    let told = visitor.get(&servers[2], "/statements").await.json();
    let told = told["statements"].as_array().expect("statements").clone();
    let ids: BTreeSet<_> = told.iter().map(id).collect();
    assert_eq!(ids.len(), told.len());
}

/// A client that follows the store: by `since`, and by what it was told to be complete.
pub(crate) struct Follower {
    since: String,
    /// What it was told to be complete, which it does not read again.
    pub(crate) followed: Vec<String>,
}

impl Follower {
    /// One that has read nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            since: "2000-01-01T00:00:00.000Z".to_owned(),
            followed: Vec::new(),
        }
    }

    /// Reads on from where it has come to; what is not said to be complete it reads once more then.
    pub(crate) async fn read(&mut self, server: &Running, recorder: &Recorder) {
        let (found, through) = self.ask(server, recorder).await;
        let complete = |it: &&Value| it["stored"].as_str().map(micros) <= Some(micros(&through));
        let complete = found.iter().filter(complete);
        self.followed.extend(complete.map(|it| id(it).to_owned()));
        if micros(&self.since) < micros(&through) {
            self.since = through;
        }
    }

    /// Reads all that there is from where it has come to.
    pub(crate) async fn finish(mut self, server: &Running, recorder: &Recorder) -> Vec<String> {
        let (rest, _) = self.ask(server, recorder).await;
        self.followed
            .extend(rest.iter().map(|it| id(it).to_owned()));
        self.followed
    }

    async fn ask(&self, server: &Running, recorder: &Recorder) -> (Vec<Value>, String) {
        let query = format!("/xapi/statements?ascending=true&since={}", self.since);
        let mut answer = recorder.get(server, &query).await;
        let through = answer
            .header("x-experience-api-consistent-through")
            .to_owned();
        let mut found = Vec::new();
        loop {
            assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
            let page = answer.json();
            found.extend(page["statements"].as_array().expect("statements").clone());
            match page["more"].as_str().filter(|more| !more.is_empty()) {
                Some(more) => answer = recorder.get(server, more).await,
                None => return (found, through),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_follows_one_server_misses_nothing_of_what_the_others_take() {
    let place = Place::new();
    let servers = servers(&place).await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let mut writers = JoinSet::new();
    for server in &servers {
        for _ in 0..2 {
            let (server, recorder) = (server.clone(), recorder.clone());
            writers.spawn(async move {
                let mut sent = Vec::new();
                for n in 0..15 {
                    // Large and small ones take turns, so that transactions differ in length.
                    let most = if n % 3 == 0 { 20 } else { 1 };
                    let batch: Vec<_> = (0..most).map(|_| statement("bo", "rowed")).collect();
                    sent.extend(batch.iter().map(|it| id(it).to_owned()));
                    assert_eq!(
                        recorder.post(&server, &json!(batch)).await.status,
                        StatusCode::OK
                    );
                }
                sent
            });
        }
    }
    let mut follower = Follower::new();
    let (mut written, mut rounds) = (Vec::new(), 0);
    while !writers.is_empty() {
        follower.read(&servers[rounds % 3], &recorder).await;
        rounds += 1;
        while let Some(sent) = writers.try_join_next() {
            written.extend(sent.expect("a writer"));
        }
    }
    let read = follower.finish(&servers[0], &recorder).await;
    assert!(rounds > 3, "nobody read while others wrote");
    let (mut once, mut sent) = (read.clone(), written);
    once.sort();
    sent.sort();
    assert!(
        once == sent,
        "{} were read of {}, each once",
        once.len(),
        sent.len()
    );
    let all = Follower::new().finish(&servers[0], &recorder).await;
    assert!(all == read, "in the order in which they could be read");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_one_server_goes_on_at_another() {
    check_all(servers).await;
}

#[tokio::test]
async fn a_lab_of_one_is_one_of_all_and_a_visit_goes_on_from_one_to_another() {
    let place = Place::new();
    let servers = servers(&place).await;
    let [a, b, c] = &servers[..] else {
        panic!("three servers");
    };
    let instructor = Instructor::open(a, false).await;
    let code = instructor.code(b).await;
    let (headset, _) = joined(c, Some(&code)).await;
    let mut phone = Visitor::begin(&place, a).await;
    phone.attend("landing");
    phone.flush(b).await;
    let code = offered(c, &phone).await;
    let ticket = join(a, Some(&code), Some(&headset)).await;
    assert_eq!(ticket.status, StatusCode::OK, "{ticket:?}");
    for server in &servers {
        let again = join(server, Some(&code), Some(&headset)).await;
        assert_eq!(refused(&again), (404, "UNKNOWN_CODE".into()));
        let elsewhere = phone.get(server, "").await;
        assert_eq!(refused(&elsewhere), (409, "VISIT_ELSEWHERE".into()));
    }
    // What one of them has replayed is not what another goes on from.
    let mut worn = with_token(&phone, &ticket.json()["of"]);
    worn.attend("bow");
    worn.flush(b).await;
    worn.answer_all(c, "landing", true).await;
    worn.act(Action::Arrive {
        stop: "landing".parse().expect("an id"),
    });
    worn.flush(b).await;
    assert_eq!(worn.log(a).await.len(), worn.session.seq() as usize);
    for server in &servers {
        let shown = instructor.look(server).await;
        assert_eq!(shown["headsets"][0]["record"]["passed"], true, "{shown}");
    }
}

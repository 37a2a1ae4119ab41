//! Reading page by page while several others write: what was there at the beginning comes once and in
//! its order, and who reads upwards comes to all that was written meanwhile.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::{task::JoinSet, time::sleep};

use crate::{
    place::{Place, Running},
    recorder::{Recorder, by, id, statement},
};

/// How long the writers may take over one batch.
const PATIENCE: Duration = Duration::from_secs(20);

/// Whether a query is to find a statement.
type Fits = fn(&Value) -> bool;

/// A deed of Ann's or of Bo's; at each third one Ann was there as the teacher.
fn deed(n: usize) -> Value {
    let mut deed = statement(if n.is_multiple_of(2) { "ann" } else { "bo" }, "lamp");
    if n.is_multiple_of(3) {
        deed["context"] = json!({"instructor": {"mbox": "mailto:ann@example.org"}});
    }
    deed
}

fn deeds(from: usize, many: usize) -> Vec<Value> {
    (from..from + many).map(deed).collect()
}

fn is_ann(agent: &Value) -> bool {
    agent["mbox"] == "mailto:ann@example.org"
}

/// Queries that go along all statements, along the links of one thing, and along several kinds of them.
fn queries() -> [(String, Fits); 3] {
    let related: Fits = |it| is_ann(&it["actor"]) || is_ann(&it["context"]["instructor"]);
    [
        (String::new(), |_| true),
        (by("ann"), |it| is_ann(&it["actor"])),
        (format!("{}&related_agents=true", by("ann")), related),
    ]
}

/// Clients that store one batch after the other until they are told to stop.
struct Writers {
    stop: Arc<AtomicBool>,
    batches: Arc<AtomicUsize>,
    at_work: JoinSet<Vec<Value>>,
}

impl Writers {
    /// Each client writes to a server, in turn, batches of its own size.
    fn begin(servers: &[Arc<Running>], clients: &[Recorder]) -> Self {
        let mut writers = Self {
            stop: Arc::default(),
            batches: Arc::default(),
            at_work: JoinSet::new(),
        };
        for (n, client) in clients.iter().enumerate() {
            let (stop, batches) = (writers.stop.clone(), writers.batches.clone());
            let (server, client) = (servers[n % servers.len()].clone(), client.clone());
            writers.at_work.spawn(async move {
                let mut sent = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let batch = deeds(sent.len(), 1 + 3 * n);
                    let answer = client.post(&server, &json!(batch)).await;
                    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
                    sent.extend(batch);
                    batches.fetch_add(1, Ordering::Relaxed);
                }
                sent
            });
        }
        writers
    }

    /// Waits until they have stored something more.
    async fn go_on(&self) {
        let (before, begun) = (self.batches.load(Ordering::Relaxed), Instant::now());
        while self.batches.load(Ordering::Relaxed) == before {
            assert!(begun.elapsed() < PATIENCE, "nobody writes");
            sleep(Duration::from_millis(1)).await;
        }
    }

    /// Has them stop; all that they stored.
    async fn stop(self) -> Vec<Value> {
        self.stop.store(true, Ordering::Relaxed);
        self.at_work.join_all().await.concat()
    }
}

/// A point in time with all six digits of its second, so that texts compare as times do.
pub(crate) fn micros(at: &str) -> String {
    format!("{:0<26}", at.trim_end_matches('Z'))
}

/// The first page that a query finds, or the page after one.
async fn page(server: &Running, recorder: &Recorder, path: &str) -> (Vec<Value>, String) {
    let answer = recorder.get(server, path).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let page = answer.json();
    let statements = page["statements"].as_array().expect("statements").clone();
    (statements, page["more"].as_str().expect("more").to_owned())
}

fn ids<'a>(statements: impl IntoIterator<Item = &'a Value>) -> Vec<&'a str> {
    statements.into_iter().map(id).collect()
}

/// Follows one query to its end, on one server after the other, while clients write to all of them.
async fn check(servers: &[Arc<Running>], place: &Place, query: &(String, Fits), ascending: bool) {
    let (query, fits) = query;
    let what = format!("{query} {ascending}");
    let mut clients = Vec::new();
    for _ in 0..4 {
        clients.push(Recorder::new(place, &["all"]).await);
    }
    let batches: Vec<_> = (0..12).map(|n| json!(deeds(n, 5))).collect();
    let posts = batches.iter().enumerate();
    let posts = posts.map(|(n, batch)| clients[n % 4].post(&servers[n % servers.len()], batch));
    for answer in join_all(posts).await {
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    }
    let all = "/xapi/statements?ascending=true";
    let (all, _) = page(&servers[0], &clients[0], all).await;
    assert_eq!(all.len(), 60);
    let mut there = ids(all.iter().filter(|it| fits(it)));

    let writers = Writers::begin(servers, &clients);
    let mut path = format!("/xapi/statements?{query}&ascending={ascending}&limit=7");
    let (mut seen, mut pages) = (Vec::new(), 0);
    // Upwards there is no end as long as they write.
    while !path.is_empty() && (!ascending || seen.len() < there.len()) {
        writers.go_on().await;
        let server = &servers[pages % servers.len()];
        let (found, more) = page(server, &clients[0], &path).await;
        seen.extend(found);
        (path, pages) = (more, pages + 1);
    }
    let written = writers.stop().await;
    while !path.is_empty() {
        let (found, more) = page(&servers[0], &clients[0], &path).await;
        seen.extend(found);
        path = more;
    }
    let seen_ids = ids(&seen);
    let once: BTreeSet<_> = seen_ids.iter().copied().collect();
    assert_eq!(once.len(), seen_ids.len(), "{what}: one comes twice");
    let mut times: Vec<_> = seen.iter().map(|it| it["stored"].as_str()).collect();
    if ascending {
        assert_eq!(seen_ids[..there.len()], there, "{what}");
        let fitting = written.iter().filter(|it| fits(it));
        let expected: BTreeSet<_> = fitting.map(id).chain(there).collect();
        assert!(once == expected, "{what}: what was written is missing");
    } else {
        times.reverse();
        there.reverse();
        // What was written before the first page was made is newer, and comes before.
        assert!(seen_ids.ends_with(&there), "{what}");
    }
    let times: Vec<_> = times.into_iter().map(|it| it.map(micros)).collect();
    assert!(times.is_sorted(), "{what}");
}

/// Every query in both directions, each with a database of its own.
pub(crate) async fn check_all(start: impl AsyncFn(&Place) -> Vec<Arc<Running>>) {
    for query in &queries() {
        for ascending in [true, false] {
            let place = Place::new();
            check(&start(&place).await, &place, query, ascending).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_reads_page_by_page_misses_and_repeats_nothing() {
    check_all(async |place| vec![Arc::new(place.start().await)]).await;
}

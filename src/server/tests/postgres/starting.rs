//! Several servers that start at one moment: the database is made, or brought up to date, by one of
//! them, however long it takes, and all of them serve.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use xinghuo_server::check_config;

use crate::{
    connection::ask,
    killed::{Program, begin},
    moving::made_before,
    place::Place,
    records::count,
    upkeep::verify,
};

/// How many migrations there are.
fn migrations() -> i64 {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres");
    let all = std::fs::read_dir(folder).expect("the migrations");
    all.count().try_into().expect("a few")
}

/// Starts four programs at one moment. What was begun at one is there for all of them.
fn start_and_use(place: &Place) {
    let programs: Vec<_> = thread::scope(|scope| {
        let starts: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| Program::start(place)))
            .collect();
        let started = starts.into_iter().map(|it| it.join().expect("it starts"));
        started.collect()
    });
    let visitor = begin(place, programs[0].address);
    let head = format!("GET {}", visitor.path(""));
    let read = programs
        .iter()
        .map(|it| ask(it.address, &head, &visitor.token, &Value::Null));
    for (status, visit) in read.map(|it| it.expect("an answer")) {
        assert_eq!(status, 200, "{visit}");
    }
    for program in programs {
        program.stop();
    }
}

#[tokio::test]
async fn an_empty_database_is_made_once() {
    for _ in 0..3 {
        let place = Place::new();
        start_and_use(&place);
        assert_eq!(
            count(&place.records, "_sqlx_migrations").await,
            migrations()
        );
        verify(&place.records).await.expect("no breach");
    }
}

#[tokio::test]
async fn a_check_of_the_configuration_leaves_an_empty_database_empty() {
    let place = Place::new();
    let mut told = Vec::new();
    let checked = check_config(place.config(), &mut told).await;
    checked.expect("nothing is wrong");
    let tables = "pg_tables where schemaname = 'public'";
    assert_eq!(count(&place.records, tables).await, 0);
}

/// Statements of before the chain, more than a page of them.
const STATEMENTS: [&str; 3] = [
    "insert into terms (kind, name) values (0, 'account x xinghuo')",
    "insert into authorities (term, agent) values (1, '{}')",
    "insert into statements (id, statement, stored_us, authority)
     select decode(lpad(to_hex(n), 32, '0'), 'hex'), '{\"n\":' || n || '}', n, 1
     from generate_series(1, 3000) n",
];

const UNCHAINED: &str = "insert into unchained select position from statements";

#[tokio::test]
async fn a_database_of_before_is_brought_up_to_date_once() {
    for last in [1, 2, 70] {
        let place = Place::new();
        // The second migration itself says which statements are not in the chain yet.
        let later = (last > 1).then_some(UNCHAINED);
        let rows: Vec<_> = STATEMENTS.into_iter().chain(later).collect();
        made_before(&place, last, &rows).await;
        start_and_use(&place);
        assert_eq!(
            count(&place.records, "_sqlx_migrations").await,
            migrations()
        );
        let told = verify(&place.records).await.expect("no breach");
        // The visit told of its beginning.
        assert!(told.starts_with("3001 statements"), "{told}");
    }
}

#[tokio::test]
async fn whoever_starts_waits_for_a_server_that_takes_long_over_it() {
    let place = Place::new();
    let slow = [
        UNCHAINED,
        "create function slow() returns event_trigger language plpgsql as $$
         begin perform pg_sleep(7); end $$",
        "create event trigger slow on ddl_command_start when tag in ('DROP INDEX')
         execute function slow()",
    ];
    made_before(&place, 80, &[&STATEMENTS[..], &slow].concat()).await;
    let begun = Instant::now();
    let servers = tokio::join!(place.start(), place.start(), place.start());
    assert!(begun.elapsed() >= Duration::from_secs(7), "it was not slow");
    for server in [servers.0, servers.1, servers.2] {
        assert_eq!(server.get("/health").await.status.as_u16(), 200);
    }
    let told = verify(&place.records).await.expect("no breach");
    assert!(told.starts_with("3000 statements"), "{told}");
}

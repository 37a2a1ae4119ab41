//! A PostgreSQL that crashes under load and comes back: nobody is told that something is stored which
//! is not, what cannot be stored is refused with a sentence, and everything goes on by itself.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use xinghuo_tour::Action;

use crate::{
    client::{Became, Client, WAYS, all_write},
    cluster::Cluster,
    connection::ask,
    killed::{Program, begin},
    place::Place,
    upkeep::verify,
};

/// How long it may take until everything goes on.
const PATIENCE: Duration = Duration::from_secs(40);

#[test]
fn a_database_that_is_gone_and_comes_back_has_lost_nothing() {
    let mut cluster = Cluster::start();
    let mut place = Place::new();
    place.records = cluster.empty();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let names = (0..WAYS).map(|n| format!("system{n}"));
    let mut clients: Vec<_> = names
        .map(|who| runtime.block_on(Client::new(&place, &who)))
        .collect();
    let program = Program::start(&place);
    // Each is about to write in another way.
    for (n, client) in clients.iter_mut().enumerate() {
        for _ in 0..n {
            assert_eq!(client.write(program.address), Became::Kept);
        }
    }
    let mut visitor = begin(&place, program.address);
    let head = format!("POST {}", visitor.path("/evidence"));
    for _ in 0..3 {
        for gone in [false, true] {
            if gone {
                cluster.crash();
            }
            visitor.act(Action::Arrive {
                stop: "landing".parse().expect("an id"),
            });
            let batch = json!({"entries": visitor.outbox});
            let (status, answer) =
                ask(program.address, &head, &visitor.token, &batch).expect("an answer");
            if !gone {
                assert_eq!(status, 200, "{answer}");
                visitor.outbox.clear();
                continue;
            }
            for became in all_write(&mut clients, program.address) {
                assert!(matches!(became, Became::Refused(_)), "{became:?}");
            }
            assert_eq!(status, 503, "{answer}");
            assert_eq!(answer["error"]["code"], "UNAVAILABLE", "{answer}");
            let (status, health) =
                ask(program.address, "GET /health", "", &Value::Null).expect("an answer");
            assert_eq!(status, 503, "{health}");
        }
        cluster.start_again();
        let begun = Instant::now();
        let batch = json!({"entries": visitor.outbox});
        while ask(program.address, &head, &visitor.token, &batch)
            .expect("an answer")
            .0
            != 200
        {
            assert!(begun.elapsed() < PATIENCE, "it does not go on");
            thread::sleep(Duration::from_millis(200));
        }
        visitor.outbox.clear();
        for client in &mut clients {
            client.go_on(program.address);
            client.check(program.address);
        }
    }
    let read = format!("GET {}", visitor.path(""));
    let (status, kept) =
        ask(program.address, &read, &visitor.token, &Value::Null).expect("an answer");
    assert_eq!(status, 200);
    let numbers: Vec<_> = kept["entries"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|it| it["seq"].as_u64().expect("a number"))
        .collect();
    assert_eq!(
        numbers,
        (1..=u64::from(visitor.session.seq())).collect::<Vec<_>>()
    );
    program.stop();
    let told = runtime.block_on(verify(&place.records));
    told.expect("no breach");
}

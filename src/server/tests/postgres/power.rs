//! A PostgreSQL that ends with everything that belongs to it, in the middle of its work, killed or on a
//! disk that loses what was not synced: what was acknowledged is there, in order and once, and the
//! chain holds.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use xinghuo_tour::Action;

use crate::{
    client::{Client, WAYS},
    cluster::Cluster,
    connection::ask,
    killed::{Program, begin},
    place::Place,
    upkeep::verify,
    visitor::Visitor,
};

const ROUNDS: u64 = 4;

/// Adds to a visit until something is refused, and says how many entries were acknowledged.
fn add_until_refused(program: &Program, visitor: &mut Visitor, added: &AtomicU64) -> u64 {
    let head = format!("POST {}", visitor.path("/evidence"));
    let mut acknowledged = 0;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        let stop = "landing".parse().expect("an id");
        visitor.act(Action::Arrive { stop });
        let batch = json!({"entries": visitor.outbox});
        match ask(program.address, &head, &visitor.token, &batch) {
            Some((200, answer)) => {
                acknowledged = answer["acceptedThrough"].as_u64().expect("a number");
                added.fetch_add(1, Ordering::Relaxed);
                visitor.outbox.clear();
            }
            Some((429, _)) => thread::sleep(Duration::from_millis(50)),
            _ => return acknowledged,
        }
    }
    panic!("nothing was refused although the database was killed");
}

/// What is kept of a visit, once the server answers again.
fn kept(program: &Program, visitor: &Visitor) -> Value {
    let head = format!("GET {}", visitor.path(""));
    let begun = Instant::now();
    loop {
        if let Some((200, kept)) = ask(program.address, &head, &visitor.token, &Value::Null) {
            return kept;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(40),
            "it does not go on"
        );
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_database_that_is_killed_with_all_that_belongs_to_it_has_what_was_acknowledged() {
    has_what_was_acknowledged(Cluster::lasting(), Cluster::kill);
}

#[test]
fn a_database_on_a_disk_that_loses_what_was_not_synced_has_what_was_acknowledged() {
    if let Some(cluster) = Cluster::on_a_losing_disk() {
        has_what_was_acknowledged(cluster, Cluster::lose_power);
    }
}

fn has_what_was_acknowledged(mut cluster: Cluster, end: fn(&mut Cluster)) {
    let mut place = Place::new();
    place.records = cluster.empty();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let mut clients = ["one", "other"].map(|who| runtime.block_on(Client::new(&place, who)));
    let program = Program::start(&place);
    for round in 0..ROUNDS {
        let mut visitors = [
            begin(&place, program.address),
            begin(&place, program.address),
        ];
        let added = [AtomicU64::new(0), AtomicU64::new(0)];
        let acknowledged = thread::scope(|scope| {
            let both = visitors.iter_mut().zip(&added);
            let adding: Vec<_> = both
                .map(|(visitor, added)| scope.spawn(|| add_until_refused(&program, visitor, added)))
                .collect();
            for client in &mut clients {
                scope.spawn(|| client.write_until_refused(program.address, usize::MAX));
            }
            let begun = Instant::now();
            while added.iter().any(|it| it.load(Ordering::Relaxed) < 3) {
                assert!(
                    begun.elapsed() < Duration::from_secs(15),
                    "nothing is added"
                );
                thread::sleep(Duration::from_millis(1));
            }
            // Another moment of the work in each round.
            thread::sleep(Duration::from_micros(1_300 * round));
            end(&mut cluster);
            let ended = adding.into_iter().map(|it| it.join().expect("it ends"));
            ended.collect::<Vec<u64>>()
        });
        cluster.start_again();
        for (visitor, acknowledged) in visitors.iter().zip(acknowledged) {
            let kept = kept(&program, visitor);
            let entries = kept["entries"].as_array().expect("entries");
            let numbers: Vec<_> = entries.iter().filter_map(|it| it["seq"].as_u64()).collect();
            assert!(
                numbers.len() as u64 >= acknowledged,
                "round {round}: {acknowledged} were acknowledged"
            );
            assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
        }
        for client in &mut clients {
            client.check(program.address);
            client.go_on(program.address);
        }
    }
    program.stop();
    for client in &clients {
        assert!(client.acknowledged() > ROUNDS as usize * WAYS);
    }
    let told = runtime.block_on(verify(&place.records));
    told.expect("no breach");
}

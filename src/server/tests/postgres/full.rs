//! PostgreSQL on a disk that is full: what cannot be stored is refused, what was acknowledged is there,
//! and with room again everything goes on.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use xinghuo_tour::Action;

use crate::{
    client::{Became, Client},
    cluster::Cluster,
    connection::ask,
    killed::Program,
    place::Place,
    upkeep::verify,
    visitor::Visitor,
};

/// How long it may take until everything goes on: PostgreSQL may have to start again by itself.
const PATIENCE: Duration = Duration::from_mins(1);

/// A visit with forty entries, if it is taken; else what was answered.
fn visit(place: &Place, program: &Program) -> Result<Visitor, (u16, Value)> {
    let nothing = (0, Value::Null);
    let asked = json!({"venue": "boat", "package": place.package, "language": "en", "consent": 1});
    let begun = Instant::now();
    let created = loop {
        match ask(program.address, "POST /api/v1/visits", "", &asked).unwrap_or(nothing.clone()) {
            (201, created) => break created,
            (429, _) if begun.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(100)),
            other => return Err(other),
        }
    };
    let mut visitor = Visitor::of(&created);
    for _ in 0..40 {
        let stop = "landing".parse().expect("an id");
        visitor.act(Action::Arrive { stop });
    }
    let batch = json!({"entries": visitor.outbox});
    let head = format!("POST {}", visitor.path("/evidence"));
    match ask(program.address, &head, &visitor.token, &batch).unwrap_or(nothing) {
        (200, _) => Ok(visitor),
        other => Err(other),
    }
}

#[test]
fn on_a_full_disk_nothing_acknowledged_is_lost_and_room_heals_it() {
    let Some(mut cluster) = Cluster::on_a_small_disk() else {
        return;
    };
    let mut place = Place::new();
    place.records = cluster.empty();
    let program = Program::start(&place);
    let mut visitors = vec![visit(&place, &program).expect("there is room")];
    cluster.fill();
    let refused = loop {
        match visit(&place, &program) {
            Ok(visitor) => visitors.push(visitor),
            Err(refused) => break refused,
        }
        assert!(visitors.len() < 2_000, "the disk does not get full");
    };
    let (status, sentence) = refused;
    assert_eq!(status, 503, "{sentence}");
    assert_eq!(sentence["error"]["code"], "UNAVAILABLE", "{sentence}");
    cluster.make_room();
    let begun = Instant::now();
    while visit(&place, &program).is_err() {
        assert!(begun.elapsed() < PATIENCE, "it does not go on");
        thread::sleep(Duration::from_millis(500));
    }
    for visitor in &visitors {
        let head = format!("GET {}", visitor.path(""));
        let kept = ask(program.address, &head, &visitor.token, &Value::Null);
        let (status, kept) = kept.expect("an answer");
        assert_eq!(status, 200, "{kept}");
        assert_eq!(kept["entries"].as_array().expect("entries").len(), 40);
    }
    program.stop();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let told = runtime.expect("a runtime").block_on(verify(&place.records));
    told.expect("no breach");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_nothing_that_others_were_told_is_kept_is_lost() {
    let Some(mut cluster) = Cluster::on_a_small_disk() else {
        return;
    };
    let mut place = Place::new();
    place.records = cluster.empty();
    let mut client = Client::new(&place, "system").await;
    let program = Program::start(&place);
    client.go_on(program.address);
    cluster.fill();
    let became = client.write_until_refused(program.address, 20_000);
    assert!(matches!(became, Became::Refused(_)), "{became:?}");
    cluster.make_room();
    client.go_on(program.address);
    client.check(program.address);
    program.stop();
    verify(&place.records).await.expect("no breach");
}

//! Killed at random moments, again and again, while several visitors and other systems write: what
//! was acknowledged is there, and nothing is there twice.
//!
//! A dozen times by itself; `XINGHUO_CRASHES=200` makes it as many.

use std::{
    env,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use uuid::Uuid;
use xinghuo_tour::{Action, Entry};

use crate::{
    client::{Became, Client},
    connection::ask,
    killed::{Program, begin},
    place::Place,
    upkeep::verify,
    visitor::Visitor,
};

const VISITORS: usize = 4;
const CLIENTS: usize = 2;

/// How often the server is killed.
fn crashes() -> usize {
    let asked = env::var("XINGHUO_CRASHES").ok();
    asked.map_or(12, |asked| {
        asked.parse().expect("XINGHUO_CRASHES is a number")
    })
}

/// A number below `end`, another one each time.
fn random(end: u128) -> u64 {
    u64::try_from(Uuid::new_v4().as_u128() % end).expect("a small number")
}

/// A visitor with everything that they have ever sent.
struct Sender {
    visitor: Visitor,
    sent: Vec<Entry>,
    acknowledged: u32,
}

impl Sender {
    /// Sends without a pause until the connection breaks: first what was not acknowledged, as a
    /// browser does.
    fn send(&mut self, address: SocketAddr, done: &AtomicBool, answered: &AtomicU32) {
        let head = format!("POST {}", self.visitor.path("/evidence"));
        while !done.load(Ordering::Relaxed) {
            if self.sent.len() == self.acknowledged as usize {
                for _ in 0..=random(3) {
                    let stop = ["landing", "bow"][usize::from(random(2) == 0)];
                    let stop = stop.parse().expect("an id");
                    self.visitor.act(Action::Arrive { stop });
                }
                self.sent.append(&mut self.visitor.outbox);
            }
            let batch = json!({"entries": &self.sent[self.acknowledged as usize..]});
            match ask(address, &head, &self.visitor.token, &batch) {
                Some((200, answer)) => {
                    self.acknowledged = self.visitor.session.seq();
                    assert_eq!(answer["acceptedThrough"], self.acknowledged);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
                Some((429 | 503, _)) => thread::sleep(Duration::from_millis(10)),
                None => break,
                Some(other) => panic!("{other:?}"),
            }
        }
    }

    /// What the server has is what was sent, at least as far as it was acknowledged.
    fn check(&self, address: SocketAddr) {
        let read = format!("GET {}", self.visitor.path(""));
        let (status, state) =
            ask(address, &read, &self.visitor.token, &Value::Null).expect("an answer");
        assert_eq!(status, 200, "{state}");
        let kept: Vec<Entry> = serde_json::from_value(state["entries"].clone()).expect("entries");
        assert!(
            kept.len() >= self.acknowledged as usize,
            "{} of {} acknowledged are there",
            kept.len(),
            self.acknowledged
        );
        assert_eq!(kept[..], self.sent[..kept.len()], "the log is another one");
        assert_eq!(state["record"]["seq"], kept.len());
    }
}

/// Writes without a pause until the connection breaks.
fn write(client: &mut Client, address: SocketAddr, done: &AtomicBool, answered: &AtomicU32) {
    while !done.load(Ordering::Relaxed) {
        match client.write(address) {
            Became::Kept => _ = answered.fetch_add(1, Ordering::Relaxed),
            Became::Refused(_) => thread::sleep(Duration::from_millis(10)),
            Became::Unknown => break,
        }
    }
}

#[test]
fn whatever_was_acknowledged_survives_kills_at_random_moments() {
    let place = Place::new();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let mut program = Program::start(&place);
    let mut clients: Vec<Client> = (0..CLIENTS)
        .map(|n| runtime.block_on(Client::new(&place, &format!("system{n}"))))
        .collect();
    let mut senders: Vec<Sender> = (0..VISITORS)
        .map(|_| Sender {
            visitor: begin(&place, program.address),
            sent: Vec::new(),
            acknowledged: 0,
        })
        .collect();
    for _ in 0..crashes() {
        let done = AtomicBool::new(false);
        let answered = Arc::new(AtomicU32::new(0));
        let address = program.address;
        let (moment, enough) = (random(300), answered.clone());
        thread::scope(|scope| {
            for sender in &mut senders {
                scope.spawn(|| sender.send(address, &done, &answered));
            }
            for client in &mut clients {
                scope.spawn(|| write(client, address, &done, &answered));
            }
            // Something is under way, whatever the machine is busy with.
            while enough.load(Ordering::Relaxed) == 0 {
                thread::sleep(Duration::from_millis(1));
            }
            thread::sleep(Duration::from_millis(moment));
            program.kill();
            done.store(true, Ordering::Relaxed);
        });
        program = Program::start(&place);
        for sender in &senders {
            sender.check(program.address);
        }
        for client in &clients {
            client.check(program.address);
        }
    }
    program.stop();
    let told = runtime.block_on(verify(&place.records)).expect("no breach");
    let entries: usize = senders.iter().map(|it| it.acknowledged as usize).sum();
    let requests: usize = clients.iter().map(Client::acknowledged).sum();
    eprintln!(
        "{} kills, {entries} entries and {requests} requests of others acknowledged, none lost, none twice; {}",
        crashes(),
        told.lines().next().unwrap_or_default()
    );
}

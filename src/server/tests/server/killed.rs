//! The real program: told to stop, killed in mid-stream, and started where it cannot start.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use xinghuo_tour::Action;

use crate::{connection::ask, place::Place, visitor::Visitor};

/// The program, running. Killed when dropped.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: SocketAddr,
    log: Option<thread::JoinHandle<String>>,
}

pub(crate) fn command(place: &Place, listen: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xinghuo-server"));
    command.args(["--listen", listen]);
    for folder in ["site", "packages", "keys"] {
        command.arg(format!("--{folder}")).arg(place.folder(folder));
    }
    match (&place.records.data, &place.records.database_url) {
        (Some(data), _) => command.arg("--data").arg(data).env_remove("DATABASE_URL"),
        (None, url) => command.envs(url.iter().map(|url| ("DATABASE_URL", url))),
    };
    command.stderr(Stdio::piped());
    command
}

impl Program {
    pub(crate) fn start(place: &Place) -> Self {
        Self::by(&mut command(place, "127.0.0.1:0"))
    }

    /// The program as this command starts it.
    pub(crate) fn by(command: &mut Command) -> Self {
        let mut child = command.spawn().expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a log"));
        let mut log = String::new();
        let address = loop {
            let from = log.len();
            assert_ne!(
                lines.read_line(&mut log).expect("a line"),
                0,
                "it ended: {log}"
            );
            if let Some((_, address)) = log[from..].split_once("listening address=") {
                break address.trim().parse().expect("an address");
            }
        };
        let log = thread::spawn(move || {
            let _ = lines.read_to_string(&mut log);
            log
        });
        Self {
            child,
            address,
            log: Some(log),
        }
    }

    /// The most memory that it has had so far, bytes; none where the system does not tell.
    pub(crate) fn peak_bytes(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes * 1024)
    }

    /// The process.
    #[allow(dead_code, reason = "one of the suites alone looks into it")]
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends SIGKILL: nothing is finished, nothing is closed.
    pub(crate) fn kill(mut self) -> String {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it ends");
        self.said()
    }

    /// Sends SIGTERM and waits for the end.
    pub(crate) fn stop(mut self) -> String {
        let id = self.child.id().to_string();
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .expect("it was running");
        assert!(self.child.wait().expect("it ends").success());
        self.said()
    }

    /// Its log, once it has ended.
    fn said(&mut self) -> String {
        let log = self.log.take().map(thread::JoinHandle::join);
        log.expect("it is read once").expect("a log")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A test that failed leaves nothing running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn begin(place: &Place, address: SocketAddr) -> Visitor {
    let asked = json!({"venue": "boat", "package": place.package, "language": "en", "consent": 1});
    let (status, created) = ask(address, "POST /api/v1/visits", "", &asked).expect("an answer");
    assert_eq!(status, 201);
    Visitor::of(&created)
}

#[test]
fn whatever_was_acknowledged_survives_a_kill() {
    let place = Place::new();
    let mut program = Program::start(&place);
    let mut visitor = begin(&place, program.address);
    let evidence = format!("POST {}", visitor.path("/evidence"));
    for _ in 0..3 {
        let killed = Arc::new(AtomicBool::new(false));
        let address = program.address;
        let (done, token, head) = (killed.clone(), visitor.token.clone(), evidence.clone());
        let under_way = Arc::new(AtomicBool::new(false));
        let begun = under_way.clone();
        // One visitor sends without a pause, until the connection breaks under it.
        let sending = thread::spawn(move || {
            let (mut sent, mut acknowledged) = (Vec::new(), 0);
            while !done.load(Ordering::Relaxed) {
                let seq = visitor.session.seq();
                visitor.act(Action::Arrive {
                    stop: "landing".parse().expect("an id"),
                });
                sent.append(&mut visitor.outbox);
                let batch = json!({"entries": &sent[sent.len() - 1..]});
                match ask(address, &head, &token, &batch) {
                    Some((200, answer)) => {
                        assert_eq!(answer["acceptedThrough"], seq + 1);
                        acknowledged = seq + 1;
                        begun.store(true, Ordering::Relaxed);
                    }
                    Some((429, _)) | None => break,
                    Some(other) => panic!("{other:?}"),
                }
            }
            (visitor, sent, acknowledged)
        });
        while !under_way.load(Ordering::Relaxed) && !sending.is_finished() {
            thread::sleep(Duration::from_millis(5));
        }
        thread::sleep(Duration::from_millis(150));
        program.kill();
        killed.store(true, Ordering::Relaxed);
        let (back, sent, acknowledged) = sending.join().expect("a visitor");
        visitor = back;
        assert!(acknowledged > 0, "nothing was sent before the kill");
        program = Program::start(&place);
        let read = format!("GET {}", visitor.path(""));
        let (status, state) =
            ask(program.address, &read, &visitor.token, &Value::Null).expect("an answer");
        assert_eq!(status, 200);
        let kept = state["entries"].as_array().expect("entries").len();
        assert!(
            kept >= acknowledged as usize,
            "{kept} of {acknowledged} acknowledged are there"
        );
        // What was sent and not acknowledged may be there or not; sent again, it is there once.
        let batch = json!({"entries": sent.iter().rev().take(1).collect::<Vec<_>>()});
        let (status, answer) =
            ask(program.address, &evidence, &visitor.token, &batch).expect("an answer");
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["acceptedThrough"], visitor.session.seq());
    }
    let read = format!("GET {}", visitor.path(""));
    let (_, state) = ask(program.address, &read, &visitor.token, &Value::Null).expect("an answer");
    let numbers: Vec<_> = state["entries"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|it| it["seq"].as_u64())
        .collect();
    let expected: Vec<_> = (1..=u64::from(visitor.session.seq())).map(Some).collect();
    assert_eq!(numbers, expected);
    program.stop();
}

#[test]
fn told_to_stop_it_finishes_and_its_log_names_nobody() {
    let place = Place::new();
    let program = Program::start(&place);
    let mut visitor = begin(&place, program.address);
    visitor.attend("landing");
    let evidence = format!("POST {}", visitor.path("/evidence"));
    let batch = json!({"entries": visitor.outbox});
    let (status, _) = ask(program.address, &evidence, &visitor.token, &batch).expect("an answer");
    assert_eq!(status, 200);
    // An idle connection does not keep it from stopping.
    let idle = TcpStream::connect(program.address).expect("a connection");
    let began = Instant::now();
    let log = program.stop();
    assert!(
        began.elapsed() < Duration::from_secs(9),
        "it waited for an idle connection"
    );
    drop(idle);
    assert!(
        log.contains("route=\"/api/v1/visits/{visit}/evidence\""),
        "{log}"
    );
    assert!(
        !log.contains(&visitor.visit) && !log.contains(&visitor.token),
        "{log}"
    );
    // The only address in the log is the server's own.
    assert_eq!(log.matches("127.0.0.1").count(), 1, "{log}");
    assert!(
        !place.folder("data/xinghuo.sqlite-wal").exists(),
        "the database was not closed"
    );
}

#[test]
fn a_client_that_never_ends_its_request_is_let_go() {
    let place = Place::new();
    let program = Program::start(&place);
    let mut slow = TcpStream::connect(program.address).expect("a connection");
    slow.set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a socket");
    slow.write_all(b"GET / HTTP/1.1\r\nhost: xinghuo\r\nx-slow: ")
        .expect("a socket");
    let mut rest = Vec::new();
    let began = Instant::now();
    slow.read_to_end(&mut rest)
        .expect("the end of the connection");
    assert!(began.elapsed() < Duration::from_secs(15));
    program.stop();
}

#[test]
fn ten_megabytes_over_the_wire_are_refused() {
    let place = Place::new();
    let program = Program::start(&place);
    let visitor = begin(&place, program.address);
    let mut stream = TcpStream::connect(program.address).expect("a connection");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a socket");
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: xinghuo\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: 10000000\r\n\r\n",
        visitor.path("/evidence"),
        visitor.token
    );
    stream.write_all(head.as_bytes()).expect("a socket");
    let mut answer = [0; 12];
    stream
        .read_exact(&mut answer)
        .expect("an answer before the body is sent");
    assert_eq!(&answer, b"HTTP/1.1 413");
    let _ = stream.shutdown(Shutdown::Both);
    program.stop();
}

fn fails(place: &Place, listen: &str) -> String {
    let Output { status, stderr, .. } = command(place, listen).output().expect("it starts");
    assert!(!status.success());
    String::from_utf8_lossy(&stderr).into_owned()
}

#[test]
fn where_it_cannot_start_it_says_what_and_what_next() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let sentence = fails(&place, &address);
    assert!(
        sentence.contains(&address) && sentence.contains("--listen"),
        "{sentence}"
    );

    if let Some(data) = &place.records.data {
        fs::write(data.join("xinghuo.sqlite"), "damaged".repeat(1_000)).expect("a file");
        let sentence = fails(&place, "127.0.0.1:0");
        assert!(
            sentence.contains("damaged") && sentence.contains("backup"),
            "{sentence}"
        );
    }

    fs::remove_dir_all(place.folder("packages")).expect("a folder");
    let sentence = fails(&place, "127.0.0.1:0");
    assert!(
        sentence.contains("--packages") && sentence.contains("build"),
        "{sentence}"
    );
}

//! The power goes: what was written and not synced may be lost, all of it, some of it, or half of a
//! page. What was acknowledged is there all the same.
//!
//! The program runs under `strace`, which notes each write and each sync of its database. From that
//! the disk is made as it could have been at many moments, and a server is started on it. That a file's
//! name lasts is taken for granted, and SQLite's `-shm` file, which it makes anew, is left out.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant, SystemTime},
};

use serde_json::{Value, json};
use uuid::Uuid;
use xinghuo_server::Records;
use xinghuo_tour::Action;

use crate::{
    client::{Became, Client},
    connection::ask,
    killed::{Program, begin, command},
    place::{Place, skipped},
    upkeep::verify,
};

/// What happened to a file of the database, in the order in which it did.
#[derive(Debug)]
enum Event {
    Write {
        file: usize,
        at: u64,
        bytes: Vec<u8>,
    },
    Cut {
        file: usize,
        length: u64,
    },
    Sync {
        file: usize,
    },
}

/// An event and when it had happened, seconds since 1970.
struct Timed {
    at: f64,
    event: Event,
}

const FILES: [&str; 2] = ["xinghuo.sqlite", "xinghuo.sqlite-wal"];

/// What a trace tells of the database.
fn events(trace: &str) -> Vec<Timed> {
    let mut begun: BTreeMap<&str, (f64, String)> = BTreeMap::new();
    let mut offsets: BTreeMap<String, u64> = BTreeMap::new();
    let mut events = Vec::new();
    for line in trace.lines() {
        let Some((process, rest)) = line.split_once(' ') else {
            continue;
        };
        let Some((at, call)) = rest.trim_start().split_once(' ') else {
            continue;
        };
        let at: f64 = at.parse().expect("a time");
        if let Some(head) = call.strip_suffix(" <unfinished ...>") {
            begun.insert(process, (at, head.to_owned()));
            continue;
        }
        let whole = match call.split_once(" resumed>") {
            Some((_, rest)) => match begun.remove(process) {
                Some((_, head)) => head + rest,
                None => continue,
            },
            None => call.to_owned(),
        };
        events.extend(event(&whole, &mut offsets).map(|event| Timed { at, event }));
    }
    events
}

/// The event that a call is, such as `pwrite64(9<\x2f…>, "\x0d…", 4096, 0) = 4096`.
fn event(call: &str, offsets: &mut BTreeMap<String, u64>) -> Option<Event> {
    let (name, rest) = call.split_once('(')?;
    let (descriptor, rest) = rest.split_once('>')?;
    let (_, path) = descriptor.split_once('<')?;
    let path = String::from_utf8(unquoted(path)).ok()?;
    let file = FILES
        .iter()
        .position(|name| path.ends_with(&format!("/{name}")))?;
    let (arguments, result) = rest.rsplit_once(") = ")?;
    let result: i64 = result.split_whitespace().next()?.parse().ok()?;
    let result = u64::try_from(result).ok()?;
    let last = || arguments.rsplit(", ").next()?.parse::<u64>().ok();
    match name {
        "pwrite64" => Some(Event::Write {
            file,
            at: last()?,
            bytes: bytes(arguments, result),
        }),
        "lseek" => {
            offsets.insert(descriptor.to_owned(), result);
            None
        }
        "write" => {
            let offset = offsets.entry(descriptor.to_owned()).or_default();
            let at = *offset;
            *offset += result;
            Some(Event::Write {
                file,
                at,
                bytes: bytes(arguments, result),
            })
        }
        "read" => {
            *offsets.entry(descriptor.to_owned()).or_default() += result;
            None
        }
        "ftruncate" => Some(Event::Cut {
            file,
            length: last()?,
        }),
        "fsync" | "fdatasync" => Some(Event::Sync { file }),
        other => panic!("{other} of {path} is not understood"),
    }
}

/// What was written, which is between the quotes as `\x00` for each byte.
fn bytes(arguments: &str, count: u64) -> Vec<u8> {
    let (_, quoted) = arguments.split_once('"').expect("a text");
    let (quoted, cut) = quoted.split_once('"').expect("its end");
    assert!(!cut.starts_with("..."), "the trace is cut");
    let bytes = unquoted(quoted);
    bytes[..usize::try_from(count).expect("a length")].to_vec()
}

/// A text of the trace, which has every byte as `\x00`.
fn unquoted(text: &str) -> Vec<u8> {
    let bytes = text.split("\\x").skip(1);
    let digits = bytes.map(|digits| u8::from_str_radix(digits, 16).expect("two digits"));
    digits.collect()
}

/// What becomes of what was not synced.
#[derive(Debug, Clone, Copy)]
enum Unsynced {
    /// All of it is lost.
    Lost,
    /// All of it is there: the program was killed, and the power stayed.
    There,
    /// Some of it is lost, whichever, and of some writes only the first sectors are there.
    Torn,
}

/// What each of the files has.
type Files = [Option<Vec<u8>>; 2];

/// What a folder has.
fn files_in(folder: &Path) -> Files {
    FILES.map(|name| fs::read(folder.join(name)).ok())
}

/// The disk as it could be after `events`, if it was like this before.
fn disk(before: &Files, events: &[Timed], unsynced: Unsynced, folder: &Path) {
    let last_sync = |of: usize| {
        let is_sync = |it: &Timed| matches!(it.event, Event::Sync { file } if file == of);
        events.iter().rposition(is_sync).unwrap_or_default()
    };
    let synced = [last_sync(0), last_sync(1)];
    let mut files = before.clone();
    for (n, Timed { event, .. }) in events.iter().enumerate() {
        let (Event::Write { file, .. } | Event::Cut { file, .. } | Event::Sync { file }) = event;
        let chance = Uuid::new_v4().as_bytes()[0];
        let share = match unsynced {
            _ if n < synced[*file] => 8,
            Unsynced::There => 8,
            Unsynced::Lost => 0,
            Unsynced::Torn => match chance % 4 {
                0 => 0,
                1 => 1 + usize::from(chance >> 4) % 7,
                _ => 8,
            },
        };
        let content: &mut Vec<u8> = files[*file].get_or_insert_default();
        match event {
            Event::Write { at, bytes, .. } => {
                // Eighths of a page are the sectors of most disks.
                let bytes = &bytes[..bytes.len() * share / 8];
                let at = usize::try_from(*at).expect("an offset");
                if !bytes.is_empty() {
                    content.resize(content.len().max(at + bytes.len()), 0);
                    content[at..at + bytes.len()].copy_from_slice(bytes);
                }
            }
            Event::Cut { length, .. } if share == 8 => {
                content.resize(usize::try_from(*length).expect("a length"), 0);
            }
            Event::Cut { .. } | Event::Sync { .. } => {}
        }
    }
    for (name, content) in FILES.iter().zip(files) {
        if let Some(content) = content {
            fs::write(folder.join(name), content).expect("a file");
        }
    }
}

/// The program under `strace`; none where that may not trace.
fn traced(place: &Place, trace: &Path) -> Option<Command> {
    let may = Command::new("strace")
        .args(["-qq", "-o", "/dev/null", "true"])
        .status();
    if !may.is_ok_and(|status| status.success()) {
        return None;
    }
    let plain = command(place, "127.0.0.1:0");
    let mut traced = Command::new("strace");
    // The tracer is the program's grandchild, so that the program is ours to kill.
    traced.args(["-D", "-f", "-qq", "-ttt", "-y", "-xx", "-s", "1000000"]);
    traced.args([
        "-e",
        "trace=pwrite64,write,read,lseek,ftruncate,fsync,fdatasync",
        "-o",
    ]);
    traced
        .arg(trace)
        .arg("--")
        .arg(plain.get_program())
        .args(plain.get_args());
    traced
        .env_remove("DATABASE_URL")
        .stderr(std::process::Stdio::piped());
    Some(traced)
}

/// What was acknowledged: when, to which visit, up to which entry.
struct Acknowledged {
    at: SystemTime,
    visitor: usize,
    through: u32,
}

#[test]
fn whatever_was_acknowledged_survives_when_the_power_goes() {
    let mut place = Place::new();
    let trace = place.folder("trace");
    let Some(mut traced) = traced(&place, &trace) else {
        skipped("programs may not be traced here, or there is no strace");
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let mut client = runtime.block_on(Client::new(&place, "system"));
    let before = files_in(&place.folder("data"));
    let program = Program::by(&mut traced);
    let mut visitors = Vec::new();
    let mut acknowledged = Vec::new();
    let begun = Instant::now();
    for turn in 0.. {
        if begun.elapsed() > Duration::from_secs(3) && turn > 60 || turn > 300 {
            break;
        }
        if turn % 10 == 0 {
            visitors.push(begin(&place, program.address));
        }
        let visitor = turn * 7 % visitors.len();
        let it = &mut visitors[visitor];
        it.act(Action::Arrive {
            stop: "landing".parse().expect("an id"),
        });
        let head = format!("POST {}", it.path("/evidence"));
        let batch = json!({"entries": std::mem::take(&mut it.outbox)});
        let (status, answer) = ask(program.address, &head, &it.token, &batch).expect("an answer");
        assert_eq!(status, 200, "{answer}");
        acknowledged.push(Acknowledged {
            at: SystemTime::now(),
            visitor,
            through: it.session.seq(),
        });
        assert_eq!(client.write(program.address), Became::Kept);
        // An erasure ends with a checkpoint, which is when the database itself is written.
        if turn % 25 == 24 {
            let gone = begin(&place, program.address);
            let head = format!("DELETE {}", gone.path(""));
            ask(program.address, &head, &gone.token, &Value::Null);
        }
    }
    program.kill();
    thread::sleep(Duration::from_millis(300));
    let events = events(&fs::read_to_string(&trace).expect("a trace"));
    let syncs = events
        .iter()
        .filter(|it| matches!(it.event, Event::Sync { .. }))
        .count();
    let answers = acknowledged.len() + client.acknowledged();
    assert!(syncs > answers, "{syncs} syncs for {answers} answers");

    let mut checked = 0;
    for n in 0..36_u32 {
        let unsynced = [Unsynced::Lost, Unsynced::There, Unsynced::Torn][n as usize % 3];
        // Evenly over the whole run, and at any event whatever between.
        let spread = usize::from(Uuid::new_v4().as_bytes()[0]) * events.len() / 36 / 256;
        let end = (events.len() * n as usize / 36 + spread).max(1);
        let moment = SystemTime::UNIX_EPOCH + Duration::from_secs_f64(events[end - 1].at);
        eprintln!("after {end} events, {unsynced:?}");
        let folder = place.folder(&format!("disk{n}"));
        fs::create_dir(&folder).expect("a folder");
        disk(&before, &events[..end], unsynced, &folder);
        place.records = Records::in_folder(folder.clone());
        let verified = runtime.block_on(verify(&place.records));
        verified.expect("no breach");
        let mut next = runtime.block_on(Client::new(&place, "next"));
        let program = Program::start(&place);
        for (n, visitor) in visitors.iter().enumerate() {
            let told = acknowledged
                .iter()
                .filter(|it| it.visitor == n && it.at < moment);
            let Some(through) = told.map(|it| it.through).max() else {
                continue;
            };
            let head = format!("GET {}", visitor.path(""));
            let kept = ask(program.address, &head, &visitor.token, &Value::Null);
            let (_, kept) = kept.expect("an answer");
            let kept = kept["entries"].as_array().expect("entries").len();
            assert!(kept >= through as usize, "{kept} of {through} are there");
            checked += 1;
        }
        client.check_before(program.address, moment);
        next.go_on(program.address);
        next.check(program.address);
        program.stop();
        let _: Result<(), PathBuf> = fs::remove_dir_all(&folder).map_err(|_| folder);
    }
    eprintln!(
        "{} events, {syncs} syncs, 36 disks, {checked} visits and {} requests checked",
        events.len(),
        client.acknowledged()
    );
    assert!(checked > 36);
}

//! The program as a curator runs it: what it prints, what it writes, and how it ends.

#[path = "author/letters.rs"]
mod letters;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use xinghuo_package::published::Keys;
use xinghuo_tour::{Action, Entry, Event, Response, Session, StopId, Venue, Verdict};
use xinghuo_wire::{Record, Uuid, VisitKept};

/// The package that is right.
fn good() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/packages/good")
}

fn author(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xinghuo-author"))
        .args(arguments)
        .output()
        .expect("the program runs")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path that is text")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// How it ended and what it complained of.
#[track_caller]
fn check(output: &Output, code: i32, complaint: &str) {
    let complained = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{complained}");
    if complaint.is_empty() {
        assert_eq!(complained, "");
    } else {
        assert!(complained.contains(complaint), "{complained}");
    }
}

/// The good package with another text in one of its files, and the folder that holds it.
fn broken(file: &str, find: &str, put: &str) -> (TempDir, PathBuf) {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder") {
            let from = entry.expect("an entry").path();
            let to = to.join(from.file_name().expect("a name"));
            if from.is_dir() {
                copy(&from, &to);
            } else {
                fs::copy(&from, &to).expect("a copy");
            }
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let package = folder.path().join("good");
    copy(&good(), &package);
    let file = package.join(file);
    let before = fs::read_to_string(&file).expect("a text");
    assert!(before.contains(find), "{before}");
    fs::write(&file, before.replacen(find, put, 1)).expect("a file");
    (folder, package)
}

#[test]
fn check_says_that_a_good_package_can_be_published() {
    let output = author(&["check", text(&good())]);
    check(&output, 0, "");
    let expected = "The package can be published: no errors, no warnings, no hints.\n";
    assert_eq!(said(&output), expected);
}

#[test]
fn check_says_where_a_package_is_broken_and_fails() {
    let (_folder, package) = broken(
        "checkpoints/desk.toml",
        "shown-at = \"desk\"",
        "shown-at = \"desc\"",
    );
    let output = author(&["check", text(&package)]);
    check(&output, 1, "");
    let lines = said(&output);
    assert!(
        lines.contains("error ID_DANGLING checkpoints/desk.toml"),
        "{lines}"
    );
    assert!(
        lines.contains("\"desk\""),
        "the hint names what was meant: {lines}"
    );
    assert!(
        lines.ends_with("The package cannot be published: 1 error, no warnings, no hints.\n"),
        "{lines}"
    );

    let output = author(&["check", text(&package), "--format", "json"]);
    check(&output, 1, "");
    let report: Value = serde_json::from_str(&said(&output)).expect("JSON");
    assert_eq!(report["errors"], 1);
    assert_eq!(report["findings"][0]["code"], "ID_DANGLING");
}

#[test]
fn what_cannot_be_done_is_said_in_a_sentence() {
    let nowhere = good().join("nowhere");
    check(&author(&["check", text(&nowhere)]), 2, "Cannot read");
    check(
        &author(&["build", text(&nowhere), "--out", "o", "--keys", "k"]),
        2,
        "Cannot read",
    );
    let (packages, keys) = (["--packages", "p"], ["--keys", "k"]);
    let replay = [&["replay", text(&nowhere)][..], &packages, &keys].concat();
    check(&author(&replay), 2, "Cannot read");
    check(
        &author(&["check", text(&good()), "--colour"]),
        2,
        "--colour",
    );
    check(&author(&["build", text(&good())]), 2, "--out");
    check(&author(&["polish"]), 2, "polish");
    let file = good().join("venue.toml");
    check(
        &author(&["check", text(&file)]),
        2,
        "neither a folder nor a zip",
    );
}

/// A published package.
struct Home {
    folder: TempDir,
    hash: String,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut home = Self {
            folder,
            hash: String::new(),
        };
        let output = home.build(&good());
        check(&output, 0, "");
        let index: Value = home.read("packages/index.json");
        index["venues"][0]["hash"]
            .as_str()
            .expect("a hash")
            .clone_into(&mut home.hash);
        let done = format!(
            "good {} is published: no errors, no warnings, no hints.\n",
            home.hash
        );
        assert_eq!(said(&output), done);
        home
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn read<T: serde::de::DeserializeOwned>(&self, below: &str) -> T {
        let bytes = fs::read(self.path(below)).expect(below);
        serde_json::from_slice(&bytes).expect(below)
    }

    fn build(&self, package: &Path) -> Output {
        let (packages, keys) = (self.path("packages"), self.path("keys"));
        let (out, keys) = (["--out", text(&packages)], ["--keys", text(&keys)]);
        let build = ["build", text(package), "--no-compress"];
        author(&[&build[..], &out, &keys].concat())
    }

    fn keys(&self) -> String {
        format!("keys/good/{}.json", self.hash)
    }

    fn replay(&self, visit: &VisitKept) -> Output {
        let (file, packages, keys) = (
            self.path("visit.json"),
            self.path("packages"),
            self.path("keys"),
        );
        fs::write(&file, serde_json::to_vec(visit).expect("JSON")).expect("a file");
        let (packages, keys) = (["--packages", text(&packages)], ["--keys", text(&keys)]);
        author(&[&["replay", text(&file)][..], &packages, &keys].concat())
    }

    /// A visit that answers what the desk asks, as the server would have exported it.
    fn visit(&self) -> VisitKept {
        let public: Venue = self.read(&format!("packages/good/{}/venue.json", self.hash));
        let keys: Keys = self.read(&self.keys());
        let venue = keys.complete(public).expect("keys that fit");
        let desk: &StopId = &"desk".parse().expect("an id");
        // One that draws the question whose key another test corrects.
        let draws = |seed: &u64| {
            let mut session = Session::new(*seed);
            session.apply(&venue, &Action::Arrive { stop: desk.clone() }, 0);
            let panel = session.checkpoint(&venue, desk).expect("a panel");
            panel.slots[0].question.question.as_str() == "desk-use"
        };
        let seed = (0..100).find(draws).expect("a seed");
        let mut session = Session::new(seed);
        let (mut entries, mut verdicts) = (Vec::new(), Vec::new());
        let mut act = |session: &mut Session, action: Action| {
            let (seq, at) = (session.seq() + 1, session.at() + 10);
            for event in session.apply(&venue, &action, at) {
                assert!(!matches!(event, Event::Refused(_)), "{event:?}");
                if let Event::Marked {
                    question,
                    right,
                    lead_back,
                    ..
                } = event
                {
                    verdicts.push(Verdict {
                        seq,
                        question,
                        right,
                        lead_back,
                    });
                }
            }
            entries.push(Entry { seq, at, action });
        };
        act(&mut session, Action::Arrive { stop: desk.clone() });
        let panel = session.checkpoint(&venue, desk).expect("a panel");
        let question = panel.slots[0].question.question.clone();
        let response = keys.keys[&question].clone();
        act(&mut session, Action::Answer { question, response });
        VisitKept {
            visit: Uuid::nil(),
            venue: venue.id.clone(),
            package: self.hash.parse().expect("a hash"),
            seed,
            created: "2026-11-22T06:00:00Z".parse().expect("a time"),
            record: Record::of(&session, &venue, None),
            entries,
            verdicts,
            feedback: [].into(),
            hints: [].into(),
        }
    }
}

#[test]
fn build_writes_the_public_files_and_the_keys_apart() {
    let home = Home::new();
    let venue: Value = home.read(&format!("packages/good/{}/venue.json", home.hash));
    for question in venue["checkpoints"]["desk"]["questions"]
        .as_array()
        .expect("questions")
    {
        assert_eq!(
            (&question["key"], &question["shown_at"]),
            (&Value::Null, &Value::Null)
        );
    }
    let keys: Value = home.read(&home.keys());
    assert_eq!(
        keys["keys"]["desk-find"],
        json!({ "kind": "locate", "value": "ink-stone" })
    );
    assert_eq!(keys["shown_at"]["desk-find"], "desk");
    assert_eq!(keys["hints"]["desk-find"]["en"], "It is on the desk.");
}

#[test]
fn build_twice_changes_nothing_and_a_new_version_leaves_the_old_one() {
    let home = Home::new();
    let again = home.build(&good());
    check(&again, 0, "");
    assert!(
        said(&again).contains("was there already"),
        "{}",
        said(&again)
    );

    let (_folder, newer) = broken(
        "checkpoints/desk.toml",
        "What is an ink stone for?",
        "What is it for?",
    );
    check(&home.build(&newer), 0, "");
    let index: Value = home.read("packages/index.json");
    assert_ne!(index["venues"][0]["hash"], json!(home.hash));
    assert_eq!(
        fs::read_dir(home.path("packages/good"))
            .expect("a folder")
            .count(),
        2
    );
    // Visits of the old version are decided as before.
    check(&home.replay(&home.visit()), 0, "");
}

#[test]
fn build_publishes_nothing_of_a_broken_package() {
    let home = Home::new();
    let (_folder, package) = broken("checkpoints/desk.toml", "draw = 1", "draw = 9");
    let output = home.build(&package);
    check(&output, 1, "");
    assert!(
        said(&output).contains("Nothing was published: 1 error"),
        "{}",
        said(&output)
    );
    let beside = fs::read_dir(home.path("packages/good")).expect("a folder");
    assert_eq!(beside.count(), 1);
}

#[test]
fn replay_decides_an_exported_visit_again() {
    let home = Home::new();
    let visit = home.visit();
    let output = home.replay(&visit);
    check(&output, 0, "");
    let (record, sentence) = parts(&output);
    assert_eq!(record, visit.record);
    assert_eq!(record.settled, 1);
    assert_eq!(sentence, "The log shows what the record says.");

    let mut forged = visit;
    forged.record.passed = true;
    let output = home.replay(&forged);
    check(&output, 1, "");
    let (record, sentence) = parts(&output);
    assert!(!record.passed);
    assert_eq!(
        sentence,
        "The record says something else than the log shows."
    );
}

#[test]
fn replay_tells_a_corrected_key_from_a_forged_record() {
    let home = Home::new();
    let visit = home.visit();
    let mut keys: Keys = home.read(&home.keys());
    let corrected = Response::Single("weigh".parse().expect("an id"));
    let before = keys
        .keys
        .insert("desk-use".parse().expect("an id"), corrected);
    assert!(before.is_some());
    fs::write(
        home.path(&home.keys()),
        serde_json::to_vec(&keys).expect("JSON"),
    )
    .expect("a file");
    let output = home.replay(&visit);
    check(&output, 1, "");
    let (_, sentence) = parts(&output);
    assert!(
        sentence.starts_with("The record follows from the verdicts that were given"),
        "{sentence}"
    );
}

#[test]
fn replay_refuses_keys_that_do_not_complete_the_package() {
    let home = Home::new();
    let visit = home.visit();
    let mut keys: Value = home.read(&home.keys());
    keys.as_object_mut().expect("an object").remove("shown_at");
    fs::write(home.path(&home.keys()), keys.to_string()).expect("a file");
    check(&home.replay(&visit), 2, "says where answers can be seen");
    fs::remove_file(home.path(&home.keys())).expect("a file");
    check(&home.replay(&visit), 2, "Cannot read");
    fs::remove_dir_all(home.path("packages/good")).expect("a folder");
    check(&home.replay(&visit), 2, "Cannot open the package");
}

/// The record that was printed and the sentence below it.
fn parts(output: &Output) -> (Record, String) {
    let said = said(output);
    let (record, sentence) = said.trim_end().rsplit_once('\n').expect("two parts");
    (
        serde_json::from_str(record).expect("JSON"),
        sentence.to_owned(),
    )
}

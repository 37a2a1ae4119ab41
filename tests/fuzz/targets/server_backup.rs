//! A backup after any accidents to its bytes: it is not put back, for a reason, or it is, and then its
//! chains and its records hold.

#![no_main]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use axum::{body::Body, http::Request};
use base64::{Engine, engine::general_purpose::STANDARD};
use clap::{Args, Command, FromArgMatches};
use libfuzzer_sys::{arbitrary::Arbitrary, fuzz_target};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;
use xinghuo_server::{Config, CredentialCommand, Records, Server, UpkeepCommand, keep_up, manage};

/// Something that happens to a file.
#[derive(Debug, Arbitrary)]
enum Accident {
    Cut(u32),
    Flip(u32, u8),
    Put(u32, Vec<u8>),
    /// A part is written over another one.
    Copy(u32, u32, u16),
    Zero(u32, u16),
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime")
});

static WORKSHOP: LazyLock<PathBuf> = LazyLock::new(xinghuo_fuzz::workshop);

static WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let file = WORKSHOP.join("whole.sqlite");
    let done = RUNTIME.block_on(async {
        let records = Records::in_folder(WORKSHOP.join("whole"));
        fs::create_dir(WORKSHOP.join("whole")).expect("a folder");
        fill(&records).await;
        let file = file.clone();
        keep_up(
            UpkeepCommand::Backup {
                records,
                with_attachments: false,
                file,
            },
            &mut Vec::new(),
        )
        .await
    });
    done.expect("a backup");
    fs::read(file).expect("a backup")
});

/// Records with a credential, statements, and a document.
async fn fill(records: &Records) {
    for (path, text) in [
        ("site/index.html", "<!doctype html>"),
        ("packages/index.json", "{\"venues\": []}"),
        ("keys/none", ""),
    ] {
        let path = WORKSHOP.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let mut told = Vec::new();
    let add = CredentialCommand::Add {
        records: records.clone(),
        label: "another system".into(),
        scope: vec!["all".parse().expect("a scope")],
        days: None,
    };
    manage(add, &mut told).await.expect("a credential");
    let told = String::from_utf8(told).expect("a text");
    let words: Vec<_> = told.split_whitespace().collect();
    let shown = STANDARD.encode(format!("{}:{}", words[1], words[3]));
    let folder = |name: &str| format!("--{name}={}", WORKSHOP.join(name).display());
    let data = format!("--data={}", WORKSHOP.join("whole").display());
    let given = ["site", "packages", "keys"].map(folder);
    let given = ["server".to_owned(), "--listen=127.0.0.1:0".to_owned(), data]
        .into_iter()
        .chain(given);
    let program = Config::augment_args(Command::new("server"));
    let config = Config::from_arg_matches(&program.get_matches_from(given));
    let server = Server::bind(config.expect("options")).await;
    let router = server.expect("it starts").router();
    let statements = include_str!("../../../src/wire/tests/data/statements.json");
    let state = "activities/state?stateId=s&activityId=http://example.org/x&agent=%7B%22mbox%22%3A%22mailto%3Aa%40example.org%22%7D";
    for (path, body) in [("statements", statements), (state, "{\"at\": \"the bow\"}")] {
        let request = Request::post(format!("/xapi/{path}"))
            .header("authorization", format!("Basic {shown}"))
            .header("x-experience-api-version", "2.0.0")
            .header("content-type", "application/json")
            .body(Body::from(body))
            .expect("a request");
        let answer = router.clone().oneshot(request).await.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {answer:?}");
    }
}

fn happened(mut bytes: Vec<u8>, accidents: Vec<Accident>) -> Vec<u8> {
    for accident in accidents {
        let place = |at: u32, bytes: &[u8]| at as usize % (bytes.len() + 1);
        let span = |at: u32, length: usize, bytes: &[u8]| {
            let at = place(at, bytes);
            at..bytes.len().min(at + length)
        };
        match accident {
            Accident::Cut(at) => bytes.truncate(place(at, &bytes)),
            Accident::Flip(at, bits) => {
                let at = place(at, &bytes);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= bits;
                }
            }
            Accident::Put(at, new) => {
                let span = span(at, new.len(), &bytes);
                let length = span.len();
                bytes[span].copy_from_slice(&new[..length]);
            }
            Accident::Copy(from, to, length) => {
                let from = span(from, length.into(), &bytes);
                let to = span(to, from.len(), &bytes);
                let part = bytes[from].to_vec();
                let length = to.len();
                bytes[to].copy_from_slice(&part[..length]);
            }
            Accident::Zero(at, length) => {
                let span = span(at, length.into(), &bytes);
                bytes[span].fill(0);
            }
        }
    }
    bytes
}

/// What a command said, and whether it did what it was asked.
fn done(command: UpkeepCommand) -> Result<String, String> {
    let mut out = Vec::new();
    let done = RUNTIME.block_on(keep_up(command, &mut out));
    done.map_err(|cause| cause.to_string())?;
    Ok(String::from_utf8(out).expect("a text"))
}

/// The line with which what is told of the statements ends.
fn end(told: &str) -> Option<&str> {
    told.lines()
        .find(|line| line.starts_with("the chain ends with"))
}

fuzz_target!(|accidents: Vec<Accident>| {
    let is_whole = accidents.is_empty();
    let file = WORKSHOP.join("backup.sqlite");
    fs::write(&file, happened(WHOLE.clone(), accidents)).expect("a file");
    let data = WORKSHOP.join("data");
    empty(&data);
    let records = Records::in_folder(data.clone());
    let restored = done(UpkeepCommand::Restore {
        records: records.clone(),
        file,
    });
    let left: Vec<_> = fs::read_dir(&data).expect("a folder").collect();
    match restored {
        Ok(told) => {
            let known = None;
            let again = done(UpkeepCommand::Verify { records, known });
            assert_eq!(again.as_deref().map(end), Ok(end(&told)));
        }
        Err(cause) => {
            assert!(!is_whole, "{cause}");
            assert!(!cause.is_empty());
            assert!(left.is_empty(), "{left:?}");
        }
    }
});

/// Makes a folder that has nothing in it.
fn empty(folder: &Path) {
    if folder.exists() {
        fs::remove_dir_all(folder).expect("a folder");
    }
    fs::create_dir(folder).expect("a folder");
}

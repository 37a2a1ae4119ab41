//! A server that also does what nobody asks it for, and what an administrator does with it.

use std::time::Duration;

use clap::Parser;
use serde_json::Value;
use tokio::{sync::oneshot, task::JoinHandle, time::sleep};
use xinghuo_server::{ForwardCommand, Server, forward};

use crate::{
    place::{Place, Running},
    visitor::Visitor,
};

pub(crate) const SECRET: &str = "nobody-may-read-this";

/// A server that also does what nobody asks it for.
pub(crate) struct Living {
    pub(crate) running: Running,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
    pub(crate) origin: String,
}

impl Living {
    pub(crate) async fn start(place: &Place) -> Self {
        Self::with(place.config()).await
    }

    pub(crate) async fn with(config: xinghuo_server::Config) -> Self {
        let server = Server::bind(config).await.expect("it starts");
        let (stop, stopped) = oneshot::channel();
        let running = Running::of(&server);
        let origin = format!("http://{}", server.address());
        let task = tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        Self {
            running,
            stop,
            task,
            origin,
        }
    }

    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        self.task.await.expect("it ends");
    }
}

/// The command line of `forward`.
#[derive(clap::Parser)]
struct Line {
    #[command(subcommand)]
    command: ForwardCommand,
}

/// What `forward` prints, with these words after it.
pub(crate) async fn run(place: &Place, words: &[&str]) -> anyhow::Result<String> {
    let (name, value) = match (&place.records.data, &place.records.database_url) {
        (Some(data), _) => ("--data", data.display().to_string()),
        (None, Some(url)) => ("--database-url", url.clone()),
        (None, None) => panic!("no records"),
    };
    let (command, words) = words.split_first().expect("a command");
    let line = ["forward", command, name, &value]
        .into_iter()
        .chain(words.iter().copied());
    let mut out = Vec::new();
    forward(Line::try_parse_from(line)?.command, &mut out).await?;
    Ok(String::from_utf8(out)?)
}

pub(crate) fn secret(place: &Place) -> String {
    let file = place.folder("secret");
    std::fs::write(&file, format!("{SECRET}\n")).expect("a file");
    file.display().to_string()
}

/// Forwards to an endpoint, and returns the key.
pub(crate) async fn add(place: &Place, endpoint: &str, more: &[&str]) -> String {
    let file = secret(place);
    let words = [
        "add",
        "--label",
        "campus",
        "--to",
        endpoint,
        "--key",
        "k",
        "--secret-file",
        &file,
    ];
    let printed = run(place, &[&words[..], more].concat())
        .await
        .expect("it is added");
    printed
        .trim()
        .strip_prefix("key ")
        .expect("a key")
        .to_owned()
}

/// Waits until the list of forwards says so.
pub(crate) async fn listed(place: &Place, says: &str) -> String {
    let mut list = String::new();
    for _ in 0..200 {
        list = run(place, &["list"]).await.expect("a list");
        if list.contains(says) {
            return list;
        }
        sleep(Duration::from_millis(250)).await;
    }
    panic!("{list} does not say {says}");
}

pub(crate) async fn told(visitor: &Visitor, server: &Running) -> Vec<Value> {
    let told = visitor.get(server, "/statements").await.json();
    told["statements"].as_array().expect("statements").clone()
}

pub(crate) async fn visit(place: &Place, server: &Running) -> Visitor {
    let mut visitor = Visitor::begin(place, server).await;
    visitor.attend("landing");
    visitor.answer_all(server, "landing", true).await;
    visitor
}

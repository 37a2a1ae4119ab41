//! How a server is told what to do: the file, what is wrong with it, secure lines, and how it stops.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::{Command, Output},
    sync::Arc,
    time::Duration,
};

use tokio::sync::oneshot;
use xinghuo_server::{Server, TlsOptions};

use crate::place::Place;

/// Runs the program with these arguments and nothing of ours in its environment.
fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xinghuo-server"))
        .args(arguments)
        .env_remove("DATABASE_URL")
        .output()
        .expect("it runs")
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

fn deployed(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("deploy")
        .join(name);
    fs::read_to_string(file).expect("a file")
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_nothing_is_changed() {
    let place = Place::new();
    let root = place.root.path().display();
    let file = place.folder("server.toml");
    let wrong = format!(
        "listen = '127.0.0.1:0'\nsite = '{root}/nowhere'\npackages = '{root}/packages'\n\
         keys = '{root}/packages'\ndata = '{root}/none'\norigin = 'tours.example.edu'\n\
         oidc-issuer = 'http://127.0.0.1:9'\noidc-client-id = 'x'\noidc-role = ['a=reader']\n\
         tls-cert = '{root}/cert.pem'\ntls-key = '{root}/key.pem'\n"
    );
    fs::write(&file, wrong).expect("a file");
    let path = file.display().to_string();
    let output = run(&["--config", &path, "--check-config"]);
    let said_wrong = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said_wrong}");
    for option in [
        "--site",
        "--keys and --packages",
        "--data",
        "--origin",
        "--oidc-issuer",
        "--tls-cert",
    ] {
        assert!(said_wrong.contains(option), "{option}: {said_wrong}");
    }
    let right = format!(
        "listen = '127.0.0.1:0'\nsite = '{root}/site'\npackages = '{root}/packages'\n\
         keys = '{root}/keys'\ndata = '{root}/data'\norigin = 'https://tours.example.edu'\n"
    );
    fs::write(&file, &right).expect("a file");
    let output = run(&["--config", &path, "--check-config"]);
    assert!(output.status.success(), "{}", said(&output));
    let left = fs::read_dir(place.folder("data"))
        .expect("a folder")
        .count();
    assert_eq!(left, 0, "a check makes nothing");
    fs::write(&file, right + "databse-url = 'x'\n").expect("a file");
    let output = run(&["--config", &path, "--check-config"]);
    let unknown = said(&output);
    assert!(!output.status.success());
    assert!(
        unknown.contains("the nearest is \"database-url\""),
        "{unknown}"
    );
    let output = run(&[
        "--config",
        &path,
        "--database-url",
        "postgres://127.0.0.1:9/x",
        "--check-config",
    ]);
    assert!(!output.status.success());
}

#[test]
fn a_database_that_does_not_answer_is_told_of_without_its_password() {
    let place = Place::new();
    let folder = |name: &str| place.folder(name).display().to_string();
    let (site, packages, keys) = (folder("site"), folder("packages"), folder("keys"));
    let output = run(&[
        "--site",
        &site,
        "--packages",
        &packages,
        "--keys",
        &keys,
        "--database-url",
        "postgres://ann:secret-word@127.0.0.1:9/records",
        "--check-config",
    ]);
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("start PostgreSQL") && told.contains("127.0.0.1"),
        "{told}"
    );
    assert!(!told.contains("secret-word"), "{told}");
}

#[test]
fn the_unit_and_the_container_say_what_the_program_understands() {
    let unit = deployed("xinghuo-server.service");
    let root = tempfile::tempdir().expect("a folder");
    let file = root.path().join("server.toml");
    fs::write(&file, deployed("server.toml")).expect("a file");
    let file = file.display().to_string();
    let starts = unit.lines().filter_map(|line| {
        let (key, value) = line.split_once('=')?;
        key.starts_with("ExecStart").then_some(value)
    });
    let mut seen = 0;
    for line in starts {
        let line = line.replace("/etc/xinghuo/server.toml", &file);
        let mut arguments: Vec<_> = line.split(' ').skip(1).collect();
        if !arguments.contains(&"--check-config") {
            arguments.push("--check-config");
        }
        understood(&arguments);
        seen += 1;
    }
    assert_eq!(seen, 2);
    let container = deployed("Containerfile");
    let command = container.lines().find_map(|line| line.strip_prefix("CMD "));
    let words: Vec<String> = serde_json::from_str(command.expect("a command")).expect("a list");
    let mut arguments: Vec<_> = words.iter().map(String::as_str).collect();
    arguments.push("--check-config");
    understood(&arguments);
}

/// Whether the program understands it: then it only misses the folders, which are not on this machine.
#[track_caller]
fn understood(arguments: &[&str]) {
    let output = run(arguments);
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("--packages names no folder"), "{told}");
    assert!(!told.contains("--origin"), "{told}");
}

/// A server that runs until the sender is used, and what waits for its end.
async fn running(
    place: &Place,
    tls: TlsOptions,
) -> (Server, oneshot::Receiver<()>, oneshot::Sender<()>) {
    let mut config = place.config();
    config.tls = tls;
    let server = Server::bind(config).await.expect("it starts");
    let (stop, stopped) = oneshot::channel();
    (server, stopped, stop)
}

#[tokio::test]
async fn over_tls_nothing_is_answered_in_the_clear() {
    let place = Place::new();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let (cert, key) = (place.folder("cert.pem"), place.folder("key.pem"));
    fs::write(&cert, made.cert.pem()).expect("a file");
    fs::write(&key, made.signing_key.serialize_pem()).expect("a file");
    let tls = TlsOptions {
        cert: Some(cert),
        key: Some(key),
    };
    let (server, stopped, stop) = running(&place, tls).await;
    let port = server.address().port();
    let task = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    let trusted = reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).expect("it");
    let client = reqwest::Client::builder()
        .add_root_certificate(trusted)
        .build()
        .expect("it");
    let address = format!("https://localhost:{port}/health");
    // The name stands for both families; the server listens on one.
    let answer = client.get(&address).send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 200);
    let stranger = reqwest::Client::new().get(&address).send().await;
    assert!(stranger.is_err(), "nobody vouches for the certificate");
    let clear = reqwest::Client::new()
        .get(format!("http://localhost:{port}/health"))
        .send()
        .await;
    assert!(clear.is_err(), "{clear:?}");

    // A certificate that is renewed is shown once its key is there too, without a new start.
    let next = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let trusted = reqwest::Certificate::from_pem(next.cert.pem().as_bytes()).expect("it");
    let renewed = || {
        let client = reqwest::Client::builder().add_root_certificate(trusted.clone());
        client.build().expect("it")
    };
    let files = [place.folder("cert.pem"), place.folder("key.pem")];
    fs::write(&files[0], next.cert.pem()).expect("a file");
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = client.get(&address).send().await.expect("an answer");
    assert_eq!(before.status().as_u16(), 200, "the one of before is kept");
    assert!(renewed().get(&address).send().await.is_err());
    fs::write(&files[1], next.signing_key.serialize_pem()).expect("a file");
    let begun = std::time::Instant::now();
    while renewed().get(&address).send().await.is_err() {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "it is not renewed"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    stop.send(()).expect("it runs");
    task.await.expect("it ends");
}

#[tokio::test]
async fn a_request_in_hand_is_answered_when_the_server_is_told_to_stop() {
    let place = Place::new();
    let (server, stopped, stop) = running(&place, TlsOptions::default()).await;
    let address = server.address();
    let task = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    let body = format!(
        r#"{{"venue": "boat", "package": "{}", "language": "en", "consent": 1}}"#,
        place.package
    );
    let (head, rest) = body.split_at(10);
    let head = format!(
        "POST /api/v1/visits HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{head}",
        body.len()
    );
    let stream = Arc::new(TcpStream::connect(address).expect("a connection"));
    stream
        .set_read_timeout(Some(Duration::from_secs(8)))
        .expect("a socket");
    (&*stream)
        .write_all(head.as_bytes())
        .expect("half a request");
    tokio::time::sleep(Duration::from_millis(200)).await;
    stop.send(()).expect("it runs");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!task.is_finished(), "it waits for what is in hand");
    assert!(
        TcpStream::connect(address).is_err(),
        "and takes nothing new"
    );
    (&*stream)
        .write_all(rest.as_bytes())
        .expect("the other half");
    let answer = tokio::task::spawn_blocking(move || {
        let mut answer = String::new();
        (&*stream).read_to_string(&mut answer).expect("an answer");
        answer
    });
    let answer = answer.await.expect("it");
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    task.await.expect("it ends");
}

//! Serving the tour on this machine.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::{CommandExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::build::{self, SERVER};
use crate::folders::{self, Folders};
use crate::say;
use crate::toolchain::scrubbed;

/// How long the server may take before somebody should look.
const PATIENCE: Duration = Duration::from_mins(1);
/// How much of the log is shown when the server ends early.
const LOG_LINES: usize = 20;

/// Builds everything and becomes the server, so that Ctrl-C and every other signal reach it.
pub(crate) fn serve(
    folders: &Folders,
    port: u16,
    data: Option<PathBuf>,
    draft: bool,
) -> Result<()> {
    // Better said now than after a long build.
    TcpListener::bind(address(port)).with_context(|| {
        format!("port {port} is taken; end what listens there, or choose another with --port")
    })?;
    build::everything(folders, draft)?;
    let data = data.map_or_else(folders::default_data, Ok)?;
    fs::create_dir_all(&data).with_context(|| format!("not writable: {}", data.display()))?;
    let log = data.join("server.log");
    let written = File::create(&log).with_context(|| format!("not writable: {}", log.display()))?;
    say::line(&format!("{:<9}{}", "log", log.display()));

    Command::new(std::env::current_exe()?)
        .args(["announce", "--port", &port.to_string(), "--data"])
        .arg(&log)
        .stdin(Stdio::null())
        .spawn()
        .context("the address cannot be announced")?;
    let served = folders.served(draft);
    let mut program = scrubbed(&folders.program(SERVER).to_string_lossy());
    program.arg("--listen").arg(address(port).to_string());
    for (option, folder) in [
        ("--data", &data),
        ("--site", &served.site),
        ("--packages", &served.packages),
        ("--keys", &served.keys),
    ] {
        program.arg(option).arg(folder);
    }
    let error = program.stdin(Stdio::null()).stderr(written).exec();
    Err(error).with_context(|| format!("{SERVER} cannot be run"))
}

/// Prints the address once the server answers, or the end of its log once it has ended.
pub(crate) fn announce(port: u16, log: &Path) -> Result<()> {
    let server = parent_id();
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if parent_id() != server {
            bail!("the server has ended\n{}", end_of(log));
        }
        if answers(port) {
            say::line(&format!("http://{}", address(port)));
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    bail!("the server does not answer\n{}", end_of(log));
}

fn address(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

fn answers(port: u16) -> bool {
    health(port).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

fn health(port: u16) -> std::io::Result<String> {
    let wait = Duration::from_secs(2);
    let mut stream = TcpStream::connect_timeout(&address(port), wait)?;
    stream.set_read_timeout(Some(wait))?;
    let host = address(port);
    // As one piece: a server may answer and close when it has the first.
    let request = format!("GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = [0; 64];
    let length = stream.read(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
}

fn end_of(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_healthy_server_answers() {
        for (status, healthy) in [("200 OK", true), ("503 Service Unavailable", false)] {
            let listener = TcpListener::bind(address(0)).expect("a free port");
            let port = listener.local_addr().expect("an address").port();
            let served = std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().expect("a visitor");
                let mut request = [0; 256];
                let _ = stream.read(&mut request);
                let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
            });
            assert_eq!(answers(port), healthy, "{status}");
            served.join().expect("served");
            assert!(!answers(port), "nobody listens any more");
        }
    }
}

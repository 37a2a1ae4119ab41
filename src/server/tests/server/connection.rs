//! Requests over connections of their own, which may break under them.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::Value;

/// One request over a connection of its own; none if the connection broke.
pub(crate) fn ask(
    address: SocketAddr,
    head: &str,
    token: &str,
    body: &Value,
) -> Option<(u16, Value)> {
    ask_as(address, head, &format!("Bearer {token}"), body)
}

/// The same with any authorization. The record store is asked in xAPI 2.0.
pub(crate) fn ask_as(
    address: SocketAddr,
    head: &str,
    authorization: &str,
    body: &Value,
) -> Option<(u16, Value)> {
    let told = tell(address, head, &[("authorization", authorization)], body)?;
    Some((told.status, told.body))
}

/// What was answered over a connection of its own.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    head: String,
    /// JSON; null if there is none.
    pub(crate) body: Value,
}

impl Told {
    /// An answer that is JSON or empty; none if it broke off.
    pub(crate) fn of(head: String, body: &[u8]) -> Option<Self> {
        let body = if body.is_empty() { b"null" } else { body };
        Some(Self {
            status: head.split(' ').nth(1)?.parse().ok()?,
            body: serde_json::from_slice(body).ok()?,
            head,
        })
    }

    /// What a header says, its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }
}

/// The same with these headers.
pub(crate) fn tell(
    address: SocketAddr,
    head: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> Option<Told> {
    let json = [("content-type", "application/json")];
    let headers = [headers, &json].concat();
    let (head, body) = exchange(address, head, &headers, body.to_string().as_bytes())?;
    Told::of(head, &body)
}

/// The head of an answer and its bytes, over a connection of its own; none if the connection broke.
pub(crate) fn exchange(
    address: SocketAddr,
    head: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Option<(String, Vec<u8>)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .ok()?;
    let headers = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"));
    let request = format!(
        "{head} HTTP/1.1\r\nhost: xinghuo\r\nconnection: close\r\n{}\
         x-experience-api-version: 2.0.0\r\ncontent-length: {}\r\n\r\n",
        headers.collect::<String>(),
        body.len()
    );
    stream
        .write_all(&[request.as_bytes(), body].concat())
        .ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let end = answer.windows(4).position(|it| it == b"\r\n\r\n")?;
    let body = answer.split_off(end + 4);
    let head = String::from_utf8(answer).ok()?;
    // An answer that breaks off is none.
    let length = header(&head, "content-length");
    let is_whole = length.is_none_or(|it| it.parse() == Ok(body.len()));
    is_whole.then_some((head, body))
}

/// What a header says in the head of an answer, its name in lower case.
pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut headers = head.lines().filter_map(|line| line.split_once(": "));
    headers.find_map(|(it, value)| it.eq_ignore_ascii_case(name).then_some(value))
}

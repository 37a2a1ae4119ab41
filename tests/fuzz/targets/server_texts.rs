//! Any bytes as what only the server reads: credentials and cookies in headers, scopes, forms, what
//! pages of staff send, and what other systems answer.

#![no_main]

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use libfuzzer_sys::fuzz_target;
use xinghuo_server::{Role, RoleOfGroup, fuzzing};
use xinghuo_wire::lrs::{Json, XapiVersion, same};

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else {
        return;
    };
    let at = bytes.iter().position(|b| *b == b'\n');
    let (head, body) = bytes.split_at(at.unwrap_or_default());
    let body = body.get(1..).unwrap_or_default();
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    match first % 8 {
        0 => check_basic(text),
        1 => check_scopes(text),
        2 => check_cookies(head, body),
        3 => check_form(head, body),
        4 => check_staff(bytes),
        5 => check_answer(head, body),
        6 => check_token(head, body),
        _ => check_origin(text),
    }
});

/// Whatever is read is what was written, however it is written next.
fn check_basic(header: &str) {
    let Some((key, secret)) = fuzzing::basic(header) else {
        return;
    };
    assert!(!key.contains(':'));
    for scheme in ["Basic", "bASIC"] {
        let again = format!("{scheme} {}", STANDARD.encode(format!("{key}:{secret}")));
        assert_eq!(fuzzing::basic(&again), Some((key.clone(), secret.clone())));
    }
}

fn check_scopes(text: &str) {
    if let Some(scopes) = fuzzing::scopes(text) {
        assert_eq!(fuzzing::scopes(&scopes).as_ref(), Some(&scopes));
        for one in scopes.split(' ').filter(|it| !it.is_empty()) {
            assert!(text.contains(one), "{one}");
        }
    }
    if let Ok(RoleOfGroup { group, role }) = text.parse() {
        let again: RoleOfGroup = format!("{group}={role}").parse().expect("it was read");
        assert_eq!((again.group, again.role), (group, role));
        assert_eq!(role.to_string().parse::<Role>(), Ok(role));
    }
}

/// A session is shown once or not at all, and is found among any other cookies.
fn check_cookies(one: &[u8], other: &[u8]) {
    for is_secure in [true, false] {
        let shown = fuzzing::session_shown(&[one, other], is_secure);
        let token = shown.clone().unwrap_or_else(|| "A".repeat(43));
        let given = fuzzing::session_given(&token, is_secure);
        let pair = given.split(|b| *b == b';').next().expect("a pair");
        assert_eq!(given.starts_with(b"__Host-"), is_secure);
        assert_eq!(
            fuzzing::session_shown(&[pair], is_secure),
            Some(token.clone())
        );
        assert_eq!(fuzzing::session_shown(&[pair], !is_secure), None);
        let both = fuzzing::session_shown(&[one, other, pair], is_secure);
        match shown {
            Some(_) => assert_eq!(both, None, "it is there twice"),
            None => assert!(both.is_none_or(|it| it == token)),
        }
    }
}

/// Nothing gets into a request but what its form has, and no other method than those that there are.
fn check_form(query: &[u8], form: &[u8]) {
    let Some(request) = fuzzing::from_form(query, form) else {
        return;
    };
    let known = ["GET", "HEAD", "PUT", "POST", "DELETE"];
    assert!(known.contains(&request.method.as_str()));
    let fields: Vec<_> = form_urlencoded::parse(form).into_owned().collect();
    assert!(fields.len() >= request.parameters.len() + request.headers.len());
    for parameter in &request.parameters {
        assert!(fields.contains(parameter));
        assert_ne!(parameter.0, "content");
    }
    for (name, value) in &request.headers {
        let mut named = fields
            .iter()
            .filter(|(it, _)| it.eq_ignore_ascii_case(name.as_str()));
        assert!(named.any(|(_, it)| it.as_bytes() == value.as_bytes()));
        assert!(!value.as_bytes().contains(&b'\n'));
    }
    let contents = fields.iter().filter(|(name, _)| name == "content");
    let last = contents.last().map(|(_, value)| value.as_str());
    assert_eq!(last.unwrap_or_default(), request.content);
}

fn check_staff(json: &[u8]) {
    if fuzzing::is_asked_by_staff(json) {
        assert!(serde_json::from_slice::<serde_json::Value>(json).is_ok());
    }
}

/// What is kept of an answer is short and of one line, and nobody is left alone for ever.
fn check_answer(head: &[u8], body: &[u8]) {
    let (status, retry_after) = head.split_at(head.len().min(2));
    let status = status.iter().fold(0, |all, it| all * 256 + u16::from(*it));
    let status = 100 + status % 500;
    let Some((told, words, wait)) = fuzzing::answer(status, retry_after, body) else {
        return;
    };
    assert_eq!(told, (200..300).contains(&status));
    assert!(words.chars().count() <= 300, "{words}");
    assert!(!words.chars().any(char::is_control), "{words:?}");
    assert!(wait.is_none_or(|it| it <= Duration::from_hours(1)));
    // Whether another record store has the same statement is asked of what it answers.
    if let Ok(there) = Json::read(body) {
        assert!(same(&there, &there, XapiVersion::Two));
    }
}

/// A token is taken whole, and what is said of an answer without one tells nothing of it.
fn check_token(head: &[u8], body: &[u8]) {
    let status = 100 + u16::from(head.first().copied().unwrap_or(100));
    match fuzzing::token_given(status, body) {
        Ok(header) => {
            let token = header.strip_prefix("Basic ").expect("a token");
            assert!(!token.is_empty());
            let again = serde_json::json!({ "auth-token": token }).to_string();
            assert_eq!(fuzzing::token_given(status, again.as_bytes()), Ok(header));
        }
        Err(words) => assert!(words.len() < 200, "{words}"),
    }
}

/// An origin is one, and has no name, no password, no path and no port but its own.
fn check_origin(url: &str) {
    let Some(origin) = fuzzing::origin_of(url) else {
        return;
    };
    assert_eq!(fuzzing::origin_of(&origin).as_ref(), Some(&origin));
    let (scheme, rest) = origin.split_once("://").expect("a scheme");
    assert!(["http", "https"].contains(&scheme));
    assert!(!rest.contains(['@', '/', '?', '#']), "{origin}");
    assert!(
        rest.rsplit_once(':')
            .is_some_and(|(_, it)| it.parse::<u16>().is_ok())
    );
}

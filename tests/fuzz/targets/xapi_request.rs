//! Any bytes as what else a request to the record store is made of: a multipart body, a signature,
//! documents that become one, parameters, languages, and points in time.

#![no_main]

use libfuzzer_sys::fuzz_target;
use xinghuo_wire::lrs::{
    Json, Languages, Moment, Parameters, StatementQuery, XapiVersion, defined, merged, multipart,
    signed,
};

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else {
        return;
    };
    let at = bytes.iter().position(|b| *b == b'\n');
    let (head, body) = bytes.split_at(at.unwrap_or_default());
    let body = body.get(1..).unwrap_or_default();
    let text = std::str::from_utf8(head).unwrap_or_default();
    match first % 6 {
        0 => check_multipart(text, body),
        1 => check_signature(head, body),
        2 => check_documents(head, body),
        3 => check_query(head),
        4 => check_languages(text, body),
        _ => check_moment(text),
    }
});

fn check_multipart(header: &str, body: &[u8]) {
    assert!(!multipart::essence(header).contains(';'));
    let Some(boundary) = multipart::boundary(header) else {
        return;
    };
    assert!((1..=70).contains(&boundary.len()));
    let Ok(parts) = multipart::read(body, &boundary) else {
        return;
    };
    assert!(parts.len() <= 1_000);
    let mut written = Vec::new();
    for part in &parts {
        let headers: Vec<_> = part.headers.iter().map(|(a, b)| (&**a, &**b)).collect();
        multipart::write(&mut written, &boundary, &headers, part.body);
    }
    multipart::end(&mut written, &boundary);
    let again = multipart::read(&written, &boundary).expect("what was written is read");
    let bodies = |parts: &[multipart::Part<'_>]| -> Vec<Vec<u8>> {
        parts.iter().map(|part| part.body.to_vec()).collect()
    };
    assert_eq!(bodies(&again), bodies(&parts));
}

fn check_signature(attachment: &[u8], content: &[u8]) {
    let Ok(attachment) = Json::read(attachment) else {
        return;
    };
    if let Ok(signature) = signed(&attachment, content) {
        assert!(signature.algorithm.starts_with("RS"));
        assert!(signature.payload.members().is_some());
        assert!(signature.input.contains(&b'.'));
    }
}

fn check_documents(old: &[u8], new: &[u8]) {
    if let Ok(both) = merged(old, new) {
        let both = Json::read(&both).expect("what is merged parses");
        let new = Json::read(new).expect("it was merged");
        for (name, value) in new.members().expect("an object").iter() {
            assert_eq!(both.members().and_then(|it| it.get(name)), Some(value));
        }
    }
    if let (Ok(old), Ok(new)) = (Json::read(old), Json::read(new)) {
        let once = defined(Some(&old), &new);
        assert_eq!(defined(Some(&once), &new), once);
    }
}

fn check_query(query: &[u8]) {
    let given = form_urlencoded::parse(query).into_owned();
    let Ok(parameters) = Parameters::checked(given, StatementQuery::PARAMETERS) else {
        return;
    };
    if let Ok(query) = StatementQuery::read(&parameters) {
        assert!(query.one.is_none() || query.filter == Default::default());
    }
}

fn check_languages(header: &str, map: &[u8]) {
    let languages = Languages::accepted(header);
    let Ok(mut map) = Json::read(map) else {
        return;
    };
    let best = map.members().and_then(|map| languages.choose(map)).cloned();
    let is_empty = map.members().is_none_or(|it| it.is_empty());
    assert_eq!(best.is_none(), is_empty);
    if let Some((tag, text)) = best {
        languages.narrow(&mut map);
        assert_eq!(map, Json::Object([(tag, text)].into()));
    }
    let _ = XapiVersion::named(header);
}

fn check_moment(text: &str) {
    if let Some(moment) = Moment::read(text) {
        let again = Moment::read(&moment.to_string());
        assert_eq!(again, Some(moment), "{text}");
    }
}

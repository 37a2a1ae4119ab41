//! The description of the API: everything that is answered is in it, and nothing else.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use axum::http::StatusCode;
use serde_json::Value;

use crate::place::Place;

/// Every address below `/api/v1` that the program's source gives to a router.
fn routed() -> BTreeSet<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    for file in files_below(&source) {
        let text = fs::read_to_string(file).expect("a file");
        for after in text.split(".route(").skip(1) {
            let literal = after.trim_start().strip_prefix('"');
            let path = literal.and_then(|it| it.split_once('"'));
            let path = path
                .map(|(path, _)| path)
                .filter(|it| it.starts_with("/api/v1/"));
            found.extend(path.map(str::to_owned));
        }
    }
    found
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files_below(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[tokio::test]
async fn every_route_is_described_and_nothing_that_is_not_there() {
    let place = Place::new();
    let server = place.start().await;
    let answer = server.get("/api/openapi.json").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/json");
    let document = answer.json();
    let paths = document["paths"].as_object().expect("paths");
    let described = |prefix: &str| -> BTreeSet<String> {
        let all = paths.keys().filter(|it| it.starts_with(prefix));
        all.cloned().collect()
    };
    let routed = routed();
    assert!(routed.len() > 15, "{routed:?}");
    assert_eq!(described("/api/"), routed);
    assert_eq!(described("/xapi/").len(), 14);
    let mut ids = BTreeSet::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("operations") {
            let id = operation["operationId"].as_str().expect("an id").to_owned();
            assert!(ids.insert(id), "{method} {path} has the id of another");
            let summary = operation["summary"].as_str().unwrap_or_default();
            assert!(
                !summary.is_empty(),
                "{method} {path} does not say what it does"
            );
            let asked = axum::http::Request::builder()
                .method(method.to_uppercase().as_str())
                .uri(path.replace(['{', '}'], ""))
                .body(axum::body::Body::empty())
                .expect("a request");
            let answer = server.ask(asked).await;
            assert_ne!(
                answer.status,
                StatusCode::METHOD_NOT_ALLOWED,
                "{method} {path}"
            );
            assert!(!answer.status.is_server_error(), "{method} {path}");
        }
    }
    let schemas = document["components"]["schemas"]
        .as_object()
        .expect("schemas");
    for reference in references(&document) {
        let name = reference
            .strip_prefix("#/components/schemas/")
            .expect("a schema");
        assert!(schemas.contains_key(name), "{name} is not described");
    }
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            let own = fields
                .get("$ref")
                .and_then(Value::as_str)
                .map(str::to_owned);
            own.into_iter()
                .chain(fields.values().flat_map(references))
                .collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

//! Databases of every version before, with rows in each table that there was: brought up to date, they
//! hold what they held, and go on.

use std::{collections::BTreeMap, fs, path::Path};

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::{
    AssertSqlSafe, SqlSafeStr,
    migrate::{Migration, MigrationType},
};
use xinghuo_package::sha256_hex;
use xinghuo_server::Records;

use crate::{
    attaching,
    place::{Place, Running},
    recorder::{Recorder, by, statement},
    records::{BYTES, MIGRATIONS, columns, insert, make_before, rows},
    upkeep::{fill, verify},
    visitor::Visitor,
};

/// The migrations of a database's folder, oldest first.
pub(crate) fn migrations(of: &str) -> Vec<Migration> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("migrations")
        .join(of);
    let entries = fs::read_dir(folder).expect("a folder");
    let mut steps: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().expect("a name").to_string_lossy();
            let (number, name) = name.split_once('_').expect("a number and a name");
            let number: i64 = number.parse().expect("a number");
            let sql = AssertSqlSafe(fs::read_to_string(&path).expect("SQL")).into_sql_str();
            let kind = MigrationType::Simple;
            Migration::new(number, name.to_owned().into(), kind, sql, false)
        })
        .collect();
    steps.sort_by_key(|step| step.version);
    steps
}

/// Rows of tables that a few requests do not fill; `visit` is a visit's id, bytes are in `<>`.
const MORE: &str = "
    insert into objections (visit, number, at_ms, text, answered_ms, answer)
        values ('{visit}', 1, 5, 'not me', 6, 'so it is');
    insert into forwards (key, label, endpoint, credential, version, filter, position, created_ms)
        values ('f', 'campus', 'https://lrs.example.edu/xapi', 'Basic eDp5', '2.0.0', '{}', 3, 5);
    insert into launches (id, visit, endpoint, credential, learner, registration, activity, template,
            mode, mastery, began_ms, heard_ms, ended_ms, completed)
        values ('l', '{visit}', 'https://lms.example.edu/xapi', 'Basic eDp5', '{\"name\": \"Li\"}',
            '0f0f0f0f-0000-4000-8000-000000000000', 'http://example.org/x', '{}', 'Normal', 0.7, 5, 6,
            7, true);
    insert into deliveries (number, forward, lane, position, created_ms, attempts)
        values (4, 'f', 'lane', 3, 5, 2);
    insert into deliveries (number, launch, lane, statement, created_ms, dead_ms, failure)
        values (5, 'l', 'l', '{\"a\": \"船\"}', 5, 6, 'refused');
    insert into staff (id, name, role, password, created_ms)
        values ('mei', 'mei', 'instructor', '$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA', 5);
    insert into staff (id, name, role, issuer, subject, created_ms, disabled_ms)
        values ('bo', 'bo', 'auditor', 'https://id.example.edu', '17', 5, 6);
    insert into staff_links (token_sha256, staff, expires_ms) values (<01ff>, 'bo', 7);
    insert into staff_sessions (id, token_sha256, staff, created_ms, seen_ms)
        values ('s', <02>, 'mei', 5, 6);
    insert into staff_refusals (name_sha256, failures, last_ms, until_ms) values (<03>, 2, 5, 6);
    insert into staff_sign_ins (token_sha256, state, nonce, verifier, expires_ms)
        values (<04>, 'a', 'b', 'c', 7);
    insert into classes (id, name, code, created_ms, closed_ms) values ('c', '三班', 'abc', 5, 6);
    insert into class_staff (class, staff) values ('c', 'mei');
    insert into class_visits (visit, class, pseudonym) values ('{visit}', 'c', 12);
    insert into labs (id, key_sha256, code, venue, door_open, closing, created_ms, expires_ms)
        values ('lab', <05>, '123456', 'boat', true, false, 5, 6);
    insert into headsets (id, lab, number, token_sha256, visit, leaving, seen_ms)
        values ('h', 'lab', 1, <06>, '{visit}', false, 6);
    insert into handovers (code, visit, headset, expires_ms) values ('654321', '{visit}', 'h', 7);
    insert into former_tokens (token_sha256, visit, may_return) values (<07>, '{visit}', true);
    insert into bucket_leavings (object, due_ms) values ('o', 7);
";

/// The server's own tables with their columns.
async fn tables(records: &Records) -> BTreeMap<String, Vec<String>> {
    let mut tables: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let columns = columns(records).await.into_iter();
    for (table, column) in columns.filter(|(table, _)| !table.starts_with('_')) {
        tables.entry(table).or_default().push(column);
    }
    tables
}

/// Whether a table may be empty: it has what is there for a moment, while a database is upgraded, or
/// what no version could put into it that had no such tables.
fn may_be_empty(table: &str) -> bool {
    table == "unchained" || table.starts_with("limited_")
}

/// What others are answered of what is kept.
async fn answers(server: &Running, recorder: &Recorder, visitor: &Visitor) -> Vec<Value> {
    let document = format!(
        "/xapi/activities/state?activityId=http://example.org/x&stateId=s&{}",
        by("ann")
    );
    let mut answers = Vec::new();
    for path in [&document, "/xapi/statements?ascending=true&limit=200"] {
        let answer = recorder.get(server, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answers.push(answer.json());
    }
    for below in ["", "/statements"] {
        let answer = visitor.get(server, below).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answers.push(answer.json());
    }
    answers
}

/// Adds to what is kept, as everybody does who writes: the visitor agrees to it first, which versions
/// before did not ask.
async fn go_on(server: &Running, recorder: &Recorder, visitor: &Visitor) {
    let (path, token) = (visitor.path("/consent"), Some(visitor.token.as_str()));
    let asked = json!({"version": 1});
    let agreed = server.call(Method::PUT, &path, token, &asked).await;
    assert!(agreed.status.is_success(), "{agreed:?}");
    let answer = visitor.send(server, &visitor.outbox).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let batch: Vec<_> = ["ann", "new"].map(|who| statement(who, "boat")).into();
    let answer = recorder.post(server, &json!(batch)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
}

#[tokio::test]
async fn a_database_of_any_version_before_keeps_all_that_it_has() {
    let place = Place::new();
    let (server, recorder, mut visitor) = fill(&place).await;
    let content = b"a photo of the boat";
    let sum = sha256_hex(content);
    let mut said = statement("ann", "photo");
    said["attachments"] = json!([{
        "usageType": "http://example.org/photo", "display": {"en": "photo"},
        "contentType": "image/png", "length": content.len(), "sha2": sum,
    }]);
    said["actor"]["name"] = json!("Ann");
    said["object"]["definition"] = json!({"name": {"en": "A photo"}});
    let taken = attaching::send(&server, &recorder, &said, (&sum, content)).await;
    assert_eq!(taken.status, StatusCode::OK, "{taken:?}");
    let more = MORE.replace("{visit}", &visitor.visit);
    let more = more.replace('<', BYTES[0]).replace('>', BYTES[1]);
    insert(&place.records, &more).await;
    let expected = answers(&server, &recorder, &visitor).await;
    visitor.attend("bow");

    let now = tables(&place.records).await;
    let mut held = BTreeMap::new();
    for (table, columns) in &now {
        let rows = rows(&place.records, table, columns).await;
        assert!(
            may_be_empty(table) || !rows.is_empty(),
            "no rows in {table}"
        );
        held.insert(table, rows);
    }
    let (folder, oldest) = MIGRATIONS;
    let numbers = migrations(folder).into_iter().map(|step| step.version);
    let numbers: Vec<_> = numbers.filter(|number| *number >= oldest).collect();
    assert!(numbers.len() > 5, "{numbers:?}");
    for last in numbers {
        let before = Place::new();
        make_before(&before.records, last).await;
        let then = tables(&before.records).await;
        let mut copied = String::new();
        for (table, columns) in &then {
            let all = rows(&place.records, table, columns).await;
            let columns = columns.join(", ");
            let insert = |row: String| format!("insert into {table} ({columns}) values ({row});\n");
            copied.extend(all.into_iter().map(insert));
        }
        insert(&before.records, &copied).await;
        let verified = verify(&before.records).await;
        verified.unwrap_or_else(|breach| panic!("of version {last}: {breach}"));
        assert_eq!(tables(&before.records).await, now, "of version {last}");
        for table in then.keys().filter(|table| !may_be_empty(table)) {
            // With the columns that it did not have then.
            let kept = rows(&before.records, table, &now[table]).await;
            assert!(kept == held[table], "{table} of version {last}: {kept:#?}");
        }
        let server = before.start().await;
        assert_eq!(answers(&server, &recorder, &visitor).await, expected);
        go_on(&server, &recorder, &visitor).await;
        verify(&before.records).await.expect("no breach");
    }
}

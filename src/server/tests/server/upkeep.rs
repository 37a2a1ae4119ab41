//! Backing records up, putting them back, and finding what was changed behind the server's back.

use std::path::PathBuf;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_server::{Records, UpkeepCommand, keep_up};

use crate::{
    place::{Place, Running},
    recorder::{Recorder, by, id, statement},
    records::meddle,
    visitor::Visitor,
};

async fn done(command: UpkeepCommand) -> Result<String, String> {
    let mut out = Vec::new();
    let done = Box::pin(keep_up(command, &mut out)).await;
    done.map_err(|error| error.to_string())?;
    Ok(String::from_utf8(out).expect("a text"))
}

pub(crate) async fn verify(records: &Records) -> Result<String, String> {
    verify_since(records, None).await
}

async fn verify_since(records: &Records, known: Option<String>) -> Result<String, String> {
    let records = records.clone();
    done(UpkeepCommand::Verify { records, known }).await
}

pub(crate) async fn back_up(records: &Records, file: PathBuf) -> Result<String, String> {
    back_up_with(records, file, false).await
}

/// The same, with the attachments that lie in a bucket, or without them.
pub(crate) async fn back_up_with(
    records: &Records,
    file: PathBuf,
    with_attachments: bool,
) -> Result<String, String> {
    let records = records.clone();
    done(UpkeepCommand::Backup {
        records,
        with_attachments,
        file,
    })
    .await
}

pub(crate) async fn restore(records: &Records, file: PathBuf) -> Result<String, String> {
    let records = records.clone();
    done(UpkeepCommand::Restore { records, file }).await
}

/// The hash that a verification ends with.
fn end(told: &str) -> String {
    let (_, end) = told.trim_end().rsplit_once(' ').expect("a hash");
    assert_eq!(end.len(), 64, "{told}");
    end.to_owned()
}

async fn erase(server: &Running, visitor: &Visitor) {
    let (path, token) = (visitor.path(""), Some(visitor.token.as_str()));
    let answer = server.call(Method::DELETE, &path, token, &Value::Null);
    assert_eq!(answer.await.status, StatusCode::NO_CONTENT);
}

/// Records of everything that is kept: a visit, one that was erased, statements of others, one of them
/// voided, and documents.
pub(crate) async fn fill(place: &Place) -> (Running, Recorder, Visitor) {
    let server = Box::pin(place.start()).await;
    let recorder = Box::pin(Recorder::new(place, &["all"])).await;
    let mut visitor = Visitor::begin(place, &server).await;
    visitor.attend("landing");
    visitor.answer_all(&server, "landing", true).await;
    let batch: Vec<_> = (0..120).map(|_| statement("ann", "swam")).collect();
    let answer = recorder.post(&server, &json!(batch)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let mut void = statement("bo", "voids");
    void["verb"] = json!({"id": "http://adlnet.gov/expapi/verbs/voided"});
    void["object"] = json!({"objectType": "StatementRef", "id": id(&batch[7])});
    assert_eq!(recorder.post(&server, &void).await.status, StatusCode::OK);
    let path = format!(
        "/xapi/activities/state?activityId=http://example.org/x&stateId=s&{}",
        by("ann")
    );
    let document = json!({"at": "the bow 船头"});
    let put = recorder.send(&server, Method::PUT, &path, &document);
    assert_eq!(put.await.status, StatusCode::NO_CONTENT);
    let erased = Visitor::begin(place, &server).await;
    erase(&server, &erased).await;
    (server, recorder, visitor)
}

#[tokio::test]
async fn a_chain_holds_through_everything_that_a_server_does() {
    let place = Place::new();
    let told = verify(&place.records).await.expect("no breach");
    assert!(told.starts_with("0 statements"), "{told}");
    let (server, recorder, visitor) = fill(&place).await;
    let told = verify(&place.records).await.expect("no breach");
    assert!(told.contains(", 1 erased"), "{told}");
    // What was refused or was there already leaves no trace.
    let one = statement("ann", "dived");
    for _ in 0..2 {
        assert_eq!(recorder.post(&server, &one).await.status, StatusCode::OK);
    }
    let mut other = one.clone();
    other["verb"]["id"] = json!("http://example.org/verbs/other");
    assert_eq!(
        recorder.post(&server, &other).await.status,
        StatusCode::CONFLICT
    );
    let later = verify_since(&place.records, Some(end(&told)))
        .await
        .expect("no breach");
    assert_ne!(end(&later), end(&told));
    let unknown = verify_since(&place.records, Some("ab".repeat(32))).await;
    assert!(
        unknown
            .expect_err("no such hash")
            .contains("removed from its end")
    );

    let statements = visitor.get(&server, "/statements").await.json();
    let statements = statements["statements"]
        .as_array()
        .expect("statements")
        .len();
    erase(&server, &visitor).await;
    let erased = verify_since(&place.records, Some(end(&later)))
        .await
        .expect("no breach");
    assert!(
        erased.contains(&format!(", {} erased", statements + 1)),
        "{erased}"
    );
}

#[tokio::test]
async fn whatever_is_changed_behind_the_servers_back_is_named() {
    let place = Place::new();
    drop(fill(&place).await);
    let whole = place.root.path().join("whole.sqlite");
    back_up(&place.records, whole.clone())
        .await
        .expect("a backup");
    for (sql, position, sentence) in [
        (
            "update statements set statement = replace(statement, 'swam', 'sank') where position = $1",
            40,
            "position 40 was altered",
        ),
        (
            "update statements set stored_us = stored_us - 1 where position = $1",
            1,
            "position 1 was altered",
        ),
        (
            "update statements set authority = (select max(key) from authorities)
             where position = $1",
            2,
            "position 2 was altered",
        ),
        (
            "delete from statements where position = $1",
            33,
            "position 33 was removed",
        ),
        (
            "insert into statements (position, id, statement, stored_us, authority)
             select $1, secret_sha256, '{}', 1, 1 from credentials",
            9_999,
            "position 9999 was inserted",
        ),
        (
            "update statements set voided = true where position = $1",
            50,
            "position 50 is voided",
        ),
        (
            "update statements set voided = false where position > $1",
            0,
            "is voided was altered",
        ),
        (
            "delete from chain where number = $1",
            20,
            "position 20 was inserted",
        ),
        (
            "update chain set content = hash where number = $1",
            20,
            "own row for position 20",
        ),
        (
            "update chain set content = null where number = $1",
            20,
            "own row for position 20",
        ),
    ] {
        let copy = Place::new();
        restore(&copy.records, whole.clone())
            .await
            .expect("it is put back");
        meddle(&copy.records, sql, position).await;
        let found = verify(&copy.records).await.expect_err(sql);
        assert!(found.contains(sentence), "{found:?} after {sql}");
    }

    let told = verify(&place.records).await.expect("no breach");
    for cut in [
        "delete from chain where number > $1",
        "delete from statements where position > $1",
        "update statements set voided = false where position < $1",
    ] {
        meddle(&place.records, cut, 100).await;
    }
    let cut = verify(&place.records).await.expect("the rest is whole");
    assert!(cut.starts_with("100 statements"), "{cut}");
    let noted = verify_since(&place.records, Some(end(&told))).await;
    assert!(
        noted
            .expect_err("it was cut")
            .contains("removed from its end")
    );
}

#[tokio::test]
async fn what_was_backed_up_is_put_back_and_goes_on() {
    let (place, other) = (Place::new(), Place::new());
    let (server, recorder, visitor) = fill(&place).await;
    let file = place.root.path().join("backup.sqlite");
    back_up(&place.records, file.clone())
        .await
        .expect("a backup");
    let again = back_up(&place.records, file.clone())
        .await
        .expect_err("a file");
    assert!(again.contains("already"), "{again}");
    // What comes after the backup is not in it.
    let late = statement("late", "came");
    assert_eq!(recorder.post(&server, &late).await.status, StatusCode::OK);

    restore(&other.records, file.clone())
        .await
        .expect("it is put back");
    let twice = restore(&other.records, file.clone())
        .await
        .expect_err("it is there");
    assert!(twice.contains("records already"), "{twice}");
    let restored = other.start().await;
    let all = "/xapi/statements?ascending=true&limit=0";
    let mut expected = recorder.get(&server, all).await.json();
    let statements = expected["statements"].as_array_mut().expect("statements");
    assert_eq!(statements.pop().expect("the late one")["id"], late["id"]);
    assert_eq!(recorder.get(&restored, all).await.json(), expected);
    let state = format!(
        "/xapi/activities/state?activityId=http://example.org/x&stateId=s&{}",
        by("ann")
    );
    assert_eq!(
        recorder.get(&restored, &state).await.json()["at"],
        "the bow 船头"
    );
    for below in ["", "/statements"] {
        let (there, here) = (visitor.get(&restored, below), visitor.get(&server, below));
        assert_eq!(there.await.json(), here.await.json());
    }
    assert_eq!(recorder.post(&restored, &late).await.status, StatusCode::OK);
    let mut next = Visitor::begin(&other, &restored).await;
    next.attend("bow");
    next.flush(&restored).await;
    verify(&other.records).await.expect("no breach");
}

#[tokio::test]
async fn a_backup_that_was_changed_is_not_put_back() {
    let (place, other) = (Place::new(), Place::new());
    drop(fill(&place).await);
    meddle(
        &place.records,
        "update statements set stored_us = 1 where position = $1",
        60,
    )
    .await;
    let file = place.root.path().join("backup.sqlite");
    back_up(&place.records, file.clone())
        .await
        .expect("a backup");
    let refused = restore(&other.records, file).await.expect_err("a breach");
    assert!(refused.contains("position 60 was altered"), "{refused}");
    let told = verify(&other.records).await.expect("no breach");
    assert!(told.starts_with("0 statements"), "{told}");
}

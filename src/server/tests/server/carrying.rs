//! Attachments in a bucket, and backups that carry them: put back where they are to lie, whatever has
//! become of the bucket.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

use axum::http::{Method, StatusCode};
use serde_json::Value;
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use xinghuo_package::sha256_hex;
use xinghuo_server::{BucketOptions, Records};

use crate::{
    attaching::send as attach,
    bucket::{CONTENT, drawing, place_with},
    heap::Heap,
    person::call,
    place::{Place, Running},
    recorder::{Recorder, id},
    records::hold,
    upkeep::{back_up_with, restore, verify},
    visitor::Visitor,
};

/// What of the attachment's content can be looked for in a file.
const WORDS: &str = "a drawing that nobody else has";

/// The number of the next backup.
static NEXT: AtomicUsize = AtomicUsize::new(1);

/// A deployment with a bucket and one attachment in it.
struct Deployment {
    heap: Heap,
    place: Place,
    server: Running,
    recorder: Recorder,
    visitor: Visitor,
    said: Value,
}

impl Deployment {
    async fn with_a_drawing() -> Self {
        let heap = Heap::start().await;
        let place = place_with(&heap);
        let server = place.start().await;
        let recorder = Recorder::new(&place, &["all"]).await;
        let visitor = Visitor::begin(&place, &server).await;
        let said = drawing(Some(&visitor));
        let sum = sha256_hex(CONTENT);
        let stored = attach(&server, &recorder, &said, (&sum, CONTENT)).await;
        assert_eq!(stored.status, StatusCode::OK, "{stored:?}");
        assert_eq!(heap.held().objects.len(), 1);
        Self {
            heap,
            place,
            server,
            recorder,
            visitor,
            said,
        }
    }

    async fn back_up(&self, with_attachments: bool) -> (PathBuf, Result<String, String>) {
        let name = format!("backup-{}.sqlite", NEXT.fetch_add(1, Ordering::Relaxed));
        let file = self.place.folder(&name);
        let told = back_up_with(&self.place.records, file.clone(), with_attachments).await;
        (file, told)
    }

    /// Somewhere to put a backup back, with the bucket or with none.
    fn other(&self, with_bucket: bool) -> Place {
        if with_bucket {
            place_with(&self.heap)
        } else {
            Place::new()
        }
    }

    /// Whether a deployment that was put back gives the attachment to whoever asks for it.
    async fn is_read_at(&self, place: &Place) -> bool {
        let path = format!(
            "/xapi/statements?statementId={}&attachments=true",
            id(&self.said)
        );
        let read = self.recorder.get(&place.start().await, &path).await;
        assert_eq!(read.status, StatusCode::OK, "{read:?}");
        read.bytes
            .windows(CONTENT.len())
            .any(|part| part == CONTENT)
    }
}

fn holds(file: &PathBuf) -> bool {
    let bytes = std::fs::read(file).expect("a file");
    bytes
        .windows(WORDS.len())
        .any(|part| part == WORDS.as_bytes())
}

/// Changes a backup by hand.
async fn forge(file: &PathBuf, sql: &'static str) {
    let options = SqliteConnectOptions::new().filename(file);
    let mut backup = options.connect().await.expect("it opens");
    let changed = sqlx::query(sql).execute(&mut backup).await.expect(sql);
    assert_eq!(changed.rows_affected(), 1, "{sql}");
    backup.close().await.expect("it closes");
}

#[tokio::test]
async fn a_backup_carries_what_lies_in_the_bucket_where_it_is_asked_to() {
    let from = Deployment::with_a_drawing().await;
    let (without, told) = from.back_up(false).await;
    assert!(told.expect("a backup").contains("give --with-attachments"));
    assert!(!holds(&without));
    let (with, told) = from.back_up(true).await;
    let told = told.expect("a backup");
    assert!(
        told.contains("1 attachments of the bucket are in this file"),
        "{told}"
    );
    assert!(!told.contains("not in this file"), "{told}");
    assert!(holds(&with));

    // Where there is no bucket, it lies in the database.
    let here = from.other(false);
    let told = restore(&here.records, with.clone())
        .await
        .expect("it is put back");
    assert!(
        told.contains("1 attachments of this backup are in the database now"),
        "{told}"
    );
    assert!(from.is_read_at(&here).await);
    let told = verify(&here.records).await.expect("no breach");
    assert!(!told.contains("lie in a bucket"), "{told}");

    // Where the bucket has it, it lies there and nowhere else.
    let objects = from.heap.held().objects.clone();
    let there = from.other(true);
    let told = restore(&there.records, with.clone())
        .await
        .expect("it is put back");
    assert!(
        told.contains("1 attachments of this backup were in the bucket records, 0 were put"),
        "{told}"
    );
    assert!(!hold(&there.records, WORDS));
    assert!(from.is_read_at(&there).await);
    assert_eq!(from.heap.held().objects, objects);
    let told = verify(&there.records).await.expect("no breach");
    assert!(
        told.contains("1 attachments as stored in the bucket"),
        "{told}"
    );
}

#[tokio::test]
async fn what_a_bucket_has_lost_comes_back_with_a_backup_that_carries_it() {
    let from = Deployment::with_a_drawing().await;
    let (without, _) = from.back_up(false).await;
    let (with, _) = from.back_up(true).await;
    let objects = from.heap.held().objects.clone();
    let name = objects.keys().next().expect("one");
    for lost in [None, Some(b"another".to_vec())] {
        {
            let mut held = from.heap.held();
            held.objects.clear();
            held.objects.extend(lost.map(|it| (name.clone(), it)));
        }
        let refused = restore(&from.other(true).records, without.clone()).await;
        let refused = refused.expect_err("it lost an attachment");
        assert!(
            refused.contains("what is attached to the statement"),
            "{refused}"
        );
        let place = from.other(true);
        let told = restore(&place.records, with.clone())
            .await
            .expect("it is put back");
        assert!(
            told.contains("0 attachments of this backup were in the bucket records, 1 were put"),
            "{told}"
        );
        assert_eq!(from.heap.held().objects, objects);
        assert!(from.is_read_at(&place).await);
        assert!(!hold(&place.records, WORDS));
        verify(&place.records).await.expect("no breach");
    }
}

#[tokio::test]
async fn what_was_erased_and_put_back_is_erased_again_in_the_bucket_too() {
    let from = Deployment::with_a_drawing().await;
    let (with, _) = from.back_up(true).await;
    let erase = async |server: &Running| {
        let erased = call(server, &from.visitor, Method::DELETE, "", &Value::Null).await;
        assert_eq!(erased.status, StatusCode::NO_CONTENT, "{erased:?}");
        assert!(from.heap.held().objects.is_empty());
    };
    erase(&from.server).await;
    let place = from.other(true);
    restore(&place.records, with).await.expect("it is put back");
    assert_eq!(from.heap.held().objects.len(), 1);
    erase(&place.start().await).await;
    verify(&place.records).await.expect("no breach");
}

#[tokio::test]
async fn a_backup_that_lacks_an_attachment_says_so() {
    let from = Deployment::with_a_drawing().await;
    let blind = Records {
        bucket: BucketOptions::default(),
        ..from.place.records.clone()
    };
    let refused = back_up_with(&blind, from.place.folder("blind.sqlite"), true).await;
    assert!(refused.expect_err("no bucket").contains("give --bucket"));

    from.heap.held().fails = Some(403);
    let (file, refused) = from.back_up(true).await;
    let refused = refused.expect_err("it is away");
    assert!(refused.contains("the bucket did not do it"), "{refused}");
    let names = std::fs::read_dir(from.place.root.path()).expect("a folder");
    let names = names.map(|it| it.expect("an entry").file_name());
    let left: Vec<_> = names
        .map(|it| it.to_string_lossy().into_owned())
        .filter(|it| it.contains("backup") || it.contains("blind"))
        .collect();
    assert!(left.is_empty() && !file.exists(), "{left:?}");

    from.heap.held().fails = None;
    let name = from.heap.held().objects.keys().next().cloned();
    for lost in [Some(b"another".to_vec()), None] {
        {
            let mut held = from.heap.held();
            held.objects.clear();
            held.objects.extend(name.clone().zip(lost));
        }
        let (file, told) = from.back_up(true).await;
        let told = told.expect_err("it lacks one");
        assert!(
            told.contains("1 attachments are in the bucket no more, or not as they were stored"),
            "{told}"
        );
        let place = from.other(false);
        let told = restore(&place.records, file).await.expect("it is put back");
        assert!(told.contains("1 attachments lie in a bucket"), "{told}");
    }
}

#[tokio::test]
async fn a_carried_attachment_that_was_changed_is_not_put_back() {
    let from = Deployment::with_a_drawing().await;
    for (sql, says) in [
        (
            "update attachments set content = x'00'",
            "what is attached to the statement",
        ),
        (
            "update attachments set object = 'somebody/elses'",
            "name of an attachment's object cannot be read",
        ),
    ] {
        let (file, told) = from.back_up(true).await;
        told.expect("a backup");
        forge(&file, sql).await;
        let objects = from.heap.held().objects.clone();
        let place = from.other(true);
        let refused = restore(&place.records, file).await.expect_err(sql);
        assert!(refused.contains(says), "{refused}");
        assert_eq!(from.heap.held().objects, objects);
    }
}

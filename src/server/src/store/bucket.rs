//! Attachments that lie in a bucket: stored before the row that says so, deleted after it has gone.
//!
//! What is to be deleted is in a table until the bucket has done it, and so is what is being stored
//! until its row is there: whatever happens in between, nothing stays in the bucket that nobody knows.

use super::{Connection, Store, StoreError, now_us, query};
use crate::bucket::{Bucket, BucketError};

/// How long storing an attachment may take before its object counts as left behind.
const STORING_MS: i64 = 60 * 60 * 1000;

/// How many objects are deleted before others are looked for.
const PAGE: u32 = 100;

/// An attachment that is to be kept: in the row itself, or in an object of the bucket.
#[derive(Debug)]
pub(crate) struct Laid {
    sha2: String,
    content: Vec<u8>,
    object: Option<String>,
}

impl From<BucketError> for StoreError {
    fn from(error: BucketError) -> Self {
        Self::Bucket {
            cause: error.to_string(),
        }
    }
}

impl Store {
    /// Lays attachments where they are to lie, before the turn in which they are kept.
    pub(crate) async fn lay(
        &self,
        attached: Vec<(String, Vec<u8>)>,
    ) -> Result<Vec<Laid>, StoreError> {
        let mut laid = Vec::new();
        for (sha2, content) in attached {
            let Some(bucket) = &self.bucket else {
                let object = None;
                laid.push(Laid {
                    sha2,
                    content,
                    object,
                });
                continue;
            };
            let object = Bucket::new_object(&sha2);
            let mut turn = self.turn().await?;
            query("insert into bucket_leavings (object, due_ms) values ($1, $2)")
                .bind(object.as_str())
                .bind(now_us() / 1000 + STORING_MS)
                .run(turn.on())
                .await?;
            turn.commit().await?;
            Box::pin(bucket.put(&object, content)).await?;
            laid.push(Laid {
                sha2,
                content: Vec::new(),
                object: Some(object),
            });
        }
        Ok(laid)
    }

    /// What an attachment holds, wherever it lies.
    pub(crate) async fn content(
        &self,
        content: Vec<u8>,
        object: Option<&str>,
    ) -> Result<Vec<u8>, StoreError> {
        match object {
            None => Ok(content),
            Some(object) => Ok(Box::pin(self.bucket()?.get(object)).await?),
        }
    }

    /// The bucket that something lies in.
    pub(super) fn bucket(&self) -> Result<&Bucket, StoreError> {
        self.bucket.as_ref().ok_or_else(|| StoreError::Bucket {
            cause: "it lies in a bucket, and none is named: give --bucket".into(),
        })
    }

    /// Deletes what the bucket has and nobody needs, and says how much that was. What the bucket does
    /// not delete now is deleted when this is next done.
    pub(crate) async fn tidy_bucket(&self, now_ms: i64) -> Result<u64, StoreError> {
        let due = "select object from bucket_leavings where due_ms <= $1 order by object limit $2";
        let mut deleted = 0;
        loop {
            let due = query(due).bind(now_ms).bind(PAGE);
            let due: Vec<(String,)> = due.all(&mut self.reader().await?).await?;
            if due.is_empty() {
                return Ok(deleted);
            }
            let Some(bucket) = &self.bucket else {
                return Err(StoreError::Bucket {
                    cause: "it holds what was erased, and none is named: give --bucket".into(),
                });
            };
            for (object,) in due {
                bucket.delete(&object).await?;
                let mut turn = self.turn().await?;
                let gone = query("delete from bucket_leavings where object = $1");
                gone.bind(object).run(turn.on()).await?;
                turn.commit().await?;
                deleted += 1;
            }
        }
    }

    /// The same for whoever has just erased something: it is erased, whatever the bucket does.
    pub(super) async fn tidy_bucket_soon(&self, now_ms: i64) {
        if let Err(cause) = self.tidy_bucket(now_ms).await {
            tracing::error!(%cause, "an erased attachment is still in the bucket; it is deleted within the hour after the bucket is back");
        }
    }

    /// How many attachments lie in a bucket, and nowhere else.
    pub(crate) async fn in_bucket(&self) -> Result<i64, StoreError> {
        let all = query(
            "select count(*) from attachments where object is not null and length(content) = 0",
        );
        let (all,): (i64,) = all.one(&mut self.reader().await?).await?;
        Ok(all)
    }

    /// The bucket's name, if one is named.
    pub(crate) fn bucket_name(&self) -> Option<&str> {
        self.bucket.as_ref().map(Bucket::name)
    }
}

/// Keeps attachments that were laid, within a turn at writing. One that is here already stays as it is.
pub(crate) async fn keep_laid(on: &mut Connection, laid: &[Laid]) -> Result<(), StoreError> {
    for it in laid {
        let kept = query(
            "insert into attachments (sha2, content, object) values ($1, $2, $3)
             on conflict do nothing",
        )
        .bind(it.sha2.as_str())
        .bind(it.content.as_slice())
        .bind(it.object.as_deref());
        let is_new = kept.run(on).await? > 0;
        let Some(object) = &it.object else { continue };
        let leaving = if is_new {
            query("delete from bucket_leavings where object = $1")
        } else {
            query("update bucket_leavings set due_ms = 0 where object = $1")
        };
        leaving.bind(object.as_str()).run(on).await?;
    }
    Ok(())
}

/// Deletes an attachment that no statement names any more, within a turn at writing; what of it is in
/// the bucket is to be deleted next.
pub(super) async fn forget_orphan(on: &mut Connection, sha2: &str) -> Result<(), StoreError> {
    let nobody = "sha2 = $1 and not exists (
            select 1 from attachments_of_statements named where named.sha2 = attachments.sha2)
        and not exists (
            select 1 from limited_attachments named where named.sha2 = attachments.sha2)";
    let mut leaves = query(
        "insert into bucket_leavings (object, due_ms) select object, 0 from attachments where object is not null and ",
    );
    leaves.push(nobody);
    leaves.bind(sha2).run(on).await?;
    let mut orphaned = query("delete from attachments where ");
    orphaned.push(nobody);
    orphaned.bind(sha2).run(on).await?;
    Ok(())
}

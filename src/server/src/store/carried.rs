//! Attachments of a bucket in a backup, where it is asked to carry them.
//!
//! A row of such a backup says where its attachment lies and holds the content as well. Nothing that a
//! server works with has such rows: when the backup is put back, each becomes one or the other.

use std::path::Path;

use super::{Store, StoreError, open, query};
use crate::{
    bucket::{Bucket, BucketError},
    lrs::is_sum_of,
};

/// How many rows are looked at before others are looked for.
const PAGE: u32 = 100;

/// What a backup carries of the attachments that lie in the bucket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Carried {
    /// How many it has.
    pub(crate) here: u64,
    /// How many the bucket has no more, or not as they were stored.
    pub(crate) lost: u64,
}

/// Where the attachments that came with a backup lie now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PutBack {
    /// How many the bucket had.
    pub(crate) there: u64,
    /// How many were put into it.
    pub(crate) put: u64,
    /// How many are in the database, since no bucket was named.
    pub(crate) here: u64,
}

/// A row of an attachment that lies in a bucket.
type Lying = (String, String);

impl Store {
    /// Puts into a copy of this store, just made, what the bucket has of its attachments.
    pub(crate) async fn carry_into(&self, file: &Path) -> Result<Carried, StoreError> {
        let copy = open::file(file).await?;
        let carried = self.carry(&copy).await;
        copy.close().await;
        carried
    }

    async fn carry(&self, copy: &Self) -> Result<Carried, StoreError> {
        let (mut carried, mut after) = (Carried::default(), String::new());
        loop {
            let page = copy.lying_after(&after).await?;
            let Some((last, _)) = page.last() else {
                return Ok(carried);
            };
            after.clone_from(last);
            for (sha2, object) in page {
                let content = self.bucket()?.get(&object).await;
                match content {
                    Ok(content) if is_sum_of(&sha2, &content) => {
                        let row = "update attachments set content = $1 where sha2 = $2";
                        let row = query(row).bind(content.as_slice()).bind(sha2);
                        let mut turn = copy.turn().await?;
                        row.run(turn.on()).await?;
                        turn.commit().await?;
                        carried.here += 1;
                    }
                    Ok(_) | Err(BucketError::Missing) => carried.lost += 1,
                    Err(cause) => return Err(cause.into()),
                }
            }
        }
    }

    /// Lets each attachment that this backup carries lie in one place: in the bucket, if one is named,
    /// else in the database. What the bucket does not have, or not as it was stored, is put into it
    /// under the name that it had there, so that whoever does this again does it once.
    pub(crate) async fn put_carried_back(&self) -> Result<PutBack, StoreError> {
        let (mut done, mut after) = (PutBack::default(), String::new());
        loop {
            let page = self.lying_after(&after).await?;
            let Some((last, _)) = page.last() else {
                return Ok(done);
            };
            after.clone_from(last);
            for (sha2, object) in page {
                let content = query("select content from attachments where sha2 = $1");
                let content = content.bind(sha2.as_str());
                let (content,): (Vec<u8>,) = content.one(&mut self.reader().await?).await?;
                if !is_sum_of(&sha2, &content) {
                    continue;
                }
                let row = match &self.bucket {
                    None => {
                        done.here += 1;
                        query("update attachments set object = null where sha2 = $1").bind(sha2)
                    }
                    Some(bucket) => {
                        if has(bucket, &sha2, &object).await? {
                            done.there += 1;
                        } else {
                            bucket.put(&object, content).await?;
                            done.put += 1;
                        }
                        let row = query("update attachments set content = $2 where sha2 = $1");
                        row.bind(sha2).bind(&[][..])
                    }
                };
                let mut turn = self.turn().await?;
                row.run(turn.on()).await?;
                turn.commit().await?;
            }
        }
    }

    async fn lying_after(&self, sha2: &str) -> Result<Vec<Lying>, StoreError> {
        let page = query(
            "select sha2, object from attachments where object is not null and sha2 > $1
             order by sha2 limit $2",
        );
        let page = page.bind(sha2).bind(PAGE);
        page.all(&mut self.reader().await?).await
    }
}

/// Whether the bucket has an attachment as it was stored.
async fn has(bucket: &Bucket, sha2: &str, object: &str) -> Result<bool, StoreError> {
    // The name is the backup's word, and nothing but an attachment's own object may be written.
    if !object.starts_with(&format!("attachments/{sha2}/")) {
        return Err(StoreError::Unreadable {
            what: "name of an attachment's object",
        });
    }
    match bucket.get(object).await {
        Ok(content) => Ok(is_sum_of(sha2, &content)),
        Err(BucketError::Missing) => Ok(false),
        Err(cause) => Err(cause.into()),
    }
}

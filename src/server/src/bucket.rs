//! A bucket that attachments lie in, where an administrator has named one: any that speaks S3.
//!
//! Objects are written once, under a name of their own, and deleted; nothing is ever written over, but
//! by a backup that is put back, with what it had. So whoever deletes one cannot hit what another has
//! just stored.

mod asking;
mod options;

use std::{sync::Arc, time::Duration};

use object_store::{
    BackoffConfig, ObjectStore, ObjectStoreExt, RetryConfig, aws::AmazonS3Builder, path::Path,
};
use tokio::time::timeout;
use uuid::Uuid;

pub use options::BucketOptions;

use asking::Asking;

use crate::StartError;

/// How long a request may take, with all that is tried again.
const PATIENCE: Duration = Duration::from_secs(12);

/// A bucket.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    objects: Arc<dyn ObjectStore>,
    name: String,
}

/// Why a bucket did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BucketError {
    /// It does not have the object.
    #[error("the bucket does not have it")]
    Missing,
    /// It does not answer, or does not let anybody in.
    #[error("the bucket did not do it: {0}")]
    Away(String),
}

impl From<object_store::Error> for BucketError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            error => Self::Away(error.to_string()),
        }
    }
}

impl Bucket {
    /// The bucket that these options name, if they name one.
    pub(crate) fn of(options: &BucketOptions) -> Result<Option<Self>, StartError> {
        let Some(named) = options.checked()? else {
            return Ok(None);
        };
        let retry = RetryConfig {
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(100),
                max_backoff: Duration::from_secs(2),
                base: 2.0,
            },
            max_retries: 3,
            retry_timeout: PATIENCE,
        };
        let built = AmazonS3Builder::new()
            .with_bucket_name(&named.bucket)
            .with_endpoint(&named.endpoint)
            .with_region(&named.region)
            .with_access_key_id(&named.key)
            .with_secret_access_key(&named.secret)
            // Each provider has it, and none needs a name of its own for each bucket.
            .with_virtual_hosted_style_request(false)
            .with_disable_bulk_delete(true)
            .with_allow_http(true)
            .with_retry(retry)
            .with_http_connector(Asking::default())
            .build();
        let objects = built.map_err(|cause| StartError::Bucket {
            cause: cause.to_string(),
        })?;
        Ok(Some(Self {
            objects: Arc::new(objects),
            name: named.bucket,
        }))
    }

    /// Objects in memory, for tests.
    #[cfg(test)]
    pub(crate) fn in_memory() -> Self {
        Self {
            objects: Arc::new(object_store::memory::InMemory::new()),
            name: "in-memory".into(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// A name that no object has. It tells the sum of the content, for whoever looks at the bucket.
    pub(crate) fn new_object(sum: &str) -> String {
        format!("attachments/{sum}/{}", Uuid::new_v4())
    }

    /// Writes an object. When this returns, the bucket has it.
    pub(crate) async fn put(&self, object: &str, content: Vec<u8>) -> Result<(), BucketError> {
        let path = Path::from(object);
        patiently(async { Ok(self.objects.put(&path, content.into()).await.map(drop)?) }).await
    }

    /// Reads an object.
    pub(crate) async fn get(&self, object: &str) -> Result<Vec<u8>, BucketError> {
        let path = Path::from(object);
        patiently(async { Ok(self.objects.get(&path).await?.bytes().await?.to_vec()) }).await
    }

    /// Deletes an object; one that is not there is as good as deleted.
    pub(crate) async fn delete(&self, object: &str) -> Result<(), BucketError> {
        let path = Path::from(object);
        let deleted = patiently(async { Ok(self.objects.delete(&path).await?) }).await;
        match deleted {
            Err(BucketError::Missing) => Ok(()),
            deleted => deleted,
        }
    }

    /// Whether it lets us write, read and delete: tried out with a small object.
    pub(crate) async fn try_out(&self) -> Result<(), BucketError> {
        let object = format!("attachments/try/{}", Uuid::new_v4());
        self.put(&object, b"xinghuo".to_vec()).await?;
        let read = self.get(&object).await;
        self.delete(&object).await?;
        match read? {
            content if content == b"xinghuo" => Ok(()),
            _ => Err(BucketError::Away("it gave back something else".into())),
        }
    }
}

async fn patiently<T>(
    work: impl Future<Output = Result<T, BucketError>>,
) -> Result<T, BucketError> {
    match timeout(PATIENCE, work).await {
        Ok(done) => done,
        Err(_) => Err(BucketError::Away("there was no answer in time".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_put_is_there_until_it_is_deleted() {
        let bucket = Bucket::in_memory();
        let object = Bucket::new_object("0ff");
        assert_ne!(
            object,
            Bucket::new_object("0ff"),
            "no object is written over"
        );
        bucket
            .put(&object, b"a lamp".to_vec())
            .await
            .expect("it is put");
        assert_eq!(bucket.get(&object).await.expect("it is there"), b"a lamp");
        bucket.delete(&object).await.expect("it is deleted");
        assert!(matches!(
            bucket.get(&object).await,
            Err(BucketError::Missing)
        ));
        bucket.delete(&object).await.expect("it is gone already");
        bucket.try_out().await.expect("it can be used");
    }
}

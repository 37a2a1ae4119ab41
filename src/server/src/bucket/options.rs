//! Which bucket attachments lie in, if not in the database.

use std::{fs, path::PathBuf};

use crate::{StartError, outward::origin};

/// Which bucket attachments lie in. Without one they lie in the database.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct BucketOptions {
    /// Put the attachments of statements into this bucket of an S3-compatible store, and not into the
    /// database; give the same to every command, since some of them delete and verify there
    #[arg(long, value_name = "NAME", requires = "bucket_endpoint")]
    pub bucket: Option<String>,
    /// Where the store is, such as <https://s3.example.edu>
    #[arg(long, value_name = "URL", requires = "bucket")]
    pub bucket_endpoint: Option<String>,
    /// The region that requests are signed for
    #[arg(long, value_name = "REGION", default_value = "us-east-1")]
    pub bucket_region: Option<String>,
    /// The id of the access key
    #[arg(long, value_name = "ID", requires = "bucket")]
    pub bucket_key: Option<String>,
    /// A file with the access key's secret, or `XINGHUO_BUCKET_SECRET`: on the command line others
    /// would see it
    #[arg(long, value_name = "FILE", requires = "bucket")]
    pub bucket_secret_file: Option<PathBuf>,
}

/// A bucket that is named in full.
pub(super) struct Named {
    pub(super) bucket: String,
    pub(super) endpoint: String,
    pub(super) region: String,
    pub(super) key: String,
    pub(super) secret: String,
}

impl BucketOptions {
    /// The bucket that is named, if one is and nothing of it is missing.
    pub(super) fn checked(&self) -> Result<Option<Named>, StartError> {
        let Some(bucket) = &self.bucket else {
            return Ok(None);
        };
        let wrong = |cause: &str| StartError::Bucket {
            cause: cause.to_owned(),
        };
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
        if !(3..=63).contains(&bucket.len()) || !bucket.chars().all(fits) {
            return Err(wrong(&format!(
                "--bucket {bucket:?} is no name of a bucket: it has 3 to 63 small letters, digits, dots and hyphens"
            )));
        }
        let endpoint = self.bucket_endpoint.as_deref().unwrap_or_default();
        if origin(endpoint).is_none() || endpoint.contains(['?', '#']) {
            return Err(wrong(&format!(
                "--bucket-endpoint {endpoint:?} is no address: give one like https://s3.example.edu"
            )));
        }
        let key = self.bucket_key.clone();
        let key =
            key.ok_or_else(|| wrong("--bucket-key is missing: give the id of an access key"))?;
        let secret = match &self.bucket_secret_file {
            Some(file) => fs::read_to_string(file).map_err(|cause| {
                wrong(&format!(
                    "--bucket-secret-file cannot be read ({cause}); correct it: {}",
                    file.display()
                ))
            })?,
            None => std::env::var("XINGHUO_BUCKET_SECRET").map_err(|_| {
                wrong("the secret is missing: give --bucket-secret-file or XINGHUO_BUCKET_SECRET")
            })?,
        };
        Ok(Some(Named {
            bucket: bucket.clone(),
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            region: self
                .bucket_region
                .clone()
                .unwrap_or_else(|| "us-east-1".into()),
            key,
            secret: secret.trim_end_matches(['\r', '\n']).to_owned(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(change: impl FnOnce(&mut BucketOptions), says: &str) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("secret");
        fs::write(&file, "s\n").expect("a file");
        let mut options = BucketOptions {
            bucket: Some("records".into()),
            bucket_endpoint: Some("https://s3.example.edu/".into()),
            bucket_region: None,
            bucket_key: Some("k".into()),
            bucket_secret_file: Some(file),
        };
        let named = options
            .checked()
            .expect("it is named in full")
            .expect("a bucket");
        assert_eq!(
            (&*named.secret, &*named.endpoint),
            ("s", "https://s3.example.edu")
        );
        change(&mut options);
        let told = options.checked().map(|_| ()).expect_err(says).to_string();
        assert!(told.contains(says), "{told}");
    }

    #[test]
    fn whatever_is_missing_is_named() {
        refused(
            |it| it.bucket = Some("Records!".into()),
            "--bucket \"Records!\"",
        );
        refused(
            |it| it.bucket_endpoint = Some("s3.example.edu".into()),
            "--bucket-endpoint",
        );
        refused(|it| it.bucket_key = None, "--bucket-key is missing");
        refused(
            |it| it.bucket_secret_file = Some("/nowhere".into()),
            "/nowhere",
        );
        refused(|it| it.bucket_secret_file = None, "XINGHUO_BUCKET_SECRET");
    }
}

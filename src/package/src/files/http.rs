//! A published package at an address: every byte is held against the manifest.

use std::collections::BTreeMap;

use super::{FILE_BYTES, FileError, Files, is_inside};
use crate::{
    hash::sha256_hex,
    published::{MANIFEST_BYTES, Manifest},
};

/// How bytes come from an address. The browser, a server and a test each have a way of their own.
#[allow(
    async_fn_in_trait,
    reason = "in the browser, fetching happens on one thread, where futures are not Send"
)]
pub trait Fetch {
    /// The body found at `address`; the error is a sentence for the log. More than `most` bytes
    /// are never kept: whoever sends more than was announced is not listened to.
    async fn fetch(&self, address: &str, most: u64) -> Result<Vec<u8>, String>;
}

/// A published package at an address.
///
/// Apart from `manifest.json` itself, which [`published::open`](crate::published::open) holds
/// against the package's own hash, a file that is not what the manifest says is refused.
#[derive(Debug, Clone)]
pub struct Http<F> {
    fetch: F,
    base: String,
    manifest: Manifest,
    manifest_bytes: Vec<u8>,
}

impl<F: Fetch> Http<F> {
    /// Reads the manifest of the package at `base`, for example `/packages/red-boat/0f3c…/`.
    pub async fn open(fetch: F, base: &str) -> Result<Self, FileError> {
        let base = format!("{}/", base.trim_end_matches('/'));
        let path = Manifest::PATH;
        let failed = |cause| FileError::Unreadable {
            path: path.into(),
            cause,
        };
        let manifest_bytes = fetch
            .fetch(&format!("{base}{path}"), MANIFEST_BYTES)
            .await
            .map_err(failed)?;
        let manifest =
            serde_json::from_slice(&manifest_bytes).map_err(|cause| failed(cause.to_string()))?;
        Ok(Self {
            fetch,
            base,
            manifest,
            manifest_bytes,
        })
    }

    /// The manifest that every file is held against.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}

impl<F: Fetch> Files for Http<F> {
    async fn list(&self) -> Result<BTreeMap<String, u64>, FileError> {
        let files = self.manifest.files.iter();
        Ok(files.map(|file| (file.path.clone(), file.bytes)).collect())
    }

    async fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        if path == Manifest::PATH {
            return Ok(self.manifest_bytes.clone());
        }
        if !is_inside(path) {
            return Err(FileError::Outside { path: path.into() });
        }
        let Some(file) = self.manifest.file(path) else {
            return Err(FileError::Missing { path: path.into() });
        };
        let address = format!("{}{}", self.base, encoded(path));
        let bytes = self
            .fetch
            .fetch(&address, file.bytes.min(FILE_BYTES))
            .await
            .map_err(|cause| FileError::Unreadable {
                path: path.into(),
                cause,
            })?;
        if bytes.len() as u64 != file.bytes || sha256_hex(&bytes) != file.sha256 {
            return Err(FileError::Altered { path: path.into() });
        }
        Ok(bytes)
    }
}

/// `path` as it is written in an address: all but letters, digits, `-._~` and `/` percent-encoded.
fn encoded(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

//! A package in memory: for tests, and for what has been read already.

use std::collections::BTreeMap;

use super::{FileError, Files};

/// Files by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory(pub BTreeMap<String, Vec<u8>>);

impl Files for Memory {
    async fn list(&self) -> Result<BTreeMap<String, u64>, FileError> {
        let sizes = self.0.iter();
        Ok(sizes
            .map(|(path, bytes)| (path.clone(), bytes.len() as u64))
            .collect())
    }

    async fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.0
            .get(path)
            .cloned()
            .ok_or_else(|| FileError::Missing { path: path.into() })
    }
}

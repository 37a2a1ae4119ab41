//! A package in a folder.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::{FileError, Files, is_inside};

/// A folder on this machine. Symbolic links are not followed, so nothing outside it can be read.
#[derive(Debug, Clone)]
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    /// The folder at `root`, which need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn walk(&self, folder: &str, found: &mut BTreeMap<String, u64>) -> Result<(), FileError> {
        let failed = |cause: io::Error| FileError::Unreadable {
            path: folder.into(),
            cause: cause.to_string(),
        };
        for entry in fs::read_dir(self.root.join(folder)).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() {
                name
            } else {
                format!("{folder}/{name}")
            };
            let metadata = entry.metadata().map_err(failed)?;
            if metadata.is_dir() {
                self.walk(&path, found)?;
            } else if metadata.is_file() {
                found.insert(path, metadata.len());
            }
        }
        Ok(())
    }

    /// Whether a part of `path` is a symbolic link.
    fn is_linked(&self, path: &str) -> bool {
        Path::new(path)
            .ancestors()
            .filter(|part| !part.as_os_str().is_empty())
            .any(|part| self.root.join(part).is_symlink())
    }
}

impl Files for Directory {
    async fn list(&self) -> Result<BTreeMap<String, u64>, FileError> {
        let mut found = BTreeMap::new();
        self.walk("", &mut found)?;
        Ok(found)
    }

    async fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        if !is_inside(path) || self.is_linked(path) {
            return Err(FileError::Outside { path: path.into() });
        }
        fs::read(self.root.join(path)).map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound => FileError::Missing { path: path.into() },
            _ => FileError::Unreadable {
                path: path.into(),
                cause: cause.to_string(),
            },
        })
    }

    fn folder(&self) -> Option<String> {
        let root = self.root.canonicalize().ok()?;
        Some(root.file_name()?.to_string_lossy().into_owned())
    }
}

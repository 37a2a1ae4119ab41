//! A package in a folder.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use super::{FILE_BYTES, FileError, Files, is_inside};

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
        self.read_within(path, FILE_BYTES).await
    }

    async fn read_within(&self, path: &str, most: u64) -> Result<Vec<u8>, FileError> {
        if !is_inside(path) || self.is_linked(path) {
            return Err(FileError::Outside { path: path.into() });
        }
        let unreadable = |cause: String| FileError::Unreadable {
            path: path.into(),
            cause,
        };
        let failed = |cause: io::Error| match cause.kind() {
            io::ErrorKind::NotFound => FileError::Missing { path: path.into() },
            _ => unreadable(cause.to_string()),
        };
        let path = self.root.join(path);
        // Asked for before it is opened: a pipe would never end.
        if !fs::metadata(&path).map_err(failed)?.is_file() {
            return Err(unreadable("it is no file".into()));
        }
        let mut bytes = Vec::new();
        let file = fs::File::open(&path).map_err(failed)?;
        let mut within = file.take(most.saturating_add(1));
        within.read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > most {
            return Err(unreadable(format!("it has more than {most} bytes")));
        }
        Ok(bytes)
    }

    fn folder(&self) -> Option<String> {
        let root = self.root.canonicalize().ok()?;
        Some(root.file_name()?.to_string_lossy().into_owned())
    }
}

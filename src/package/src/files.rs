//! Where a package's files come from: a folder, a zip, memory, or an address.

mod directory;
mod http;
mod memory;
#[cfg(feature = "source")]
mod zip;

use std::collections::BTreeMap;

pub use directory::Directory;
pub use http::{Fetch, Http};
pub use memory::Memory;
#[cfg(feature = "source")]
pub use zip::Zip;

/// No file of a package is larger, bytes.
pub(crate) const FILE_BYTES: u64 = 128 << 20;
/// All files of a package together are no larger, bytes.
pub(crate) const TOTAL_BYTES: u64 = 512 << 20;
/// A published package has no more files.
pub(crate) const FILES: usize = 4_000;
/// What a package is made from has no more files: five for each stop that there may be.
#[cfg(feature = "source")]
pub(crate) const SOURCE_FILES: usize = 5 * crate::published::STOPS;

/// The files of one package, by paths that are relative to it and written with `/`.
///
/// An implementation hands out only paths that satisfy [`is_inside`].
#[allow(
    async_fn_in_trait,
    reason = "files are read from the browser's one thread as well, where futures are not Send"
)]
pub trait Files {
    /// Every file with its size in bytes.
    async fn list(&self) -> Result<BTreeMap<String, u64>, FileError>;

    /// The bytes of one file.
    async fn read(&self, path: &str) -> Result<Vec<u8>, FileError>;

    /// The bytes of a file that is said to have no more than `most`. Where reading on would cost
    /// memory, a file that has more is refused instead.
    async fn read_within(&self, path: &str, most: u64) -> Result<Vec<u8>, FileError> {
        let _ = most;
        self.read(path).await
    }

    /// The name of the folder that holds the package, where there is one.
    fn folder(&self) -> Option<String> {
        None
    }
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// There is no such file.
    #[error("there is no file {path:?}")]
    Missing {
        /// The file asked for.
        path: String,
    },
    /// The path leaves the package.
    #[error("the path {path:?} leaves the package")]
    Outside {
        /// The path as it was given.
        path: String,
    },
    /// The file is there but cannot be read.
    #[error("cannot read the file: {cause} ({path:?})")]
    Unreadable {
        /// The file asked for.
        path: String,
        /// What the system, the archive or the network said.
        cause: String,
    },
    /// The file is not the one that the manifest describes.
    #[error("the file is not the one that the manifest describes: {path:?}")]
    Altered {
        /// The file asked for.
        path: String,
    },
}

/// Whether `path` stays inside the package on every system: relative, `/` between the parts, none
/// of them empty, `.` or `..`, no backslash, colon or control character.
#[must_use]
pub fn is_inside(path: &str) -> bool {
    path.len() <= 512
        && !path.contains(['\\', ':'])
        && !path.chars().any(char::is_control)
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::is_inside;

    #[test]
    fn only_plain_relative_paths_are_inside() {
        for inside in ["venue.toml", "text/zh-Hans/a.md", "media/..jpg"] {
            assert!(is_inside(inside), "{inside}");
        }
        for outside in [
            "",
            "/etc/passwd",
            "../a",
            "a/../b",
            "a//b",
            "a\\b",
            "C:a",
            "a/",
            "./a",
        ] {
            assert!(!is_inside(outside), "{outside}");
        }
    }
}

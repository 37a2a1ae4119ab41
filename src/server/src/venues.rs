//! The venues that visits are of: published packages, opened with the keys that only the server
//! holds.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use lru::LruCache;
use xinghuo_package::{
    Directory,
    published::{self, OpenError},
};
use xinghuo_tour::{Venue, VenueId, Verdict};
use xinghuo_wire::{Feedback, PackageHash};

/// How many opened venues are kept in memory.
const KEPT: NonZeroUsize = NonZeroUsize::new(32).expect("not zero");

/// Which package a visit is of. Neither part can lead anywhere else on the disk.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct PackageAt {
    pub(crate) venue: VenueId,
    pub(crate) hash: PackageHash,
}

impl PackageAt {
    fn folder(&self, packages: &Path) -> PathBuf {
        packages.join(self.venue.as_str()).join(self.hash.as_str())
    }

    fn keys(&self, keys: &Path) -> PathBuf {
        keys.join(self.venue.as_str())
            .join(format!("{}.json", self.hash))
    }

    fn broken(&self, cause: impl ToString) -> VenueError {
        VenueError::Broken {
            at: self.clone(),
            cause: cause.to_string(),
        }
    }
}

/// Why a package cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VenueError {
    /// There is no such package.
    #[error("there is no such package")]
    Missing,
    /// Nobody has signed the package off, and this server takes only what is signed off.
    #[error("the package is a draft")]
    Draft,
    /// The package is there but cannot be opened.
    #[error("package \"{}\" of \"{}\" cannot be opened: {cause}", at.hash, at.venue)]
    Broken {
        /// The package.
        at: PackageAt,
        /// Why.
        cause: String,
    },
}

/// A package that is open, with what only the server holds of it.
pub(crate) struct Opened {
    /// The venue, with every key.
    pub(crate) venue: Venue,
    /// What is said to right answers: each of these texts states one.
    feedback: Feedback,
}

impl Opened {
    /// What is said to the answers that `verdicts` call right. Of any other question not a word.
    pub(crate) fn feedback(&self, verdicts: &[Verdict]) -> Feedback {
        let right = verdicts.iter().filter(|verdict| verdict.right);
        right
            .filter_map(|verdict| self.feedback.get_key_value(&verdict.question))
            .map(|(question, words)| (question.clone(), words.clone()))
            .collect()
    }
}

/// The published packages, of which the last ones used are kept open.
pub(crate) struct Venues {
    packages: PathBuf,
    keys: PathBuf,
    signed_only: bool,
    opened: Mutex<LruCache<PackageAt, Arc<Opened>>>,
}

impl Venues {
    pub(crate) fn new(packages: PathBuf, keys: PathBuf, signed_only: bool) -> Self {
        Self {
            packages,
            keys,
            signed_only,
            opened: Mutex::new(LruCache::new(KEPT)),
        }
    }

    fn opened(&self) -> MutexGuard<'_, LruCache<PackageAt, Arc<Opened>>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A package, with its keys.
    pub(crate) async fn open(&self, at: &PackageAt) -> Result<Arc<Opened>, VenueError> {
        let known = self.opened().get(at).cloned();
        let opened = if let Some(opened) = known {
            opened
        } else {
            let (folder, keys) = (at.folder(&self.packages), at.keys(&self.keys));
            let (there, runtime) = (at.clone(), tokio::runtime::Handle::current());
            let reading = move || runtime.block_on(read(&there, &folder, &keys));
            let read = tokio::task::spawn_blocking(reading).await;
            let opened = Arc::new(read.map_err(|error| at.broken(error))??);
            self.opened().put(at.clone(), opened.clone());
            opened
        };
        if self.signed_only && opened.venue.draft {
            Err(VenueError::Draft)
        } else {
            Ok(opened)
        }
    }

    /// The index as this server offers it: without what it refuses. `None` if there is none.
    pub(crate) async fn index(&self) -> Option<published::Index> {
        let bytes = tokio::fs::read(self.packages.join(published::Index::PATH))
            .await
            .ok()?;
        let mut index: published::Index = serde_json::from_slice(&bytes)
            .inspect_err(|cause| tracing::error!(%cause, "the packages' index does not parse"))
            .ok()?;
        index
            .venues
            .retain(|venue| !(self.signed_only && venue.draft));
        Some(index)
    }

    /// Whether the package is on the disk now, whatever is kept in memory.
    pub(crate) async fn is_there(&self, at: &PackageAt) -> bool {
        let manifest = at.folder(&self.packages).join(published::Manifest::PATH);
        tokio::fs::try_exists(manifest).await.unwrap_or(false)
    }
}

async fn read(at: &PackageAt, folder: &Path, keys: &Path) -> Result<Opened, VenueError> {
    if !folder.join(published::Manifest::PATH).is_file() {
        return Err(VenueError::Missing);
    }
    let broken = |error: OpenError| at.broken(error);
    let opened = published::open(&Directory::new(folder))
        .await
        .map_err(broken)?;
    if opened.manifest.hash != at.hash.as_str() || opened.venue.id != at.venue {
        return Err(at.broken("it lies in another package's folder"));
    }
    // Not a word of what is in the keys file: this sentence is logged.
    let published::Keys { keys, feedback } = match std::fs::read(keys) {
        Ok(bytes) => {
            published::keys("keys", &bytes).map_err(|_| at.broken("its keys do not parse"))?
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => published::Keys::default(),
        Err(error) => return Err(at.broken(format!("its keys cannot be read: {error}"))),
    };
    let venue = opened.venue.with_keys(&keys);
    if !venue.has_every_key() {
        return Err(at.broken("the keys folder lacks keys to its questions"));
    }
    let venue = venue
        .checked()
        .map_err(|_| at.broken("its keys do not fit its questions"))?;
    Ok(Opened { venue, feedback })
}

//! The venues that visits are of: published packages, opened with the keys that only the server
//! holds.
//!
//! A package never changes, but its keys may: a wrong key is corrected in the keys file without a
//! new package. So the file is looked at whenever a venue is opened, and read again when it is
//! another one. Answers are marked by the keys of the moment in which they are received; what was
//! said of an answer before is stored with the visit, and stays.

use std::{
    collections::BTreeMap,
    fs::Metadata,
    num::NonZeroUsize,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use lru::LruCache;
use xinghuo_package::{
    Directory,
    published::{self, Keys, OpenError},
};
use xinghuo_tour::{QuestionId, Venue, VenueId, Verdict};
use xinghuo_wire::{Feedback, Hints, LanguageTag, PackageHash, xapi::Words};

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

/// By which a keys file is known to be the one that was read. Whoever writes it changes one of
/// these, even if the length and the time that is shown stay the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    changed: (i64, i64),
    bytes: u64,
}

impl Stamp {
    fn of(file: &Metadata) -> Self {
        Self {
            inode: file.ino(),
            changed: (file.ctime(), file.ctime_nsec()),
            bytes: file.size(),
        }
    }
}

/// A package that is open, with what only the server holds of it.
pub(crate) struct Opened {
    /// The venue, with every key.
    pub(crate) venue: Venue,
    /// The public texts.
    pub(crate) words: Arc<Words>,
    /// What is said to answers.
    keys: Keys,
    /// The keys file that was read; `None` if there is none.
    stamp: Option<Stamp>,
}

impl Opened {
    /// The verdicts as they are told: a wrong answer is led back from.
    pub(crate) fn told(&self, mut verdicts: Vec<Verdict>) -> Vec<Verdict> {
        for verdict in verdicts.iter_mut().filter(|verdict| !verdict.right) {
            let question = self.venue.question(&verdict.question);
            verdict.lead_back = question.and_then(|(_, question)| question.shown_at.clone());
        }
        verdicts
    }

    /// The language, if the venue speaks it, else the venue's own.
    pub(crate) fn spoken(&self, language: &str) -> Option<LanguageTag> {
        let spoken = &self.venue.languages;
        let same = spoken.iter().find(|it| it.as_str() == language);
        same.or_else(|| spoken.first())?.parse().ok()
    }

    /// What is said to the answers that `verdicts` call right. Of any other question not a word.
    pub(crate) fn feedback(&self, verdicts: &[Verdict]) -> Feedback {
        said(&self.keys.feedback, verdicts, true)
    }

    /// What is said to the answers that `verdicts` call wrong. Of any other question not a word.
    pub(crate) fn hints(&self, verdicts: &[Verdict]) -> Hints {
        said(&self.keys.hints, verdicts, false)
    }
}

fn said<T: Clone>(
    words: &BTreeMap<QuestionId, T>,
    verdicts: &[Verdict],
    right: bool,
) -> BTreeMap<QuestionId, T> {
    let verdicts = verdicts.iter().filter(|verdict| verdict.right == right);
    verdicts
        .filter_map(|verdict| words.get_key_value(&verdict.question))
        .map(|(question, words)| (question.clone(), words.clone()))
        .collect()
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

    /// A package, with its keys as they are now.
    pub(crate) async fn open(&self, at: &PackageAt) -> Result<Arc<Opened>, VenueError> {
        let keys = at.keys(&self.keys);
        let stamp = tokio::fs::metadata(&keys).await.ok();
        let stamp = stamp.as_ref().map(Stamp::of);
        let known = self.opened().get(at).cloned();
        let opened = if let Some(opened) = known.filter(|opened| opened.stamp == stamp) {
            opened
        } else {
            let folder = at.folder(&self.packages);
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

    /// The package of a venue that is offered now.
    pub(crate) async fn present(&self, venue: &VenueId) -> Result<PackageAt, VenueError> {
        let index = self.index().await.ok_or(VenueError::Missing)?;
        let mut listed = index.venues.into_iter().filter(|it| it.id == *venue);
        let hash = listed.find_map(|it| it.hash.parse().ok());
        Ok(PackageAt {
            venue: venue.clone(),
            hash: hash.ok_or(VenueError::Missing)?,
        })
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
    let files = Directory::new(folder);
    let mut words = Words::new();
    for language in &opened.venue.languages {
        let texts = published::texts(&files, &opened.manifest, language);
        words.insert(language.clone(), texts.await.map_err(broken)?);
    }
    // Looked at before it is read: if it changes in between, it is read again the next time.
    let stamp = std::fs::metadata(keys).ok().as_ref().map(Stamp::of);
    // Not a word of what is in the keys file: this sentence is logged.
    let keys = match std::fs::read(keys) {
        Ok(bytes) => {
            published::keys("keys", &bytes).map_err(|_| at.broken("its keys do not parse"))?
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Keys::default(),
        Err(error) => return Err(at.broken(format!("its keys cannot be read: {error}"))),
    };
    let venue = keys.complete(opened.venue);
    Ok(Opened {
        venue: venue.map_err(|error| at.broken(error))?,
        words: Arc::new(words),
        keys,
        stamp,
    })
}

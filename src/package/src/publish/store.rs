//! Putting a published package where it is served from: all of it or nothing of it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use brotli::enc::BrotliEncoderParams;
use serde::Serialize;

use super::Published;
use crate::published::{Index, Manifest};

/// Endings of files that are packed already: brotli gains nothing on them.
const PACKED: &[&str] = &["jpg", "jpeg", "png", "webp", "ktx2", "mp3", "m4a", "ogg"];

/// Why a package could not be stored.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The keys would lie among the files that are served.
    #[error("the keys' folder lies inside the packages' folder, which is served ({keys:?})")]
    KeysAreServed {
        /// The keys' folder.
        keys: PathBuf,
    },
    /// The index that is there is not one; it is left alone.
    #[error("the index that is there does not parse: {cause} ({path:?})")]
    Index {
        /// The index.
        path: PathBuf,
        /// Where and why.
        cause: serde_json::Error,
    },
    /// The file system refuses.
    #[error("cannot write: {cause} ({path:?})")]
    Io {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}

/// What came of storing a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The package's folder.
    pub folder: PathBuf,
    /// Whether it was there already, complete.
    pub known: bool,
}

/// Writes a package under `packages`, its keys under `keys`, and its name into the index.
///
/// The keys come first and the index last: whoever sees the package finds everything of it. With
/// `compress`, a brotli sibling stands beside every file that becomes smaller by it.
pub fn store(
    published: &Published,
    packages: &Path,
    keys: &Path,
    compress: bool,
) -> Result<Stored, StoreError> {
    make_folder(packages)?;
    make_folder(keys)?;
    let real = |path: &Path| path.canonicalize().map_err(|cause| failed(path, cause));
    if real(keys)?.starts_with(real(packages)?) {
        return Err(StoreError::KeysAreServed { keys: keys.into() });
    }
    let Manifest { venue, hash, .. } = &published.manifest;
    let keys_file = keys.join(venue.as_str()).join(format!("{hash}.json"));
    replace(&keys_file, &pretty(&published.keys))?;
    let folder = packages.join(venue.as_str()).join(hash);
    let known = is_complete(published, &folder, compress);
    if !known {
        write_folder(published, &folder, compress)?;
    }
    update_index(published, packages)?;
    Ok(Stored { folder, known })
}

fn failed(path: &Path, cause: io::Error) -> StoreError {
    StoreError::Io {
        path: path.into(),
        cause,
    }
}

fn make_folder(path: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(path).map_err(|cause| failed(path, cause))
}

fn pretty(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Writes a file so that a reader sees the old bytes or the new ones.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    let written = (|| {
        let mut file = tempfile::Builder::new()
            .prefix(".new-")
            .tempfile_in(folder)?;
        io::Write::write_all(&mut file, bytes)?;
        readable(file.path(), 0o644)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    })();
    written.map_err(|cause| failed(path, cause))
}

/// Temporary files are private; what is published is for the server's user as well.
#[cfg_attr(
    not(unix),
    expect(
        clippy::unnecessary_wraps,
        reason = "only Unix has modes to set, and setting one can fail"
    )
)]
fn readable(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
    }
    #[cfg(not(unix))]
    {
        let _ = (path, mode);
        Ok(())
    }
}

/// The sibling of a file that holds it packed.
fn packed_path(path: &str) -> String {
    format!("{path}.br")
}

/// The file packed, if that makes it worth while.
fn packed(path: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    if PACKED.contains(&ending) {
        return None;
    }
    let params = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &params).ok()?;
    (packed.len() < bytes.len() / 20 * 19).then_some(packed)
}

fn is_complete(published: &Published, folder: &Path, compress: bool) -> bool {
    let same = |path: &str, bytes: &[u8]| fs::read(folder.join(path)).is_ok_and(|is| is == bytes);
    let mut files = published.files.iter();
    files.all(|(path, bytes)| same(path, bytes))
        && same(Manifest::PATH, &pretty(&published.manifest))
        // One packed file stands for all: they are written together.
        && (!compress || folder.join(packed_path(Manifest::PATH)).is_file())
}

/// Writes all files beside the folder's place, then gives them the folder's name.
fn write_folder(published: &Published, folder: &Path, compress: bool) -> Result<(), StoreError> {
    let venue = folder.parent().unwrap_or(Path::new("."));
    make_folder(venue)?;
    let staged = tempfile::Builder::new()
        .prefix(".new-")
        .tempdir_in(venue)
        .map_err(|cause| failed(venue, cause))?;
    let manifest = pretty(&published.manifest);
    let files = published
        .files
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes));
    for (path, bytes) in files.chain([(Manifest::PATH, &manifest)]) {
        let write = |path: &str, bytes: &[u8]| {
            let to = staged.path().join(path);
            make_folder(to.parent().unwrap_or(staged.path()))?;
            fs::write(&to, bytes).map_err(|cause| failed(&to, cause))
        };
        write(path, bytes)?;
        if compress && let Some(packed) = packed(path, bytes) {
            write(&packed_path(path), &packed)?;
        }
    }
    let moved = (|| {
        readable(staged.path(), 0o755)?;
        if folder.exists() {
            // Something is there that is not this package: it makes way, and goes with the rest.
            let old = tempfile::Builder::new().prefix(".old-").tempdir_in(venue)?;
            fs::rename(folder, old.path().join("package"))?;
        }
        fs::rename(staged.path(), folder)
    })();
    moved.map_err(|cause| failed(folder, cause))?;
    // It has another name by now, and must not be cleared away under it.
    let _ = staged.keep();
    Ok(())
}

/// Puts the package in the index and leaves the other venues in it alone.
fn update_index(published: &Published, packages: &Path) -> Result<(), StoreError> {
    let path = packages.join(Index::PATH);
    let mut index: Index = match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|cause| StoreError::Index {
            path: path.clone(),
            cause,
        })?,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Index::default(),
        Err(cause) => return Err(failed(&path, cause)),
    };
    index.venues.retain(|venue| venue.id != published.index.id);
    index.venues.push(published.index.clone());
    index.venues.sort_by(|a, b| a.id.cmp(&b.id));
    replace(&path, &pretty(&index))
}

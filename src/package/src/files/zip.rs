//! A package in a zip, which may come from anyone.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
};

use zip::ZipArchive;

use super::{FILE_BYTES, FileError, Files, SOURCE_FILES, TOTAL_BYTES, is_inside};
use crate::finding::{Code, Finding, Pointer};

/// A file is at most so many times larger than it is packed. Deflate cannot pass 1,032.
const RATIO: u64 = 400;
/// Below this size, bytes, the ratio says nothing.
const RATIO_FROM_BYTES: u64 = 1 << 20;

/// A zip, looked through before anything of it is unpacked.
///
/// If everything in it lies in one folder, as most programs pack it, the paths are relative to it.
#[derive(Debug)]
pub struct Zip {
    bytes: Vec<u8>,
    folder: Option<String>,
    entries: BTreeMap<String, Packed>,
}

#[derive(Debug)]
struct Packed {
    index: usize,
    bytes: u64,
}

impl Zip {
    /// Looks through the zip in `bytes`; `name` is what the findings call it.
    pub fn open(name: &str, bytes: Vec<u8>) -> Result<Self, Vec<Finding>> {
        let finding = |code, message: String| Finding::new(code, Pointer::file(name), message);
        let broken = |cause| finding(Code::ZipBroken, format!("the zip cannot be read: {cause}"));
        let mut archive = match ZipArchive::new(Cursor::new(bytes.as_slice())) {
            Ok(archive) => archive,
            Err(cause) => return Err(vec![broken(cause)]),
        };
        if archive.len() > SOURCE_FILES {
            let count = archive.len();
            let message = format!("the zip has {count} entries, more than {SOURCE_FILES}");
            return Err(vec![finding(Code::ZipBomb, message)]);
        }
        let mut findings = Vec::new();
        let mut entries = BTreeMap::new();
        let mut total = 0_u64;
        for index in 0..archive.len() {
            let entry = match archive.by_index_raw(index) {
                Ok(entry) => entry,
                Err(cause) => {
                    findings.push(broken(cause));
                    continue;
                }
            };
            if entry.is_dir() {
                continue;
            }
            let path = String::from_utf8_lossy(entry.name_raw()).into_owned();
            let (size, packed) = (entry.size(), entry.compressed_size());
            total = total.saturating_add(size);
            if entry.is_symlink() || !is_inside(&path) {
                let message = format!("the zip's entry {path:?} leaves the package");
                findings.push(finding(Code::PathEscapes, message));
            } else if size > FILE_BYTES || size > RATIO_FROM_BYTES && size / RATIO > packed {
                let message = format!("{path:?} grows from {packed} to {size} bytes");
                findings.push(finding(Code::ZipBomb, message));
            } else if !is_of_the_system(&path)
                && entries
                    .insert(path.clone(), Packed { index, bytes: size })
                    .is_some()
            {
                let message = format!("the zip has {path:?} twice");
                findings.push(finding(Code::ZipBroken, message));
            }
        }
        if total > TOTAL_BYTES {
            let message = format!("the zip unpacks to {total} bytes, more than {TOTAL_BYTES}");
            findings.push(finding(Code::ZipBomb, message));
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        let folder = common_folder(&entries);
        if let Some(folder) = &folder {
            let inner = entries.into_iter().map(|(path, packed)| {
                let path = path[folder.len() + 1..].to_owned();
                (path, packed)
            });
            entries = inner.collect();
        }
        Ok(Self {
            bytes,
            folder,
            entries,
        })
    }
}

/// What macOS and Windows leave in zips without being asked.
fn is_of_the_system(path: &str) -> bool {
    path.starts_with("__MACOSX/")
        || matches!(
            path.rsplit('/').next(),
            Some(".DS_Store" | "Thumbs.db" | "desktop.ini")
        )
}

/// The one folder that holds every entry, if there is one.
fn common_folder(entries: &BTreeMap<String, Packed>) -> Option<String> {
    let (folder, _) = entries.keys().next()?.split_once('/')?;
    let inside = |path: &String| {
        path.split_once('/')
            .is_some_and(|(first, _)| first == folder)
    };
    entries.keys().all(inside).then(|| folder.to_owned())
}

impl Files for Zip {
    async fn list(&self) -> Result<BTreeMap<String, u64>, FileError> {
        let entries = self.entries.iter();
        Ok(entries
            .map(|(path, packed)| (path.clone(), packed.bytes))
            .collect())
    }

    async fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let missing = || FileError::Missing { path: path.into() };
        let packed = self.entries.get(path).ok_or_else(missing)?;
        let failed = |cause: String| FileError::Unreadable {
            path: path.into(),
            cause,
        };
        let mut archive = ZipArchive::new(Cursor::new(self.bytes.as_slice()))
            .map_err(|cause| failed(cause.to_string()))?;
        let entry = archive
            .by_index(packed.index)
            .map_err(|cause| failed(cause.to_string()))?;
        // The directory may lie about the size: never unpack more than it admits to.
        let mut bytes = Vec::new();
        entry
            .take(packed.bytes + 1)
            .read_to_end(&mut bytes)
            .map_err(|cause| failed(cause.to_string()))?;
        if bytes.len() as u64 != packed.bytes {
            return Err(failed("its size is not what the zip says".into()));
        }
        Ok(bytes)
    }

    fn folder(&self) -> Option<String> {
        self.folder.clone()
    }
}

//! Whether something must be made again: by what it is made from, not by when.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// The hash of some bytes, as lower-case hexadecimal digits.
pub(crate) fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The hash of a file's content.
pub(crate) fn hash_file(path: &Path) -> Result<String> {
    Ok(hash(&read(path)?))
}

/// The hash of every file below a folder, with its name, in a fixed order.
pub(crate) fn hash_folder(folder: &Path) -> Result<String> {
    let mut digest = Sha256::new();
    for path in files(folder)? {
        digest.update(path.to_string_lossy().as_bytes());
        digest.update([0]);
        digest.update(hash_file(&folder.join(&path))?);
    }
    Ok(hex(&digest.finalize()))
}

/// Every file below a folder, relative to it, sorted; nothing where there is no folder. Names
/// that begin with a dot are an editor's or a system's.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(below) = open.pop() {
        let Ok(entries) = fs::read_dir(folder.join(&below)) else {
            continue;
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            let path = below.join(entry.file_name());
            if entry.path().is_dir() {
                open.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Reads a file, naming it when that fails.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("not readable: {}", path.display()))
}

/// Writes a file so that nobody ever sees half of it, with the folders that it needs.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let place = || format!("not writable: {}", path.display());
    let folder = path.parent().with_context(place)?;
    fs::create_dir_all(folder).with_context(place)?;
    let name = path.file_name().with_context(place)?.to_string_lossy();
    let unfinished = folder.join(format!(".{name}.{}", std::process::id()));
    fs::write(&unfinished, bytes).with_context(place)?;
    fs::rename(&unfinished, path).with_context(place)
}

/// Writes a file unless it has that content already; says whether it wrote.
pub(crate) fn write_changed(path: &Path, bytes: &[u8]) -> Result<bool> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(false);
    }
    write(path, bytes)?;
    Ok(true)
}

/// A note beside a product that says what it was made from.
pub(crate) struct Stamp {
    path: PathBuf,
    inputs: String,
}

impl Stamp {
    /// The note at `path` for a product made from `inputs`.
    pub(crate) fn new(path: PathBuf, inputs: &[&str]) -> Self {
        Self {
            path,
            inputs: hash(inputs.join("\n").as_bytes()),
        }
    }

    /// Whether the product was made from exactly these inputs.
    pub(crate) fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|made_from| made_from == self.inputs)
    }

    /// Forgets the product, before it is made again.
    pub(crate) fn clear(&self) {
        let _ = fs::remove_file(&self.path);
    }

    /// Notes that the product is finished.
    pub(crate) fn set(&self) -> Result<()> {
        write(&self.path, self.inputs.as_bytes())
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn a_product_is_stale_once_an_input_changes() {
        let folder = folder("stale");
        let stamp = |input: &str| Stamp::new(folder.join("stamp"), &["tool 1", input]);
        assert!(!stamp("a").is_fresh());
        stamp("a").set().expect("writable");
        assert!(stamp("a").is_fresh());
        assert!(!stamp("b").is_fresh());
        stamp("a").clear();
        assert!(!stamp("a").is_fresh());
        fs::remove_dir_all(folder).expect("removable");
    }

    #[test]
    fn a_folder_changes_with_its_files_names_and_contents() {
        let folder = folder("folder");
        write(&folder.join("one/a"), b"1").expect("writable");
        let first = hash_folder(&folder).expect("readable");
        write(&folder.join("one/a"), b"2").expect("writable");
        let second = hash_folder(&folder).expect("readable");
        fs::rename(folder.join("one/a"), folder.join("one/b")).expect("renamable");
        let third = hash_folder(&folder).expect("readable");
        assert!(first != second && second != third);
        assert_eq!(files(&folder).expect("readable"), [PathBuf::from("one/b")]);
        fs::remove_dir_all(folder).expect("removable");
    }

    #[test]
    fn what_is_unchanged_is_not_written() {
        let folder = folder("unchanged");
        assert!(write_changed(&folder.join("a"), b"1").expect("writable"));
        assert!(!write_changed(&folder.join("a"), b"1").expect("writable"));
        fs::remove_dir_all(folder).expect("removable");
    }
}

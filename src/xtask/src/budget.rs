//! How much a visitor may have to download.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::folders::Folders;
use crate::say::megabytes;
use crate::{site, stamp, venues};

/// The app's code, compressed; without and with what is read in a headset.
const APP_BYTES: u64 = 1_500_000;
const HEADSET_BYTES: u64 = 3_000_000;
/// All files of one venue, each as it is sent.
const VENUE_BYTES: u64 = 12_000_000;

/// Holds the app and every venue to their sizes; returns what was measured.
pub(crate) fn check(folders: &Folders) -> Result<String> {
    let served = folders.served(false);
    let app = |headset| site::downloaded_app_bytes(&served.site, headset);
    let mut sizes = vec![
        ("the app".to_owned(), app(false)?, APP_BYTES),
        ("the app for headsets".to_owned(), app(true)?, HEADSET_BYTES),
    ];
    for (name, _) in venues::venues(folders)? {
        let bytes = newest(&served.packages.join(&name)).and_then(|package| sent_bytes(&package));
        let bytes = bytes.with_context(|| format!("the venue {name} is not published"))?;
        sizes.push((format!("the venue {name}"), bytes, VENUE_BYTES));
    }
    let lines: Vec<_> = sizes
        .iter()
        .map(|(name, bytes, limit)| {
            format!("{name}: {} of {}", megabytes(*bytes), megabytes(*limit))
        })
        .collect();
    if sizes.iter().any(|(_, bytes, limit)| bytes > limit) {
        bail!("more to download than there may be\n{}", lines.join("\n"));
    }
    Ok(lines.join(", "))
}

/// The version of a venue that was published last.
fn newest(venue: &Path) -> Result<std::path::PathBuf> {
    fs::read_dir(venue)?
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .max_by_key(|entry| entry.metadata().and_then(|folder| folder.modified()).ok())
        .map(|entry| entry.path())
        .context("no version")
}

/// What a browser receives: a compressed copy in place of the file it stands beside.
fn sent_bytes(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for path in stamp::files(folder)? {
        let name = path.to_string_lossy();
        if !name.ends_with(".br") {
            let compressed = folder.join(format!("{name}.br"));
            let sent = fs::metadata(compressed).or_else(|_| fs::metadata(folder.join(&path)))?;
            sum += sent.len();
        }
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compressed_copy_counts_in_place_of_its_file() {
        let folder = std::env::temp_dir().join(format!("xtask-budget-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        for (name, bytes) in [("a.json", 100), ("a.json.br", 10), ("b.jpg", 50)] {
            stamp::write(&folder.join(name), &vec![0; bytes]).expect("writable");
        }
        assert_eq!(sent_bytes(&folder).expect("readable"), 60);
        fs::remove_dir_all(folder).expect("removable");
    }
}

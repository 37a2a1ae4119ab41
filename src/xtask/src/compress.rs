//! Compressed copies beside the files that shrink, made once for each content.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

use crate::say::{Step, megabytes};
use crate::stamp;

/// The quality that takes longest and leaves least.
const QUALITY: u32 = 11;
/// The base-2 logarithm of the window: the largest that every browser takes.
const WINDOW: u32 = 24;
/// How much is handed over between two words about progress.
const CHUNK: usize = 1 << 18;
/// How long a compressed copy that no site uses is kept.
const KEPT: Duration = Duration::from_hours(14 * 24);

/// Whether files of this name shrink: pictures and fonts are compressed already.
pub(crate) fn shrinks(path: &Path) -> bool {
    const ENDS: [&str; 9] = [
        "css",
        "html",
        "js",
        "json",
        "mjs",
        "svg",
        "txt",
        "wasm",
        "webmanifest",
    ];
    path.extension()
        .and_then(|end| end.to_str())
        .is_some_and(|end| ENDS.contains(&end))
}

/// Compressed copies by the hash of what they hold, so that nothing is compressed twice.
pub(crate) struct Compressed {
    folder: PathBuf,
}

impl Compressed {
    /// The copies below the user's cache.
    pub(crate) fn new(cache: &Path) -> Self {
        Self {
            folder: cache.join("brotli"),
        }
    }

    /// The compressed copy of some bytes; `name` is for whoever waits.
    pub(crate) fn of(&self, bytes: &[u8], name: &str) -> Result<Vec<u8>> {
        let copy = self.folder.join(format!("{}.br", stamp::hash(bytes)));
        if let Ok(compressed) = fs::read(&copy) {
            if let Ok(file) = fs::File::options().append(true).open(&copy) {
                let _ = file.set_modified(SystemTime::now());
            }
            return Ok(compressed);
        }
        let step = Step::begin("compress", name);
        let compressed = brotli(bytes, &step).context("brotli")?;
        stamp::write(&copy, &compressed)?;
        step.end();
        Ok(compressed)
    }

    /// Removes the copies that have not been used for two weeks.
    pub(crate) fn forget_old(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        for entry in entries.flatten() {
            let age = entry.metadata().ok().and_then(|file| file.modified().ok());
            if age
                .and_then(|used| used.elapsed().ok())
                .is_some_and(|age| age > KEPT)
            {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn brotli(bytes: &[u8], step: &Step) -> std::io::Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 1 << 16, QUALITY, WINDOW);
    let all = megabytes(bytes.len() as u64);
    for (index, chunk) in bytes.chunks(CHUNK).enumerate() {
        let percent = index * CHUNK * 100 / bytes.len();
        step.detail(format!("{percent} % of {all}"));
        writer.write_all(chunk)?;
    }
    Ok(writer.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compressed_comes_back() {
        let text = "星火 ".repeat(1000);
        let step = Step::begin("test", "brotli");
        let small = brotli(text.as_bytes(), &step).expect("compressible");
        assert!(small.len() < 100);
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut small.as_slice(), &mut back).expect("decompressible");
        assert_eq!(back, text.as_bytes());
    }

    #[test]
    fn pictures_are_left_alone() {
        assert!(shrinks(Path::new("app/xinghuo_app_bg.wasm")));
        assert!(!shrinks(Path::new("ui/icon.png")));
    }
}

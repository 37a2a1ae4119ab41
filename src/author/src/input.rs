//! The package that a command is about: a folder, or a zip.

use std::{fs, path::Path};

use anyhow::{Context as _, ensure};
use pollster::block_on;
use xinghuo_package::{
    Directory, Finding, Zip,
    source::{self, Package},
};

/// Reads the package at `path`.
pub(crate) fn open(path: &Path) -> anyhow::Result<(Option<Package>, Vec<Finding>)> {
    let metadata =
        fs::metadata(path).with_context(|| format!("Cannot read \"{}\"", path.display()))?;
    if metadata.is_dir() {
        return Ok(block_on(source::open(&Directory::new(path))));
    }
    let bytes = fs::read(path).with_context(|| format!("Cannot read \"{}\"", path.display()))?;
    ensure!(
        bytes.starts_with(b"PK"),
        "\"{}\" is neither a folder nor a zip",
        path.display()
    );
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(match Zip::open(&name, bytes) {
        Ok(zip) => block_on(source::open(&zip)),
        Err(findings) => (None, findings),
    })
}

//! What tests need from npm and from Debian: the packages of `tests/`, a browser, its fonts.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::apt;
use crate::folders::Folders;
use crate::run::{self, Heard};
use crate::say::Step;
use crate::stamp::{self, Stamp};
use crate::toolchain::scrubbed;

/// The oldest Node.js whose test runner takes our options.
const NODE: u32 = 20;

/// Installs the packages of `tests/` unless they are what the lock file says.
pub(crate) fn ensure_packages(folders: &Folders) -> Result<()> {
    if !apt::on_path("node") || !apt::on_path("npm") {
        apt::install(&["nodejs", "npm"])?;
    }
    let version = run::ask(Command::new("node").arg("--version")).unwrap_or_default();
    if major(&version).is_none_or(|major| major < NODE) {
        bail!("Node.js {NODE} or newer is needed, this is {version:?}: install it from nodejs.org");
    }
    let tests = folders.root.join("tests");
    let lock = stamp::hash_file(&tests.join("package-lock.json"))?;
    let stamp = Stamp::new(tests.join("node_modules/.xinghuo"), &[&lock]);
    if stamp.is_fresh() {
        return Ok(());
    }
    let step = Step::begin("install", "the tests' packages (npm)");
    let mut npm = scrubbed("npm");
    npm.args([
        "ci",
        "--prefer-offline",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ])
    .current_dir(&tests);
    run::run(&mut npm, &step, &|_| Heard::Line)?
        .or_fail("npm ci")
        .context("the tests' packages could not be installed; run `npm ci` in tests/")?;
    stamp.set()?;
    step.end();
    Ok(())
}

/// Finds a Chromium, with fonts that have Chinese glyphs, or installs both.
pub(crate) fn ensure_chromium() -> Result<PathBuf> {
    let chromium = find_chromium();
    if apt::is_here() {
        let mut packages = vec!["fonts-noto-cjk"];
        if chromium.is_none() {
            packages.push("chromium");
        }
        apt::install(&packages)?;
    }
    find_chromium().context("Chromium is missing; install it, or name it in CHROMIUM")
}

fn find_chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    named.filter(|path| path.is_file()).or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path)
            .flat_map(|folder| ["chromium", "google-chrome"].map(|name| folder.join(name)))
            .find(|path| path.is_file())
    })
}

fn major(version: &str) -> Option<u32> {
    version
        .trim_start_matches('v')
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major(""), None);
    }
}

//! Our tour beside a plain three.js viewer, measured in turns in one browser.

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::folders::Folders;
use crate::toolchain::scrubbed;
use crate::{build, node, venues};

/// How much is measured, and what becomes of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Bench {
    /// How often everything is measured; the bench itself knows what is usual.
    pub(crate) rounds: Option<u32>,
    /// Fewer rounds and fewer scenes.
    pub(crate) quick: bool,
    /// Write the report that is kept with the code.
    pub(crate) report: bool,
    /// Part of the names of the venues to measure; all when empty.
    pub(crate) only: String,
}

impl Bench {
    /// The bench's own command line.
    fn words(&self) -> Vec<OsString> {
        let mut words = Vec::new();
        if !self.only.is_empty() {
            words.push(self.only.clone().into());
        }
        if self.quick {
            words.push("--quick".into());
        }
        if self.report {
            words.push("--report".into());
        }
        if let Some(rounds) = self.rounds {
            words.push(format!("--rounds={rounds}").into());
        }
        words
    }

    /// What is to be run: the headset shows the Red Boat alone.
    fn parts(&self) -> &'static [&'static str] {
        if self.only == HEADSET {
            &[WORN]
        } else if "red-boat".contains(&self.only) {
            &[FLAT, WORN]
        } else {
            &[FLAT]
        }
    }
}

/// What is measured on a screen, and what in an emulated headset.
const FLAT: &str = "bench/run.mjs";
const WORN: &str = "bench/headset.mjs";
/// What one asks for who wants nothing but the headset.
const HEADSET: &str = "headset";

/// Builds what ships and measures it; prints every number.
pub(crate) fn run(folders: &Folders, bench: &Bench) -> Result<()> {
    build::everything(folders, false)?;
    node::ensure_packages(folders)?;
    let chromium = node::ensure_chromium()?;
    for part in bench.parts() {
        measure(folders, bench, part, &chromium)?;
    }
    Ok(())
}

fn measure(folders: &Folders, bench: &Bench, part: &str, chromium: &Path) -> Result<()> {
    let served = folders.served(false);
    let mut node = scrubbed("node");
    node.arg(part)
        .args(bench.words())
        .current_dir(folders.root.join("tests"))
        .env("XINGHUO_SERVER", folders.program(build::SERVER))
        .env("XINGHUO_AUTHOR", folders.program(venues::AUTHOR))
        .env("XINGHUO_SITE", &served.site)
        .env("XINGHUO_PACKAGES", &served.packages)
        .env("XINGHUO_KEYS", &served.keys)
        .env("XINGHUO_BENCH", folders.cache.join("bench"))
        .env("CHROMIUM", chromium);
    // What it has to say is for the person at the terminal, line by line.
    let ended = node.status().context("\"node\" cannot be run")?;
    if !ended.success() {
        bail!("the bench did not come to its end");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bench_is_told_only_what_was_asked_for() {
        assert!(Bench::default().words().is_empty());
        let bench = Bench {
            rounds: Some(7),
            quick: true,
            report: true,
            only: "hall".into(),
        };
        assert_eq!(bench.words(), ["hall", "--quick", "--report", "--rounds=7"]);
        assert_eq!(bench.parts(), [FLAT]);
        assert_eq!(Bench::default().parts(), [FLAT, WORN]);
    }
}

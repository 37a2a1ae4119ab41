//! Our tour beside a plain three.js viewer, measured in turns in one browser; and our record store
//! beside others.

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::folders::Folders;
use crate::toolchain::{Toolchain, scrubbed};
use crate::{build, cargo, node, postgres, venues};

/// How much is measured, and what becomes of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Bench {
    /// How often everything is measured; the bench itself knows what is usual.
    pub(crate) rounds: Option<u32>,
    /// Fewer rounds and fewer scenes.
    pub(crate) quick: bool,
    /// Write the report that is kept with the code.
    pub(crate) report: bool,
    /// Part of the names of the venues to measure; all when empty. Or what else to measure.
    pub(crate) only: String,
    /// What only the bench of record stores knows.
    pub(crate) records: Records,
}

/// How record stores are measured.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Records {
    /// Fill ours with ten million statements.
    pub(crate) ten_million: bool,
    /// Add to what was measured before, and keep a store that is filled.
    pub(crate) keep: bool,
    /// Measure writing alone, or reading alone.
    pub(crate) part: Option<String>,
    /// Part of the names of the stores to measure.
    pub(crate) store: Option<String>,
}

impl Records {
    fn words(&self) -> Vec<OsString> {
        let mut words = Vec::new();
        if self.ten_million {
            words.push("--ten-million".into());
        }
        if self.keep {
            words.push("--keep".into());
        }
        if let Some(part) = &self.part {
            words.push(format!("--part={part}").into());
        }
        if let Some(store) = &self.store {
            words.push(format!("--only={store}").into());
        }
        words
    }
}

impl Bench {
    /// The bench's own command line.
    fn words(&self) -> Vec<OsString> {
        let mut words = self.records.words();
        if !self.only.is_empty() && self.only != RECORDS {
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
        if self.only == RECORDS {
            &[STORES]
        } else if self.only == HEADSET {
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
/// Our record store beside others.
const STORES: &str = "bench/records.mjs";
/// What one asks for who wants nothing but the headset.
const HEADSET: &str = "headset";
/// What one asks for who wants to measure record stores.
const RECORDS: &str = "records";
/// The load generator.
const LOAD: &str = "xinghuo-load";

/// Builds what ships and measures it; prints every number.
pub(crate) fn run(folders: &Folders, bench: &Bench) -> Result<()> {
    build::everything(folders, false)?;
    node::ensure_packages(folders)?;
    if bench.only == RECORDS {
        postgres::ensure()?;
        load_generator(&Toolchain::ensure(folders)?)?;
        return measure(folders, bench, STORES, None);
    }
    if bench.records != Records::default() {
        bail!("only \"cargo xtask bench records\" takes all of these options");
    }
    let chromium = node::ensure_chromium()?;
    for part in bench.parts() {
        measure(folders, bench, part, Some(&chromium))?;
    }
    Ok(())
}

fn load_generator(toolchain: &Toolchain) -> Result<()> {
    let mut build = toolchain.cargo();
    build.args(["build", "--release", "-p", "xinghuo-tests", "--bin", LOAD]);
    cargo::step(&mut build, "build", "the load generator")
}

fn measure(folders: &Folders, bench: &Bench, part: &str, chromium: Option<&Path>) -> Result<()> {
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
        .env("XINGHUO_LOAD", folders.program(LOAD))
        .env("XINGHUO_BENCH", folders.cache.join("bench"));
    if let Some(chromium) = chromium {
        node.env("CHROMIUM", chromium);
    }
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
            records: Records::default(),
        };
        assert_eq!(bench.words(), ["hall", "--quick", "--report", "--rounds=7"]);
        assert_eq!(bench.parts(), [FLAT]);
        assert_eq!(Bench::default().parts(), [FLAT, WORN]);
    }

    #[test]
    fn record_stores_are_measured_alone() {
        let bench = Bench {
            only: RECORDS.into(),
            records: Records {
                ten_million: true,
                keep: true,
                part: Some("reads".into()),
                store: Some("sqlite".into()),
            },
            ..Bench::default()
        };
        let words = ["--ten-million", "--keep", "--part=reads", "--only=sqlite"];
        assert_eq!(bench.words(), words);
        assert_eq!(bench.parts(), [STORES]);
    }
}

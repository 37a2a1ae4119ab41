//! `replay`: decides again, away from the server, what an exported visit has shown.

use std::{fs, path::Path};

use anyhow::Context as _;
use pollster::block_on;
use serde::de::DeserializeOwned;
use xinghuo_package::{
    Directory,
    published::{self, Keys},
};
use xinghuo_tour::{Session, Verdict};
use xinghuo_wire::{Record, VisitKept};

use crate::say::say;

/// Replays the exported visit at `path` with the published package and the keys that it is pinned
/// to, prints the record that follows, and says whether it is the one that the server gave.
pub(crate) fn run(path: &Path, packages: &Path, keys: &Path) -> anyhow::Result<bool> {
    let kept: VisitKept = read(path)?;
    let (venue, hash) = (kept.venue.as_str(), kept.package.as_str());
    let folder = packages.join(venue).join(hash);
    let opened = block_on(published::open(&Directory::new(&folder)))
        .with_context(|| format!("Cannot open the package \"{}\"", folder.display()))?;
    let secret: Keys = read(&keys.join(venue).join(format!("{hash}.json")))?;
    let venue = secret
        .complete(opened.venue)
        .context("The keys cannot be used")?;

    let decided = |verdicts: &[Verdict]| {
        let session = Session::replay(&venue, &kept.entries, verdicts, kept.seed);
        Record::of(&session, &venue, kept.record.decided_at)
    };
    let record = decided(&[]);
    say(&serde_json::to_string_pretty(&record)?);
    let same = record == kept.record;
    say(if same {
        "The log shows what the record says."
    } else if decided(&kept.verdicts) == kept.record {
        "The record follows from the verdicts that were given; by the keys as they are now, the log shows something else."
    } else {
        "The record says something else than the log shows."
    });
    Ok(same)
}

fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let bytes = fs::read(path).with_context(|| format!("Cannot read \"{}\"", path.display()))?;
    serde_json::from_slice(&bytes)
        .with_context(|| format!("\"{}\" is not what it should be", path.display()))
}

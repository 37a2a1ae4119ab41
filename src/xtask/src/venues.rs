//! The venues: every folder of `assets/venues`, published for the server.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::folders::Folders;
use crate::run::{self, Heard};
use crate::say::Step;
use crate::stamp::{self, Stamp};

/// The curator's program, which publishes venues.
pub(crate) const AUTHOR: &str = "xinghuo-author";

/// Publishes every venue that changed since it was published last.
pub(crate) fn publish(folders: &Folders, draft: bool) -> Result<()> {
    let served = folders.served(draft);
    for folder in [&served.packages, &served.keys] {
        fs::create_dir_all(folder)
            .with_context(|| format!("not writable: {}", folder.display()))?;
    }
    let author = folders.program(AUTHOR);
    let program = stamp::hash_file(&author)?;
    let stamps = served.packages.with_extension("stamps");
    let venues = venues(folders)?;
    forget_removed(folders, draft, &venues)?;
    for (name, venue) in venues {
        let content = stamp::hash_folder(&venue)?;
        let stamp = Stamp::new(stamps.join(&name), &[&program, &content]);
        if stamp.is_fresh() && served.packages.join(&name).exists() {
            continue;
        }
        stamp.clear();
        let step = Step::begin("publish", &format!("the venue {name}"));
        let mut build = Command::new(&author);
        build.arg("build").arg(&venue);
        build.arg("--out").arg(&served.packages);
        build.arg("--keys").arg(&served.keys);
        if draft {
            build.arg("--no-compress");
        }
        run::run(&mut build, &step, &|line| {
            Heard::LineAndProgress(line.chars().take(70).collect())
        })?
        .or_fail(&format!("publishing the venue {name}"))?;
        stamp.set()?;
        step.end();
    }
    Ok(())
}

/// The names and folders of the venues, sorted.
pub(crate) fn venues(folders: &Folders) -> Result<Vec<(String, PathBuf)>> {
    let Ok(entries) = fs::read_dir(folders.root.join("assets/venues")) else {
        return Ok(Vec::new());
    };
    let mut venues = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.join("venue.toml").exists() {
            venues.push((name.into_owned(), path));
        }
    }
    venues.sort();
    Ok(venues)
}

/// A venue that the clone no longer has must not be listed either, so all are published anew.
fn forget_removed(folders: &Folders, draft: bool, venues: &[(String, PathBuf)]) -> Result<()> {
    let served = folders.served(draft);
    for entry in fs::read_dir(&served.packages)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && !venues.iter().any(|(venue, _)| *venue == name) {
            for folder in [&served.packages, &served.keys] {
                fs::remove_dir_all(folder)?;
                fs::create_dir_all(folder)?;
            }
            return Ok(());
        }
    }
    Ok(())
}

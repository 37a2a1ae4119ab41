//! `build`: makes the published form of a package, and puts it where it is served from.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use xinghuo_package::publish::{publish_with, store};

use crate::{check, input, letters, say::say};

/// Publishes the package at `path`; says whether that was possible.
pub(crate) fn run(
    path: &Path,
    out: &Path,
    keys: &Path,
    font: Option<&Path>,
    words: &[PathBuf],
    compress: bool,
) -> anyhow::Result<bool> {
    let (package, mut findings) = input::open(path)?;
    let letters = match (&package, font) {
        (Some(package), Some(font)) => Some(letters::of(package, font, words)?),
        _ => None,
    };
    findings.extend(letters.iter().filter_map(letters::missing));
    check::print(&findings);
    let sum = check::sum(&findings);
    let Some(package) = package else {
        say(&format!("Nothing was published: {sum}."));
        return Ok(false);
    };
    let published = publish_with(&package, letters.as_ref());
    let stored = store(&published, out, keys, compress).context("The package was not published")?;
    let done = if stored.known {
        "was there already"
    } else {
        "is published"
    };
    let draft = if package.venue.draft {
        " as a draft"
    } else {
        ""
    };
    let (venue, hash) = (&published.manifest.venue, &published.manifest.hash);
    say(&format!("{venue} {hash} {done}{draft}: {sum}."));
    Ok(true)
}

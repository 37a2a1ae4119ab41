//! `build`: makes the published form of a package, and puts it where it is served from.

use std::path::Path;

use anyhow::Context as _;
use xinghuo_package::publish::{publish, store};

use crate::{check, input, say::say};

/// Publishes the package at `path`; says whether that was possible.
pub(crate) fn run(path: &Path, out: &Path, keys: &Path, compress: bool) -> anyhow::Result<bool> {
    let (package, findings) = input::open(path)?;
    check::print(&findings);
    let sum = check::sum(&findings);
    let Some(package) = package else {
        say(&format!("Nothing was published: {sum}."));
        return Ok(false);
    };
    let published = publish(&package);
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

//! PostgreSQL, which the server's tests start for themselves.

use std::path::Path;

use anyhow::Result;

use crate::apt;

/// Where Debian keeps its programs, a folder for each version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// Finds PostgreSQL's programs, or installs them; says how where it may not.
pub(crate) fn ensure() -> Result<()> {
    if apt::on_path("initdb") || is_in(Path::new(VERSIONS)) {
        return Ok(());
    }
    apt::install(&["postgresql"])
}

fn is_in(versions: &Path) -> bool {
    let versions = versions.read_dir().into_iter().flatten().flatten();
    let mut programs = versions.map(|version| version.path().join("bin/initdb"));
    programs.any(|program| program.is_file())
}

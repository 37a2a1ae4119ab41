//! Everything that is served: the app, the web root, the programs, the venues.

use std::path::PathBuf;

use anyhow::Result;

use crate::cargo;
use crate::folders::Folders;
use crate::say;
use crate::toolchain::Toolchain;
use crate::{site, venues, wasm};

/// The program that serves.
pub(crate) const SERVER: &str = "xinghuo-server";

/// Installs what building needs and builds everything.
pub(crate) fn everything(folders: &Folders, draft: bool) -> Result<()> {
    let toolchain = Toolchain::ensure(folders)?;
    programs(&toolchain)?;
    venues::publish(folders, draft)?;
    let app = wasm::build(folders, &toolchain)?;
    let site = site(folders, &app, draft)?;
    say::line(&format!("{:<9}{}", "built", site.display()));
    Ok(())
}

/// Builds the server and the curator's program.
pub(crate) fn programs(toolchain: &Toolchain) -> Result<()> {
    let mut build = toolchain.cargo();
    build.args(["build", "--release", "-p", SERVER, "-p", venues::AUTHOR]);
    cargo::step(&mut build, "build", "the server and the curator's program")
}

/// Fills the web root.
pub(crate) fn site(folders: &Folders, app: &std::path::Path, draft: bool) -> Result<PathBuf> {
    site::assemble(folders, app, draft)
}

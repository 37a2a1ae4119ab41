//! The app for the browser: compiled, and joined to JavaScript.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::cargo;
use crate::folders::Folders;
use crate::run::{self, Heard};
use crate::say::Step;
use crate::stamp::{self, Stamp};
use crate::toolchain::{Toolchain, WASM};

/// The package that becomes the app.
pub(crate) const PACKAGE: &str = "xinghuo-app";
/// The app's script, as wasm-bindgen names it.
pub(crate) const SCRIPT: &str = "xinghuo_app.js";
/// The app's code, as wasm-bindgen names it.
pub(crate) const MODULE: &str = "xinghuo_app_bg.wasm";

const TYPES: &str = "xinghuo_app.d.ts";
const BINDGEN: &str = "xtask-bindgen";

/// Builds the app and returns the folder with its script and its code.
pub(crate) fn build(folders: &Folders, toolchain: &Toolchain) -> Result<PathBuf> {
    let mut build = toolchain.cargo();
    build.args(["build", "--release", "--target", WASM, "-p", PACKAGE]);
    cargo::step(&mut build, "build", "the app for the browser")?;
    let bindgen = bindgen(folders, toolchain)?;

    let compiled = folders.target.join(WASM).join("release/xinghuo_app.wasm");
    let joined = folders.target.join("bindgen");
    let stamp = Stamp::new(
        folders.target.join("bindgen.stamp"),
        &[&stamp::hash_file(&compiled)?, &stamp::hash_file(&bindgen)?],
    );
    if !stamp.is_fresh() || !joined.join(MODULE).exists() {
        stamp.clear();
        let step = Step::begin("build", "the app's script (wasm-bindgen)");
        let _ = fs::remove_dir_all(&joined);
        let mut join = Command::new(&bindgen);
        run::run(join.args([&compiled, &joined]), &step, &|_| Heard::Line)?
            .or_fail("wasm-bindgen")?;
        stamp.set()?;
        step.end();
    }
    if !joined.join(SCRIPT).exists() {
        bail!("wasm-bindgen left no {SCRIPT}");
    }
    // The page's scripts are checked against the app's types.
    let types = stamp::read(&joined.join(TYPES))?;
    stamp::write_changed(&folders.root.join("web/types").join(TYPES), &types)?;
    Ok(joined)
}

/// Builds the program that joins the compiled app to JavaScript.
pub(crate) fn bindgen(folders: &Folders, toolchain: &Toolchain) -> Result<PathBuf> {
    let mut build = toolchain.cargo();
    build.args(["build", "--release", "-p", "xtask"]);
    build.args(["--features", "bindgen", "--bin", BINDGEN]);
    cargo::step(&mut build, "build", "wasm-bindgen")?;
    Ok(folders.program(BINDGEN))
}

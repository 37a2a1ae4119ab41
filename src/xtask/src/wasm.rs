//! The app for the browser: compiled, and joined to JavaScript.

use std::fs;
use std::path::{Path, PathBuf};
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

/// The folder of the app with what is read in a headset, beside the one without.
pub(crate) const HEADSET: &str = "headset";

/// Builds the app, without and with what is read in a headset, and returns the folder with its
/// script and its code; the second is in the folder [`HEADSET`] there.
pub(crate) fn build(folders: &Folders, toolchain: &Toolchain) -> Result<PathBuf> {
    let bindgen = bindgen(folders, toolchain)?;
    let joined = folders.target.join("bindgen");
    let with_words = joined.join(HEADSET);
    let kinds = [
        (
            "the app for the browser",
            &["--no-default-features"][..],
            &joined,
        ),
        ("the app for headsets", &[], &with_words),
    ];
    for (what, options, joined) in kinds {
        let mut build = toolchain.cargo();
        build.args(["build", "--release", "--target", WASM, "-p", PACKAGE]);
        cargo::step(build.args(options), "build", what)?;
        let compiled = folders.target.join(WASM).join("release/xinghuo_app.wasm");
        join(&bindgen, &compiled, joined, what)?;
    }
    // The page's scripts are checked against the app's types.
    let types = stamp::read(&joined.join(TYPES))?;
    stamp::write_changed(&folders.root.join("web/types").join(TYPES), &types)?;
    Ok(joined)
}

/// Joins what was compiled to JavaScript, unless that has been done.
fn join(bindgen: &Path, compiled: &Path, joined: &Path, what: &str) -> Result<()> {
    let stamp = Stamp::new(
        joined.join("joined.stamp"),
        &[&stamp::hash_file(compiled)?, &stamp::hash_file(bindgen)?],
    );
    if stamp.is_fresh() && joined.join(MODULE).exists() {
        return Ok(());
    }
    stamp.clear();
    let step = Step::begin("build", &format!("the script of {what} (wasm-bindgen)"));
    fs::create_dir_all(joined)?;
    for name in [SCRIPT, MODULE, TYPES] {
        // What is not there need not go.
        let _ = fs::remove_file(joined.join(name));
    }
    let mut join = Command::new(bindgen);
    run::run(join.args([compiled, joined]), &step, &|_| Heard::Line)?.or_fail("wasm-bindgen")?;
    if !joined.join(SCRIPT).exists() {
        bail!("wasm-bindgen left no {SCRIPT}");
    }
    stamp.set()?;
    step.end();
    Ok(())
}

/// Builds the program that joins the compiled app to JavaScript.
pub(crate) fn bindgen(folders: &Folders, toolchain: &Toolchain) -> Result<PathBuf> {
    let mut build = toolchain.cargo();
    build.args(["build", "--release", "-p", "xtask"]);
    build.args(["--features", "bindgen", "--bin", BINDGEN]);
    cargo::step(&mut build, "build", "wasm-bindgen")?;
    Ok(folders.program(BINDGEN))
}

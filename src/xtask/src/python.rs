//! What tests need from PyPI: a client of record stores, in an environment of its own.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::apt;
use crate::folders::Folders;
use crate::run::{self, Heard};
use crate::say::Step;
use crate::stamp::Stamp;
use crate::toolchain::scrubbed;

/// Exactly these, with what they need: nothing else is looked for.
const PACKAGES: [&str; 3] = ["tincan==1.0.0", "aniso8601==10.0.1", "pytz==2026.6"];

/// A Python that has the packages.
pub(crate) fn ensure(folders: &Folders) -> Result<PathBuf> {
    let folder = folders.cache.join("python");
    let python = folder.join("bin/python");
    let stamp = Stamp::new(folder.join(".xinghuo"), &PACKAGES);
    if stamp.is_fresh() && python.is_file() {
        return Ok(python);
    }
    if run::ask(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_none() {
        apt::install(&["python3", "python3-venv"])?;
    }
    let step = Step::begin("install", "the tests' packages (PyPI)");
    let mut venv = scrubbed("python3");
    venv.args(["-m", "venv", "--clear"]).arg(&folder);
    run::run(&mut venv, &step, &|_| Heard::Line)?.or_fail("python3 -m venv")?;
    let mut pip = scrubbed(&python.to_string_lossy());
    pip.args(["-m", "pip", "install", "--no-deps", "--no-input"])
        .arg("--disable-pip-version-check")
        .args(PACKAGES);
    run::run(&mut pip, &step, &|_| Heard::Line)?
        .or_fail("pip install")
        .context("the tests' packages could not be installed from PyPI")?;
    stamp.set()?;
    step.end();
    Ok(python)
}

//! Debian's packages, where this is Debian and we may install them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run::{self, Heard};
use crate::say::Step;

/// Whether this machine has Debian's package manager.
pub(crate) fn is_here() -> bool {
    Path::new("/etc/debian_version").exists() && on_path("apt-get")
}

/// Whether a program can be found.
pub(crate) fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    })
}

/// Installs those packages that are missing; says which command would when it may not.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let missing: Vec<_> = packages
        .iter()
        .copied()
        .filter(|package| !is_installed(package))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !is_here() {
        bail!("{list}: missing, and this is not Debian; install what your system calls them");
    }
    let by_hand =
        format!("run `apt-get update && apt-get install --no-install-recommends {list}` as root");
    if run::ask(Command::new("id").arg("-u")).as_deref() != Some("0") {
        bail!("{list}: missing; {by_hand}");
    }
    let step = Step::begin("install", &format!("{list} (Debian)"));
    // An installation that was cut off blocks every later one until it has been finished; where
    // there is none, this does nothing.
    let mut finish = Command::new("dpkg");
    finish
        .args(["--configure", "-a"])
        .env("DEBIAN_FRONTEND", "noninteractive");
    let _ = run::run(&mut finish, &step, &|_| Heard::Line);
    // Lists that are a little old still name packages that are there.
    let _ = run::run(apt_get().arg("update"), &step, &|_| Heard::Line);
    let mut install = apt_get();
    install
        .args(["install", "-y", "--no-install-recommends"])
        .args(&missing);
    run::run(&mut install, &step, &hear)?
        .or_fail("apt-get install")
        .with_context(|| format!("{list} could not be installed; {by_hand}"))?;
    step.end();
    Ok(())
}

fn is_installed(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    query.args(["-W", "-f", "${db:Status-Status}", package]);
    run::ask(&mut query).as_deref() == Some("installed")
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command
        .args(["-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3"])
        .env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn hear(line: &str) -> Heard {
    let far = ["Get:", "Unpacking ", "Setting up "]
        .iter()
        .any(|start| line.starts_with(start));
    if far {
        Heard::LineAndProgress(line.chars().take(60).collect())
    } else {
        Heard::Line
    }
}

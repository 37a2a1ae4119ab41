//! A standard library for the browser where rustup's server is not reached: Debian's security
//! archive carries the compiler with its source.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::apt;
use crate::cargo;
use crate::folders::Folders;
use crate::run;
use crate::say::Step;
use crate::stamp;
use crate::toolchain::{WASM, has_std, library_folder, scrubbed};

/// What rustup calls Debian's compiler.
pub(crate) const TOOLCHAIN: &str = "debian";
/// The linker that Debian's compiler needs to be told of.
pub(crate) const WASM_LINKER: &str = "wasm-ld-22";
/// Debian's package of the linter.
pub(crate) const CLIPPY: &str = "rust-web-clippy";

const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
const SYSROOT: &str = "/usr";

/// Whether an earlier run has finished, with the compiler that is installed now.
pub(crate) fn is_ready() -> bool {
    has_std(&library_folder(Path::new(SYSROOT)))
        && apt::on_path(WASM_LINKER)
        && version().is_some_and(|version| {
            fs::read_to_string(marker()).is_ok_and(|made_by| made_by.trim() == version)
        })
}

/// Installs the compiler and builds the library that it lacks.
pub(crate) fn install(folders: &Folders) -> Result<()> {
    apt::install(&PACKAGES)?;
    if version().is_none() {
        let linked = run::ask(scrubbed("rustup").args(["toolchain", "link", TOOLCHAIN, SYSROOT]));
        linked.with_context(|| format!("run `rustup toolchain link {TOOLCHAIN} {SYSROOT}`"))?;
    }
    let version = version().context("Debian's compiler does not answer")?;
    if is_ready() {
        return Ok(());
    }
    let made = build_std(folders)?;
    if put_in_place(&made, &library_folder(Path::new(SYSROOT)))? {
        // Crates that were compiled against another library are refused by the compiler.
        let stale = folders.target.join(WASM);
        if stale.exists() {
            fs::remove_dir_all(&stale).with_context(|| {
                format!("stale products cannot be removed: {}", stale.display())
            })?;
        }
    }
    stamp::write(&marker(), version.as_bytes())
}

fn version() -> Option<String> {
    run::ask(debian("rustc").arg("-vV"))
}

/// Written last, so that a run that was interrupted is done again.
fn marker() -> PathBuf {
    library_folder(Path::new(SYSROOT)).join("xinghuo-std")
}

fn debian(program: &str) -> Command {
    let mut command = scrubbed(program);
    command.env("RUSTUP_TOOLCHAIN", TOOLCHAIN);
    command
}

/// Builds the library in an empty crate and returns the files that belong to it: with any other
/// crate's products among them, later builds find some crates twice.
fn build_std(folders: &Folders) -> Result<Vec<PathBuf>> {
    let step = Step::begin(
        "install",
        "the browser's standard library, from Debian's source",
    );
    let folder = folders.cache.join("std");
    let _ = fs::remove_dir_all(&folder);
    stamp::write(
        &folder.join("Cargo.toml"),
        b"[package]\nname = \"xinghuo-empty\"\nedition = \"2024\"\n\n[lib]\npath = \"lib.rs\"\n\n[workspace]\n",
    )?;
    stamp::write(&folder.join("lib.rs"), b"#![no_std]\n")?;
    let target = folder.join("target");
    let mut build = debian("cargo");
    build
        .args(["build", "--release", "-Zbuild-std=std,panic_abort"])
        .args(["--target", WASM])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", &target)
        .env("RUSTC_BOOTSTRAP", "1")
        // Without it, link-time optimization does not find what it needs.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", WASM_LINKER);
    cargo::progress_always(&mut build);
    run::run(&mut build, &step, &|line| cargo::hear(line))?
        .or_fail("building the standard library")?;
    let deps = target.join(WASM).join("release/deps");
    let mut made = Vec::new();
    for entry in fs::read_dir(&deps).context("the standard library left no products")? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".rlib") && !name.starts_with("libxinghuo_empty") {
            made.push(path);
        }
    }
    step.end();
    Ok(made)
}

/// Puts the library into the sysroot, and says whether that changed anything.
fn put_in_place(made: &[PathBuf], folder: &Path) -> Result<bool> {
    if made.is_empty() {
        bail!("the standard library's build left no libraries");
    }
    fs::create_dir_all(folder).with_context(|| format!("not writable: {}", folder.display()))?;
    let _ = fs::remove_file(marker());
    let mut keep = Vec::new();
    let mut changed = false;
    for path in made {
        let name = path.file_name().context("a file without a name")?;
        let place = folder.join(name);
        let bytes = fs::read(path)?;
        if fs::read(&place).ok().as_ref() != Some(&bytes) {
            stamp::write(&place, &bytes)?;
            changed = true;
        }
        keep.push(place);
    }
    for entry in fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|end| end == "rlib") && !keep.contains(&path) {
            fs::remove_file(&path)?;
            changed = true;
        }
    }
    Ok(changed)
}

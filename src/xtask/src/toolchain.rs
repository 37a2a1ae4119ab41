//! The compiler that builds both the browser's half and the machine's half.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::folders::Folders;
use crate::run;
use crate::say::Step;
use crate::{apt, debian};

/// The target of the browser's half.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// How long rustup may take before another way is tried: where its server is not reached, it
/// waits for minutes.
const RUSTUP_PATIENCE: Duration = Duration::from_secs(20);

/// A compiler with a standard library for the browser, and how to ask cargo for it.
#[derive(Clone, Debug)]
pub(crate) struct Toolchain {
    /// What rustup calls it; nothing where there is no rustup.
    name: Option<String>,
    /// The linker for the browser's half, where the compiler brings none.
    linker: Option<&'static str>,
    target: PathBuf,
    root: PathBuf,
}

impl Toolchain {
    /// Finds a toolchain that can build for the browser, or makes one.
    pub(crate) fn ensure(folders: &Folders) -> Result<Self> {
        let active = Self {
            name: std::env::var("RUSTUP_TOOLCHAIN").ok(),
            linker: None,
            target: folders.target.clone(),
            root: folders.root.clone(),
        };
        if active.has_wasm() {
            return Ok(active);
        }
        let from_debian = Self {
            name: Some(debian::TOOLCHAIN.to_owned()),
            linker: Some(debian::WASM_LINKER),
            ..active.clone()
        };
        if debian::is_ready() {
            return Ok(from_debian);
        }
        let step = Step::begin("install", "the browser's standard library, by rustup");
        let mut rustup = scrubbed("rustup");
        active.choose(&mut rustup);
        let added = run::succeeds_within(rustup.args(["target", "add", WASM]), RUSTUP_PATIENCE);
        step.end();
        if added && active.has_wasm() {
            return Ok(active);
        }
        if !apt::is_here() {
            bail!(
                "the compiler has no standard library for {WASM}, and rustup could not get it: \
                 run `rustup target add {WASM}`"
            );
        }
        debian::install(folders).context(
            "the compiler has no standard library for the browser, rustup could not get it, \
             and neither could Debian's packages",
        )?;
        Ok(from_debian)
    }

    /// Gets the linter of this toolchain where it is missing.
    pub(crate) fn ensure_clippy(&self) -> Result<()> {
        if run::ask(self.cargo().args(["clippy", "--version"])).is_some() {
            return Ok(());
        }
        if self.linker.is_some() {
            return apt::install(&[debian::CLIPPY]);
        }
        let mut rustup = scrubbed("rustup");
        self.choose(&mut rustup);
        if run::succeeds_within(rustup.args(["component", "add", "clippy"]), RUSTUP_PATIENCE) {
            return Ok(());
        }
        bail!("clippy is missing: run `rustup component add clippy`");
    }

    /// Cargo of this toolchain, in the clone, with the products where every clone shares them.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = plain_cargo(&self.root, &self.target);
        self.choose(&mut cargo);
        if let Some(linker) = self.linker {
            cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        cargo
    }

    fn choose(&self, command: &mut Command) {
        if let Some(name) = &self.name {
            command.env("RUSTUP_TOOLCHAIN", name);
        }
    }

    fn has_wasm(&self) -> bool {
        let mut rustc = scrubbed("rustc");
        self.choose(&mut rustc);
        run::ask(rustc.args(["--print", "sysroot"]))
            .is_some_and(|sysroot| has_std(&library_folder(Path::new(&sysroot))))
    }
}

/// Cargo of the toolchain that the developer has, which is the one with rustfmt.
pub(crate) fn plain_cargo(root: &Path, target: &Path) -> Command {
    let mut cargo = scrubbed("cargo");
    cargo.current_dir(root).env("CARGO_TARGET_DIR", target);
    cargo
}

/// Where a sysroot keeps the standard library for the browser.
pub(crate) fn library_folder(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(WASM).join("lib")
}

/// Whether a folder holds a standard library.
pub(crate) fn has_std(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let is_library = Path::new(&name)
            .extension()
            .is_some_and(|end| end == "rlib");
        is_library && name.to_string_lossy().starts_with("libstd-")
    })
}

/// A command without what the outer `cargo run` has put into the environment: it names the
/// outer's compiler and package, and would win over the toolchain asked for.
pub(crate) fn scrubbed(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_from_outer_cargo) {
            command.env_remove(&name);
        }
    }
    for name in ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"] {
        if let Some(value) = std::env::var_os(name) {
            let own: Vec<_> = std::env::split_paths(&value)
                .filter(|folder| !is_outer_library_folder(folder))
                .collect();
            match std::env::join_paths(&own) {
                Ok(value) if !own.is_empty() => command.env(name, value),
                _ => command.env_remove(name),
            };
        }
    }
    command
}

fn is_from_outer_cargo(name: &str) -> bool {
    let exact = [
        "CARGO",
        "RUSTC",
        "RUSTDOC",
        "OUT_DIR",
        "RUSTUP_TOOLCHAIN",
        "RUSTUP_TOOLCHAIN_SOURCE",
        "RUST_RECURSION_COUNT",
        "CARGO_CRATE_NAME",
        "CARGO_PRIMARY_PACKAGE",
    ];
    let families = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"];
    exact.contains(&name) || families.iter().any(|family| name.starts_with(family))
}

fn is_outer_library_folder(folder: &Path) -> bool {
    let beside_this_program = std::env::current_exe()
        .ok()
        .and_then(|program| program.parent().map(|parent| folder.starts_with(parent)));
    beside_this_program == Some(true)
        || folder
            .components()
            .any(|part| part.as_os_str() == "toolchains")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_outer_cargo_sets_is_not_passed_on() {
        for name in [
            "CARGO",
            "RUSTUP_TOOLCHAIN",
            "CARGO_PKG_NAME",
            "CARGO_MANIFEST_DIR",
        ] {
            assert!(is_from_outer_cargo(name), "{name}");
        }
        for name in [
            "CARGO_HOME",
            "CARGO_TARGET_DIR",
            "CARGO_NET_OFFLINE",
            "RUSTFLAGS",
            "PATH",
        ] {
            assert!(!is_from_outer_cargo(name), "{name}");
        }
    }

    #[test]
    fn a_folder_without_std_is_no_standard_library() {
        assert!(!has_std(Path::new("/nowhere/at/all")));
    }
}

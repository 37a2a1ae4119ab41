//! What `cargo xtask test` does, step by step.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::folders::Folders;
use crate::run::{self, Heard};
use crate::say;
use crate::tally::Tally;
use crate::toolchain::{Toolchain, WASM, plain_cargo, scrubbed};
use crate::{apt, browser, budget, build, cargo, node, postgres, site, venues, wasm};

/// One step of the tests.
pub(crate) struct Step {
    /// What the table calls it.
    pub(crate) name: &'static str,
    /// The steps before it without which it cannot be run.
    pub(crate) needs: &'static [&'static str],
    /// Does it.
    pub(crate) run: fn(&mut Workshop) -> Result<Done>,
}

/// The steps in their order: what takes seconds first, what needs everything last.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "format",
        needs: &[],
        run: format,
    },
    Step {
        name: "xtask",
        needs: &[],
        run: xtask,
    },
    Step {
        name: "toolchain",
        needs: &[],
        run: toolchain,
    },
    Step {
        name: "node",
        needs: &[],
        run: node,
    },
    Step {
        name: "programs",
        needs: &["toolchain"],
        run: programs,
    },
    Step {
        name: "venues",
        needs: &["programs"],
        run: venues,
    },
    Step {
        name: "rust",
        needs: &["toolchain"],
        run: rust,
    },
    Step {
        name: "app",
        needs: &["toolchain"],
        run: app,
    },
    Step {
        name: "types",
        needs: &["node", "app"],
        run: types,
    },
    Step {
        name: "site",
        needs: &["app"],
        run: site,
    },
    Step {
        name: "budget",
        needs: &["site", "venues"],
        run: budget,
    },
    Step {
        name: "browser",
        needs: &["node", "programs", "venues", "site"],
        run: browser,
    },
    Step {
        name: "lint",
        needs: &["toolchain"],
        run: lint,
    },
    Step {
        name: "lint-app",
        needs: &["toolchain"],
        run: lint_app,
    },
    Step {
        name: "docs",
        needs: &["toolchain"],
        run: docs,
    },
];

/// What a step leaves: how many tests, and what a reader should know.
pub(crate) struct Done {
    /// The tests that passed and failed, and those that were skipped.
    pub(crate) tally: Tally,
    /// What was measured, or what failed.
    pub(crate) note: String,
}

impl Done {
    fn held() -> Self {
        Self::measured(String::new())
    }

    fn measured(note: String) -> Self {
        Self {
            tally: Tally::one(true),
            note,
        }
    }
}

/// What earlier steps have made for later ones.
pub(crate) struct Workshop {
    folders: Folders,
    toolchain: Option<Toolchain>,
    app: Option<PathBuf>,
}

impl Workshop {
    /// An empty workshop.
    pub(crate) fn new(folders: Folders) -> Self {
        Self {
            folders,
            toolchain: None,
            app: None,
        }
    }

    fn toolchain(&self) -> Result<&Toolchain> {
        self.toolchain.as_ref().context("there is no toolchain")
    }

    fn app(&self) -> Result<&PathBuf> {
        self.app.as_ref().context("there is no app")
    }

    fn plain_cargo(&self) -> Command {
        plain_cargo(&self.folders.root, &self.folders.target)
    }
}

fn format(workshop: &mut Workshop) -> Result<Done> {
    let mut fmt = workshop.plain_cargo();
    cargo::step(
        fmt.args(["fmt", "--all", "--", "--check", "--color", "never"]),
        "check",
        "the format",
    )?;
    Ok(Done::held())
}

/// These commands are compiled with the toolchain that the developer has, so their tests are too.
fn xtask(workshop: &mut Workshop) -> Result<Done> {
    let mut test = workshop.plain_cargo();
    test.args(["test", "--package", "xtask", "--bin", "xtask"]);
    cargo_test(&mut test, "these commands")
}

fn toolchain(workshop: &mut Workshop) -> Result<Done> {
    workshop.toolchain = Some(Toolchain::ensure(&workshop.folders)?);
    Ok(Done::held())
}

fn node(workshop: &mut Workshop) -> Result<Done> {
    node::ensure_packages(&workshop.folders)?;
    Ok(Done::held())
}

fn programs(workshop: &mut Workshop) -> Result<Done> {
    build::programs(workshop.toolchain()?)?;
    Ok(Done::held())
}

fn venues(workshop: &mut Workshop) -> Result<Done> {
    venues::publish(&workshop.folders, false)?;
    Ok(Done::held())
}

fn rust(workshop: &mut Workshop) -> Result<Done> {
    postgres::ensure()?;
    // One test cuts the power, in a way: it needs to know what was written and synced. Where this
    // may not be installed, it says that it is skipped, and so does the summary.
    if !apt::on_path("strace") && apt::is_here() {
        apt::install(&["strace"])?;
    }
    let mut test = workshop.toolchain()?.cargo();
    test.args([
        "test",
        "--release",
        "--workspace",
        "--exclude",
        "xtask",
        "--no-fail-fast",
    ]);
    cargo_test(&mut test, "the Rust crates")
}

fn cargo_test(test: &mut Command, what: &str) -> Result<Done> {
    cargo::progress_always(test);
    let step = say::Step::begin("test", what);
    let ended = run::run(test, &step, &hear_cargo_test)?;
    step.end();
    let tally = Tally::of_cargo(&ended.output).with_end(ended.ok);
    let note = if ended.ok {
        String::new()
    } else {
        ended.output
    };
    Ok(Done { tally, note })
}

fn hear_cargo_test(line: &str) -> Heard {
    let text = line.trim_start();
    if text.starts_with("Running ") || text.starts_with("Doc-tests ") {
        return Heard::LineAndProgress(text.chars().take(70).collect());
    }
    let held = text.starts_with("test ") && text.ends_with(" ok");
    if held || text.starts_with("running ") {
        return Heard::Noise;
    }
    cargo::hear(line)
}

fn app(workshop: &mut Workshop) -> Result<Done> {
    workshop.app = Some(wasm::build(&workshop.folders, workshop.toolchain()?)?);
    Ok(Done::held())
}

fn types(workshop: &mut Workshop) -> Result<Done> {
    let root = &workshop.folders.root;
    let step = say::Step::begin("check", "the types of the page and of the bench");
    for project in ["web/tsconfig.json", "tests/bench/tsconfig.json"] {
        let mut tsc = scrubbed(&root.join("tests/node_modules/.bin/tsc").to_string_lossy());
        tsc.args(["--noEmit", "-p", project]).current_dir(root);
        run::run(&mut tsc, &step, &|_| Heard::Line)?.or_fail("tsc")?;
    }
    step.end();
    Ok(Done::held())
}

fn site(workshop: &mut Workshop) -> Result<Done> {
    site::assemble(&workshop.folders, workshop.app()?, false)?;
    Ok(Done::held())
}

fn budget(workshop: &mut Workshop) -> Result<Done> {
    Ok(Done::measured(budget::check(&workshop.folders)?))
}

fn browser(workshop: &mut Workshop) -> Result<Done> {
    let (tally, note) = browser::test(&workshop.folders)?;
    Ok(Done { tally, note })
}

fn lint(workshop: &mut Workshop) -> Result<Done> {
    let toolchain = workshop.toolchain()?;
    toolchain.ensure_clippy()?;
    let mut clippy = toolchain.cargo();
    clippy.args(["clippy", "--release", "--workspace", "--all-targets"]);
    clippy.args(["--features", "xtask/bindgen", "--", "-D", "warnings"]);
    cargo::step(&mut clippy, "lint", "what runs on this machine")?;
    Ok(Done::held())
}

fn lint_app(workshop: &mut Workshop) -> Result<Done> {
    let toolchain = workshop.toolchain()?;
    toolchain.ensure_clippy()?;
    let mut clippy = toolchain.cargo();
    clippy.args(["clippy", "--release", "--target", WASM, "-p", wasm::PACKAGE]);
    // The crates of ours that it uses are linted with it, with the features that it uses.
    clippy.args(["--", "-D", "warnings"]);
    cargo::step(&mut clippy, "lint", "what runs in the browser")?;
    Ok(Done::held())
}

fn docs(workshop: &mut Workshop) -> Result<Done> {
    let mut doc = workshop.toolchain()?.cargo();
    doc.args(["doc", "--release", "--no-deps", "--workspace"]);
    doc.env("RUSTDOCFLAGS", "-D warnings");
    cargo::step(&mut doc, "check", "the documentation")?;
    Ok(Done::held())
}

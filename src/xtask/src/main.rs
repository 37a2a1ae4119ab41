//! The commands of this repository: `cargo xtask start`, `test`, `bench`, `build`, `setup`, `fuzz`.

mod apt;
mod args;
mod bench;
mod browser;
mod budget;
mod build;
mod cargo;
mod clones;
mod compress;
mod debian;
mod folders;
mod fuzz;
mod modules;
mod node;
mod postgres;
mod python;
mod run;
mod say;
mod site;
mod stamp;
mod start;
mod steps;
mod tally;
mod test;
mod toolchain;
mod venues;
mod wasm;

use std::process::ExitCode;

use anyhow::Result;

use args::Command;
use folders::Folders;
use toolchain::Toolchain;

fn main() -> ExitCode {
    match Command::parse(std::env::args().skip(1)).and_then(obey) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Does what a command says; `false` when it did, and tests failed.
fn obey(command: Command) -> Result<bool> {
    match command {
        Command::Help => say::line(args::HELP.trim_end()),
        Command::Start { port, data, draft } => start::serve(&folders()?, port, data, draft)?,
        Command::Test { filter } => return Ok(test::run(folders()?, &filter)),
        Command::Bench(bench) => bench::run(&folders()?, &bench)?,
        Command::Build { draft } => build::everything(&folders()?, draft)?,
        Command::Setup { tests } => setup(&folders()?, tests)?,
        Command::Fuzz { target, minutes } => {
            return fuzz::run(&folders()?, &target, minutes);
        }
        Command::Announce { port, log } => start::announce(port, &log)?,
    }
    Ok(true)
}

/// Where everything is, with Cargo's products those of this clone.
fn folders() -> Result<Folders> {
    let folders = Folders::find()?;
    clones::take_over(&folders)?;
    Ok(folders)
}

/// Installs what building needs, and what testing needs as well.
fn setup(folders: &Folders, tests: bool) -> Result<()> {
    let toolchain = Toolchain::ensure(folders)?;
    wasm::bindgen(folders, &toolchain)?;
    if tests {
        toolchain.ensure_clippy()?;
        node::ensure_packages(folders)?;
        node::ensure_chromium()?;
        python::ensure(folders)?;
    }
    say::line("everything that is needed is here");
    Ok(())
}

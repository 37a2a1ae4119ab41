//! The command line for curators: looks a venue's package through, and makes what is served.

mod build;
mod check;
mod input;
mod letters;
mod replay;
mod say;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use check::Format;

/// Looks venue packages through and makes what is served.
#[derive(Parser)]
#[command(name = "xinghuo-author", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print everything that is wrong with a package, and where.
    Check {
        /// The package: a folder or a zip.
        path: PathBuf,
        /// How to print the findings.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Make the published form of a package, unless something is wrong with it.
    Build {
        /// The package: a folder or a zip.
        path: PathBuf,
        /// The folder of published packages, which is served.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// The folder of answer keys, which must not be served.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
        /// A font, of which the glyphs for the words are published for panels in a headset; of a
        /// collection, the face for the mainland's Chinese. Its licence must allow that.
        #[arg(long, value_name = "FILE")]
        font: Option<PathBuf>,
        /// Words of the page that stand on those panels as well: JSON, texts by key.
        #[arg(long, value_name = "FILE", requires = "font")]
        words: Vec<PathBuf>,
        /// Leave out the packed files beside the published ones: quicker, for trying things.
        #[arg(long)]
        no_compress: bool,
    },
    /// Decide again what an exported visit has shown, from its log alone.
    Replay {
        /// The visit, as its visitor exported it or the server gives it.
        visit: PathBuf,
        /// The folder of published packages.
        #[arg(long, value_name = "DIR")]
        packages: PathBuf,
        /// The folder of answer keys.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Check { path, format } => check::run(&path, format),
        Command::Build {
            path,
            out,
            keys,
            font,
            words,
            no_compress,
        } => build::run(&path, &out, &keys, font.as_deref(), &words, !no_compress),
        Command::Replay {
            visit,
            packages,
            keys,
        } => replay::run(&visit, &packages, &keys),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say::complain(&format!("{error:#}."));
            ExitCode::from(2)
        }
    }
}

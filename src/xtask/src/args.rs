//! The command line: `cargo xtask start`, `test`, `bench`, `build`, `setup`, `fuzz`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::bench::Bench;

/// What the commands are, for whoever gives none.
pub(crate) const HELP: &str = "\
The commands of this repository

  cargo xtask start [--port 8080] [--data DIR] [--draft]
      Installs what is missing, builds, and serves the tour on this machine.
  cargo xtask test [STEP]
      Installs what tests need and runs every test; with STEP, only the steps whose name has it.
  cargo xtask bench [VENUE] [--quick] [--rounds N] [--report]
      Measures the tour beside a plain three.js viewer, also in an emulated headset (VENUE: headset);
      --report rewrites tests/bench/REPORT.md and HEADSET.md.
  cargo xtask bench records [--quick] [--report] [--ten-million] [--keep]
                            [--part writes|reads] [--only STORE]
      Measures the record store beside others; --report rewrites tests/bench/RECORDS.md.
  cargo xtask build [--draft]
      Builds the app, the site, the venues and the server. --draft leaves out compression.
  cargo xtask setup [--tests]
      Only installs: what building needs, with --tests what testing needs too.
  cargo xtask fuzz [TARGET] [--minutes 10]
      Throws bytes that nobody wrote at what reads packages, models, batches, visits, statements and launches.
";

/// The port that `start` serves on when nobody says otherwise.
const PORT: u16 = 8080;

/// How long `fuzz` fuzzes each target when nobody says otherwise.
const MINUTES: u32 = 10;

/// One command with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Print the help.
    Help,
    /// Install, build and serve.
    Start {
        /// The port on the loopback address.
        port: u16,
        /// The folder of the server's database.
        data: Option<PathBuf>,
        /// Without compression.
        draft: bool,
    },
    /// Install, build and test.
    Test {
        /// Part of the names of the steps to run; all when empty.
        filter: String,
    },
    /// Build what ships, and measure it.
    Bench(Bench),
    /// Build everything that `start` would serve.
    Build {
        /// Without compression.
        draft: bool,
    },
    /// Install only.
    Setup {
        /// Also what only tests need.
        tests: bool,
    },
    /// Fuzz what reads what anybody may send.
    Fuzz {
        /// One target; all when empty.
        target: String,
        /// How long each of them is fuzzed.
        minutes: u32,
    },
    /// Print the address as soon as the server answers. `start` runs this beside the server,
    /// which takes the place of `start` itself so that a signal reaches it.
    Announce {
        /// The port on the loopback address.
        port: u16,
        /// The file that the server logs to.
        log: PathBuf,
    },
}

impl Command {
    /// Reads the arguments that follow the program's name.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self> {
        let mut arguments = arguments.into_iter();
        let Some(name) = arguments.next() else {
            return Ok(Self::Help);
        };
        let mut rest = Options::read(arguments)?;
        if rest.help {
            return Ok(Self::Help);
        }
        let command = match name.as_str() {
            "help" | "--help" | "-h" => Self::Help,
            "start" => Self::Start {
                port: rest.port.take().unwrap_or(PORT),
                data: rest.data.take(),
                draft: std::mem::take(&mut rest.draft),
            },
            "test" => Self::Test {
                filter: rest.word.take().unwrap_or_default(),
            },
            "bench" => Self::Bench(Bench {
                only: rest.word.take().unwrap_or_default(),
                ..std::mem::take(&mut rest.bench)
            }),
            "build" => Self::Build {
                draft: std::mem::take(&mut rest.draft),
            },
            "setup" => Self::Setup {
                tests: std::mem::take(&mut rest.tests),
            },
            "fuzz" => Self::Fuzz {
                target: rest.word.take().unwrap_or_default(),
                minutes: rest.minutes.take().unwrap_or(MINUTES),
            },
            "announce" => Self::Announce {
                port: rest.port.take().unwrap_or(PORT),
                log: rest.data.take().context("announce needs --data")?,
            },
            other => bail!("there is no command {other:?}; cargo xtask --help lists them"),
        };
        // Whatever the command has not taken does not belong to it.
        if rest != Options::default() {
            bail!("{name:?} does not take all of these options; cargo xtask --help lists them");
        }
        Ok(command)
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    help: bool,
    draft: bool,
    tests: bool,
    bench: Bench,
    port: Option<u16>,
    minutes: Option<u32>,
    data: Option<PathBuf>,
    word: Option<String>,
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
                _ => (argument.as_str(), None),
            };
            let mut value = || {
                value
                    .clone()
                    .or_else(|| arguments.next())
                    .with_context(|| format!("{name} needs a value"))
            };
            match name {
                "--help" | "-h" => options.help = true,
                "--draft" => options.draft = true,
                "--tests" => options.tests = true,
                "--quick" => options.bench.quick = true,
                "--report" => options.bench.report = true,
                "--ten-million" => options.bench.records.ten_million = true,
                "--keep" => options.bench.records.keep = true,
                "--part" => options.bench.records.part = Some(value()?),
                "--only" => options.bench.records.store = Some(value()?),
                "--rounds" => {
                    let text = value()?;
                    let rounds = text.parse();
                    options.bench.rounds =
                        Some(rounds.with_context(|| format!("{text:?} is not a number"))?);
                }
                "--port" => {
                    let text = value()?;
                    let port = text.parse();
                    options.port =
                        Some(port.with_context(|| format!("{text:?} is not a port number"))?);
                }
                "--minutes" => {
                    let text = value()?;
                    let minutes = text.parse();
                    options.minutes =
                        Some(minutes.with_context(|| format!("{text:?} is no number of minutes"))?);
                }
                "--data" => options.data = Some(value()?.into()),
                other if other.starts_with('-') => bail!("there is no option {other:?}"),
                _ if options.word.is_none() => options.word = Some(argument),
                other => bail!("{other:?} is one word too many"),
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::Records;

    #[track_caller]
    fn parse(line: &str) -> Command {
        Command::parse(line.split_whitespace().map(str::to_owned)).expect("a command line")
    }

    #[track_caller]
    fn refused(line: &str) -> String {
        Command::parse(line.split_whitespace().map(str::to_owned))
            .expect_err("a command line that is refused")
            .to_string()
    }

    #[test]
    fn nothing_asks_for_help() {
        for line in ["", "--help", "-h", "help", "start --help"] {
            assert_eq!(parse(line), Command::Help, "{line:?}");
        }
    }

    #[test]
    fn start_takes_a_port_and_a_folder() {
        let (data, draft) = (None, false);
        assert_eq!(
            parse("start"),
            Command::Start {
                port: 8080,
                data,
                draft
            }
        );
        let expected = Command::Start {
            port: 9000,
            data: Some("here".into()),
            draft: true,
        };
        assert_eq!(parse("start --port 9000 --data here --draft"), expected);
        assert_eq!(parse("start --port=9000 --data=here --draft"), expected);
    }

    #[test]
    fn test_takes_part_of_a_step_name() {
        let filter = "browser".to_owned();
        assert_eq!(parse("test browser"), Command::Test { filter });
        let filter = String::new();
        assert_eq!(parse("test"), Command::Test { filter });
    }

    #[test]
    fn fuzz_takes_a_target_and_a_time() {
        let (target, minutes) = (String::new(), 10);
        assert_eq!(parse("fuzz"), Command::Fuzz { target, minutes });
        let (target, minutes) = ("glb".to_owned(), 3);
        assert_eq!(
            parse("fuzz glb --minutes 3"),
            Command::Fuzz { target, minutes }
        );
        assert!(refused("fuzz --minutes soon").contains("no number of minutes"));
    }

    #[test]
    fn bench_takes_how_much_to_measure() {
        assert_eq!(parse("bench"), Command::Bench(Bench::default()));
        let expected = Bench {
            rounds: Some(7),
            quick: true,
            report: true,
            only: "hall".into(),
            records: Records::default(),
        };
        let line = "bench hall --quick --rounds 7 --report";
        assert_eq!(parse(line), Command::Bench(expected));
        let expected = Bench {
            only: "records".into(),
            records: Records {
                ten_million: true,
                keep: true,
                part: Some("reads".into()),
                store: Some("sqlite".into()),
            },
            ..Bench::default()
        };
        let line = "bench records --ten-million --keep --part reads --only sqlite";
        assert_eq!(parse(line), Command::Bench(expected));
    }

    #[test]
    fn what_a_command_does_not_take_is_refused() {
        assert!(refused("test --report").contains("does not take"));
        assert!(refused("bench --rounds few").contains("not a number"));
        assert!(refused("test --draft").contains("does not take"));
        assert!(refused("build browser").contains("does not take"));
        assert!(refused("launch").contains("no command"));
        assert!(refused("start --wide").contains("no option"));
        assert!(refused("start --port high").contains("not a port"));
        assert!(refused("start --port").contains("needs a value"));
    }
}

//! The configuration file: every option of the command line under the same name, in TOML.
//!
//! What the file says is put before the program as if it had been written on the command line, so that
//! an option means the same in both places. What stands on the command line counts more than the
//! environment, and that more than the file.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use clap::{Arg, ArgAction, ArgMatches, Command, parser::ValueSource};
use toml::{Table, Value};

/// The option that names the file.
const FILE: &str = "config";

/// Options that are not for the file: they say what to do this once.
const NOT_IN_FILE: [&str; 4] = [FILE, "check-config", "help", "version"];

/// How like an option a wrong name must be for it to be meant.
const LIKENESS: f64 = 0.7;

/// Why the configuration file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It cannot be read.
    #[error("--config names no file that can be read ({cause}); correct it: {}", path.display())]
    Unreadable {
        /// What the system said.
        cause: std::io::Error,
        /// The file.
        path: PathBuf,
    },
    /// It is no TOML.
    #[error("the configuration file is no TOML: {cause}; correct it: {}", path.display())]
    NoToml {
        /// Where, and why.
        cause: Box<toml::de::Error>,
        /// The file.
        path: PathBuf,
    },
    /// Some of it says nothing to this program.
    #[error("the configuration file has what cannot be used:\n{}\ncorrect it: {}", flaws.join("\n"), path.display())]
    Flawed {
        /// A sentence for each.
        flaws: Vec<String>,
        /// The file.
        path: PathBuf,
    },
}

/// The option that names the file, for a program that [`with_settings`] is used with.
#[must_use]
pub fn settings_option() -> Arg {
    Arg::new(FILE)
        .long(FILE)
        .value_name("FILE")
        .value_parser(clap::value_parser!(PathBuf))
        .global(true)
        .env("XINGHUO_CONFIG")
        .help(
            "Take options from this TOML file; those given here and in the environment count more",
        )
}

/// The arguments that a program was given, and those of the configuration file that they name. A command
/// of the program takes what it knows from the file, and leaves what is for the server.
pub fn with_settings(
    program: &Command,
    given: Vec<OsString>,
) -> Result<Vec<OsString>, SettingsError> {
    let lenient = program.clone().ignore_errors(true);
    let Ok(matches) = lenient.try_get_matches_from(&given) else {
        return Ok(given);
    };
    let (command, matches) = leaf(program, &matches);
    let Some(path) = matches.get_one::<PathBuf>(FILE) else {
        return Ok(given);
    };
    let settings = read(path)?;
    let (mut all, mut flaws) = (given, Vec::new());
    for (key, value) in &settings {
        match arguments(program, key, value) {
            Err(flaw) => flaws.push(flaw),
            Ok(arguments) => {
                let option = option_of(command, key);
                if option.is_some_and(|option| !is_given(option, matches)) {
                    all.extend(arguments);
                }
            }
        }
    }
    if flaws.is_empty() {
        return Ok(all);
    }
    let path = path.clone();
    Err(SettingsError::Flawed { flaws, path })
}

/// The command that is meant, below others, and what it was given.
fn leaf<'a>(
    mut command: &'a Command,
    mut matches: &'a ArgMatches,
) -> (&'a Command, &'a ArgMatches) {
    while let Some((name, below)) = matches.subcommand() {
        match command.find_subcommand(name) {
            Some(found) => (command, matches) = (found, below),
            None => break,
        }
    }
    (command, matches)
}

fn read(path: &Path) -> Result<Table, SettingsError> {
    let text = fs::read_to_string(path).map_err(|cause| SettingsError::Unreadable {
        cause,
        path: path.into(),
    })?;
    text.parse().map_err(|cause| SettingsError::NoToml {
        cause: Box::new(cause),
        path: path.into(),
    })
}

/// What one entry of the file is on the command line.
fn arguments(program: &Command, key: &str, value: &Value) -> Result<Vec<OsString>, String> {
    let option = option_of(program, key).filter(|_| !NOT_IN_FILE.contains(&key));
    let Some(option) = option else {
        return Err(unknown(program, key));
    };
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        _ => None,
    };
    let flaw = |takes: &str| Err(format!("  {key:?} takes {takes}"));
    match (option.get_action(), value) {
        (ArgAction::SetTrue, Value::Boolean(true)) => Ok(vec![format!("--{key}").into()]),
        (ArgAction::SetTrue, Value::Boolean(false)) => Ok(Vec::new()),
        (ArgAction::SetTrue, _) => flaw("true or false"),
        (ArgAction::Append, Value::Array(several)) => {
            let texts: Option<Vec<_>> = several.iter().map(one).collect();
            let texts = texts.map(|texts| texts.iter().map(|it| written(key, it)).collect());
            texts.map_or_else(|| flaw("a list of texts"), Ok)
        }
        (ArgAction::Append, _) => flaw("a list of texts"),
        (_, value) => match one(value) {
            Some(text) => Ok(vec![written(key, &text)]),
            None => flaw("a text or a number"),
        },
    }
}

fn written(key: &str, text: &str) -> OsString {
    format!("--{key}={text}").into()
}

fn option_of<'a>(command: &'a Command, key: &str) -> Option<&'a Arg> {
    command
        .get_arguments()
        .find(|it| it.get_long() == Some(key))
}

/// Whether an option was given on the command line or in the environment.
fn is_given(option: &Arg, matches: &ArgMatches) -> bool {
    let source = matches.value_source(option.get_id().as_str());
    source.is_some_and(|it| it != ValueSource::DefaultValue)
        || option
            .get_env()
            .is_some_and(|name| env::var_os(name).is_some())
}

fn unknown(program: &Command, key: &str) -> String {
    let names = program.get_arguments().filter_map(Arg::get_long);
    let names = names.filter(|it| !NOT_IN_FILE.contains(it));
    let likely = names.map(|it| (strsim::jaro_winkler(it, key), it));
    let nearest = likely.max_by(|(one, _), (other, _)| one.total_cmp(other));
    match nearest.filter(|(likeness, _)| *likeness >= LIKENESS) {
        Some((_, nearest)) => format!("  there is no option {key:?}; the nearest is {nearest:?}"),
        None => format!("  there is no option {key:?}; see --help"),
    }
}

#[cfg(test)]
mod tests {
    use clap::Args;

    use super::*;
    use crate::Config;

    fn program() -> Command {
        let program = Config::augment_args(Command::new("xinghuo-server"));
        program
            .arg(settings_option())
            .subcommand_negates_reqs(true)
            .subcommand(Command::new("list").arg(Arg::new("data").long("data")))
    }

    #[track_caller]
    fn merged(file: &str, given: &[&str]) -> Result<Vec<String>, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("server.toml");
        fs::write(&path, file).expect("a file");
        let mut all = vec![OsString::from("xinghuo-server")];
        all.extend(given.iter().map(OsString::from));
        all.push(format!("--config={}", path.display()).into());
        let before = all.len();
        let all = with_settings(&program(), all).map_err(|error| error.to_string())?;
        let added = all[before..].iter();
        Ok(added.map(|it| it.to_string_lossy().into_owned()).collect())
    }

    #[test]
    fn the_file_says_what_the_command_line_could() {
        let file = "data = 'd'\nsite = 's'\nproduction = true\nbehind-proxy = false\n\
            oidc-scope = ['profile', 'email']\n";
        let added = merged(file, &[]).expect("arguments");
        let expected = [
            "--data=d",
            "--oidc-scope=profile",
            "--oidc-scope=email",
            "--production",
            "--site=s",
        ];
        assert_eq!(added, expected);
    }

    #[test]
    fn what_is_given_on_the_command_line_counts_more() {
        let added = merged("data = 'd'\nlisten = '0.0.0.0:80'", &["--data", "other"]);
        assert_eq!(added.expect("arguments"), ["--listen=0.0.0.0:80"]);
    }

    #[test]
    fn a_command_takes_what_it_knows_and_leaves_the_rest() {
        let added = merged("data = 'd'\nlisten = '0.0.0.0:80'", &["list"]);
        assert_eq!(added.expect("arguments"), ["--data=d"]);
    }

    #[test]
    fn everything_that_is_wrong_is_named_at_once() {
        let file =
            "dta = 'd'\nproduction = 'yes'\nconfig = 'x'\noidc-scope = 'one'\n[listen]\nport = 80";
        let error = merged(file, &[]).expect_err("it is flawed");
        for said in [
            "\"dta\"; the nearest is \"data\"",
            "\"production\" takes true or false",
            "no option \"config\"",
            "\"oidc-scope\" takes a list of texts",
            "\"listen\" takes a text or a number",
            "server.toml",
        ] {
            assert!(error.contains(said), "{said}: {error}");
        }
        let error = merged("data = ", &[]).expect_err("it is no TOML");
        assert!(error.contains("line 1"), "{error}");
        let nowhere = vec![
            "xinghuo-server".into(),
            "--config=/nowhere/server.toml".into(),
        ];
        let error = with_settings(&program(), nowhere)
            .expect_err("it is not there")
            .to_string();
        assert!(error.contains("/nowhere/server.toml"), "{error}");
    }
}

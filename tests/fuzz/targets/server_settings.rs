//! Any bytes as the configuration file of the server: refused with a sentence for each flaw, or made
//! options that the command line takes or refuses as its own.

#![no_main]

use std::{ffi::OsString, fs, path::PathBuf, sync::LazyLock};

use clap::{Args, Command, FromArgMatches};
use libfuzzer_sys::fuzz_target;
use xinghuo_server::{Config, SettingsError, settings_option, with_settings};

static FILE: LazyLock<PathBuf> = LazyLock::new(|| xinghuo_fuzz::workshop().join("server.toml"));

static PROGRAM: LazyLock<Command> = LazyLock::new(|| {
    let mut program = Config::augment_args(Command::new("xinghuo-server")).arg(settings_option());
    program.build();
    program
});

fuzz_target!(|bytes: &[u8]| {
    fs::write(&*FILE, bytes).expect("a file");
    let given: Vec<OsString> = vec![
        "xinghuo-server".into(),
        format!("--config={}", FILE.display()).into(),
    ];
    let all = match with_settings(&PROGRAM, given.clone()) {
        Ok(all) => all,
        Err(SettingsError::Flawed { flaws, .. }) => {
            assert!(!flaws.is_empty());
            return assert!(flaws.iter().all(|it| it.starts_with("  ")));
        }
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    assert_eq!(all[..given.len()], given);
    let added = &all[given.len()..];
    assert!(
        added
            .iter()
            .all(|it| it.to_string_lossy().starts_with("--"))
    );
    // What the file says once more changes nothing: no text of it becomes another option.
    if let Ok(matches) = PROGRAM.clone().try_get_matches_from(&all) {
        let table: toml::Table = std::str::from_utf8(bytes)
            .ok()
            .and_then(|it| it.parse().ok())
            .expect("it was read");
        for key in table.keys() {
            assert!(PROGRAM.get_arguments().any(|it| it.get_long() == Some(key)));
        }
        let _ = Config::from_arg_matches(&matches);
    }
});

//! Clocks that say what a test wants: the one on the wall leaps ahead and back, and time passes by days
//! in a moment.

use std::{env, fs, os::unix::fs::PermissionsExt, path::PathBuf, process::Command};

use crate::{
    killed::{Program, command},
    place::{Place, skipped},
};

pub(crate) const HOUR: i64 = 60 * 60;
pub(crate) const DAY: i64 = 24 * HOUR;

/// What programs ask for the time.
pub(crate) struct Clocks {
    library: PathBuf,
    file: PathBuf,
    /// By how many seconds the clock on the wall is wrong, and how many more have passed than did.
    wall: i64,
    passed: i64,
}

impl Clocks {
    /// None where programs cannot be told another time.
    pub(crate) fn of(place: &Place) -> Option<Self> {
        let clocks = Self {
            library: place.folder("libclocks.so"),
            file: place.folder("clocks"),
            wall: 0,
            passed: 0,
        };
        let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        rustc.args(["--edition", "2024", "--crate-type", "cdylib", "-o"]);
        rustc.arg(&clocks.library);
        rustc.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/clocks.rs"));
        let made = rustc.status().is_ok_and(|status| status.success());
        if !cfg!(target_os = "linux") || !made {
            skipped("programs cannot be told another time here");
            return None;
        }
        clocks.set();
        // A PostgreSQL is somebody else, who has to find it.
        let everybody = fs::Permissions::from_mode(0o755);
        fs::set_permissions(place.root.path(), everybody).expect("they are let in");
        Some(clocks)
    }

    /// The program with these clocks and these options.
    pub(crate) fn start(&self, place: &Place, options: &[&str]) -> Program {
        let mut command = command(place, "127.0.0.1:0");
        self.tell(command.args(options));
        Program::by(&mut command)
    }

    /// Has the time told by these clocks to a program, and to what it starts.
    pub(crate) fn tell(&self, command: &mut Command) {
        command.env("LD_PRELOAD", &self.library);
        command.env("XINGHUO_CLOCKS", &self.file);
    }

    /// The clock on the wall leaps, ahead or back.
    pub(crate) fn leap(&mut self, secs: i64) {
        self.wall += secs;
        self.set();
    }

    /// Time passes.
    pub(crate) fn pass(&mut self, secs: i64) {
        self.passed += secs;
        self.set();
    }

    fn set(&self) {
        // Nobody reads half of it.
        let new = self.file.with_extension("new");
        fs::write(&new, format!("{} {}", self.wall, self.passed)).expect("a file");
        fs::rename(new, &self.file).expect("a file");
    }
}

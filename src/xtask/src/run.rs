//! Running other programs: quietly while all is well, with everything they said when it is not.

use std::io::{BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::say::Step;

/// What to make of one line that a program printed.
pub(crate) enum Heard {
    /// It belongs to the output.
    Line,
    /// It says how far the program is, and belongs to the output.
    LineAndProgress(String),
    /// It only says how far the program is.
    Progress(String),
    /// It says nothing that a reader of a failure wants.
    Noise,
}

/// How a program ended, and what it printed on both streams in the order it came.
pub(crate) struct Ended {
    /// Whether it ended with success.
    pub(crate) ok: bool,
    /// Its output without what was only progress.
    pub(crate) output: String,
}

impl Ended {
    /// Turns a failure into an error that carries the program's output.
    pub(crate) fn or_fail(self, what: &str) -> Result<String> {
        if self.ok {
            return Ok(self.output);
        }
        bail!("{what} failed\n{}", self.output.trim_end());
    }
}

/// Runs a program to its end; `hear` is asked about every line, and the step says how far it is.
pub(crate) fn run(
    command: &mut Command,
    step: &Step,
    hear: &(dyn Fn(&str) -> Heard + Sync),
) -> Result<Ended> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{program:?} cannot be run"))?;
    let output = Mutex::new(String::new());
    let listen = |stream: &mut dyn Read| {
        each_line(stream, &mut |line| {
            let (keep, far) = match hear(line) {
                Heard::Line => (true, None),
                Heard::LineAndProgress(far) => (true, Some(far)),
                Heard::Progress(far) => (false, Some(far)),
                Heard::Noise => (false, None),
            };
            if keep {
                let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
                output.push_str(line);
                output.push('\n');
            }
            if let Some(far) = far {
                step.detail(far);
            }
        });
    };
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        scope.spawn(|| stdout.map(|mut stream| listen(&mut stream)));
        scope.spawn(|| stderr.map(|mut stream| listen(&mut stream)));
    });
    let status = child
        .wait()
        .with_context(|| format!("{program:?} was lost"))?;
    Ok(Ended {
        ok: status.success(),
        output: output.into_inner().unwrap_or_else(PoisonError::into_inner),
    })
}

/// What a program prints on its standard output, or nothing when it fails or is not there.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// Whether a program succeeds within a time; one that does not is ended.
pub(crate) fn succeeds_within(command: &mut Command, limit: Duration) -> bool {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let Ok(mut child) = quiet.spawn() else {
        return false;
    };
    let begun = Instant::now();
    while begun.elapsed() < limit {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(Duration::from_millis(100)),
            Err(_) => break,
        }
    }
    end(&mut child);
    false
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Progress bars end their lines with a carriage return alone, so both ends count.
fn each_line(stream: &mut dyn Read, line: &mut dyn FnMut(&str)) {
    let mut bytes = Vec::new();
    for byte in BufReader::new(stream).bytes().map_while(Result::ok) {
        if byte == b'\n' || byte == b'\r' {
            flush(&mut bytes, line);
        } else {
            bytes.push(byte);
        }
    }
    flush(&mut bytes, line);
}

fn flush(bytes: &mut Vec<u8>, line: &mut dyn FnMut(&str)) {
    if !bytes.is_empty() {
        line(String::from_utf8_lossy(bytes).trim_end());
        bytes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carriage_return_ends_a_line_too() {
        let mut lines = Vec::new();
        let mut text = "one\rtwo\n\nthree".as_bytes();
        each_line(&mut text, &mut |line| lines.push(line.to_owned()));
        assert_eq!(lines, ["one", "two", "three"]);
    }

    #[test]
    fn a_failure_carries_the_output() {
        let step = Step::begin("test", "a shell");
        let mut shell = Command::new("sh");
        shell.args(["-c", "echo first; echo second >&2; exit 3"]);
        let ended = run(&mut shell, &step, &|_| Heard::Line).expect("sh runs");
        let error = ended
            .or_fail("the shell")
            .expect_err("it failed")
            .to_string();
        assert!(
            error.contains("first") && error.contains("second"),
            "{error}"
        );
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        let begun = Instant::now();
        let hung = succeeds_within(Command::new("sleep").arg("20"), Duration::from_millis(200));
        assert!(!hung && begun.elapsed() < Duration::from_secs(10));
    }
}

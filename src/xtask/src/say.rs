//! What the person at the terminal reads: one line per step, how far it is, how long it took.

use std::io::{IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A step shorter than this is not worth a line.
const WORTH_A_LINE: Duration = Duration::from_secs(2);
/// How often a log, which cannot rewrite its last line, gets a new one.
const LOG_EVERY: Duration = Duration::from_secs(10);
/// How often a terminal's last line is rewritten.
const TERMINAL_EVERY: Duration = Duration::from_millis(500);

/// Prints one line for the person who ran the command.
#[expect(clippy::print_stdout, reason = "this is a command line's output")]
pub(crate) fn line(text: &str) {
    println!("{text}");
    // A log is read while it is written.
    let _ = std::io::stdout().flush();
}

#[expect(clippy::print_stdout, reason = "this is a command line's output")]
fn rewrite(text: &str) {
    print!("\r\x1b[2K{text}");
    let _ = std::io::stdout().flush();
}

/// A piece of work that says what it does as soon as it takes longer than two seconds.
pub(crate) struct Step {
    title: String,
    detail: Arc<Mutex<String>>,
    begun: Instant,
    ticker: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Step {
    /// Begins a step: `kind` is one short word, `what` a phrase.
    pub(crate) fn begin(kind: &str, what: &str) -> Self {
        let title = format!("{kind:<9}{what}");
        let detail = Arc::new(Mutex::new(String::new()));
        let begun = Instant::now();
        let (stop, stopped) = channel::<()>();
        let ticker = {
            let (title, detail) = (title.clone(), Arc::clone(&detail));
            std::thread::spawn(move || {
                let terminal = std::io::stdout().is_terminal();
                let mut pause = WORTH_A_LINE;
                while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(pause) {
                    let text = running(&title, &lock(&detail), begun.elapsed());
                    if terminal {
                        rewrite(&text);
                        pause = TERMINAL_EVERY;
                    } else {
                        line(&text);
                        pause = LOG_EVERY;
                    }
                }
                if terminal && pause != WORTH_A_LINE {
                    rewrite("");
                }
            })
        };
        Self {
            title,
            detail,
            begun,
            ticker: Some((stop, ticker)),
        }
    }

    /// Says how far the step is, for instance `crate 120 of 312`.
    pub(crate) fn detail(&self, text: impl Into<String>) {
        *lock(&self.detail) = text.into();
    }

    /// Ends the step; one that was worth a line says how long it took.
    pub(crate) fn end(mut self) {
        self.hush();
        let took = self.begun.elapsed();
        if took >= WORTH_A_LINE {
            line(&format!("{}: done in {}", self.title, clock(took)));
        }
    }

    fn hush(&mut self) {
        if let Some((stop, ticker)) = self.ticker.take() {
            drop(stop);
            let _ = ticker.join();
        }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.hush();
    }
}

fn lock(text: &Mutex<String>) -> std::sync::MutexGuard<'_, String> {
    text.lock().unwrap_or_else(PoisonError::into_inner)
}

fn running(title: &str, detail: &str, elapsed: Duration) -> String {
    let time = clock(elapsed);
    if detail.is_empty() {
        format!("{title} … {time}")
    } else {
        format!("{title} ({detail}) … {time}")
    }
}

/// Minutes and seconds, as on a clock: `12:05`.
pub(crate) fn clock(time: Duration) -> String {
    let secs = time.as_secs();
    format!("{}:{:02}", secs / 60, secs % 60)
}

/// Megabytes with one decimal, as people state download sizes.
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{:.2} MB", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_step_says_how_far_it_is() {
        let text = running("build   app", "crate 120 of 312", Duration::from_secs(83));
        assert_eq!(text, "build   app (crate 120 of 312) … 1:23");
    }

    #[test]
    fn sizes_are_decimal_megabytes() {
        assert_eq!(megabytes(6_500_000), "6.50 MB");
    }
}

//! The one place where the program prints: results to the output, everything else beside it.

use std::io::{self, Write as _};

/// Prints a line of the result.
pub(crate) fn say(line: &str) {
    // Whoever closes the output early, as `head` does, has read enough.
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints a line that is not part of the result.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

//! `check`: prints every finding, and how many there are.

use std::path::Path;

use clap::ValueEnum;
use serde::Serialize;
use xinghuo_package::{Finding, Severity};

use crate::{input, say::say};

/// How findings are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A line each, for people.
    #[default]
    Text,
    /// One JSON object, for programs.
    Json,
}

/// Checks the package at `path`; says whether it can be published.
pub(crate) fn run(path: &Path, format: Format) -> anyhow::Result<bool> {
    let (package, findings) = input::open(path)?;
    match format {
        Format::Text => {
            print(&findings);
            let ready = match &package {
                Some(package) if package.venue.draft => "The package can be published as a draft",
                Some(_) => "The package can be published",
                None => "The package cannot be published",
            };
            say(&format!("{ready}: {}.", sum(&findings)));
        }
        Format::Json => say(&serde_json::to_string_pretty(&Report::of(&findings))?),
    }
    Ok(package.is_some())
}

/// Prints findings, a line each.
pub(crate) fn print(findings: &[Finding]) {
    for finding in findings {
        say(&finding.to_string());
    }
}

/// `1 error, no warnings, 2 hints`.
pub(crate) fn sum(findings: &[Finding]) -> String {
    let count = |severity: Severity| match number(findings, severity) {
        0 => format!("no {severity}s"),
        1 => format!("1 {severity}"),
        n => format!("{n} {severity}s"),
    };
    [Severity::Error, Severity::Warning, Severity::Hint]
        .map(count)
        .join(", ")
}

fn number(findings: &[Finding], severity: Severity) -> usize {
    let these = findings.iter().filter(|f| f.severity == severity);
    these.count()
}

/// What `--format json` prints.
#[derive(Serialize)]
struct Report<'a> {
    errors: usize,
    warnings: usize,
    hints: usize,
    findings: &'a [Finding],
}

impl<'a> Report<'a> {
    fn of(findings: &'a [Finding]) -> Self {
        Self {
            errors: number(findings, Severity::Error),
            warnings: number(findings, Severity::Warning),
            hints: number(findings, Severity::Hint),
            findings,
        }
    }
}

#[cfg(test)]
mod tests {
    use xinghuo_package::{Code, Pointer};

    use super::*;

    #[test]
    fn the_sum_counts_each_severity() {
        let finding = |code| Finding::new(code, Pointer::file("venue.toml"), "it is so");
        let findings = [Code::TomlBroken, Code::TextLong, Code::TextLong].map(finding);
        assert_eq!(sum(&findings), "1 error, 2 warnings, no hints");
    }
}

//! Records of processing: what every table and every column is for, on what basis, and how long it is
//! kept. The register lies beside the migrations, and a test holds it against the schema.

mod register;

use std::{collections::BTreeMap, fmt::Write as _, io::Write};

use anyhow::{Context, anyhow};
use serde::Serialize;

use crate::Retention;

pub(crate) use register::KEPT;

use register::{Register, Said};

/// Prints what is kept of people, why, and for how long, from the schema of the database
#[derive(Debug, clap::Args)]
pub struct ProcessingCommand {
    /// How long things are kept in this deployment.
    #[command(flatten)]
    pub retention: Retention,
    /// As a page to be read, or for programs
    #[arg(long, value_enum, default_value = "markdown")]
    pub format: ProcessingFormat,
    /// The language: zh-Hans or en
    #[arg(long, default_value = "en", value_parser = ["zh-Hans", "en"])]
    pub language: String,
}

/// How the records of processing are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ProcessingFormat {
    /// Tables in Markdown.
    Markdown,
    /// One JSON document.
    Json,
}

/// A table as it is told of in one language.
#[derive(Serialize)]
struct Told<'a> {
    table: &'a str,
    purpose: &'a str,
    class: &'a str,
    basis: &'a str,
    kept: String,
    /// Why it stays after an erasure, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    stays: Option<&'a str>,
    columns: BTreeMap<&'a str, String>,
}

/// Prints the records of processing.
pub fn tell_processing(command: &ProcessingCommand, out: &mut impl Write) -> anyhow::Result<()> {
    let register = KEPT.as_ref().map_err(|cause| anyhow!("{cause}"))?;
    let retention = command.retention.checked()?;
    let told = register.told(&command.language, retention)?;
    match command.format {
        ProcessingFormat::Json => writeln!(out, "{}", serde_json::to_string_pretty(&told)?)?,
        ProcessingFormat::Markdown => {
            write!(out, "{}", register.page(&told, &command.language)?)?;
        }
    }
    Ok(())
}

fn said<'a>(words: &'a Said, language: &str) -> anyhow::Result<&'a str> {
    let words = words.get(language).map(String::as_str);
    words.with_context(|| format!("the register says something in no {language}"))
}

impl Register {
    fn word(&self, name: &str, language: &str) -> anyhow::Result<&str> {
        let word = self.words.get(name);
        said(
            word.with_context(|| format!("the register has no word {name:?}"))?,
            language,
        )
    }

    fn told(&self, language: &str, retention: Retention) -> anyhow::Result<Vec<Told<'_>>> {
        let mut told = Vec::new();
        for (name, table) in &self.tables {
            let missing = |what: &str| format!("the register has no {what} of {name:?}");
            let class = self.classes.get(&table.class);
            let class = class.with_context(|| missing("class"))?;
            let basis = self.bases.get(&table.basis);
            let others = retention.keep_others.zip(class.keep_for.as_ref());
            let kept = others.map_or(&class.keep, |(_, kept)| kept);
            let days = others.map(|(days, _)| days).unwrap_or_default();
            let kept = said(kept, language)?
                .replace("{others}", &days.to_string())
                .replace("{evidence}", &retention.keep_evidence.to_string())
                .replace("{records}", &retention.keep_records.to_string())
                .replace("{accesses}", &retention.keep_accesses.to_string());
            let person = table.person.as_ref();
            let columns = table.columns.iter().map(|(name, holds)| {
                let holds = said(holds, language)?.to_owned();
                let withheld = person.and_then(|person| person.withheld.get(name));
                let Some(withheld) = withheld else {
                    return Ok((name.as_str(), holds));
                };
                let (not_told, why) = (self.word("withheld", language)?, said(withheld, language)?);
                Ok((name.as_str(), format!("{holds} ({not_told}: {why})")))
            });
            let stays = person.and_then(|person| person.stays.as_ref());
            told.push(Told {
                table: name,
                purpose: said(&table.purpose, language)?,
                class: said(&class.name, language)?,
                basis: said(basis.with_context(|| missing("basis"))?, language)?,
                kept,
                stays: stays.map(|why| said(why, language)).transpose()?,
                columns: columns.collect::<anyhow::Result<_>>()?,
            });
        }
        Ok(told)
    }

    fn page(&self, told: &[Told<'_>], language: &str) -> anyhow::Result<String> {
        let word = |name| self.word(name, language);
        let mut page = format!("# {}\n\n{}\n", word("title")?, word("intro")?);
        for it in told {
            write!(page, "\n## `{}`\n\n", it.table)?;
            for (name, words) in [
                ("purpose", it.purpose),
                ("class", it.class),
                ("basis", it.basis),
                ("kept", &it.kept),
            ] {
                writeln!(page, "- **{}**: {words}", word(name)?)?;
            }
            if let Some(why) = it.stays {
                writeln!(page, "- **{}**: {why}", word("stays")?)?;
            }
            write!(
                page,
                "\n| {} | {} |\n|---|---|\n",
                word("column")?,
                word("holds")?
            )?;
            for (column, holds) in &it.columns {
                writeln!(page, "| `{column}` | {holds} |")?;
            }
        }
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_register_is_told_whole_in_both_languages_with_this_deployments_periods() {
        for language in ["zh-Hans", "en"] {
            for format in [ProcessingFormat::Markdown, ProcessingFormat::Json] {
                let command = ProcessingCommand {
                    retention: Retention {
                        keep_evidence: 77,
                        keep_others: Some(5_555),
                        ..Retention::default()
                    },
                    format,
                    language: language.into(),
                };
                let mut out = Vec::new();
                tell_processing(&command, &mut out).expect("a register");
                let text = String::from_utf8(out).expect("a text");
                assert!(
                    text.contains("token_sha256") && text.contains("77") && text.contains("5555"),
                    "{text}"
                );
            }
        }
    }
}

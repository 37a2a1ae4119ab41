//! What visitors hold to be wrong, on the command line: read and answered by people.

use std::io::Write;

use anyhow::bail;
use uuid::Uuid;
use xinghuo_wire::MAX_OBJECTION_CHARS;

use crate::{
    Records,
    store::{By, Store, now_us},
};

/// What to do with the objections of visitors.
#[derive(Debug, clap::Subcommand)]
pub enum ObjectionCommand {
    /// List the objections, those without an answer first; that they were read is noted in the access
    /// log, which the visitors see
    List {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
    },
    /// Answer an objection; the visitor sees the answer
    Answer {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// The visit that it is about
        visit: Uuid,
        /// Its number
        number: u32,
        /// What is answered
        text: String,
    },
}

/// Does what a command says, and tells `out` of it.
pub async fn hear(command: ObjectionCommand, out: &mut impl Write) -> anyhow::Result<()> {
    let (ObjectionCommand::List { records } | ObjectionCommand::Answer { records, .. }) = &command;
    let store = Box::pin(Store::open(&records.clone().checked()?)).await?;
    let done = Box::pin(done(&store, command, out)).await;
    store.close().await;
    done
}

async fn done(
    store: &Store,
    command: ObjectionCommand,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let now_ms = now_us() / 1000;
    match command {
        ObjectionCommand::List { .. } => {
            for it in store.all_objections(By::OPERATOR, now_ms).await? {
                let (visit, objection) = (it.visit, it.objection);
                let use_is = if it.is_limited {
                    " (its use is limited)"
                } else {
                    ""
                };
                writeln!(out, "{visit} {} {}{use_is}", objection.number, objection.at)?;
                writeln!(out, "  {}", objection.text.replace('\n', "\n  "))?;
                if let Some(answer) = objection.answer {
                    writeln!(out, "  > {}", answer.replace('\n', "\n  > "))?;
                }
            }
        }
        ObjectionCommand::Answer {
            visit,
            number,
            text,
            ..
        } => {
            let characters = text.trim().chars().count();
            if characters == 0 || characters > MAX_OBJECTION_CHARS || text.contains('\0') {
                bail!("an answer has 1 to {MAX_OBJECTION_CHARS} characters");
            }
            let at = (visit, number);
            if !store
                .answer_objection(By::OPERATOR, at, text.trim(), now_ms)
                .await?
            {
                bail!("visit {visit} has no objection {number}; see `objection list`");
            }
            writeln!(out, "answered {number} of {visit}")?;
        }
    }
    Ok(())
}

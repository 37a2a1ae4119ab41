//! Forwards on the command line: added, listed, paused, removed, and what was given up.

use std::{fs, io::Write, path::PathBuf};

use anyhow::{Context, bail, ensure};
use axum::http::Uri;
use base64::{Engine, engine::general_purpose::STANDARD};
use xinghuo_tour::VenueId;
use xinghuo_wire::lrs::{Json, Moment, is_iri};

use super::{
    Filter, Forward,
    store::{Credential, Listed},
};
use crate::{
    Records,
    outward::origin,
    store::{Store, now_us},
    token::random_name,
};

/// What to do with the record stores that statements are forwarded to.
#[derive(Debug, clap::Subcommand)]
pub enum ForwardCommand {
    /// Forward statements to another record store from now on
    Add(Box<NewForward>),
    /// List where statements are forwarded to, how much waits and how much was given up
    List {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
    },
    /// Stop sending; what is to be sent waits
    Pause {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// Its key
        key: String,
    },
    /// Go on sending at once
    Resume {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// Its key
        key: String,
    },
    /// End it, and forget what waits for it
    Remove {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// Its key
        key: String,
    },
    /// List what was given up, and why; for learning systems see `launch dead`
    Dead {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// The key of one; without it, all
        key: Option<String>,
    },
    /// Try again what was given up
    Requeue {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// Its key
        key: String,
        /// The numbers that `forward dead` prints; without them, everything for that key
        numbers: Vec<i64>,
    },
}

/// A record store that statements are to be forwarded to.
#[derive(Debug, clap::Args)]
pub struct NewForward {
    /// Where the records are.
    #[command(flatten)]
    records: Records,
    /// What it is called in lists
    #[arg(long, value_name = "NAME")]
    label: String,
    /// Its xAPI endpoint, such as <https://lrs.example.edu/xapi>
    #[arg(long, value_name = "URL")]
    to: String,
    /// The key of the credential that it gave
    #[arg(long, value_name = "KEY")]
    key: String,
    /// A file with that credential's secret, or `XINGHUO_FORWARD_SECRET`: on the command line others
    /// would see it
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// Only statements with one of these verbs; several with commas
    #[arg(long, value_name = "IRIS", value_delimiter = ',')]
    verb: Vec<String>,
    /// Only statements about one of these activities or a part of it; several with commas
    #[arg(long, value_name = "IRIS", value_delimiter = ',')]
    activity: Vec<String>,
    /// Only what follows from visits to one of these venues; several with commas
    #[arg(long, value_name = "VENUES", value_delimiter = ',')]
    venue: Vec<VenueId>,
    /// The version of xAPI that it speaks
    #[arg(long, value_name = "VERSION", default_value = "1.0.3", value_parser = ["1.0.3", "2.0.0"])]
    xapi: String,
    /// Begin with the statements that are here already
    #[arg(long)]
    with_past: bool,
    /// Allow http:// to another machine: whoever listens in between can read everything
    #[arg(long)]
    allow_plain_http: bool,
    /// Allow link-local addresses, where clouds keep their machines' secrets
    #[arg(long)]
    allow_link_local: bool,
}

/// Does what a command says, and tells `out` of it.
pub async fn forward(command: ForwardCommand, out: &mut impl Write) -> anyhow::Result<()> {
    let records = match &command {
        ForwardCommand::Add(new) => &new.records,
        ForwardCommand::List { records }
        | ForwardCommand::Pause { records, .. }
        | ForwardCommand::Resume { records, .. }
        | ForwardCommand::Remove { records, .. }
        | ForwardCommand::Dead { records, .. }
        | ForwardCommand::Requeue { records, .. } => records,
    };
    let store = Box::pin(Store::open(&records.clone().checked()?)).await?;
    let done = Box::pin(done(&store, command, out)).await;
    store.close().await;
    done
}

async fn done(store: &Store, command: ForwardCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        ForwardCommand::Add(new) => {
            let with_past = new.with_past;
            let mut forward = made(*new)?;
            if !with_past {
                forward.position = store.last_position().await?;
            }
            store.add_forward(&forward).await?;
            writeln!(out, "key {}", forward.key)?;
        }
        ForwardCommand::List { .. } => {
            for listed in store.forwards().await? {
                writeln!(out, "{}", line(&listed))?;
            }
        }
        ForwardCommand::Pause { key, .. } => {
            known(store.pause_forward(&key, true).await?, &key)?;
            writeln!(out, "paused {key}")?;
        }
        ForwardCommand::Resume { key, .. } => {
            known(store.pause_forward(&key, false).await?, &key)?;
            writeln!(out, "resumed {key}")?;
        }
        ForwardCommand::Remove { key, .. } => {
            known(store.remove_forward(&key).await?, &key)?;
            writeln!(out, "removed {key}")?;
        }
        ForwardCommand::Dead { key, .. } => {
            for dead in store.dead(key.as_deref()).await? {
                let since = Moment::from_unix_micros(dead.since_ms * 1000);
                let whom = dead.forward;
                let told = Json::read(dead.statement.as_bytes()).unwrap_or(Json::Null);
                let id = told.text_at(&["id"]).unwrap_or("?");
                let verb = told.text_at(&["verb", "id"]).unwrap_or("?");
                let (number, why) = (dead.number, dead.failure);
                writeln!(out, "{number}  {whom}  {since}  {id}  {verb}  {why}")?;
            }
        }
        ForwardCommand::Requeue { key, numbers, .. } => {
            let count = store.requeue(&key, &numbers).await?;
            if count == 0 {
                bail!("nothing like that was given up for {key:?}; see `forward dead`");
            }
            writeln!(out, "{count} will be tried again")?;
        }
    }
    Ok(())
}

fn known(there: bool, key: &str) -> anyhow::Result<()> {
    ensure!(
        there,
        "there is no forward with the key {key:?}; see `forward list`"
    );
    Ok(())
}

/// A forward as it was asked for, from the beginning of all records.
fn made(new: NewForward) -> anyhow::Result<Forward> {
    let origin = origin(&new.to).with_context(|| {
        format!(
            "--to {:?} is no URL to send to: give one like https://lrs.example.edu/xapi",
            new.to
        )
    })?;
    let uri: Uri = new.to.parse()?;
    ensure!(
        uri.query().is_none(),
        "--to {:?} has a query: give the endpoint alone",
        new.to
    );
    let host = uri.host().unwrap_or_default();
    let is_here = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    ensure!(
        origin.starts_with("https:") || is_here || new.allow_plain_http,
        "--to {:?} is not encrypted: give an https:// address, or --allow-plain-http",
        new.to
    );
    for iri in new.verb.iter().chain(&new.activity) {
        ensure!(
            is_iri(iri),
            "{iri:?} is no IRI: give one like http://adlnet.gov/expapi/verbs/passed"
        );
    }
    let secret = match &new.secret_file {
        Some(file) => fs::read_to_string(file)
            .with_context(|| format!("cannot be read: {}", file.display()))?,
        None => std::env::var("XINGHUO_FORWARD_SECRET")
            .context("give the secret in --secret-file or XINGHUO_FORWARD_SECRET")?,
    };
    let secret = secret.trim_end_matches(['\r', '\n']);
    Ok(Forward {
        key: random_name::<6>()?,
        label: new.label,
        endpoint: new.to.trim_end_matches('/').to_owned(),
        credential: Credential(format!(
            "Basic {}",
            STANDARD.encode(format!("{}:{secret}", new.key))
        )),
        version: new.xapi,
        filter: Filter {
            verbs: new.verb,
            activities: new.activity,
            venues: new.venue.iter().map(ToString::to_string).collect(),
        },
        link_local: new.allow_link_local,
        paused: false,
        position: 0,
        created_ms: now_us() / 1000,
        failures: 0,
        failure: None,
    })
}

fn line(listed: &Listed) -> String {
    let Listed {
        forward,
        waiting,
        dead,
    } = listed;
    let standing = if forward.paused {
        "paused".to_owned()
    } else if let Some(failure) = &forward.failure {
        format!("failing, {} times: {failure}", forward.failures)
    } else {
        let since = Moment::from_unix_micros(forward.created_ms * 1000);
        format!("since {since}")
    };
    let (key, to, label) = (&forward.key, &forward.endpoint, &forward.label);
    format!("{key}  {standing}  {waiting} waiting  {dead} given up  {to}  {label}")
}

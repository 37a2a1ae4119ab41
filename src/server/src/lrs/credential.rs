//! Credentials on the command line: made, listed, revoked, in the records of a deployment, whether
//! its server runs or not.

use std::io::Write;

use anyhow::bail;
use xinghuo_wire::{Token, lrs::Moment};

use super::{
    scope::{Scope, Scopes},
    store::StoredCredential,
};
use crate::{
    Records,
    store::{Store, StoreError, now_us},
    token::{Secret, random_name},
};

/// What to do with the credentials of the record store.
#[derive(Debug, clap::Subcommand)]
pub enum CredentialCommand {
    /// Make a credential and print its key and its secret, which is shown this once
    Add {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// Whom it is for; records that they store bear this name
        #[arg(long, value_name = "NAME")]
        label: String,
        /// What it is good for: statements/write, statements/read, statements/read/mine, state,
        /// profile, all; several with commas
        #[arg(long, value_name = "SCOPES", value_delimiter = ',', required = true)]
        scope: Vec<Scope>,
        /// After how many days it ends; without this it does not end by itself
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
        days: Option<u32>,
    },
    /// List the credentials, without their secrets
    List {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
    },
    /// End a credential at once and for good
    Revoke {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// Its key
        key: String,
    },
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Does what a command says, and tells `out` of it.
pub async fn manage(command: CredentialCommand, out: &mut impl Write) -> anyhow::Result<()> {
    let (CredentialCommand::Add { records, .. }
    | CredentialCommand::List { records }
    | CredentialCommand::Revoke { records, .. }) = &command;
    let store = Box::pin(Store::open(&records.clone().checked()?)).await?;
    let done = Box::pin(done(&store, command, out)).await;
    store.close().await;
    done
}

async fn done(
    store: &Store,
    command: CredentialCommand,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let now_ms = now_us() / 1000;
    match command {
        CredentialCommand::Add {
            label, scope, days, ..
        } => {
            let made = make(store, label, scope, days, now_ms).await?;
            writeln!(out, "key    {}", made.key)?;
            writeln!(out, "secret {}", made.secret.reveal())?;
        }
        CredentialCommand::List { .. } => {
            for it in store.credentials().await? {
                let (key, scopes, label) = (&it.key, &it.scopes, &it.label);
                writeln!(out, "{key}  {}  {scopes}  {label}", standing(&it, now_ms))?;
            }
        }
        CredentialCommand::Revoke { key, .. } => {
            if !store.revoke_credential(&key, now_ms).await? {
                bail!("there is no credential with the key {key:?}; see `credential list`");
            }
            writeln!(out, "revoked {key}")?;
        }
    }
    Ok(())
}

/// A credential that was just made, with the secret that is shown this once.
pub(crate) struct Made {
    pub(crate) key: String,
    pub(crate) secret: Token,
}

/// Makes a credential.
pub(crate) async fn make(
    store: &Store,
    label: String,
    scopes: Vec<Scope>,
    days: Option<u32>,
    now_ms: i64,
) -> Result<Made, StoreError> {
    let secret = Secret::random().map_err(no_chance)?;
    let new = StoredCredential {
        key: random_name::<12>().map_err(no_chance)?,
        label,
        secret_sha256: secret.hash().to_vec(),
        scopes: Scopes::new(scopes).to_string(),
        created_ms: now_ms,
        expires_ms: days.map(|days| now_ms + i64::from(days) * DAY_MS),
        revoked_ms: None,
    };
    store.add_credential(&new).await?;
    Ok(Made {
        key: new.key,
        secret: secret.token(),
    })
}

fn no_chance(error: getrandom::Error) -> StoreError {
    StoreError::Failed(sqlx::Error::Io(std::io::Error::other(error)))
}

/// Whether a credential holds, and until or since when.
fn standing(credential: &StoredCredential, now_ms: i64) -> String {
    let at = |ms: i64| Moment::from_unix_micros(ms * 1000);
    match (credential.revoked_ms, credential.expires_ms) {
        (Some(revoked), _) => format!("revoked {}", at(revoked)),
        (None, Some(expires)) if expires <= now_ms => format!("expired {}", at(expires)),
        (None, Some(expires)) => format!("until {}", at(expires)),
        (None, None) => format!("since {}", at(credential.created_ms)),
    }
}

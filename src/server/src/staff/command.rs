//! Accounts on the command line: how the first administrator comes to be, and how one who is locked
//! out gets in again.

use std::io::Write;

use anyhow::{Context, anyhow, bail};

use super::{
    accounts::{checked, link_to_set, made},
    now_ms,
    role::Role,
    signing::{as_stored, name_hash},
    store::Account,
};
use crate::{Records, error::ApiError, store::Store};

/// What to do with the accounts of staff.
#[derive(Debug, clap::Subcommand)]
pub enum StaffCommand {
    /// Make an account and print a link with which its password is set, once and within 48 hours
    Add {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// What they sign in with
        #[arg(long, value_name = "NAME")]
        name: String,
        /// What they work as: administrator, curator, instructor, auditor or reader
        #[arg(long, value_name = "ROLE")]
        role: Role,
        /// The address of this deployment, for the link
        #[arg(
            long,
            value_name = "URL",
            env = "XINGHUO_ORIGIN",
            default_value = "http://127.0.0.1:8080"
        )]
        origin: String,
    },
    /// List the accounts
    List {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
    },
    /// Change what somebody works as
    Role {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// Whose
        name: String,
        /// What they work as from now on
        role: Role,
    },
    /// Sign somebody out everywhere and let them in no more
    Disable {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// Whom
        name: String,
    },
    /// Let somebody in again who was disabled
    Enable {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// Whom
        name: String,
    },
    /// Print a link with which somebody's password is set anew, and lift a lock-out
    Reset {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// Whose
        name: String,
        /// The address of this deployment, for the link
        #[arg(
            long,
            value_name = "URL",
            env = "XINGHUO_ORIGIN",
            default_value = "http://127.0.0.1:8080"
        )]
        origin: String,
    },
}

/// Does what a command says, and tells `out` of it.
pub async fn manage_staff(command: StaffCommand, out: &mut impl Write) -> anyhow::Result<()> {
    let (StaffCommand::Add { records, .. }
    | StaffCommand::List { records }
    | StaffCommand::Role { records, .. }
    | StaffCommand::Disable { records, .. }
    | StaffCommand::Enable { records, .. }
    | StaffCommand::Reset { records, .. }) = &command;
    let store = Box::pin(Store::open(&records.clone().checked()?)).await?;
    let done = Box::pin(done(&store, command, out)).await;
    store.close().await;
    done
}

async fn done(store: &Store, command: StaffCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        StaffCommand::Add {
            name, role, origin, ..
        } => {
            let name = checked(&name).map_err(said)?;
            let id = made(store, &name, role).await?;
            let id = id.with_context(|| format!("the name {name:?} is taken; see `staff list`"))?;
            let link = link_to_set(store, &id, origin.trim_end_matches('/')).await;
            writeln!(out, "{}", link.map_err(said)?)?;
        }
        StaffCommand::List { .. } => {
            for it in store.accounts().await? {
                let standing = match (it.disabled_ms, it.is_elsewhere, &it.password) {
                    (Some(_), ..) => "disabled",
                    (None, true, _) => "provider",
                    (None, false, Some(_)) => "password",
                    (None, false, None) => "no password yet",
                };
                writeln!(out, "{}  {standing}  {}", it.role, it.name)?;
            }
        }
        StaffCommand::Role { name, role, .. } => {
            let it = found(store, &name).await?;
            store.change_account(&it.id, role, it.disabled_ms).await?;
            writeln!(out, "{} is {role}", it.name)?;
        }
        StaffCommand::Disable { name, .. } => {
            let it = found(store, &name).await?;
            let since = it.disabled_ms.or(Some(now_ms()));
            store.change_account(&it.id, it.role, since).await?;
            writeln!(out, "disabled {}", it.name)?;
        }
        StaffCommand::Enable { name, .. } => {
            let it = found(store, &name).await?;
            store.change_account(&it.id, it.role, None).await?;
            writeln!(out, "enabled {}", it.name)?;
        }
        StaffCommand::Reset { name, origin, .. } => {
            let it = found(store, &name).await?;
            if it.is_elsewhere {
                bail!(
                    "{} signs in with the OpenID provider: have it set there",
                    it.name
                );
            }
            store.forgive(&name_hash(&it.name)).await?;
            let link = link_to_set(store, &it.id, origin.trim_end_matches('/')).await;
            writeln!(out, "{}", link.map_err(said)?)?;
        }
    }
    Ok(())
}

async fn found(store: &Store, name: &str) -> anyhow::Result<Account> {
    let account = store.account_named(&as_stored(name)).await?;
    account.with_context(|| format!("there is nobody named {name:?}; see `staff list`"))
}

/// What the API would have said.
fn said(error: ApiError) -> anyhow::Error {
    anyhow!("{}", error.sentence())
}

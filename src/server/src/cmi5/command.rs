//! Launches on the command line: what a learning system would not take, and why, and to try it again.

use std::io::Write;

use anyhow::bail;
use xinghuo_wire::lrs::{Json, Moment};

use crate::{
    Records,
    outward::origin,
    store::{FromRow, Row, Store, StoreError, now_us, query},
};

/// What to do with what learning systems were to be told of the visits that they launched.
#[derive(Debug, clap::Subcommand)]
pub enum LaunchCommand {
    /// List what was given up, and why
    Dead {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
    },
    /// Try again what was given up. A system takes nothing for a session that it has closed; then its
    /// learner has to be launched anew, and is told of by itself
    Requeue {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// The numbers that `launch dead` prints; without them, everything
        numbers: Vec<i64>,
    },
}

/// What was given up.
struct Dead {
    number: i64,
    endpoint: String,
    since_ms: i64,
    statement: String,
    failure: String,
    /// Whether the token of its session is still here.
    has_token: bool,
}

impl FromRow for Dead {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.get("number")?,
            endpoint: row.get("endpoint")?,
            since_ms: row.get("dead_ms")?,
            statement: row.get("statement")?,
            failure: row.get::<Option<String>>("failure")?.unwrap_or_default(),
            has_token: !row.get::<String>("credential")?.is_empty(),
        })
    }
}

/// Does what a command says, and tells `out` of it.
pub async fn manage_launches(command: LaunchCommand, out: &mut impl Write) -> anyhow::Result<()> {
    let (LaunchCommand::Dead { records } | LaunchCommand::Requeue { records, .. }) = &command;
    let store = Box::pin(Store::open(&records.clone().checked()?)).await?;
    let done = match &command {
        LaunchCommand::Dead { .. } => Box::pin(list(&store, out)).await,
        LaunchCommand::Requeue { numbers, .. } => Box::pin(requeue(&store, numbers, out)).await,
    };
    store.close().await;
    done
}

/// One line each. It names no learner: whom it is about is nothing that is needed to repair it.
async fn list(store: &Store, out: &mut impl Write) -> anyhow::Result<()> {
    for dead in store.dead_launches().await? {
        let since = Moment::from_unix_micros(dead.since_ms * 1000);
        let told = Json::read(dead.statement.as_bytes()).unwrap_or(Json::Null);
        let id = told.text_at(&["id"]).unwrap_or("?");
        let verb = told.text_at(&["verb", "id"]).unwrap_or("?");
        let system = origin(&dead.endpoint).unwrap_or_default();
        let (number, why) = (dead.number, dead.failure);
        let hint = if dead.has_token {
            ""
        } else {
            "; its token is gone: let the learner be launched anew"
        };
        writeln!(
            out,
            "{number}  {system}  {since}  {id}  {verb}  {why}{hint}"
        )?;
    }
    Ok(())
}

async fn requeue(store: &Store, numbers: &[i64], out: &mut impl Write) -> anyhow::Result<()> {
    let count = store.requeue_launches(numbers).await?;
    if count == 0 {
        bail!(
            "nothing like that was given up that could be tried again; see `xinghuo-server launch dead`"
        );
    }
    writeln!(out, "{count} will be tried again")?;
    Ok(())
}

impl Store {
    async fn dead_launches(&self) -> Result<Vec<Dead>, StoreError> {
        let dead = query(
            "select number, endpoint, credential, dead_ms, deliveries.statement, failure
             from deliveries join launches on launches.id = deliveries.launch
             where dead_ms is not null order by number",
        );
        dead.all(&mut self.reader().await?).await
    }

    /// Lets what was given up be tried again, as far as the tokens are there: with these numbers, or
    /// all.
    async fn requeue_launches(&self, numbers: &[i64]) -> Result<u64, StoreError> {
        let mut update = query(
            "update deliveries set dead_ms = null, due_ms = 0, lease_ms = 0, attempts = 0,
                 created_ms = $1, failure = null
             where dead_ms is not null
                 and launch in (select id from launches where credential <> '')",
        )
        .bind(now_us() / 1000);
        if !numbers.is_empty() {
            update.push(" and number in (");
            update.push_list(numbers.iter().copied()).push(")");
        }
        let mut turn = self.turn().await?;
        let count = update.run(turn.on()).await?;
        turn.commit().await?;
        Ok(count)
    }
}

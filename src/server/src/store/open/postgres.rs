//! PostgreSQL: how it is connected to, and what to say when it is not.

use std::{str::FromStr, sync::Arc, time::Duration};

use sqlx::{
    Connection as _, PgConnection,
    postgres::{PgConnectOptions, PgDatabaseError, PgPoolOptions},
};

use super::{Step, migrate, not_migrated};
use crate::{
    StartError,
    store::{Pool, Store, StoreError},
};

/// Every migration, oldest first.
const MIGRATIONS: &[Step] = &[
    (
        1,
        "records",
        include_str!("../../../migrations/postgres/0001_records.sql"),
    ),
    (
        2,
        "chain",
        include_str!("../../../migrations/postgres/0002_chain.sql"),
    ),
    (
        10,
        "forwarding",
        include_str!("../../../migrations/postgres/0010_forwarding.sql"),
    ),
    (
        20,
        "staff",
        include_str!("../../../migrations/postgres/0020_staff.sql"),
    ),
    (
        30,
        "person",
        include_str!("../../../migrations/postgres/0030_person.sql"),
    ),
    (
        40,
        "lab",
        include_str!("../../../migrations/postgres/0040_lab.sql"),
    ),
    (
        70,
        "bucket",
        include_str!("../../../migrations/postgres/0070_bucket.sql"),
    ),
    (
        80,
        "links",
        include_str!("../../../migrations/postgres/0080_links.sql"),
    ),
    (
        90,
        "names",
        include_str!("../../../migrations/postgres/0090_names.sql"),
    ),
    (
        100,
        "limited",
        include_str!("../../../migrations/postgres/0100_limited.sql"),
    ),
    (
        110,
        "told",
        include_str!("../../../migrations/postgres/0110_told.sql"),
    ),
];

/// How many connections read at one time.
const READERS: u32 = 8;

/// How many connections write: one that has its turn, and one that is next.
const WRITERS: u32 = 2;

/// How long a connection is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// After how long a connection is asked whether it is still there before it is used.
const IDLE: Duration = Duration::from_secs(1);

/// Settings that every connection has, whatever the server's are: an answer is given when what was
/// written is on the disk, a turn at writing is waited for as long as in SQLite, and no query, of which
/// each takes less time than that, is compiled first.
const SETTINGS: [(&str, &str); 3] = [
    ("synchronous_commit", "on"),
    ("lock_timeout", "5s"),
    ("jit", "off"),
];

/// And one that those have which write. They look things up by their keys only; a plan that was made
/// while there was next to nothing stored is kept for long, and must not be to read all there is.
const WRITERS_SETTING: (&str, &str) = ("enable_seqscan", "off");

/// What whoever brings the database up to date locks: a number that means nothing else in it.
const UP_TO_DATE: i64 = 0x0078_696e_6768_7574;

/// Nobody else brings the database up to date while this is there.
pub(super) struct Alone(PgConnection);

impl Alone {
    /// Waits for whoever does it now, for as long as it takes them: it ends when they have done it, or
    /// are gone.
    async fn with(options: &PgConnectOptions) -> Result<Self, sqlx::Error> {
        let options = options.clone().options([("lock_timeout", "0")]);
        let mut connection = PgConnection::connect_with(&options).await?;
        let free = sqlx::query_scalar("select pg_try_advisory_lock($1)").bind(UP_TO_DATE);
        let free: bool = free.fetch_one(&mut connection).await?;
        if !free {
            tracing::info!("waits for another server, which brings the database up to date");
            let lock = sqlx::query("select pg_advisory_lock($1)").bind(UP_TO_DATE);
            lock.execute(&mut connection).await?;
        }
        Ok(Self(connection))
    }

    /// Lets others do it.
    pub(super) async fn end(self) {
        if let Err(cause) = self.0.close().await {
            tracing::warn!(%cause, "a connection to the database did not end well");
        }
    }
}

pub(super) async fn open(url: &str) -> Result<(Store, Alone), StartError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| StartError::DatabaseUrl)?;
    let place = place(&options);
    let failed = |cause: sqlx::Error| StartError::Database {
        next: next_step(&cause),
        cause,
        place: place.clone(),
    };
    let options = options.options(SETTINGS).application_name("xinghuo-server");
    let pool = |connections| {
        PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(PATIENCE)
            // Whoever gives a connection back asks whether it still answers. It is asked again only if
            // that is a while ago: each question is a way to the database and back.
            .test_before_acquire(false)
            .before_acquire(|connection, about| {
                Box::pin(async move {
                    if about.idle_for > IDLE {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
    };
    let writer = pool(WRITERS)
        .connect_with(options.clone().options([WRITERS_SETTING]))
        .await
        .map_err(failed)?;
    // Of several servers that start at once, one makes the migrations, and the others wait for it.
    let alone = Alone::with(&options).await.map_err(failed)?;
    let migrated = migrate(&writer, MIGRATIONS).await;
    migrated.map_err(|error| not_migrated(error, &place, next_step))?;
    let readers = pool(READERS).connect_lazy_with(options);
    let store = Store {
        writer: Pool::Postgres(writer),
        readers: Pool::Postgres(readers),
        file: None,
        told_us: Arc::default(),
        bucket: None,
        together: Arc::default(),
    };
    Ok((store, alone))
}

/// Whether the database lets somebody in and answers.
pub(super) async fn reach(url: &str) -> Result<(), StartError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| StartError::DatabaseUrl)?;
    let place = place(&options);
    let asked = tokio::time::timeout(PATIENCE, async {
        let mut connection = PgConnection::connect_with(&options).await?;
        connection.ping().await?;
        connection.close().await
    });
    let asked = asked.await.unwrap_or(Err(sqlx::Error::PoolTimedOut));
    asked.map_err(|cause| StartError::Database {
        next: next_step(&cause),
        cause,
        place,
    })
}

/// Which database it is, without a password.
fn place(options: &PgConnectOptions) -> String {
    let host = options.get_socket().map_or_else(
        || options.get_host().to_owned(),
        |socket| socket.display().to_string(),
    );
    let name = options.get_database().unwrap_or(options.get_username());
    format!("{name} on {host}, port {}", options.get_port())
}

/// What a query's failure means, where it has a next step of its own.
pub(super) fn failed(error: &sqlx::Error) -> Option<StoreError> {
    match code(error)? {
        // A lock that took too long, a conflict between transactions, too many connections.
        "55P03" | "40001" | "40P01" | "53300" => Some(StoreError::Busy),
        "53100" => Some(StoreError::Full),
        // It is shut down, crashed, or starts up; or it is a standby.
        "57P01" | "57P02" | "57P03" | "25006" => Some(StoreError::Away),
        // A text with U+0000, as it is or escaped in JSON.
        "22021" | "22P05" => Some(StoreError::Nul),
        _ => None,
    }
}

fn code(error: &sqlx::Error) -> Option<&str> {
    let error = error.as_database_error()?;
    Some(error.try_downcast_ref::<PgDatabaseError>()?.code())
}

fn next_step(error: &sqlx::Error) -> &'static str {
    match (code(error), error) {
        (Some("3D000"), _) => "create the database, or correct DATABASE_URL",
        (Some("28P01" | "28000"), _) => "correct the name or the password in DATABASE_URL",
        (Some("42501"), _) => "let the user of DATABASE_URL create tables, then start again",
        (Some("53100"), _) => "make room on the database's disk, then start again",
        (_, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) => {
            "start PostgreSQL, or correct DATABASE_URL"
        }
        _ => "see the cause, then start again",
    }
}

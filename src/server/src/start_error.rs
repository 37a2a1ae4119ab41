//! Why a server could not start. Each sentence names the thing and the next step.

use std::{net::SocketAddr, path::PathBuf};

/// Why a server could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A folder that was named is not there.
    #[error("--{option} names no folder; {next}: {}", path.display())]
    NoFolder {
        /// The option that names it.
        option: &'static str,
        /// What to do about it.
        next: &'static str,
        /// What it names.
        path: PathBuf,
    },
    /// A folder that must stay private and one that is served lie within each other.
    #[error(
        "--{private} and --{public} lie within each other, and what is in --{public} is served \
         to everybody; move one of them: {}",
        path.display()
    )]
    Exposed {
        /// The option that names the folder that is served.
        public: &'static str,
        /// The option that names the private folder.
        private: &'static str,
        /// The private folder.
        path: PathBuf,
    },
    /// The sources for `frame-ancestors` are no such list.
    #[error(
        "--frame-ancestors takes sources separated by blanks, such as \"'self' https://lms.example.edu\", not {sources:?}"
    )]
    FrameAncestors {
        /// What was given.
        sources: String,
    },
    /// The origin is none.
    #[error(
        "--origin takes scheme and name, such as \"https://tours.example.edu\", not {origin:?}"
    )]
    Origin {
        /// What was given.
        origin: String,
    },
    /// Evidence would be kept longer than what follows from it.
    #[error(
        "--keep-evidence ({evidence} days) is longer than --keep-records ({records} days); \
         give it no more days than the records"
    )]
    Retention {
        /// Days for evidence.
        evidence: u32,
        /// Days for records.
        records: u32,
    },
    /// The OpenID provider's address could be anybody's.
    #[error("--oidc-issuer takes an address such as \"https://id.example.edu\", not {issuer:?}")]
    Issuer {
        /// What was given.
        issuer: String,
    },
    /// A certificate or its key cannot be used.
    #[error("--{option} cannot be used ({cause}); give a PEM file: {}", path.display())]
    Tls {
        /// The option that names it.
        option: &'static str,
        /// Why not.
        cause: String,
        /// What it names.
        path: PathBuf,
    },
    /// The collector for spans is not named as it should be.
    #[error("nothing can be traced: {cause}")]
    Telemetry {
        /// What is wrong, and what to do.
        cause: String,
    },
    /// The bucket for attachments is not named in full, or cannot be.
    #[error("attachments cannot be put into a bucket: {cause}")]
    Bucket {
        /// What is wrong, and what to do.
        cause: String,
    },
    /// A learning system is not named by scheme and name.
    #[error(
        "--lms-origin takes scheme and name, such as \"https://lms.example.edu\", not {origin:?}"
    )]
    LmsOrigin {
        /// What was given.
        origin: String,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address} ({cause}); {next}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        cause: std::io::Error,
        /// What to do about it.
        next: &'static str,
    },
    /// Statements of before the hash chain could not be put into it.
    #[error("cannot put the statements into the hash chain ({cause}); start again")]
    Chain {
        /// What the database said.
        cause: String,
    },
    /// Nobody said where the records are.
    #[error(
        "give --data, the folder for the records, or DATABASE_URL, the PostgreSQL to keep them in"
    )]
    NoRecords,
    /// The address of the database is none.
    #[error("DATABASE_URL takes an address such as \"postgres://name:password@host/database\"")]
    DatabaseUrl,
    /// The database cannot be used.
    #[error("cannot use the database ({cause}); {next}: {place}")]
    Database {
        /// What the database said.
        cause: sqlx::Error,
        /// What to do about it.
        next: &'static str,
        /// Which database.
        place: String,
    },
    /// The database was written by a newer server.
    #[error(
        "the database has migration {version}, which this server does not know; \
         run the newer server that wrote it, or restore the backup from before: {place}"
    )]
    Newer {
        /// The unknown migration.
        version: i64,
        /// Which database.
        place: String,
    },
    /// A migration could not be applied, or is not the one that was applied once.
    #[error(
        "cannot bring the database up to date ({cause}); \
         restore the last backup, or ask for help with this sentence: {place}"
    )]
    Migrate {
        /// Which migration, and why.
        cause: sqlx::migrate::MigrateError,
        /// Which database.
        place: String,
    },
}

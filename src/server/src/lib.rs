//! The backend: it serves the site and the packages, takes the evidence of visits, and is the only
//! one whose word counts on whether a visit is completed or passed.
//!
//! It decides nothing itself: every batch of evidence is replayed with `tour`, the same crate that
//! runs in the visitor's browser, and what follows from it is stored in one transaction before it
//! is acknowledged. All that it keeps is in its database; what else is in memory can be lost at any
//! moment.

mod api;
mod app;
mod bucket;
mod check;
mod clock;
mod cmi5;
mod config;
mod csv;
mod deliveries;
mod error;
mod evidence;
mod files;
mod forward;
pub mod fuzzing;
pub mod groups;
mod headers;
mod lab;
mod limits;
mod lrs;
mod metrics;
mod objections;
mod observe;
mod openapi;
mod outward;
mod processing;
mod profile;
mod retention;
mod serve;
mod sessions;
mod settings;
mod staff;
mod start_error;
mod store;
mod telemetry;
mod tls;
mod token;
mod upkeep;
mod venues;

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, sync::watch};
use tokio_rustls::TlsAcceptor;

pub use bucket::BucketOptions;
pub use check::check_config;
pub use cmi5::{LaunchCommand, manage_launches};
pub use config::{Config, Records};
pub use forward::{ForwardCommand, NewForward, forward};
pub use limits::{Allowance, Limits};
pub use lrs::{CredentialCommand, manage};
pub use objections::{ObjectionCommand, hear};
pub use processing::{ProcessingCommand, ProcessingFormat, tell_processing};
pub use retention::Retention;
pub use settings::{SettingsError, settings_option, with_settings};
pub use staff::{OidcOptions, Role, RoleError, RoleOfGroup, StaffCommand, manage_staff};
pub use start_error::StartError;
pub use telemetry::TelemetryOptions;
pub use tls::TlsOptions;
pub use upkeep::{UpkeepCommand, keep_up};

use deliveries::Deliveries;
use outward::Outward;
use store::{Expired, Store, now_us};
use telemetry::Telemetry;

/// A server that is ready to answer.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    store: Store,
    retention: Retention,
    tls: Option<TlsAcceptor>,
    certificate: TlsOptions,
    deliveries: Deliveries,
    telemetry: Telemetry,
}

/// How often it is looked for what is older than it may be.
const EXPIRE_EVERY: Duration = Duration::from_hours(1);

/// Deletes what is older than it may be, for as long as the server runs. Of several servers with one
/// database each may do it: what is gone is not found again.
async fn expire_by_itself(store: Store, retention: Retention) {
    loop {
        if clock::jumped_ahead() {
            tracing::error!(
                "the clock has jumped ahead by more than a day: nothing is deleted because of it; \
                 set it right unless it is, then start the server again"
            );
            tokio::time::sleep(EXPIRE_EVERY).await;
            continue;
        }
        match store.expire(&retention, now_us() / 1000).await {
            Ok(expired) if expired == Expired::default() => {}
            Ok(expired) => tracing::info!("{expired}"),
            Err(cause) => tracing::error!(%cause, "what is too old could not be deleted"),
        }
        tokio::time::sleep(EXPIRE_EVERY).await;
    }
}

impl Server {
    /// Finds the folders, opens the database, brings it up to date, and takes the address.
    pub async fn bind(config: Config) -> Result<Self, StartError> {
        let config = config.checked()?;
        if config.production && config.responsible.is_none() {
            tracing::warn!(
                "visitors are not told who is responsible for their records: give --responsible"
            );
        }
        let tls = config.tls.acceptor()?;
        let failed = |cause: io::Error| StartError::Listen {
            address: config.listen,
            next: match cause.kind() {
                io::ErrorKind::AddrInUse => {
                    "stop the program that has it, or give another --listen"
                }
                io::ErrorKind::PermissionDenied => "give a port above 1023 in --listen",
                _ => "give an address of this machine in --listen",
            },
            cause,
        };
        let listener = TcpListener::bind(config.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let store = Store::open(&config.records).await?;
        let outward = Arc::new(Outward::default());
        let telemetry = Telemetry::of(&config.telemetry, &outward)?;
        let router = app::router(&config, address, &store, outward.clone(), telemetry.clone())?;
        let deliveries = Deliveries::new(store.clone(), outward, telemetry.clone());
        Ok(Self {
            listener,
            address,
            router,
            store,
            retention: config.retention,
            tls,
            certificate: config.tls,
            deliveries,
            telemetry,
        })
    }

    /// The address that the server has; its port was the system's choice if none was asked for.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Everything that the server answers, without the connections.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Answers, and tells others what there is to tell, until `stop` comes; then finishes what is in
    /// hand and closes the database.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        tracing::info!(address = %self.address, "listening");
        let (stopping, stopped) = watch::channel(false);
        let telling = tokio::spawn(self.deliveries.run(stopped));
        let expiring = tokio::spawn(expire_by_itself(self.store.clone(), self.retention));
        let (tls, renewing) = match self.tls {
            Some(acceptor) => {
                let (current, tls) = watch::channel(acceptor);
                let renewing = tokio::spawn(tls::renew(self.certificate, current));
                (Some(tls), Some(renewing))
            }
            None => (None, None),
        };
        serve::serve(self.listener, tls, self.router, stop).await;
        if let Some(renewing) = renewing {
            renewing.abort();
        }
        // What is not committed is undone, and done at the next start.
        expiring.abort();
        let _ = expiring.await;
        let _ = stopping.send(true);
        if let Err(cause) = telling.await {
            tracing::error!(%cause, "telling others ended before its time");
        }
        self.telemetry.close().await;
        self.store.close().await;
    }
}

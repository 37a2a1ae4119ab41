//! The Xinghuo server: serves tours, takes evidence, and decides what a visit has shown.

use std::future::Future;

use anyhow::Context;
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use xinghuo_server::{Config, Server};

/// Serves tours, takes evidence, and decides what a visit has shown.
#[derive(Parser)]
#[command(name = "xinghuo-server", version)]
struct Arguments {
    #[command(flatten)]
    config: Config,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { config } = Arguments::parse();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    let stop = told_to_stop()?;
    let server = Server::bind(config).await?;
    server.run(stop).await;
    Ok(())
}

/// Ends with the first SIGTERM or SIGINT.
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    let listen = |kind| signal(kind).context("cannot listen for signals");
    let mut terminate = listen(SignalKind::terminate())?;
    let mut interrupt = listen(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
    })
}

//! The Xinghuo server: serves tours, takes evidence, keeps learning records, and decides what a
//! visit has shown.

use std::{future::Future, io::stdout};

use anyhow::Context;
use clap::{CommandFactory, Parser, Subcommand, error::ErrorKind};
use tokio::signal::unix::{SignalKind, signal};
use xinghuo_server::{Config, CredentialCommand, Server, manage};

/// Serves tours, takes evidence, and decides what a visit has shown.
#[derive(Parser)]
#[command(
    name = "xinghuo-server",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
struct Arguments {
    #[command(flatten)]
    config: Option<Config>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Make, list and revoke the credentials of the learning record store
    #[command(subcommand)]
    Credential(CredentialCommand),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { config, command } = Arguments::parse();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    if let Some(Command::Credential(command)) = command {
        return manage(command, &mut stdout().lock()).await;
    }
    let Some(config) = config else {
        let needed = "give --data, --site, --packages and --keys";
        Arguments::command()
            .error(ErrorKind::MissingRequiredArgument, needed)
            .exit();
    };
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

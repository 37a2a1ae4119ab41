//! The Xinghuo server: serves tours, takes evidence, keeps learning records, and decides what a
//! visit has shown.

use std::{future::Future, io::stdout};

use anyhow::Context;
use clap::{Arg, ArgAction, Args, FromArgMatches, Subcommand};
use tokio::signal::unix::{SignalKind, signal};
use xinghuo_server::{
    Config, CredentialCommand, ForwardCommand, LaunchCommand, ObjectionCommand, ProcessingCommand,
    Server, StaffCommand, UpkeepCommand, check_config, forward, hear, keep_up, manage,
    manage_launches, manage_staff, settings_option, tell_processing, with_settings,
};

// What can be done other than to serve.
#[derive(Subcommand)]
enum Command {
    /// Make, list and revoke the credentials of the learning record store
    #[command(subcommand)]
    Credential(CredentialCommand),
    /// Read and answer what visitors hold to be wrong
    #[command(subcommand)]
    Objection(ObjectionCommand),
    /// Print what is kept of people, why, and for how long, from the schema of the database
    Processing(ProcessingCommand),
    /// Make, list, change and disable the accounts of staff
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Forward statements to other record stores
    #[command(subcommand)]
    Forward(ForwardCommand),
    /// See what learning systems would not take of the visits that they launched, and try it again
    #[command(subcommand)]
    Launch(LaunchCommand),
    #[command(flatten)]
    Upkeep(UpkeepCommand),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let program = arguments();
    let given = with_settings(&program, std::env::args_os().collect())?;
    let matches = program.get_matches_from(given);
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    if matches.subcommand_name().is_some() {
        let out = &mut stdout().lock();
        return match Command::from_arg_matches(&matches)? {
            Command::Credential(command) => manage(command, out).await,
            Command::Objection(command) => hear(command, out).await,
            Command::Processing(command) => tell_processing(&command, out),
            Command::Staff(command) => manage_staff(command, out).await,
            Command::Forward(command) => forward(command, out).await,
            Command::Launch(command) => manage_launches(command, out).await,
            // What restores and verifies holds much at a time.
            Command::Upkeep(command) => Box::pin(keep_up(command, out)).await,
        };
    }
    let config = Config::from_arg_matches(&matches)?;
    if matches.get_flag("check-config") {
        return check_config(config, &mut stdout().lock()).await;
    }
    let stop = told_to_stop()?;
    let server = Server::bind(config).await?;
    server.run(stop).await;
    Ok(())
}

/// The options of a server, and the commands for which they are not needed.
fn arguments() -> clap::Command {
    let program = clap::Command::new("xinghuo-server");
    Command::augment_subcommands(Config::augment_args(program))
        .version(env!("CARGO_PKG_VERSION"))
        .arg(settings_option())
        .arg(
            Arg::new("check-config")
                .long("check-config")
                .action(ArgAction::SetTrue)
                .help("Look at everything that the options name, tell all that is wrong, and end"),
        )
        .about("Serves tours, takes evidence, and decides what a visit has shown")
        .args_conflicts_with_subcommands(true)
        .subcommand_negates_reqs(true)
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

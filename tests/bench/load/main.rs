//! One load generator for every record store that is measured: so many clients, each with a connection
//! that is kept open, each sending its next request when it has read the answer to the last.
//!
//! It reads a plan from standard input and prints what came of it, both JSON; see [`Plan`] and
//! [`outcome::Outcome`]. `records/work.mjs` is who asks.

mod client;
mod outcome;
mod plan;
mod statements;

use std::io::{Read, Write};

use plan::Plan;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let plan: Plan = serde_json::from_str(&text)?;
    // One thread: what it uses is taken from whoever is measured, on the same machine.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(client::everybody(plan))?;
    serde_json::to_writer(std::io::stdout(), &outcome)?;
    std::io::stdout().write_all(b"\n")?;
    Ok(())
}

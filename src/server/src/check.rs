//! `--check-config`: looks at everything that the options name, changes nothing, and tells all that is
//! wrong at once, each with the next step.

use std::{io::Write, net::TcpListener};

use anyhow::bail;

use crate::{Config, bucket::Bucket, staff::check_provider, store::Store, telemetry};

/// Looks at everything that a configuration names and tells `out` of it. Fails if something is wrong.
pub async fn check_config(mut config: Config, out: &mut impl Write) -> anyhow::Result<()> {
    let mut problems: Vec<String> = config.find().iter().map(ToString::to_string).collect();
    for (option, folder, file) in [
        ("site", &config.site, "index.html"),
        ("packages", &config.packages, "index.json"),
    ] {
        if folder.is_dir() && !folder.join(file).is_file() {
            let path = folder.display();
            problems.push(format!("--{option} has no {file}; build it first: {path}"));
        }
    }
    if let Some(data) = config.records.data.as_ref().filter(|it| it.is_dir())
        && let Err(cause) = tempfile_in(data)
    {
        let path = data.display();
        problems.push(format!(
            "--data cannot be written to ({cause}); let the server's user write there: {path}"
        ));
    }
    if let Err(problem) = config.tls.acceptor() {
        problems.push(problem.to_string());
    }
    // Somebody may be listening already: this very server.
    if let Err(cause) = TcpListener::bind(config.listen)
        && cause.kind() != std::io::ErrorKind::AddrInUse
    {
        let address = config.listen;
        problems.push(format!(
            "cannot listen on {address} ({cause}); give another --listen"
        ));
    }
    if let Err(problem) = Store::reach(&config.records).await {
        problems.push(problem.to_string());
    }
    match Bucket::of(&config.records.bucket) {
        Err(problem) => problems.push(problem.to_string()),
        Ok(Some(bucket)) => {
            if let Err(cause) = bucket.try_out().await {
                problems.push(format!(
                    "--bucket cannot be used ({cause}); see that it is there and that the key may \
                     write, read and delete in it: {}",
                    bucket.name()
                ));
            }
        }
        Ok(None) => {}
    }
    // An address that is none is told of already.
    if config.telemetry.traces_address().is_ok()
        && let Err(problem) = telemetry::try_out(&config.telemetry).await
    {
        problems.push(problem);
    }
    let origin = config.origin_at(config.listen);
    if let Err(problem) = check_provider(&config.oidc, &origin).await {
        problems.push(problem);
    }
    if problems.is_empty() {
        writeln!(out, "nothing is wrong with the configuration")?;
        return Ok(());
    }
    for problem in &problems {
        writeln!(out, "{problem}")?;
    }
    bail!("problems with the configuration: {}", problems.len());
}

/// Whether a file can be made in a folder.
fn tempfile_in(folder: &std::path::Path) -> std::io::Result<()> {
    let file = folder.join(format!(".check-{}", std::process::id()));
    std::fs::File::create_new(&file)?;
    std::fs::remove_file(file)
}

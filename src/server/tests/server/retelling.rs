//! What a learning system would not take of a visit that it launched, and how it is told again.

use xinghuo_server::{LaunchCommand, manage_launches};

use crate::{
    launching::{config, launched, leave},
    living::Living,
    place::Place,
    system::System,
};

/// What `launch` prints, with these words after it.
async fn command(place: &Place, words: &[&str]) -> anyhow::Result<String> {
    #[derive(clap::Parser)]
    struct Line {
        #[command(subcommand)]
        command: LaunchCommand,
    }
    let (name, value) = match (&place.records.data, &place.records.database_url) {
        (Some(data), _) => ("--data", data.display().to_string()),
        (None, url) => ("--database-url", url.clone().expect("an address")),
    };
    let (command, rest) = words.split_first().expect("a command");
    let line = ["launch", command, name, &value];
    let line = line.into_iter().chain(rest.iter().copied());
    let mut out = Vec::new();
    let line = <Line as clap::Parser>::try_parse_from(line)?;
    manage_launches(line.command, &mut out).await?;
    Ok(String::from_utf8(out)?)
}

#[tokio::test]
async fn what_a_system_refused_is_seen_and_can_be_told_again() {
    let (place, system) = (Place::new(), System::start().await);
    let server = Living::with(config(&place, &system)).await;
    // It will not have any statement, which it says twice, and then is repaired.
    system.known().fails = Some((400, 2));
    let (visitor, _) = launched(&server.running, &system, "Normal", None).await;
    leave(&server.running, &visitor).await;
    let mut dead = String::new();
    for _ in 0..100 {
        dead = command(&place, &["dead"]).await.expect("a list");
        if dead.lines().count() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(
        dead.contains("initialized") && dead.contains("terminated"),
        "{dead}"
    );
    assert!(
        dead.contains("it answered 400") && dead.contains(&system.origin),
        "{dead}"
    );
    assert!(
        !dead.contains("1625378") && !dead.contains("token"),
        "{dead}"
    );
    // Those of record stores are another list.
    assert_eq!(
        crate::living::run(&place, &["dead"]).await.expect("a list"),
        ""
    );
    let none = command(&place, &["requeue", "999999"]).await;
    let none = none.expect_err("there is none").to_string();
    assert!(none.contains("launch dead"), "{none}");
    let again = command(&place, &["requeue"])
        .await
        .expect("they are tried again");
    assert!(again.starts_with("2 will"), "{again}");
    assert_eq!(system.ends(0).await, ["initialized", "terminated"]);
    assert_eq!(system.known().violations, [""; 0]);
    server.stop().await;
}

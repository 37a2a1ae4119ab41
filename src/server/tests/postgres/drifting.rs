//! A PostgreSQL whose clock is not the servers', and leaps: whoever follows the store misses nothing.

use crate::{
    clocks::{Clocks, DAY, HOUR},
    cluster::Cluster,
    leaping,
    place::{Place, Running},
    recorder::{Recorder, id, statement},
    sharing::Follower,
};

/// A deployment whose PostgreSQL has its time from these clocks; none where that cannot be.
fn drifting() -> Option<(Place, Clocks, Cluster)> {
    let mut place = Place::new();
    let clocks = Clocks::of(&place)?;
    let cluster = Cluster::with_clocks(&clocks);
    place.records = cluster.empty();
    Some((place, clocks, cluster))
}

/// One server after the other takes a statement, and the next is asked for all that came since.
async fn check(place: &Place, mut clocks: Clocks, servers: &[Running]) {
    let recorder = Recorder::new(place, &["all"]).await;
    let (mut follower, mut sent) = (Follower::new(), Vec::new());
    let leaps = [0, HOUR, -HOUR, -30 * DAY, 1, -1, 30 * DAY, 2 * HOUR, -1, 1];
    for (n, leap) in leaps.into_iter().enumerate() {
        clocks.leap(leap);
        let new = statement("ann", "swam");
        let server = &servers[n % servers.len()];
        recorder.post(server, &new).await;
        sent.push(id(&new).to_owned());
        // It is told of a moment after that, and then the clock may be set back.
        clocks.leap(5);
        let next = &servers[(n + 1) % servers.len()];
        follower.read(next, &recorder).await;
    }
    assert_eq!(follower.followed, sent, "each once, in their order");
    let read = follower.finish(&servers[0], &recorder).await;
    assert_eq!(read, sent, "and nothing more");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_misses_nothing_when_the_databases_clock_leaps() {
    let Some((place, clocks, _cluster)) = drifting() else {
        return;
    };
    let server = place.start().await;
    check(&place, clocks, &[server]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_server_stores_before_what_another_has_told() {
    let Some((place, clocks, _cluster)) = drifting() else {
        return;
    };
    let servers = [place.start().await, place.start().await];
    check(&place, clocks, &servers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_server_stores_before_what_was_told_before_it_started() {
    let Some((place, clocks, _cluster)) = drifting() else {
        return;
    };
    leaping::check_restarts(&place, clocks).await;
}

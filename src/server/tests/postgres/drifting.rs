//! A PostgreSQL whose clock is not the server's, and leaps: whoever follows the store misses nothing.

use crate::{
    clocks::{Clocks, DAY, HOUR},
    cluster::Cluster,
    place::Place,
    recorder::{Recorder, id, statement},
    sharing::Follower,
};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_misses_nothing_when_the_databases_clock_leaps() {
    let mut place = Place::new();
    let Some(mut clocks) = Clocks::of(&place) else {
        return;
    };
    let cluster = Cluster::with_clocks(&clocks);
    place.records = cluster.empty();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let (mut follower, mut sent) = (Follower::new(), Vec::new());
    for leap in [0, HOUR, -HOUR, -30 * DAY, 1, -1, 30 * DAY, 2 * HOUR, -1, 1] {
        clocks.leap(leap);
        let new = statement("ann", "swam");
        recorder.post(&server, &new).await;
        sent.push(id(&new).to_owned());
        // It is told of a moment after that.
        follower.read(&server, &recorder).await;
    }
    assert!(follower.followed.len() > 3, "nothing is ever complete");
    let read = follower.finish(&server, &recorder).await;
    assert_eq!(read, sent, "each once, in their order");
}

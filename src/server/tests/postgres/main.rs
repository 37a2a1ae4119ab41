//! The server from outside, with its records in PostgreSQL: all suites of `server`, of which `full`, `power`
//! and `records` are others here, and those of several servers with one database.

mod cluster;
mod drifting;
mod full;
mod gone;
mod moving;
mod power;
mod records;
mod sharing;
mod signing;
mod starting;

#[path = "../server/access.rs"]
mod access;
#[path = "../server/ageing.rs"]
mod ageing;
#[path = "../server/agreeing.rs"]
mod agreeing;
#[path = "../server/aside.rs"]
mod aside;
#[path = "../server/asking.rs"]
mod asking;
#[path = "../server/attaching.rs"]
mod attaching;
#[path = "../server/beginning.rs"]
mod beginning;
#[path = "../server/bombing.rs"]
mod bombing;
#[path = "../server/bucket.rs"]
mod bucket;
#[path = "../server/carrying.rs"]
mod carrying;
#[path = "../server/client.rs"]
mod client;
#[path = "../server/clocks.rs"]
mod clocks;
#[path = "../server/colleague.rs"]
mod colleague;
#[path = "../server/configuring.rs"]
mod configuring;
#[path = "../server/connection.rs"]
mod connection;
#[path = "../server/correcting.rs"]
mod correcting;
#[path = "../server/crashing.rs"]
mod crashing;
#[path = "../server/crowding.rs"]
mod crowding;
#[path = "../server/defined.rs"]
mod defined;
#[path = "../server/describing.rs"]
mod describing;
#[path = "../server/documents.rs"]
mod documents;
#[path = "../server/entering.rs"]
mod entering;
#[path = "../server/expiring.rs"]
mod expiring;
#[path = "../server/failing.rs"]
mod failing;
#[path = "../server/foreign.rs"]
mod foreign;
#[path = "../server/forged.rs"]
mod forged;
#[path = "../server/forwarding.rs"]
mod forwarding;
#[path = "../server/guarding.rs"]
mod guarding;
#[path = "../server/guessing.rs"]
mod guessing;
#[path = "../server/handing.rs"]
mod handing;
#[path = "../server/heap.rs"]
mod heap;
#[path = "../server/injecting.rs"]
mod injecting;
#[path = "../server/jumping.rs"]
mod jumping;
#[path = "../server/killed.rs"]
mod killed;
#[path = "../server/lab.rs"]
mod lab;
#[path = "../server/launching.rs"]
mod launching;
#[path = "../server/leaping.rs"]
mod leaping;
#[path = "../server/limiting.rs"]
mod limiting;
#[path = "../server/living.rs"]
mod living;
#[path = "../server/looking.rs"]
mod looking;
#[path = "../server/paging.rs"]
mod paging;
#[path = "../server/person.rs"]
mod person;
#[path = "../server/place.rs"]
mod place;
#[path = "../server/pretending.rs"]
mod pretending;
#[path = "../server/processing.rs"]
mod processing;
#[path = "../server/receiver.rs"]
mod receiver;
#[path = "../server/recorder.rs"]
mod recorder;
#[path = "../server/recording.rs"]
mod recording;
#[path = "../server/retelling.rs"]
mod retelling;
#[path = "../server/room.rs"]
mod room;
#[path = "../server/serving.rs"]
mod serving;
#[path = "../server/sittings.rs"]
mod sittings;
#[path = "../server/staffing.rs"]
mod staffing;
#[path = "../../../wire/tests/wire/structure.rs"]
mod structure;
#[path = "../server/syntax.rs"]
mod syntax;
#[path = "../server/system.rs"]
mod system;
#[path = "../server/tampered.rs"]
mod tampered;
#[path = "../server/teaching.rs"]
mod teaching;
#[path = "../server/telling.rs"]
mod telling;
#[path = "../../../wire/tests/wire/template.rs"]
mod template;
#[path = "../server/tracing.rs"]
mod tracing;
#[path = "../server/upgrading.rs"]
mod upgrading;
#[path = "../server/upkeep.rs"]
mod upkeep;
#[path = "../server/versions.rs"]
mod versions;
#[path = "../server/visiting.rs"]
mod visiting;
#[path = "../server/visitor.rs"]
mod visitor;
#[path = "../server/whole.rs"]
mod whole;
#[path = "../server/written.rs"]
mod written;

#[test]
fn every_suite_of_the_other_database_is_one_of_this() {
    let suites = |text: &'static str| text.lines().filter(|line| line.starts_with("mod "));
    let here: Vec<_> = suites(include_str!("main.rs")).collect();
    let there = suites(include_str!("../server/main.rs"));
    let missing: Vec<_> = there.filter(|line| !here.contains(line)).collect();
    assert_eq!(missing, [""; 0]);
}

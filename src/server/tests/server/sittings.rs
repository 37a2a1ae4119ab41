//! Sittings: when a visitor has gone away, and when they come back.

use serde_json::Value;

use crate::{
    place::{Place, Running},
    records::meddle,
    visitor::Visitor,
};

/// Half an hour, and a little.
pub(crate) const LONG: i64 = 31 * 60 * 1000;

/// Lets time pass for everything that is stored.
pub(crate) async fn wait(place: &Place, millis: i64) {
    for later in [
        "update visits set created_ms = created_ms - $1",
        "update entries set received_ms = received_ms - $1",
    ] {
        meddle(&place.records, later, millis).await;
    }
}

async fn statements(visitor: &Visitor, server: &Running) -> Vec<Value> {
    let told = visitor.get(server, "/statements").await.json();
    told["statements"].as_array().expect("statements").clone()
}

fn verbs(statements: &[Value]) -> Vec<&str> {
    let displays = statements.iter().map(|it| &it["verb"]["display"]["en"]);
    displays.filter_map(Value::as_str).collect()
}

#[tokio::test]
async fn a_visitor_who_has_gone_is_told_of_once_and_last() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.answer_all(&server, "landing", true).await;
    let present = statements(&visitor, &server).await;
    assert!(!verbs(&present).contains(&"terminated"));

    wait(&place, LONG).await;
    let gone = statements(&visitor, &server).await;
    assert_eq!(verbs(&gone).last(), Some(&"terminated"));
    assert_eq!(gone.len(), present.len() + 1);
    assert_eq!(gone.last().expect("one")["result"]["duration"], "PT1.004S");
    wait(&place, LONG).await;
    assert_eq!(statements(&visitor, &server).await.len(), gone.len());
}

#[tokio::test]
async fn a_visitor_who_comes_back_begins_another_sitting() {
    let place = Place::new();
    for asked_meanwhile in [false, true] {
        let server = place.start().await;
        let mut visitor = Visitor::begin(&place, &server).await;
        visitor.attend("landing");
        visitor.flush(&server).await;
        wait(&place, LONG).await;
        if asked_meanwhile {
            statements(&visitor, &server).await;
        }
        // Once by what is in memory, once by what is on the disk.
        let server = if asked_meanwhile {
            place.start().await
        } else {
            server
        };
        visitor.answer_all(&server, "landing", true).await;
        let told = statements(&visitor, &server).await;
        let verbs = verbs(&told);
        let times = |verb| verbs.iter().filter(|it| **it == verb).count();
        assert_eq!(
            (times("initialized"), times("terminated")),
            (2, 1),
            "{verbs:?}"
        );
        assert_eq!((times("completed"), times("passed")), (1, 1), "{verbs:?}");
        let end = verbs
            .iter()
            .position(|it| *it == "terminated")
            .expect("an end");
        assert_eq!(verbs[end + 1], "initialized");
        let session = |at: usize| {
            let id = "https://w3id.org/xapi/cmi5/context/extensions/sessionid";
            told[at]["context"]["extensions"][id].clone()
        };
        assert_eq!(session(0), session(end));
        assert_ne!(session(end), session(end + 1));
    }
}

#[tokio::test]
async fn a_visit_of_which_nothing_is_heard_ends_as_it_began() {
    let place = Place::new();
    let server = place.start().await;
    let visitor = Visitor::begin(&place, &server).await;
    wait(&place, LONG).await;
    let told = statements(&visitor, &server).await;
    assert_eq!(verbs(&told), ["initialized", "terminated"]);
    assert_eq!(told[1]["result"]["duration"], "PT0S");
    assert_eq!(told[0]["object"]["definition"]["name"]["en"], "The boat");
}

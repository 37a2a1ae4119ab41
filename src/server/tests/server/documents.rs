//! Documents: which of them have changed, and several that go at once.

use axum::http::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use crate::{
    place::{Place, Running},
    recorder::{Recorder, by},
    records::{count, meddle},
};

/// A kind of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource {
    State,
    ActivityProfile,
    AgentProfile,
}

/// Each kind.
pub(crate) const RESOURCES: [Resource; 3] = [
    Resource::State,
    Resource::ActivityProfile,
    Resource::AgentProfile,
];

const BOAT: &str = "activityId=http://example.org/boat";

impl Resource {
    pub(crate) fn is_state(self) -> bool {
        self == Self::State
    }

    /// The address of all documents about the boat, about Ann, or about both.
    fn all(self, prefix: &str) -> String {
        let ann = by("ann");
        match self {
            Self::State => format!("{prefix}/activities/state?{BOAT}&{ann}"),
            Self::ActivityProfile => format!("{prefix}/activities/profile?{BOAT}"),
            Self::AgentProfile => format!("{prefix}/agents/profile?{ann}"),
        }
    }

    /// The address of one of them.
    pub(crate) fn named(self, prefix: &str, name: &str) -> String {
        let id = if self.is_state() {
            "stateId"
        } else {
            "profileId"
        };
        format!("{}&{id}={name}", self.all(prefix))
    }
}

async fn put(server: &Running, recorder: &Recorder, path: &str) {
    let headers = [("if-none-match", "*")];
    let put = recorder.with_headers(server, Method::PUT, path, &headers, r#"{"a":1}"#);
    let put = put.await;
    assert_eq!(put.status, StatusCode::NO_CONTENT, "{path} {put:?}");
}

/// The names of the documents there.
async fn names(server: &Running, recorder: &Recorder, path: &str) -> Vec<String> {
    let listed = recorder.get(server, path).await;
    assert_eq!(listed.status, StatusCode::OK, "{path} {listed:?}");
    serde_json::from_value(listed.json()).expect("names")
}

#[tokio::test]
async fn whoever_asks_what_changed_since_is_told_of_that_alone() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    for resource in RESOURCES {
        let all = resource.all("/xapi");
        for name in ["bow", "stern", "oar"] {
            put(&server, &recorder, &resource.named("/xapi", name)).await;
        }
        // 2001-09-09T01:46:40Z, to the microsecond.
        for long_ago in [
            "update documents set updated_us = $1 where name = 'bow'",
            "update documents set updated_us = $1 + 500000 where name = 'oar'",
        ] {
            meddle(&place.records, long_ago, 1_000_000_000_000_000).await;
        }
        let since = async |since: &str| {
            let path = format!("{all}&since={since}");
            names(&server, &recorder, &path).await
        };
        assert_eq!(
            names(&server, &recorder, &all).await,
            ["bow", "oar", "stern"]
        );
        for (at, changed) in [
            ("2001-09-09T01:46:39.999999Z", &["bow", "oar", "stern"][..]),
            // At that very moment is not since.
            ("2001-09-09T01:46:40Z", &["oar", "stern"]),
            ("2001-09-09T09:46:40%2B08:00", &["oar", "stern"]),
            ("2001-09-09T01:46:40.5Z", &["stern"]),
            ("2999-01-01T00:00:00Z", &[]),
        ] {
            assert_eq!(since(at).await, changed, "{all} {at}");
        }
        let listed = recorder
            .get(&server, &format!("{all}&since=2001-09-09T01:46:40Z"))
            .await;
        assert!(!listed.header("last-modified").is_empty(), "{listed:?}");
        // What is written anew has changed.
        let change = resource.named("/xapi", "bow");
        let changed = recorder
            .send(&server, Method::POST, &change, &json!({"b": 2}))
            .await;
        assert_eq!(changed.status, StatusCode::NO_CONTENT, "{changed:?}");
        assert_eq!(since("2026-01-01T00:00:00Z").await, ["bow", "stern"]);
        for wrong in ["yesterday", "", "2026-13-01T00:00:00Z"] {
            let answer = recorder.get(&server, &format!("{all}&since={wrong}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
        }
    }
}

#[tokio::test]
async fn a_state_without_a_name_is_all_of_them_and_no_others() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let registration = format!("&registration={}", Uuid::new_v4());
    let of_ann = Resource::State.all("/xapi");
    let of_bo = of_ann.replace(&by("ann"), &by("bo"));
    let elsewhere = of_ann.replace(BOAT, "activityId=http://example.org/house");
    let registered = format!("{of_ann}{registration}");
    for path in [&of_ann, &of_bo, &elsewhere, &registered] {
        for name in ["place", "mood"] {
            put(&server, &recorder, &format!("{path}&stateId={name}")).await;
        }
    }
    for resource in [Resource::ActivityProfile, Resource::AgentProfile] {
        put(&server, &recorder, &resource.named("/xapi", "p")).await;
    }
    let delete = async |path: &str| {
        let answer = recorder.with_headers(&server, Method::DELETE, path, &[], "");
        answer.await.status
    };
    // Nothing goes by a call that does not say of whom, or that asks for more than there is.
    for wrong in [
        format!("/xapi/activities/state?{BOAT}"),
        format!("/xapi/activities/state?{}", by("ann")),
        format!("{of_ann}&since=2026-01-01T00:00:00Z"),
        Resource::ActivityProfile.all("/xapi"),
        Resource::AgentProfile.all("/xapi"),
    ] {
        assert_eq!(delete(&wrong).await, StatusCode::BAD_REQUEST, "{wrong}");
    }
    assert_eq!(count(&place.records, "documents").await, 10);
    let there = async |path: &str| names(&server, &recorder, path).await.len();

    // Those of one registration first; asking again changes nothing.
    for _ in 0..2 {
        assert_eq!(delete(&registered).await, StatusCode::NO_CONTENT);
        assert_eq!(there(&registered).await, 0);
        assert_eq!(there(&of_ann).await, 2);
    }
    put(&server, &recorder, &format!("{registered}&stateId=place")).await;
    // Without a registration it is those of any.
    assert_eq!(delete(&of_ann).await, StatusCode::NO_CONTENT);
    assert_eq!((there(&of_ann).await, there(&registered).await), (0, 0));
    assert_eq!((there(&of_bo).await, there(&elsewhere).await), (2, 2));
    assert_eq!(count(&place.records, "documents").await, 6);
}

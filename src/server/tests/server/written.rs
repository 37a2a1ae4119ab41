//! What other systems write of a visit, and where they could learn something of it.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_package::sha256_hex;

use crate::{
    attaching::send as attach,
    place::{Answer, Place, Running},
    recorder::{Recorder, id, statement},
    visitor::Visitor,
};

pub(crate) const VOIDED: &str = "http://adlnet.gov/expapi/verbs/voided";

/// What is attached to the statement that tells of the visit.
pub(crate) const ATTACHED: &[u8] = b"a drawing of the boat";

/// Whoever a visit is to other systems.
pub(crate) fn account(visitor: &Visitor) -> Value {
    json!({
        "objectType": "Agent", "name": "Li Lei of 7B",
        "account": {"homePage": "https://tours.example.edu", "name": visitor.visit},
    })
}

/// An address with parameters.
fn address(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters);
    format!("{path}?{}", query.finish())
}

/// What another system has written of a visit: statements, one of them with an attachment, one that
/// voids one of the visit's own, one that speaks of it; and a document.
pub(crate) struct Written {
    pub(crate) recorder: Recorder,
    /// A statement that others stored about the visit.
    pub(crate) told: Value,
    /// The one of the visit's own that is voided.
    voided: String,
    pub(crate) document: String,
    of_agent: String,
}

/// Another system writes of a visit.
pub(crate) async fn written(place: &Place, server: &Running, visitor: &Visitor) -> Written {
    let recorder = Recorder::new(place, &["all"]).await;
    let (content, sum) = (ATTACHED, sha256_hex(ATTACHED));
    let mut told = statement("x", "boat");
    told["actor"] = account(visitor);
    told["attachments"] = json!([{
        "usageType": "http://example.org/photo", "display": {"en": "photo"},
        "contentType": "image/png", "length": content.len(), "sha2": sum,
    }]);
    let stored = attach(server, &recorder, &told, (&sum, content)).await;
    assert_eq!(stored.status, StatusCode::OK, "{stored:?}");
    let own = visitor.get(server, "/statements").await.json();
    let voided = id(&own["statements"][0]).to_owned();
    for (verb, of) in [
        (VOIDED, voided.as_str()),
        ("http://example.org/liked", id(&told)),
    ] {
        let mut says = statement("mei", "x");
        says["verb"] = json!({ "id": verb });
        says["object"] = json!({"objectType": "StatementRef", "id": of});
        let says = recorder.post(server, &says).await;
        assert_eq!(says.status, StatusCode::OK, "{says:?}");
    }
    let agent = account(visitor).to_string();
    let state = [
        ("activityId", "http://example.org/x"),
        ("agent", &agent),
        ("stateId", "s"),
    ];
    let document = address("/xapi/activities/state", &state);
    let hesitated = json!({"secret": "she-hesitated"});
    let put = recorder.send(server, Method::PUT, &document, &hesitated);
    assert_eq!(put.await.status, StatusCode::NO_CONTENT);
    let of_agent = address(
        "/xapi/statements",
        &[("agent", &agent), ("related_agents", "true")],
    );
    Written {
        recorder,
        told,
        voided,
        document,
        of_agent,
    }
}

impl Written {
    /// Where another system could learn something of the visit.
    fn places(&self, visitor: &Visitor) -> Vec<String> {
        let one = |name: &str, of: &str| address("/xapi/statements", &[(name, of)]);
        let agent = account(visitor).to_string();
        let all_states = [("activityId", "http://example.org/x"), ("agent", &*agent)];
        let mut places = vec![
            "/xapi/statements?ascending=true&limit=0".to_owned(),
            "/xapi/statements?attachments=true&limit=0".to_owned(),
            "/xapi/1.0.3/statements?limit=0&format=canonical".to_owned(),
            self.of_agent.clone(),
            one("registration", &visitor.visit),
            one("verb", "http://example.org/verbs/did"),
            one("verb", "http://example.org/liked"),
            one("activity", "http://example.org/things/boat"),
            one("statementId", id(&self.told)),
            one("voidedStatementId", &self.voided),
            self.document.clone(),
            address("/xapi/activities/state", &all_states),
        ];
        // Somebody by their number alone, to be told their name.
        let mut nameless = account(visitor);
        nameless.as_object_mut().expect("an agent").remove("name");
        places.push(address("/xapi/agents", &[("agent", &nameless.to_string())]));
        places
    }

    /// What it is answered there.
    pub(crate) async fn answers(
        &self,
        server: &Running,
        visitor: &Visitor,
    ) -> Vec<(String, Answer)> {
        let mut answers = Vec::new();
        for place in self.places(visitor) {
            let mut recorder = self.recorder.clone();
            if place.contains("1.0.3") {
                recorder.version = "1.0.3";
            }
            let answer = recorder.get(server, &place).await;
            answers.push((place, answer));
        }
        answers
    }
}

/// What was answered, to be held against what is answered later. Where a part of a page ends is drawn
/// anew each time.
pub(crate) fn said(answers: Vec<(String, Answer)>) -> Vec<(String, StatusCode, String)> {
    let said = |(place, answer): (String, Answer)| {
        let text = String::from_utf8_lossy(&answer.bytes).into_owned();
        let boundary = answer.header("content-type").split_once("boundary=");
        let text = match boundary {
            Some((_, boundary)) => text.replace(boundary.trim_matches('"'), "boundary"),
            None => text,
        };
        (place, answer.status, text)
    };
    answers.into_iter().map(said).collect()
}

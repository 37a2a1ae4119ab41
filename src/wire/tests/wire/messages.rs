//! Requests and answers: their JSON, and what is not taken.

use serde_json::{Value, json};
use xinghuo_tour::{Action, Entry, Session};
use xinghuo_wire::{
    BatchError, ErrorBody, ErrorCode, EvidenceAccepted, EvidenceBatch, Feedback, Hints,
    MAX_BATCH_ENTRIES, Record, StartVisit, Timestamp, Token, VisitStarted,
};

use crate::given;

fn start() -> Value {
    json!({
        "venue": "red-boat",
        "package": "0123456789abcdef0123456789abcdef",
        "language": "zh-Hans",
        "consent": 1,
    })
}

fn batch(seqs: impl IntoIterator<Item = u32>) -> EvidenceBatch {
    let action = Action::Arrive {
        stop: "table".parse().expect("an id"),
    };
    let entry = |seq| Entry {
        seq,
        at: 0,
        action: action.clone(),
    };
    EvidenceBatch {
        entries: seqs.into_iter().map(entry).collect(),
    }
}

#[test]
fn a_visit_starts_with_four_fields_and_no_other() {
    let request: StartVisit = serde_json::from_value(start()).unwrap();
    assert_eq!(serde_json::to_value(&request).unwrap(), start());
    for (field, value) in [
        ("name", json!("Li Lei")),
        ("venue", json!("../secret")),
        ("package", json!("latest")),
        ("language", json!("zh_Hans; drop table")),
    ] {
        let mut wrong = start();
        wrong[field] = value;
        assert!(
            serde_json::from_value::<StartVisit>(wrong).is_err(),
            "{field}"
        );
    }
}

#[test]
fn the_answer_to_a_start_is_written_as_it_always_was() {
    let started = VisitStarted {
        visit: given::identity().visit,
        token: Token::from("secret".to_owned()),
        seed: 7,
        venue: "red-boat".parse().unwrap(),
        package: given::identity().package,
        created: given::identity().created,
        server_now: given::identity().created.plus_millis(5),
    };
    let written = json!({
        "visit": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
        "token": "secret",
        "seed": 7,
        "venue": "red-boat",
        "package": "0123456789abcdef0123456789abcdef",
        "created": "2026-11-22T06:00:00.000Z",
        "serverNow": "2026-11-22T06:00:00.005Z",
    });
    assert_eq!(serde_json::to_value(&started).unwrap(), written);
    let read: VisitStarted = serde_json::from_value(written).unwrap();
    assert_eq!(read, started);
    assert!(!format!("{started:?}").contains("secret"));
}

#[test]
fn a_batch_holds_entries_and_no_other_field() {
    let written = json!({ "entries": [], "passed": true });
    assert!(serde_json::from_value::<EvidenceBatch>(written).is_err());
}

#[test]
fn what_an_entry_claims_of_itself_is_refused_by_its_name() {
    let entry = serde_json::to_value(&batch([1]).entries[0]).unwrap();
    for (claim, value) in [
        ("completed", json!(true)),
        ("score", json!(1.0)),
        ("verdict", json!({"right": true})),
    ] {
        for place in ["", "/action"] {
            let mut entry = entry.clone();
            entry.pointer_mut(place).unwrap()[claim] = value.clone();
            let refused = serde_json::from_value::<EvidenceBatch>(json!({"entries": [entry]}));
            let refused = refused.unwrap_err().to_string();
            assert!(refused.contains(claim), "{refused}");
        }
    }
}

#[test]
fn a_batch_is_a_run_of_entries() {
    assert_eq!(batch(4..=6).span(), Ok((4, 6)));
    assert_eq!(batch([]).span(), Err(BatchError::Empty));
    assert_eq!(batch([0, 1]).span(), Err(BatchError::OutOfOrder { seq: 0 }));
    assert_eq!(batch([1, 3]).span(), Err(BatchError::OutOfOrder { seq: 3 }));
    assert_eq!(batch([2, 2]).span(), Err(BatchError::OutOfOrder { seq: 2 }));
    assert_eq!(
        batch([u32::MAX, 0]).span(),
        Err(BatchError::OutOfOrder { seq: 0 })
    );
    let most = u32::try_from(MAX_BATCH_ENTRIES).unwrap();
    assert_eq!(batch(1..=most).span(), Ok((1, most)));
    let entries = MAX_BATCH_ENTRIES + 1;
    assert_eq!(
        batch(1..=most + 1).span(),
        Err(BatchError::TooMany { entries })
    );
}

#[test]
fn the_record_follows_from_the_session() {
    let venue = given::venue();
    let session = Session::replay(&venue, &given::entries(), &[], given::SEED);
    let decided: Timestamp = "2026-11-22T06:10:00Z".parse().unwrap();
    let accepted = EvidenceAccepted {
        accepted_through: session.seq(),
        verdicts: Vec::new(),
        feedback: Feedback::new(),
        hints: Hints::new(),
        record: Record::of(&session, &venue, Some(decided)),
    };
    let written = json!({
        "acceptedThrough": 13,
        "verdicts": [],
        "record": {
            "seq": 13,
            "completion": 1.0,
            "completed": true,
            "passed": true,
            "failed": false,
            "scaled": 0.777_777_8_f32,
            "settled": 3,
            "of": 3,
            "ruleVersion": 1,
            "decidedAt": "2026-11-22T06:10:00.000Z",
        },
    });
    assert_eq!(serde_json::to_value(&accepted).unwrap(), written.clone());
    assert_eq!(
        serde_json::from_value::<EvidenceAccepted>(written).unwrap(),
        accepted
    );
    let fresh = serde_json::to_value(Record::of(&Session::new(1), &venue, None)).unwrap();
    assert!(fresh.get("decidedAt").is_none());
}

#[test]
fn a_refusal_tells_what_was_kept() {
    let mut body = ErrorBody::new(ErrorCode::Refused, "m", "n");
    body.error.seq = Some(5);
    body.error.reason = Some("locked".to_owned());
    body.error.accepted_through = Some(4);
    body.error.feedback = [(
        "table-date".parse().unwrap(),
        [("en".to_owned(), "Yes.".to_owned())].into(),
    )]
    .into();
    body.error.hints = [(
        "table-find".parse().unwrap(),
        [("en".to_owned(), "Look.".to_owned())].into(),
    )]
    .into();
    let written = json!({ "error": {
        "code": "REFUSED", "message": "m", "next": "n",
        "seq": 5, "reason": "locked", "acceptedThrough": 4,
        "feedback": { "table-date": { "en": "Yes." } },
        "hints": { "table-find": { "en": "Look." } },
    }});
    assert_eq!(serde_json::to_value(&body).unwrap(), written);
}

//! What is never served: keys, drafts, whatever lies elsewhere on the disk; and the headers that
//! guard what is.

use std::fs;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_tour::{Session, SlotStatus};
use xinghuo_wire::VisitKept;

use crate::{
    place::{Answer, POOL, Place, Running, SECRET, feedback, hint},
    visitor::Visitor,
};

#[tokio::test]
async fn no_path_leads_out_of_what_is_served() {
    let place = Place::new();
    let server = place.start().await;
    let keys = format!("keys/boat/{}.json", place.package);
    for path in [
        format!("/../{keys}"),
        format!("/packages/../{keys}"),
        format!("/packages/../../{keys}"),
        format!("/%2e%2e/{keys}"),
        format!("/packages/%2e%2e/{keys}"),
        format!("/packages/..%2f{keys}"),
        format!("/packages/boat/..%2f..%2f..%2f{keys}"),
        format!("/packages/..%5c{keys}"),
        format!("/{keys}"),
        format!("/packages//{}/{keys}", place.root.path().display()),
        format!("//{}", place.folder(&keys).display()),
        "/packages/%00".into(),
        "/.git/config".into(),
        "/%2Egit/config".into(),
        "/../data/xinghuo.sqlite".into(),
    ] {
        let answer = server.get(&path).await;
        assert!(answer.status.is_client_error(), "{path}: {answer:?}");
        assert!(
            !String::from_utf8_lossy(&answer.bytes).contains(SECRET),
            "{path}"
        );
    }
}

#[tokio::test]
async fn every_answer_carries_the_policy() {
    let place = Place::new();
    let mut config = place.config();
    config.frame_ancestors = "'self' https://lms.example.edu".into();
    let server = Running::with(config).await;
    for path in [
        "/",
        "/nowhere",
        "/health",
        "/metrics",
        "/api/v1/nothing",
        "/packages/index.json",
    ] {
        let answer = server.get(path).await;
        let policy = answer.header("content-security-policy");
        for directive in [
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'self' https://lms.example.edu",
        ] {
            assert!(policy.contains(directive), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert!(
            answer
                .header("permissions-policy")
                .contains("xr-spatial-tracking=(self)"),
            "{path}"
        );
        assert_eq!(answer.header("server"), "", "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a_draft_is_refused_in_production() {
    let place = Place::new();
    let mut config = place.config();
    config.production = true;
    let server = Running::with(config).await;
    let begin =
        |hash: &str| json!({"venue": "boat", "package": hash, "language": "en", "consent": 1});
    let draft = server
        .call(Method::POST, "/api/v1/visits", None, &begin(&place.draft))
        .await;
    assert_eq!(
        (draft.status, draft.code().as_str()),
        (StatusCode::NOT_FOUND, "UNKNOWN_VENUE")
    );
    let signed = server
        .call(Method::POST, "/api/v1/visits", None, &begin(&place.package))
        .await;
    assert_eq!(signed.status, StatusCode::CREATED);
    let file = |hash: &str| format!("/packages/boat/{hash}/venue.json");
    assert_eq!(
        server.get(&file(&place.draft)).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        server.get(&file(&place.package)).await.status,
        StatusCode::OK
    );
    let index = server.get("/packages/index.json").await.json();
    let offered: Vec<_> = index["venues"].as_array().expect("venues").iter().collect();
    assert_eq!(offered.len(), 1);
    assert_eq!(offered[0]["hash"], json!(place.package));
}

#[tokio::test]
async fn no_answer_holds_a_key() {
    let place = Place::new();
    let server = place.start().await;
    let mut answers = Vec::new();
    for (folder, prefix) in [
        ("site", ""),
        ("packages", "/packages"),
        ("keys", "/keys"),
        ("data", "/data"),
    ] {
        let root = place.folder(folder);
        for file in files_below(&root) {
            let path = file
                .strip_prefix(&root)
                .expect("below")
                .display()
                .to_string();
            answers.push(server.get(&format!("{prefix}/{path}")).await);
        }
    }
    assert!(answers.len() > 15);
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.answer_all(&server, "landing", false).await;
    visitor.attend("bow");
    let question = visitor.asked("bow").expect("a question");
    visitor.answer(question, "a-lamp");
    let batch = visitor.outbox.clone();
    answers.push(visitor.send(&server, &batch).await);
    let mut wrong = batch.clone();
    wrong[0].at += 1;
    answers.push(visitor.send(&server, &wrong).await);
    for below in ["", "/statements", "/nothing"] {
        answers.push(visitor.get(&server, below).await);
    }
    answers.push(server.get("/health").await);
    answers.push(server.get("/metrics").await);
    let venue = format!("/packages/boat/{}/venue.json", place.package);
    let venue = server.get(&venue).await.json();
    for (checkpoint, shown) in [("landing", false), ("bow", true)] {
        for question in venue["checkpoints"][checkpoint]["questions"]
            .as_array()
            .expect("questions")
        {
            assert_eq!(question["shown_at"].is_string(), shown, "{question}");
        }
    }
    let keys = fs::read_to_string(
        place
            .folder("keys/boat")
            .join(format!("{}.json", place.package)),
    );
    let keys: Value = serde_json::from_str(&keys.expect("keys")).expect("JSON");
    assert_eq!(keys["keys"]["landing-who"]["value"], SECRET);
    assert_eq!(
        keys["feedback"]["landing-who"]["en"],
        feedback("landing-who")
    );
    assert_eq!(keys["shown_at"]["landing-who"], "landing");
    for answer in answers {
        assert_eq!(told(&answer), [""; 0], "{answer:?}");
        let text: String = String::from_utf8_lossy(&answer.bytes)
            .split_whitespace()
            .collect();
        assert!(!text.contains(&format!("\"value\":\"{SECRET}\"")), "{text}");
        assert!(!text.contains(&format!("\"key\":\"{SECRET}\"")), "{text}");
        assert!(
            !text.contains(&format!("\"correctResponsesPattern\":[\"{SECRET}\"]")),
            "{text}"
        );
    }
}

/// The questions of which the words on a right answer are in this answer.
fn told(answer: &Answer) -> Vec<&'static str> {
    said(answer, feedback)
}

/// The questions of which the words on a wrong answer are in this answer.
fn hinted(answer: &Answer) -> Vec<&'static str> {
    said(answer, hint)
}

fn said(answer: &Answer, words: fn(&str) -> String) -> Vec<&'static str> {
    let text = String::from_utf8_lossy(&answer.bytes);
    let mut told = POOL.to_vec();
    told.retain(|question| text.contains(&words(question)));
    told
}

#[tokio::test]
async fn a_wrong_answer_is_led_back_from_and_nothing_leads_there_before() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    let begun = visitor.flush(&server).await;
    assert_eq!(begun["hints"], Value::Null, "{begun}");
    let wrong = visitor.asked("landing").expect("a question");
    visitor.answer(wrong.clone(), "a-wrong-one");
    let panel = |visitor: &Visitor| {
        let landing = "landing".parse().expect("an id");
        let panel = visitor.session.checkpoint(&visitor.venue, &landing);
        panel.expect("a panel").slots[0].clone()
    };
    assert_eq!(panel(&visitor).status, SlotStatus::Pending);
    assert_eq!(panel(&visitor).lead_back, None);
    let batch = visitor.outbox.clone();
    let answer = visitor.flush(&server).await;
    assert_eq!(answer["verdicts"][0]["leadBack"], "landing", "{answer}");
    let words = json!({ wrong.as_str(): { "en": hint(wrong.as_str()) } });
    assert_eq!(answer["hints"], words, "{answer}");
    assert_eq!(
        panel(&visitor).lead_back,
        Some("landing".parse().expect("an id"))
    );

    let right = visitor.asked("landing").expect("a question");
    visitor.answer(right, SECRET);
    let mut refused = batch.clone();
    refused.push(refused[0].clone());
    refused[1].seq += 1;
    let refused = visitor.send(&server, &refused).await;
    assert_eq!(refused.code(), "REFUSED");
    assert_eq!(refused.json()["error"]["hints"], words);
    assert_eq!(
        refused.json()["error"]["verdicts"][0]["leadBack"],
        "landing"
    );
    let verdicts = visitor.flush(&server).await["verdicts"].clone();
    assert_eq!(verdicts[0]["leadBack"], Value::Null, "{verdicts}");

    let kept = visitor.get(&server, "").await;
    assert_eq!(hinted(&kept), [wrong.as_str()]);
    let kept: VisitKept = serde_json::from_value(kept.json()).expect("a visit");
    let (venue, log) = (&visitor.venue, &kept.entries);
    let resumed = Session::replay(venue, log, &kept.verdicts, kept.seed);
    assert_eq!(
        resumed, visitor.session,
        "it is resumed with what it was told"
    );
    let again = &resumed.summary(venue).stops[0].look_again;
    assert_eq!(again[..], [(wrong, "landing".parse().expect("an id"))]);
    assert_eq!(hinted(&visitor.get(&server, "/statements").await), [""; 0]);
}

#[tokio::test]
async fn the_words_on_a_right_answer_come_with_the_verdict_and_not_before() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    let wrong = visitor.asked("landing").expect("a question");
    visitor.answer(wrong.clone(), "a-wrong-one");
    let answer = visitor.flush(&server).await;
    assert_eq!(answer["feedback"], Value::Null, "{answer}");
    assert_eq!(told(&visitor.get(&server, "").await), [""; 0]);

    let right = visitor.asked("landing").expect("a question");
    assert_ne!(right, wrong);
    visitor.answer(right.clone(), SECRET);
    let batch = visitor.outbox.clone();
    let words = json!({ right.as_str(): { "en": feedback(right.as_str()) } });
    let answer = visitor.flush(&server).await;
    assert_eq!(answer["feedback"], words, "{answer}");
    let mut refused = batch.clone();
    refused.push(refused[0].clone());
    refused[1].seq += 1;
    let refused = visitor.send(&server, &refused).await;
    assert_eq!(refused.code(), "REFUSED");
    assert_eq!(refused.json()["error"]["feedback"], words);
    let answers = [
        refused,
        visitor.send(&server, &batch).await,
        visitor.get(&server, "").await,
    ];
    for answer in answers {
        assert_eq!(told(&answer), [right.as_str()], "{answer:?}");
    }
    assert_eq!(told(&visitor.get(&server, "/statements").await), [""; 0]);

    let other = Visitor::begin(&place, &server).await;
    assert_eq!(told(&other.get(&server, "").await), [""; 0]);
}

fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

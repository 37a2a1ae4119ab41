//! Nothing that is kept of a person is forgotten: what they see, what they take away and what an erasure
//! takes is held against the register of processing, table by table and column by column.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_package::sha256_hex;
use xinghuo_server::{Config, Role};

use crate::{
    attaching::send as attach,
    colleague::Colleague,
    limiting::limit,
    person::call,
    place::{Place, Running},
    recorder::{Recorder, statement},
    records::{count, hold},
    room::{Instructor, join, joined, offered, with_token},
    system::System,
    teaching::{class_of, join as join_class},
    visitor::Visitor,
};

/// Tables whose rows may outlive the person's: what other systems and rooms have of their own is in
/// them too, so that it is looked for the person alone.
const SHARED: [&str; 3] = ["terms", "headsets", "links"];

pub(crate) fn register() -> BTreeMap<String, Value> {
    let register: Value =
        serde_json::from_str(include_str!("../../migrations/processing.json")).expect("JSON");
    serde_json::from_value(register["tables"].clone()).expect("tables")
}

/// What somebody has left who was launched, answered, objected, joined a class, wore a headset, and of
/// whom another system wrote: a row in every table that knows of persons.
async fn who_left_everything(place: &Place, server: &Running, system: &System) -> Visitor {
    let launched = server
        .call(
            Method::POST,
            "/api/v1/launches",
            None,
            &system.launch("Normal", None),
        )
        .await;
    assert_eq!(launched.status, StatusCode::CREATED, "{launched:?}");
    let mut visitor = Visitor::of(&launched.json());
    visitor.attend("landing");
    visitor.answer_all(server, "landing", false).await;
    let objection = json!({"text": "It was right, I hold."});
    let raised = call(server, &visitor, Method::POST, "/objections", &objection).await;
    assert_eq!(raised.status, StatusCode::CREATED);

    // Where there is staff, only they open labs: this one was open before.
    let instructor = Instructor::open(server, false).await;
    let ann = Colleague::hired(place, server, "ann", Role::Instructor).await;
    let (_, code) = class_of(server, &ann).await;
    assert_eq!(
        join_class(server, &visitor, &code).await.status,
        StatusCode::OK
    );

    let code = instructor.code(server).await;
    let (headset, _) = joined(server, Some(&code)).await;
    let code = offered(server, &visitor).await;
    let ticket = join(server, Some(&code), Some(&headset)).await.json();
    let visitor = with_token(&visitor, &ticket["of"]);
    offered(server, &visitor).await;

    let recorder = Recorder::new(place, &["all"]).await;
    let agent = json!({
        "name": "Li Lei of 7B",
        "account": {"homePage": "https://tours.example.edu", "name": visitor.visit},
    });
    let content = b"a drawing of the boat";
    let sum = sha256_hex(content);
    let mut told = statement("x", "boat");
    told["actor"] = agent.clone();
    told["attachments"] = json!([{
        "usageType": "http://example.org/photo", "display": {"en": "photo"},
        "contentType": "image/png", "length": content.len(), "sha2": sum,
    }]);
    let stored = attach(server, &recorder, &told, (&sum, content)).await;
    assert_eq!(stored.status, StatusCode::OK, "{stored:?}");
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("activityId", "http://example.org/x")
        .append_pair("agent", &agent.to_string())
        .append_pair("stateId", "s")
        .finish();
    let path = format!("/xapi/activities/state?{query}");
    let document = json!({"secret": "she-hesitated"});
    let put = recorder.send(server, Method::PUT, &path, &document).await;
    assert_eq!(put.status, StatusCode::NO_CONTENT, "{put:?}");
    visitor
}

/// Tables that hold nothing of a visit whose use is limited; what they would hold is in those that hold
/// nothing of any other.
const IN_USE: [&str; 7] = [
    "statements",
    "links",
    "attachments_of_statements",
    "documents",
    "deliveries",
    "headsets",
    "handovers",
];

#[tokio::test]
async fn whatever_is_kept_of_a_person_is_shown_exported_and_erased() {
    Box::pin(all_is_shown_exported_and_erased(false)).await;
}

#[tokio::test]
async fn whatever_is_kept_of_a_person_whose_use_is_limited_is_shown_exported_and_erased() {
    Box::pin(all_is_shown_exported_and_erased(true)).await;
}

async fn all_is_shown_exported_and_erased(is_limited: bool) {
    let (place, system) = (Place::new(), System::start().await);
    let config = Config {
        lms_origins: vec![system.origin.clone()],
        ..place.config()
    };
    let server = Running::with(config).await;
    let visitor = Box::pin(who_left_everything(&place, &server, &system)).await;
    if is_limited {
        limit(&server, &visitor, Method::PUT).await;
    }
    let shown = visitor.get(&server, "/stored").await;
    assert_eq!(shown.status, StatusCode::OK, "{shown:?}");
    let shown = shown.json();
    let tables: BTreeMap<&str, &Value> = shown["tables"]
        .as_array()
        .expect("tables")
        .iter()
        .map(|it| (it["table"].as_str().expect("a name"), it))
        .collect();
    let exported = visitor.get(&server, "/export").await.json();
    let register = register();
    for (table, said) in &register {
        let Some(person) = said.get("person") else {
            assert!(!tables.contains_key(&**table), "{table}");
            continue;
        };
        let holds_nothing = if is_limited {
            IN_USE.contains(&&**table)
        } else {
            table.starts_with("limited_")
        };
        if holds_nothing {
            assert!(!tables.contains_key(&**table), "{table}");
            continue;
        }
        let told = tables.get(&**table);
        let told = told.unwrap_or_else(|| panic!("the test leaves nothing in {table}"));
        for language in ["en", "zh-Hans"] {
            assert_eq!(told["purpose"][language], said["purpose"][language]);
        }
        let withheld = person["withheld"].as_object();
        let columns: BTreeSet<&String> = said["columns"]
            .as_object()
            .expect("columns")
            .keys()
            .filter(|name| withheld.is_none_or(|it| !it.contains_key(*name)))
            .collect();
        for row in told["rows"].as_array().expect("rows") {
            let row: BTreeSet<&String> = row.as_object().expect("a row").keys().collect();
            assert_eq!(row, columns, "{table}");
        }
        let stored = exported["stored"].as_array().expect("tables");
        let stored = stored.iter().find(|it| it["table"] == **table);
        let stored = stored.unwrap_or_else(|| panic!("{table} is not in the export"));
        // Between the two, an entry that they were looked at has come.
        let grown = usize::from(table == "accesses");
        let rows = |of: &Value| of["rows"].as_array().expect("rows").len();
        assert_eq!(rows(stored), rows(told) + grown, "{table}");
    }
    let text = shown.to_string();
    let canaries = [
        "1625378",
        "Li Lei",
        "Li Lei of 7B",
        "a drawing of the boat",
        "she-hesitated",
        "It was right, I hold.",
        &visitor.visit,
    ];
    for canary in canaries {
        assert!(text.contains(canary), "{canary} is not shown");
    }
    assert!(!text.contains("token-"), "the system's secret is nobody's");

    let erased = call(&server, &visitor, Method::DELETE, "", &Value::Null).await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    for (table, said) in &register {
        let takes = said
            .get("person")
            .is_some_and(|it| it.get("stays").is_none());
        if takes && !SHARED.contains(&&**table) {
            assert_eq!(
                count(&place.records, table).await,
                0,
                "{table} still has rows"
            );
        }
    }
    for canary in canaries {
        assert!(!hold(&place.records, canary), "{canary} is still there");
    }
}

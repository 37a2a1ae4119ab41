//! The records of processing are those of the schema that the database has, whichever it is: what is
//! printed names every table and every column, and who keeps something of persons says how it is found.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use xinghuo_server::{ProcessingCommand, ProcessingFormat, Records, Retention, tell_processing};

use crate::{
    place::Place,
    records::{change, columns, of_visits},
    upkeep::verify,
    whole::register,
};

/// What a column is called that tells of somebody.
const SOMEBODYS: [&str; 4] = ["visit", "agent", "learner", "actor"];

/// What knows of somebody and of no visitor: who vouches is a system or this server.
const OF_SYSTEMS: [&str; 1] = ["authorities"];

/// An empty deployment whose database was just made.
async fn made() -> Place {
    let place = Place::new();
    verify(&place.records).await.expect("no breach");
    place
}

/// Tables and columns as they are printed.
fn printed() -> BTreeSet<(String, String)> {
    let command = ProcessingCommand {
        retention: Retention::default(),
        format: ProcessingFormat::Json,
        language: "en".into(),
    };
    let mut out = Vec::new();
    tell_processing(&command, &mut out).expect("records of processing");
    let told: Vec<Value> = serde_json::from_slice(&out).expect("JSON");
    let mut all = BTreeSet::new();
    for table in told {
        let name = table["table"].as_str().expect("a name");
        let columns: BTreeMap<String, String> =
            serde_json::from_value(table["columns"].clone()).expect("columns");
        for (column, holds) in columns {
            assert!(!holds.is_empty(), "{name}.{column}");
            all.insert((name.to_owned(), column));
        }
    }
    all
}

/// What the database has and the records of processing do not tell of, and what they tell of and the
/// database does not have.
async fn differences(records: &Records) -> (Vec<String>, Vec<String>) {
    let (there, told) = (columns(records).await.into_iter().collect(), printed());
    let named = |(table, column): &(String, String)| format!("{table}.{column}");
    (
        BTreeSet::difference(&there, &told).map(named).collect(),
        told.difference(&there).map(named).collect(),
    )
}

/// Tables that know of somebody, and do not say how the rows of one person are found.
async fn forgotten(records: &Records) -> Vec<String> {
    let mut all: BTreeSet<String> = of_visits(records).await.into_iter().collect();
    assert!(all.len() > 5, "{all:?}");
    let tells = |column: &String| SOMEBODYS.contains(&column.as_str());
    let columns = columns(records).await.into_iter();
    all.extend(columns.filter(|(_, it)| tells(it)).map(|(table, _)| table));
    let register = register();
    let found_by = |table: &str| register.get(table)?["person"]["found_by"].as_str();
    all.retain(|it| !OF_SYSTEMS.contains(&it.as_str()) && found_by(it).is_none());
    all.into_iter().collect()
}

#[tokio::test]
async fn every_column_is_in_the_register_and_no_other() {
    let place = made().await;
    let (missing, gone) = differences(&place.records).await;
    assert!(
        missing.is_empty(),
        "say in migrations/processing.json what these are for: {missing:?}"
    );
    assert!(
        gone.is_empty(),
        "the schema does not have these any more: {gone:?}"
    );
}

#[tokio::test]
async fn a_table_that_knows_of_a_visit_is_somebodys() {
    let place = made().await;
    let forgotten = forgotten(&place.records).await;
    assert!(
        forgotten.is_empty(),
        "say in migrations/processing.json how a person's rows are found in these: {forgotten:?}"
    );
}

#[tokio::test]
async fn a_column_or_a_table_that_nobody_has_described_is_named() {
    let place = made().await;
    for sql in [
        "alter table visits add column shoe_size text",
        "create table diaries (visit text references visits (id), words text)",
        "create table guests (learner text)",
        "alter table labs rename column code to word",
    ] {
        change(&place.records, sql).await;
    }
    let (missing, gone) = differences(&place.records).await;
    let expected = [
        "diaries.visit",
        "diaries.words",
        "guests.learner",
        "labs.word",
        "visits.shoe_size",
    ];
    assert_eq!(missing, expected);
    assert_eq!(gone, ["labs.code"]);
    assert_eq!(forgotten(&place.records).await, ["diaries", "guests"]);
}

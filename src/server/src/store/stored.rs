//! All that is kept of a visit, row by row, as the register of processing says where it is. A table
//! that is in the register is in what a person sees and takes away; nobody needs to think of it.

use std::{collections::BTreeMap, fmt::Write as _};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use uuid::Uuid;
use xinghuo_wire::StoredTable;

use super::{
    Connection, Row, Store, StoreError,
    access::subject_of,
    sql::{Query, built},
};
use crate::processing::KEPT;

impl Store {
    /// All rows about a visit, as they are at one moment, without what the register withholds.
    pub(crate) async fn stored(&self, visit: Uuid) -> Result<Vec<StoredTable>, StoreError> {
        let register = KEPT.as_ref().map_err(|_| StoreError::Unreadable {
            what: "register of processing",
        })?;
        let mut on = self.readers.moment().await?;
        let mut all = Vec::new();
        for (table, it) in &register.tables {
            let Some(person) = &it.person else { continue };
            let told = it.columns.iter();
            let told = told.filter(|(name, _)| !person.withheld.contains_key(*name));
            let columns: BTreeMap<_, _> =
                told.map(|(name, holds)| (name.as_str(), holds)).collect();
            let names: Vec<_> = columns.keys().copied().collect();
            let select = format!("select {} from {table} where ", names.join(", "));
            let found = about(select, &person.condition(), visit);
            let mut rows = rows(found, &names, &mut on).await?;
            if table == "attachments" {
                self.fetch(&mut rows).await?;
            }
            if !rows.is_empty() {
                let columns = columns.into_iter();
                all.push(StoredTable {
                    table: table.clone(),
                    purpose: it.purpose.clone(),
                    columns: columns
                        .map(|(name, holds)| (name.to_owned(), holds.clone()))
                        .collect(),
                    rows,
                });
            }
        }
        Ok(all)
    }
}

impl Store {
    /// Puts what lies in a bucket into the rows of attachments that say so.
    async fn fetch(&self, rows: &mut [Map<String, Value>]) -> Result<(), StoreError> {
        for row in rows {
            if let Some(object) = row["object"].as_str() {
                let content = self.content(Vec::new(), Some(object)).await?;
                row.insert("content".into(), bytes(content));
            }
        }
        Ok(())
    }
}

/// A query for rows about a visit: `{visit}` and `{subject}` in the condition are bound.
fn about(select: String, condition: &str, visit: Uuid) -> Query {
    let (id, subject) = (visit.to_string(), subject_of(visit));
    let (mut text, mut bound) = (select, Vec::<super::sql::Value>::new());
    let mut rest = condition;
    while let Some(at) = rest.find('{') {
        text.push_str(&rest[..at]);
        let end = rest[at..].find('}').map_or(rest.len(), |end| at + end + 1);
        bound.push(match &rest[at..end] {
            "{subject}" => subject.as_slice().into(),
            _ => id.as_str().into(),
        });
        let _ = write!(text, "${}", bound.len());
        rest = &rest[end..];
    }
    text.push_str(rest);
    bound.into_iter().fold(built(text), Query::bind)
}

async fn rows(
    found: Query,
    names: &[&'static str],
    on: &mut Connection,
) -> Result<Vec<Map<String, Value>>, StoreError> {
    let rows: Vec<Row> = found.rows(on).await?;
    let read = |row: &Row| {
        let cells = names
            .iter()
            .map(|name| Ok(((*name).to_owned(), cell(row, name)?)));
        cells.collect::<Result<Map<_, _>, StoreError>>()
    };
    rows.iter().map(read).collect()
}

/// A cell as JSON: bytes as text where they are one, else as base64; JSON as what it is.
fn cell(row: &Row, name: &str) -> Result<Value, StoreError> {
    use super::sql::Value as Held;
    Ok(match row.value(name)? {
        Held::Int(number) => json!(number),
        Held::Real(number) => json!(number),
        Held::Bool(is) => json!(is),
        Held::Text(None) | Held::Bytes(None) => Value::Null,
        Held::Text(Some(text)) => match serde_json::from_str(&text) {
            Ok(value @ (Value::Object(_) | Value::Array(_))) => value,
            _ => Value::String(text),
        },
        Held::Bytes(Some(content)) => bytes(content),
    })
}

fn bytes(content: Vec<u8>) -> Value {
    match String::from_utf8(content) {
        Ok(text) if !text.contains('\0') => Value::String(text),
        Ok(text) => json!({ "base64": STANDARD.encode(text) }),
        Err(raw) => json!({ "base64": STANDARD.encode(raw.as_bytes()) }),
    }
}

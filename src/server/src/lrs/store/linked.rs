//! Whether statements are found by what they speak of, and by nothing else.

use std::collections::{BTreeMap, BTreeSet};

use xinghuo_wire::lrs::{Json, mentions};

use super::kind_number;
use crate::store::{Connection, FromRow, Row, StoreError, query};

/// How many statements are held against their links at a time.
const PAGE: i64 = 500;

/// How a page of statements is asked for, and what they are found by.
const IN_USE: (&str, &str) = (
    "select position, statement, target is not null from statements
     where position > $1 order by position limit $2",
    "select position, kind, reach, name from links join terms on key = term
     where reach < 2 and position between $1 and $2",
);

/// The same of those that are set aside.
const ASIDE: (&str, &str) = (
    "select position, statement, target is not null from limited_statements
     where position > $1 order by position limit $2",
    "select position, kind, reach, name from limited_links join terms on key = term
     where reach < 2 and position between $1 and $2",
);

/// A link as it is stored: kind, reach and name of what a statement is found by.
type Found = (i64, i64, String);

struct Linked(i64, Found);

impl FromRow for Linked {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let found = (row.get("kind")?, row.get("reach")?, row.get("name")?);
        Ok(Self(row.get("position")?, found))
    }
}

/// The position of the first statement that is not found by all that it speaks of, or that is found by
/// something else. What speaks of another statement may be found by more: by what that is found by.
pub(crate) async fn first_wrongly_linked(on: &mut Connection) -> Result<Option<i64>, StoreError> {
    for found_by in [IN_USE, ASIDE] {
        if let Some(position) = first_wrong_of(on, found_by).await? {
            return Ok(Some(position));
        }
    }
    Ok(None)
}

async fn first_wrong_of(
    on: &mut Connection,
    (statements, links): (&'static str, &'static str),
) -> Result<Option<i64>, StoreError> {
    let mut after = 0;
    loop {
        let page = query(statements);
        let page: Vec<(i64, String, bool)> = page.bind(after).bind(PAGE).all(on).await?;
        let (Some((first, ..)), Some((last, ..))) = (page.first(), page.last()) else {
            return Ok(None);
        };
        let links = query(links);
        let links: Vec<Linked> = links.bind(*first).bind(*last).all(on).await?;
        let mut by_position: BTreeMap<i64, BTreeSet<Found>> = BTreeMap::new();
        for Linked(position, found) in links {
            by_position.entry(position).or_default().insert(found);
        }
        after = *last;
        for (position, statement, speaks_of_another) in &page {
            let found_by = by_position.remove(position).unwrap_or_default();
            let json = Json::read(statement.as_bytes());
            let json = json.map_err(|_| StoreError::Unreadable { what: "statement" })?;
            let spoken_of = mentions(&json).links.into_iter();
            let spoken_of: BTreeSet<Found> = spoken_of
                .map(|it| (kind_number(it.kind), i64::from(it.is_related), it.name))
                .collect();
            let is_right = if *speaks_of_another {
                spoken_of.is_subset(&found_by)
            } else {
                spoken_of == found_by
            };
            if !is_right {
                return Ok(Some(*position));
            }
        }
    }
}

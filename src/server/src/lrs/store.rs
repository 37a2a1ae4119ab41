//! What the record store keeps, in the same database as the visits.

mod credentials;
mod documents;
mod keeping;
mod terms;
#[cfg(test)]
mod upgraded;

use std::collections::BTreeMap;

use sqlx::{QueryBuilder, Sqlite};
use xinghuo_wire::lrs::{Json, Kind};

pub(super) use credentials::StoredCredential;
pub(super) use documents::{Document, DocumentAt, Documents};
pub(super) use keeping::{Batch, Kept};
pub(crate) use keeping::{Derived, keep_derived};
pub(crate) use terms::{forget as forget_terms, of_visit as terms_of_visit};

use crate::store::{Store, StoreError};

/// What the table `terms` calls a kind.
pub(super) const fn kind_number(kind: Kind) -> i64 {
    match kind {
        Kind::Agent => 0,
        Kind::Activity => 1,
        Kind::Verb => 2,
        Kind::Registration => 3,
    }
}

impl Store {
    /// What is known of these activities.
    pub(super) async fn definitions(
        &self,
        activities: &[String],
    ) -> Result<BTreeMap<String, Json>, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "select name, definition from terms join definitions on term = key
             where kind = 1 and name in (select value from json_each(?))",
        )
        .bind(array(activities))
        .fetch_all(self.readers())
        .await?;
        let parsed = rows.into_iter().filter_map(|(name, definition)| {
            let definition = Json::read(definition.as_bytes());
            definition.ok().map(|definition| (name, definition))
        });
        Ok(parsed.collect())
    }

    /// The names that statements gave an agent.
    pub(super) async fn agent_names(&self, identity: &str) -> Result<Vec<String>, StoreError> {
        let names = sqlx::query_scalar(
            "select agent_names.name from agent_names join terms on term = key
             where kind = 0 and terms.name = ? order by agent_names.name",
        );
        Ok(names.bind(identity).fetch_all(self.readers()).await?)
    }

    /// The attachments with these sums, in lower case, as far as they are here.
    pub(super) async fn attachments(
        &self,
        sums: &[&str],
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        if sums.is_empty() {
            return Ok(Vec::new());
        }
        let mut query =
            QueryBuilder::<Sqlite>::new("select sha2, content from attachments where sha2 in (");
        let mut listed = query.separated(", ");
        for sum in sums {
            listed.push_bind(*sum);
        }
        query.push(") order by sha2");
        Ok(query.build_query_as().fetch_all(self.readers()).await?)
    }
}

/// Texts as a JSON array, for `json_each`.
fn array(texts: &[String]) -> String {
    let texts = texts.iter().map(|text| Json::text(text.as_str()));
    Json::List(texts.collect()).to_string()
}

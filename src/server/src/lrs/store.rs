//! What the record store keeps, in the same database as the visits.

mod about;
mod credentials;
mod documents;
mod findable;
mod keeping;
mod known;
mod linked;
mod placing;
mod terms;
mod together;
#[cfg(test)]
mod upgraded;

use std::collections::BTreeMap;

use xinghuo_wire::lrs::{Json, Kind};

pub(super) use credentials::StoredCredential;
pub(crate) use documents::etag_of;
pub(super) use documents::{Document, DocumentAt, Documents};
pub(super) use keeping::{Batch, Kept};
pub(crate) use keeping::{Derived, keep_derived};
pub(crate) use linked::first_wrongly_linked;
pub(crate) use terms::forget as forget_terms;
pub(crate) use together::Together;

use crate::store::{Store, StoreError, is_limited, query};

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
        let asked = query(
            "select name, definition from terms join definitions on term = key
             where kind = 1 and name in (select value ->> 0 from json_each($1))",
        );
        let asked = asked.bind(list(activities.iter().map(|it| [Json::text(it.as_str())])));
        let rows: Vec<(String, String)> = asked.all(&mut self.reader().await?).await?;
        let parsed = rows.into_iter().filter_map(|(name, definition)| {
            let definition = Json::read(definition.as_bytes());
            definition.ok().map(|definition| (name, definition))
        });
        Ok(parsed.collect())
    }

    /// The names that statements gave an agent.
    pub(super) async fn agent_names(&self, identity: &str) -> Result<Vec<String>, StoreError> {
        let mut on = self.reader().await?;
        if is_limited(&mut on, identity).await? {
            return Ok(Vec::new());
        }
        let names = query(
            "select agent_names.name from agent_names join terms on term = key
             where kind = 0 and terms.name = $1 order by agent_names.name",
        );
        let names = names.bind(identity).all(&mut on).await?;
        Ok(names.into_iter().map(|(name,)| name).collect())
    }

    /// The attachments with these sums, in lower case, as far as they are here.
    pub(super) async fn attachments(
        &self,
        sums: &[&str],
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        if sums.is_empty() {
            return Ok(Vec::new());
        }
        let mut asked = query("select sha2, content, object from attachments where sha2 in (");
        asked
            .push_list(sums.iter().copied())
            .push(") order by sha2");
        let found = asked.all(&mut self.reader().await?).await?;
        self.contents(found).await
    }

    /// What was found of attachments, with what lies in a bucket fetched from there.
    async fn contents(&self, found: Vec<Found>) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let mut contents = Vec::new();
        for (sha2, content, object) in found {
            let content = self.content(content, object.as_deref()).await?;
            contents.push((sha2, content));
        }
        Ok(contents)
    }

    /// The attachments that came with the statement at a position.
    pub(crate) async fn attachments_of(
        &self,
        position: i64,
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let asked = query(
            "select attachments.sha2, content, object from attachments
             join attachments_of_statements named on named.sha2 = attachments.sha2
             where position = $1 order by attachments.sha2",
        );
        let found = asked.bind(position).all(&mut self.reader().await?).await?;
        self.contents(found).await
    }
}

/// A row of an attachment: its sum, what the row holds, and where the rest lies.
type Found = (String, Vec<u8>, Option<String>);

/// Rows as a JSON array of arrays, for `json_each`.
fn list<const N: usize>(rows: impl IntoIterator<Item = [Json; N]>) -> String {
    let rows = rows.into_iter().map(|row| Json::List(row.into()));
    Json::List(rows.collect()).to_string()
}

//! Documents as they are stored.

use sha1::{Digest, Sha1};
use sqlx::{FromRow, QueryBuilder, Row, Sqlite, SqliteExecutor, sqlite::SqliteRow};
use xinghuo_wire::lrs::Moment;

use crate::{
    lrs::{attachments::hex, refusal::Refusal},
    store::{Store, StoreError, now_us},
};

/// The documents of a kind that are about the same; what the kind does not have is empty.
#[derive(Debug, Clone, Default)]
pub(in crate::lrs) struct Documents {
    /// 0 State, 1 Activity Profile, 2 Agent Profile.
    pub(in crate::lrs) kind: i64,
    pub(in crate::lrs) activity: String,
    pub(in crate::lrs) agent: String,
    /// `None` is a document without one; where many are asked for, any.
    pub(in crate::lrs) registration: Option<String>,
}

/// Where one document is.
#[derive(Debug, Clone)]
pub(in crate::lrs) struct DocumentAt {
    pub(in crate::lrs) documents: Documents,
    pub(in crate::lrs) name: String,
}

/// A document.
#[derive(Debug, Clone)]
pub(in crate::lrs) struct Document {
    pub(in crate::lrs) content_type: String,
    pub(in crate::lrs) content: Vec<u8>,
    pub(in crate::lrs) etag: String,
    pub(in crate::lrs) updated_us: i64,
}

impl FromRow<'_, SqliteRow> for Document {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            content_type: row.try_get("content_type")?,
            content: row.try_get("content")?,
            etag: row.try_get("etag")?,
            updated_us: row.try_get("updated_us")?,
        })
    }
}

impl Store {
    /// The document, if there is one.
    pub(in crate::lrs) async fn document(
        &self,
        at: &DocumentAt,
    ) -> Result<Option<Document>, StoreError> {
        document(self.readers(), at).await
    }

    /// Names and times of change, microseconds since 1970, of those that changed after `since`.
    pub(in crate::lrs) async fn document_names(
        &self,
        documents: &Documents,
        since: Option<Moment>,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let mut query = QueryBuilder::<Sqlite>::new("select name, max(updated_us) from documents");
        within(&mut query, documents);
        if let Some(since) = since {
            query
                .push(" and updated_us > ")
                .push_bind(since.unix_micros());
        }
        query.push(" group by name order by name");
        Ok(query.build_query_as().fetch_all(self.readers()).await?)
    }

    /// Makes of the document what `change` makes of it: media type and content, or `None` to delete
    /// it. No other writer comes between.
    pub(in crate::lrs) async fn change_document(
        &self,
        at: &DocumentAt,
        change: impl FnOnce(Option<Document>) -> Result<Option<(String, Vec<u8>)>, Refusal>,
    ) -> Result<(), Refusal> {
        let mut turn = self.turn().await?;
        let there = document(turn.on(), at).await?;
        let wanted = change(there)?;
        let DocumentAt { documents, name } = at;
        let registration = documents.registration.as_deref().unwrap_or_default();
        let query = match &wanted {
            None => sqlx::query(
                "delete from documents where kind = ? and activity = ? and agent = ?
                     and registration = ? and name = ?",
            ),
            Some(_) => sqlx::query(
                "insert or replace into documents (kind, activity, agent, registration, name,
                     content_type, content, etag, updated_us)
                 values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ),
        };
        let mut query = query
            .bind(documents.kind)
            .bind(&documents.activity)
            .bind(&documents.agent)
            .bind(registration)
            .bind(name);
        if let Some((content_type, content)) = wanted {
            // 1.0.3 says SHA-1. It tells versions of a document apart and guards nothing.
            let etag = hex(&Sha1::digest(&content));
            query = query
                .bind(content_type)
                .bind(content)
                .bind(etag)
                .bind(now_us());
        }
        query.execute(turn.on()).await?;
        Ok(turn.commit().await?)
    }

    /// Deletes them all.
    pub(in crate::lrs) async fn delete_documents(
        &self,
        documents: &Documents,
    ) -> Result<(), StoreError> {
        let mut query = QueryBuilder::<Sqlite>::new("delete from documents");
        within(&mut query, documents);
        let mut turn = self.turn().await?;
        query.build().execute(turn.on()).await?;
        turn.commit().await
    }
}

fn within(query: &mut QueryBuilder<Sqlite>, documents: &Documents) {
    query.push(" where kind = ").push_bind(documents.kind);
    query
        .push(" and activity = ")
        .push_bind(documents.activity.clone());
    query
        .push(" and agent = ")
        .push_bind(documents.agent.clone());
    if let Some(registration) = &documents.registration {
        query
            .push(" and registration = ")
            .push_bind(registration.clone());
    }
}

async fn document(
    on: impl SqliteExecutor<'_>,
    at: &DocumentAt,
) -> Result<Option<Document>, StoreError> {
    let DocumentAt { documents, name } = at;
    let one = sqlx::query_as(
        "select content_type, content, etag, updated_us from documents
         where kind = ? and activity = ? and agent = ? and registration = ? and name = ?",
    )
    .bind(documents.kind)
    .bind(&documents.activity)
    .bind(&documents.agent)
    .bind(documents.registration.as_deref().unwrap_or_default())
    .bind(name);
    Ok(one.fetch_optional(on).await?)
}

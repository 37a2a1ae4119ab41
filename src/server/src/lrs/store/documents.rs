//! Documents as they are stored.

use sha1::{Digest, Sha1};
use xinghuo_wire::lrs::Moment;

use crate::{
    lrs::{attachments::hex, refusal::Refusal},
    store::{Connection, FromRow, Query, Row, Store, StoreError, is_limited, now_us, query},
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

impl FromRow for Document {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            content_type: row.get("content_type")?,
            content: row.get("content")?,
            etag: row.get("etag")?,
            updated_us: row.get("updated_us")?,
        })
    }
}

impl Store {
    /// The document, if there is one.
    pub(in crate::lrs) async fn document(
        &self,
        at: &DocumentAt,
    ) -> Result<Option<Document>, StoreError> {
        document(&mut self.reader().await?, at).await
    }

    /// Names and times of change, microseconds since 1970, of those that changed after `since`.
    pub(in crate::lrs) async fn document_names(
        &self,
        documents: &Documents,
        since: Option<Moment>,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let mut asked = query("select name, max(updated_us) from documents");
        within(&mut asked, documents);
        if let Some(since) = since {
            asked
                .push(" and updated_us > ")
                .push_bind(since.unix_micros());
        }
        asked.push(" group by name order by name");
        asked.all(&mut self.reader().await?).await
    }

    /// Makes of the document what `change` makes of it: media type and content, or `None` to delete
    /// it. No other writer comes between.
    pub(in crate::lrs) async fn change_document(
        &self,
        at: &DocumentAt,
        change: impl FnOnce(Option<Document>) -> Result<Option<(String, Vec<u8>)>, Refusal>,
    ) -> Result<(), Refusal> {
        let mut turn = self.turn().await?;
        if is_limited(turn.on(), &at.documents.agent).await? {
            return Err(Refusal::limited());
        }
        let there = document(turn.on(), at).await?;
        let wanted = change(there)?;
        self.replace_document(turn.on(), at, wanted).await?;
        Ok(turn.commit().await?)
    }

    async fn replace_document(
        &self,
        on: &mut Connection,
        at: &DocumentAt,
        wanted: Option<(String, Vec<u8>)>,
    ) -> Result<(), StoreError> {
        let DocumentAt { documents, name } = at;
        let registration = documents.registration.as_deref().unwrap_or_default();
        let at = |asked: Query| {
            asked
                .bind(documents.kind)
                .bind(documents.activity.as_str())
                .bind(documents.agent.as_str())
                .bind(registration)
                .bind(name.as_str())
        };
        let delete = query(
            "delete from documents where kind = $1 and activity = $2 and agent = $3
                 and registration = $4 and name = $5",
        );
        at(delete).run(on).await?;
        let Some((content_type, content)) = wanted else {
            return Ok(());
        };
        let etag = etag_of(&content);
        let insert = query(
            "insert into documents (kind, activity, agent, registration, name,
                 content_type, content, etag, updated_us)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        );
        at(insert)
            .bind(content_type)
            .bind(content)
            .bind(etag)
            .bind(now_us())
            .run(on)
            .await?;
        Ok(())
    }

    /// Deletes them all.
    pub(in crate::lrs) async fn delete_documents(
        &self,
        documents: &Documents,
    ) -> Result<(), Refusal> {
        let mut asked = query("delete from documents");
        within(&mut asked, documents);
        let mut turn = self.turn().await?;
        if is_limited(turn.on(), &documents.agent).await? {
            return Err(Refusal::limited());
        }
        asked.run(turn.on()).await?;
        Ok(turn.commit().await?)
    }
}

/// The entity tag of a content. 1.0.3 says SHA-1: it tells versions apart and guards nothing.
pub(crate) fn etag_of(content: &[u8]) -> String {
    hex(&Sha1::digest(content))
}

fn within(asked: &mut Query, documents: &Documents) {
    asked.push(" where kind = ").push_bind(documents.kind);
    let texts = [
        (" and activity = ", Some(&documents.activity)),
        (" and agent = ", Some(&documents.agent)),
        (" and registration = ", documents.registration.as_ref()),
    ];
    for (is, text) in texts {
        if let Some(text) = text {
            asked.push(is).push_bind(text.as_str());
        }
    }
}

async fn document(on: &mut Connection, at: &DocumentAt) -> Result<Option<Document>, StoreError> {
    let DocumentAt { documents, name } = at;
    let one = query(
        "select content_type, content, etag, updated_us from documents
         where kind = $1 and activity = $2 and agent = $3 and registration = $4 and name = $5",
    );
    one.bind(documents.kind)
        .bind(documents.activity.as_str())
        .bind(documents.agent.as_str())
        .bind(documents.registration.as_deref().unwrap_or_default())
        .bind(name.as_str())
        .first(on)
        .await
}

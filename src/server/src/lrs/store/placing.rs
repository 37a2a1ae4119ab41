//! Putting statements into their table and into the chain, many at once.

use uuid::Uuid;
use xinghuo_wire::lrs::{Json, Mentions, attachments};

use super::terms::Authority;
use crate::store::{Cells, Chain, Connection, Content, Rows, StoreError, query};

/// A statement that is about to be kept. Its id is nobody else's.
pub(super) struct New<'a> {
    pub(super) id: Uuid,
    pub(super) json: &'a Json,
    /// The same as it is stored.
    pub(super) text: &'a str,
    pub(super) mentions: &'a Mentions,
    /// `None` for 2.0.0.
    pub(super) version: Option<&'a str>,
    pub(super) authority: &'a Authority,
    pub(super) visit: Option<&'a str>,
    pub(super) stored_us: i64,
    pub(super) is_voiding: bool,
}

/// A statement that has been put into its table.
pub(super) struct Placed<'a> {
    pub(super) id: Uuid,
    pub(super) position: i64,
    pub(super) mentions: &'a Mentions,
    /// The term of who vouches for it.
    pub(super) authority: i64,
}

impl Placed<'_> {
    /// The statement that is its object.
    pub(super) fn target(&self) -> Option<Uuid> {
        target(self.mentions)
    }
}

pub(super) fn target(mentions: &Mentions) -> Option<Uuid> {
    mentions.target.as_deref()?.parse().ok()
}

/// Puts statements into their table, in the order of their times, and into the chain.
pub(super) async fn place<'a>(
    on: &mut Connection,
    chain: &mut Chain,
    statements: &[New<'a>],
) -> Result<Vec<Placed<'a>>, StoreError> {
    let targets: Vec<_> = statements.iter().map(|it| target(it.mentions)).collect();
    let targets = targets.iter().map(|it| it.as_ref());
    let targets: Vec<_> = targets
        .map(|it| it.map(|it| it.as_bytes().as_slice()))
        .collect();
    let rows = statements.iter();
    let insert = Rows {
        before: "insert into statements
            (id, visit, statement, stored_us, version, authority, target, is_voiding)",
        columns: [
            Cells::Bytes(
                rows.clone()
                    .map(|it| Some(it.id.as_bytes().as_slice()))
                    .collect(),
            ),
            Cells::Texts(rows.clone().map(|it| it.visit).collect()),
            Cells::Texts(rows.clone().map(|it| Some(it.text)).collect()),
            Cells::Ints(rows.clone().map(|it| it.stored_us).collect()),
            Cells::Texts(rows.clone().map(|it| it.version).collect()),
            Cells::Ints(rows.clone().map(|it| it.authority.key).collect()),
            Cells::Bytes(targets.clone()),
            Cells::Bools(rows.map(|it| it.is_voiding).collect()),
        ],
        after: "returning stored_us, position",
    };
    let mut positions: Vec<(i64, i64)> = insert.all(on).await?;
    // Databases do not promise to return rows in the order in which they were given.
    positions.sort_unstable();
    let placed = statements.iter().zip(targets).zip(positions);
    let placed = placed.map(|((it, target), (_, position))| {
        chain.stored(
            position,
            &Content {
                id: it.id.as_bytes(),
                visit: it.visit,
                statement: it.text,
                stored_us: it.stored_us,
                version: it.version,
                authority: &it.authority.agent,
                target,
                is_voiding: it.is_voiding,
            },
        );
        Placed {
            id: it.id,
            position,
            mentions: it.mentions,
            authority: it.authority.term,
        }
    });
    Ok(placed.collect())
}

/// Remembers which statement brought which contents.
pub(super) async fn name_contents(
    on: &mut Connection,
    position: i64,
    json: &Json,
) -> Result<(), StoreError> {
    for attachment in attachments(json) {
        let sum = attachment.text_at(&["sha2"]).unwrap_or_default();
        query(
            "insert into attachments_of_statements (position, sha2)
             select $1, sha2 from attachments where sha2 = $2
             on conflict do nothing",
        )
        .bind(position)
        .bind(sum.to_ascii_lowercase())
        .run(on)
        .await?;
    }
    Ok(())
}

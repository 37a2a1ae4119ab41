//! Putting statements into their table and into the chain, many at once.

use uuid::Uuid;
use xinghuo_wire::lrs::{Json, Mentions, attachments};

use super::terms::Authority;
use crate::store::{Chain, Connection, Content, StoreError, in_lengths, query};

/// How many rows one query puts into the table.
const AT_ONCE: usize = 64;

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
    let mut placed = Vec::with_capacity(statements.len());
    for rows in in_lengths(statements, AT_ONCE) {
        let mut insert = query(
            "insert into statements
                 (id, visit, statement, stored_us, version, authority, target, is_voiding) values ",
        );
        let targets: Vec<_> = rows.iter().map(|row| target(row.mentions)).collect();
        for (n, (row, target)) in rows.iter().zip(&targets).enumerate() {
            let target = target.as_ref().map(|it| it.as_bytes().as_slice());
            insert.push(if n == 0 { "(" } else { ", (" });
            insert.push_bind(row.id.as_bytes().as_slice()).push(", ");
            insert.push_bind(row.visit).push(", ");
            insert.push_bind(row.text).push(", ");
            insert.push_bind(row.stored_us).push(", ");
            insert.push_bind(row.version).push(", ");
            insert.push_bind(row.authority.key).push(", ");
            insert.push_bind(target).push(", ");
            insert.push_bind(row.is_voiding).push(")");
        }
        insert.push(" returning stored_us, position");
        let mut positions: Vec<(i64, i64)> = insert.all(on).await?;
        // Databases do not promise to return rows in the order in which they were given.
        positions.sort_unstable();
        for ((row, target), (_, position)) in rows.iter().zip(&targets).zip(positions) {
            chain.stored(
                position,
                &Content {
                    id: row.id.as_bytes(),
                    visit: row.visit,
                    statement: row.text,
                    stored_us: row.stored_us,
                    version: row.version,
                    authority: &row.authority.agent,
                    target: target.as_ref().map(|it| it.as_bytes().as_slice()),
                    is_voiding: row.is_voiding,
                },
            );
            placed.push(Placed {
                id: row.id,
                position,
                mentions: row.mentions,
                authority: row.authority.term,
            });
        }
    }
    Ok(placed)
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

//! From the statements that are kept to what is to be forwarded of them.

use xinghuo_wire::lrs::Json;

use crate::{
    forward::Forward,
    store::{Connection, FromRow, Row, Store, StoreError, now_us, query},
};

/// How many statements are looked at in one turn.
const PAGE: i64 = 200;

/// How much may wait for a forward before no more is looked at: the statements themselves can wait
/// where they are.
const MOST_WAITING: i64 = 1_000;

/// A statement that has not been looked at.
struct Next {
    position: i64,
    statement: String,
    venue: Option<String>,
}

impl FromRow for Next {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            position: row.get("position")?,
            statement: row.get("statement")?,
            venue: row.get("venue")?,
        })
    }
}

impl Store {
    /// Queues what a forward takes of the next statements, and remembers how far that was; says whether
    /// there were any.
    pub(super) async fn read_on(&self, forward: &Forward) -> Result<bool, StoreError> {
        let key = forward.key.as_str();
        let next = "select statements.position, statement, venue
                    from statements left join visits on visits.id = visit
                    where position > $1 order by position limit $2";
        let any = query(next).bind(forward.position).bind(1_i64);
        let any: Option<Next> = any.first(&mut self.reader().await?).await?;
        if any.is_none() {
            return Ok(false);
        }
        let mut turn = self.turn().await?;
        let on = turn.on();
        // Another server may have been here meanwhile.
        let at = query("select position from forwards where key = $1").bind(key);
        let Some((position,)) = at.first::<(i64,)>(on).await? else {
            return Ok(false);
        };
        let waiting =
            query("select count(*) from deliveries where forward = $1 and dead_ms is null");
        let (waiting,): (i64,) = waiting.bind(key).one(on).await?;
        if waiting >= MOST_WAITING {
            return Ok(false);
        }
        let page: Vec<Next> = query(next).bind(position).bind(PAGE).all(on).await?;
        let Some(last) = page.last() else {
            return Ok(false);
        };
        queue(on, forward, &page).await?;
        query("update forwards set position = $1 where key = $2")
            .bind(last.position)
            .bind(key)
            .run(on)
            .await?;
        turn.commit().await?;
        Ok(true)
    }
}

/// Queues what a forward takes of these statements.
async fn queue(on: &mut Connection, forward: &Forward, page: &[Next]) -> Result<(), StoreError> {
    let now = now_us() / 1000;
    for it in page {
        let statement = Json::read(it.statement.as_bytes());
        let statement = statement.map_err(|_| StoreError::Unreadable { what: "statement" })?;
        if !forward.filter.takes(&statement, it.venue.as_deref()) {
            continue;
        }
        query(
            "insert into deliveries (forward, lane, position, created_ms)
             values ($1, $2, $3, $4)",
        )
        .bind(forward.key.as_str())
        .bind(lane(&statement, it.position))
        .bind(it.position)
        .bind(now)
        .run(on)
        .await?;
    }
    Ok(())
}

/// Queues what forwards take of the statements that are about to be aside for a visit, as far as they
/// have not come to them: by the time that these are back they would be past them.
pub(crate) async fn queue_those_aside(on: &mut Connection, visit: &str) -> Result<(), StoreError> {
    let forwards: Vec<Forward> = query("select * from forwards").all(on).await?;
    for forward in forwards {
        let unread = query(
            "select statements.position, statement, venue
             from statements left join visits on visits.id = visit
             where position > $1 and position in (
                 select position from limited_statements where aside_for = $2)
             order by position",
        );
        let unread = unread.bind(forward.position).bind(visit);
        let unread: Vec<Next> = unread.all(on).await?;
        queue(on, &forward, &unread).await?;
    }
    Ok(())
}

/// What a statement stays in order with: its registration, or nothing.
fn lane(statement: &Json, position: i64) -> String {
    match statement.text_at(&["context", "registration"]) {
        Some(registration) => registration.to_ascii_lowercase(),
        None => position.to_string(),
    }
}

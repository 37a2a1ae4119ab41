//! From the statements that are kept to what is to be forwarded of them.

use xinghuo_wire::lrs::Json;

use crate::{
    forward::Forward,
    store::{FromRow, Row, Store, StoreError, now_us, query},
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
        let (key, now) = (forward.key.as_str(), now_us() / 1000);
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
        for it in &page {
            let statement = Json::read(it.statement.as_bytes());
            let statement = statement.map_err(|_| StoreError::Unreadable { what: "statement" })?;
            if !forward.filter.takes(&statement, it.venue.as_deref()) {
                continue;
            }
            query(
                "insert into deliveries (forward, lane, position, created_ms)
                 values ($1, $2, $3, $4)",
            )
            .bind(key)
            .bind(lane(&statement, it.position))
            .bind(it.position)
            .bind(now)
            .run(on)
            .await?;
        }
        query("update forwards set position = $1 where key = $2")
            .bind(last.position)
            .bind(key)
            .run(on)
            .await?;
        turn.commit().await?;
        Ok(true)
    }
}

/// What a statement stays in order with: its registration, or nothing.
fn lane(statement: &Json, position: i64) -> String {
    match statement.text_at(&["context", "registration"]) {
        Some(registration) => registration.to_ascii_lowercase(),
        None => position.to_string(),
    }
}

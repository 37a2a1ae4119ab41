//! Backups: SQLite databases, whichever database they are made of, so that one can be put back into
//! the other.
//!
//! The two have the same tables with the same columns. PostgreSQL's catalogue says what they are.

use std::path::Path;

use futures_util::TryStreamExt;

use super::{
    Connection, Pool, Store, StoreError, open, query,
    sql::{Query, Row, Value, built},
};

/// Every table, those that others refer to first.
pub(super) const TABLES: [&str; 40] = [
    "visits",
    "entries",
    "verdicts",
    "terms",
    "definitions",
    "agent_names",
    "authorities",
    "statements",
    "links",
    "attachments",
    "attachments_of_statements",
    "documents",
    "credentials",
    "chain",
    "unchained",
    "consents",
    "objections",
    "accesses",
    "forwards",
    "launches",
    "deliveries",
    "limited_statements",
    "limited_links",
    "limited_attachments",
    "limited_documents",
    "limited_deliveries",
    "staff",
    "staff_links",
    "staff_sessions",
    "staff_refusals",
    "staff_sign_ins",
    "classes",
    "class_staff",
    "class_visits",
    "labs",
    "headsets",
    "handovers",
    "former_tokens",
    "bucket_leavings",
    "told",
];

/// How many rows and about how many bytes are written by one query.
const ROWS: usize = 50;
const BYTES: usize = 1 << 20;

/// A column: its name, and its type as PostgreSQL calls it.
type Column = (String, String);

impl Store {
    /// Copies everything, as it is at one moment, into an empty file, while others go on writing.
    pub(crate) async fn copy_into(&self, file: &Path) -> Result<(), StoreError> {
        if let Pool::Sqlite(_) = self.readers {
            let vacuum = query("vacuum into $1").bind(file.display().to_string());
            vacuum.run(&mut self.reader().await?).await?;
            return Ok(());
        }
        let copy = open::file(file).await?;
        let mut from = self.readers.moment().await?;
        let mut turn = copy.turn().await?;
        for table in TABLES {
            let columns = columns(&mut from, table).await?;
            transfer(&mut from, turn.on(), table, &columns).await?;
        }
        // An erased statement's position is not given to another, nor a number that is aside.
        for next in [
            "delete from sqlite_sequence where name in ('statements', 'deliveries')",
            "insert into sqlite_sequence (name, seq)
             select 'statements', coalesce(max(position), 0) from chain",
            "insert into sqlite_sequence (name, seq)
             select 'deliveries', coalesce(max(number), 0) from (
                 select number from deliveries union all select number from limited_deliveries)",
        ] {
            query(next).run(turn.on()).await?;
        }
        turn.commit().await?;
        copy.close().await;
        Ok(())
    }

    /// Copies everything of another into this PostgreSQL.
    pub(crate) async fn fill_from(&self, other: &Self) -> Result<(), StoreError> {
        let mut from = other.readers.moment().await?;
        let mut turn = self.turn().await?;
        // What was told of this one was told of nothing.
        query("delete from told").run(turn.on()).await?;
        for table in TABLES {
            let columns = columns(turn.on(), table).await?;
            transfer(&mut from, turn.on(), table, &columns).await?;
        }
        for next in [
            "select setval(pg_get_serial_sequence('terms', 'key'),
                 (select coalesce(max(key), 0) + 1 from terms), false)",
            "select setval(pg_get_serial_sequence('authorities', 'key'),
                 (select coalesce(max(key), 0) + 1 from authorities), false)",
            "select setval(pg_get_serial_sequence('statements', 'position'),
                 (select coalesce(max(position), 0) + 1 from chain), false)",
            "select setval(pg_get_serial_sequence('deliveries', 'number'),
                 (select coalesce(max(number), 0) + 1 from (
                     select number from deliveries
                     union all select number from limited_deliveries) as there), false)",
        ] {
            query(next).run(turn.on()).await?;
        }
        turn.commit().await
    }

    /// Whether nothing was ever kept here.
    pub(crate) async fn is_empty(&self) -> Result<bool, StoreError> {
        let any = query(
            "select 1 where exists (select 1 from visits) or exists (select 1 from chain)
                 or exists (select 1 from documents) or exists (select 1 from credentials)
                 or exists (select 1 from accesses) or exists (select 1 from staff)
                 or exists (select 1 from forwards)",
        );
        Ok(any.run(&mut self.reader().await?).await? == 0)
    }
}

/// The columns of a table, in PostgreSQL's order.
async fn columns(on: &mut Connection, table: &str) -> Result<Vec<Column>, StoreError> {
    let columns = query(
        "select cast(column_name as text), cast(data_type as text)
         from information_schema.columns
         where table_schema = current_schema() and table_name = $1 order by ordinal_position",
    );
    columns.bind(table).all(on).await
}

async fn transfer(
    from: &mut Connection,
    to: &mut Connection,
    table: &str,
    columns: &[Column],
) -> Result<(), StoreError> {
    let names: Vec<_> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join(", ");
    let mut rows = built(format!("select {names} from {table}")).stream(from);
    let head = format!("insert into {table} ({names}) values ");
    let (mut insert, mut count, mut bytes) = (built(head.clone()), 0, 0);
    while let Some(row) = rows.try_next().await? {
        bytes += add(&mut insert, &row, columns, count == 0)?;
        count += 1;
        if count == ROWS || bytes > BYTES {
            std::mem::replace(&mut insert, built(head.clone()))
                .run(to)
                .await?;
            (count, bytes) = (0, 0);
        }
    }
    if count > 0 {
        insert.run(to).await?;
    }
    Ok(())
}

/// Adds a row to what is inserted, and says about how many bytes it has.
fn add(
    insert: &mut Query,
    row: &Row,
    columns: &[Column],
    is_first: bool,
) -> Result<usize, StoreError> {
    insert.push(if is_first { "(" } else { ", (" });
    let mut bytes = 0;
    for (n, (name, kind)) in columns.iter().enumerate() {
        let name = name.as_str();
        let value = match kind.as_str() {
            "bigint" => Value::Int(row.get(name)?),
            "boolean" => Value::Bool(row.get(name)?),
            "double precision" => Value::Real(row.get(name)?),
            "bytea" => Value::Bytes(row.get(name)?),
            _ => Value::Text(row.get(name)?),
        };
        bytes += match &value {
            Value::Text(Some(text)) => text.len(),
            Value::Bytes(Some(content)) => content.len(),
            _ => 8,
        };
        insert.push(if n == 0 { "" } else { ", " }).push_bind(value);
    }
    insert.push(")");
    Ok(bytes)
}

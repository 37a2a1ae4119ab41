//! Queries that are written once and asked of SQLite or of PostgreSQL.
//!
//! They are in the part of SQL that both speak: numbered parameters, `on conflict`, `returning`, and
//! columns of the same names and types. For the little that differs, see [`spoken`].

mod rows;
mod spoken;

use std::borrow::Cow;

use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use sqlx::{
    AssertSqlSafe, ColumnIndex, Decode, Postgres, Row as _, SqlSafeStr, SqlStr, Sqlite, Type,
    TypeInfo, ValueRef,
    postgres::{PgArguments, PgRow},
    query::Query as Asked,
    sqlite::{SqliteArguments, SqliteRow},
};

use self::spoken::{spoken_by_postgres, spoken_by_sqlite};
use super::{StoreError, connection::Connection};
pub(crate) use rows::{Cells, Rows};

/// A query and what is bound to its parameters.
pub(crate) struct Query {
    sql: Cow<'static, str>,
    values: Vec<Value>,
}

/// What can be bound to a parameter.
pub(crate) enum Value {
    Int(Option<i64>),
    Real(Option<f64>),
    Bool(bool),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

/// A row of an answer.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// What a column holds: `i64`, `f64`, `bool`, `String`, `Vec<u8>`, or an option of these.
pub(crate) trait Column:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

impl<T> Column for T where
    T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

/// What is made of a row.
pub(crate) trait FromRow: Sized {
    fn from_row(row: &Row) -> Result<Self, StoreError>;
}

/// A query, its parameters written `$1`, `$2` and so on.
pub(crate) fn query(sql: &'static str) -> Query {
    Query {
        sql: Cow::Borrowed(sql),
        values: Vec::new(),
    }
}

/// A query whose text was put together from the names of tables and columns, of nothing else.
pub(super) fn built(sql: String) -> Query {
    Query {
        sql: Cow::Owned(sql),
        values: Vec::new(),
    }
}

impl Query {
    /// Binds the next parameter.
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Adds to the text of the query.
    pub(crate) fn push(&mut self, sql: &'static str) -> &mut Self {
        self.sql.to_mut().push_str(sql);
        self
    }

    /// Adds a parameter to the text of the query, and binds it.
    pub(crate) fn push_bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        let parameter = format!("${}", self.values.len());
        self.sql.to_mut().push_str(&parameter);
        self
    }

    /// Adds parameters with commas between them.
    pub(crate) fn push_list<T: Into<Value>>(
        &mut self,
        values: impl IntoIterator<Item = T>,
    ) -> &mut Self {
        for (n, value) in values.into_iter().enumerate() {
            self.push(if n == 0 { "" } else { ", " }).push_bind(value);
        }
        self
    }

    /// Does it, and tells how many rows that touched.
    pub(crate) async fn run(self, on: &mut Connection) -> Result<u64, StoreError> {
        Ok(match on {
            Connection::Sqlite(on) => self.for_sqlite().execute(&mut **on).await?.rows_affected(),
            Connection::Postgres(on) => {
                let done = self.for_postgres().execute(&mut **on).await?;
                done.rows_affected()
            }
        })
    }

    /// The rows of the answer as they come.
    pub(crate) fn stream(self, on: &mut Connection) -> BoxStream<'_, Result<Row, sqlx::Error>> {
        match on {
            Connection::Sqlite(on) => {
                let rows = self.for_sqlite().fetch(&mut **on);
                rows.map_ok(Row::Sqlite).boxed()
            }
            Connection::Postgres(on) => {
                let rows = self.for_postgres().fetch(&mut **on);
                rows.map_ok(Row::Postgres).boxed()
            }
        }
    }

    /// All rows.
    pub(crate) async fn all<T: FromRow>(self, on: &mut Connection) -> Result<Vec<T>, StoreError> {
        let rows: Vec<Row> = self.stream(on).try_collect().await?;
        rows.iter().map(T::from_row).collect()
    }

    /// All rows as they are.
    pub(super) async fn rows(self, on: &mut Connection) -> Result<Vec<Row>, StoreError> {
        Ok(self.stream(on).try_collect().await?)
    }

    /// The first row, if there is one.
    pub(crate) async fn first<T: FromRow>(
        self,
        on: &mut Connection,
    ) -> Result<Option<T>, StoreError> {
        let row = match on {
            Connection::Sqlite(on) => {
                let row = self.for_sqlite().fetch_optional(&mut **on).await?;
                row.map(Row::Sqlite)
            }
            Connection::Postgres(on) => {
                let row = self.for_postgres().fetch_optional(&mut **on).await?;
                row.map(Row::Postgres)
            }
        };
        row.as_ref().map(T::from_row).transpose()
    }

    /// The first row, which is there.
    pub(crate) async fn one<T: FromRow>(self, on: &mut Connection) -> Result<T, StoreError> {
        let first = self.first(on).await?;
        first.ok_or(StoreError::Failed(sqlx::Error::RowNotFound))
    }

    fn for_sqlite(self) -> Asked<'static, Sqlite, SqliteArguments> {
        let asked = sqlx::query(safe(spoken_by_sqlite(self.sql, self.values.len())));
        self.values.into_iter().fold(asked, |asked, it| match it {
            Value::Int(it) => asked.bind(it),
            Value::Real(it) => asked.bind(it),
            Value::Bool(it) => asked.bind(it),
            Value::Text(it) => asked.bind(it),
            Value::Bytes(it) => asked.bind(it),
        })
    }

    fn for_postgres(self) -> Asked<'static, Postgres, PgArguments> {
        let asked = sqlx::query(safe(spoken_by_postgres(self.sql)));
        self.values.into_iter().fold(asked, |asked, it| match it {
            Value::Int(it) => asked.bind(it),
            Value::Real(it) => asked.bind(it),
            Value::Bool(it) => asked.bind(it),
            Value::Text(it) => asked.bind(it),
            Value::Bytes(it) => asked.bind(it),
        })
    }
}

/// Nothing but literals of this program gets into a query's text; the rest is bound.
fn safe(sql: Cow<'static, str>) -> SqlStr {
    match sql {
        Cow::Borrowed(sql) => sql.into_sql_str(),
        Cow::Owned(sql) => AssertSqlSafe(sql).into_sql_str(),
    }
}

impl Row {
    /// What a column holds; columns go by name or by number, from 0.
    pub(crate) fn get<T: Column>(
        &self,
        column: impl ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    ) -> Result<T, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    /// What a column holds, whatever that is.
    pub(super) fn value(&self, column: &str) -> Result<Value, StoreError> {
        let kind = match self {
            Self::Sqlite(row) => row.try_get_raw(column)?.type_info().name().to_owned(),
            Self::Postgres(row) => row.try_get_raw(column)?.type_info().name().to_owned(),
        };
        Ok(match kind.as_str() {
            "INTEGER" | "INT8" => Value::Int(self.get(column)?),
            "REAL" | "FLOAT8" => Value::Real(self.get(column)?),
            "BOOL" => self
                .get::<Option<bool>>(column)?
                .map_or(Value::Text(None), Value::Bool),
            "BLOB" | "BYTEA" => Value::Bytes(self.get(column)?),
            "NULL" => Value::Text(None),
            _ => Value::Text(self.get(column)?),
        })
    }

    /// A number that is never below zero nor large.
    pub(crate) fn count(
        &self,
        column: impl ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    ) -> Result<u32, StoreError> {
        let number: i64 = self.get(column)?;
        let wrong = |error| StoreError::Failed(sqlx::Error::Decode(Box::new(error)));
        number.try_into().map_err(wrong)
    }
}

impl<T: Column> FromRow for (T,) {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok((row.get(0)?,))
    }
}

impl<A: Column, B: Column> FromRow for (A, B) {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok((row.get(0)?, row.get(1)?))
    }
}

impl<A: Column, B: Column, C: Column> FromRow for (A, B, C) {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Int(Some(number.into()))
    }
}

impl From<Option<f64>> for Value {
    fn from(number: Option<f64>) -> Self {
        Self::Real(number)
    }
}

impl From<f32> for Value {
    fn from(number: f32) -> Self {
        Self::Real(Some(number.into()))
    }
}

impl From<bool> for Value {
    fn from(is: bool) -> Self {
        Self::Bool(is)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Some(bytes))
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        bytes.to_vec().into()
    }
}

impl From<Option<&[u8]>> for Value {
    fn from(bytes: Option<&[u8]>) -> Self {
        Self::Bytes(bytes.map(<[u8]>::to_vec))
    }
}

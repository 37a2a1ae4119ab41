//! Queries that are asked of many rows at once: to put them into a table, or to look for each.
//!
//! PostgreSQL takes each column as one array, so that the query is the same for however many rows.
//! SQLite has no arrays, and takes lists of `values`.

use std::ops::Range;

use futures_util::TryStreamExt;
use sqlx::{
    AssertSqlSafe, Postgres, Sqlite, postgres::PgArguments, query::Query as Asked,
    sqlite::SqliteArguments,
};

use super::{FromRow, Row, spoken::spoken_by_postgres};
use crate::store::{StoreError, connection::Connection};

/// Most values of a query of SQLite's. A connection keeps what it has prepared, and clients tend to send
/// as many statements each time: there are not too many such queries, and they are not too large.
const VALUES: usize = 1536;

/// A column of the rows.
pub(crate) enum Cells<'a> {
    Ints(Vec<i64>),
    Bools(Vec<bool>),
    Texts(Vec<Option<&'a str>>),
    Bytes(Vec<Option<&'a [u8]>>),
}

/// A query between whose two halves there are rows. It reads them as from a table with columns that
/// have no names yet.
pub(crate) struct Rows<'a, const N: usize> {
    pub(crate) before: &'a str,
    /// All of the same length.
    pub(crate) columns: [Cells<'a>; N],
    pub(crate) after: &'a str,
}

impl<const N: usize> Rows<'_, N> {
    /// Does it.
    pub(crate) async fn run(self, on: &mut Connection) -> Result<(), StoreError> {
        match on {
            Connection::Sqlite(on) => {
                for piece in self.pieces() {
                    self.for_sqlite(piece).execute(&mut **on).await?;
                }
            }
            Connection::Postgres(on) => {
                self.for_postgres().execute(&mut **on).await?;
            }
        }
        Ok(())
    }

    /// All rows of the answer.
    pub(crate) async fn all<T: FromRow>(self, on: &mut Connection) -> Result<Vec<T>, StoreError> {
        let mut all = Vec::new();
        match on {
            Connection::Sqlite(on) => {
                for piece in self.pieces() {
                    let mut found = self.for_sqlite(piece).fetch(&mut **on);
                    while let Some(row) = found.try_next().await? {
                        all.push(T::from_row(&Row::Sqlite(row))?);
                    }
                }
            }
            Connection::Postgres(on) => {
                let mut found = self.for_postgres().fetch(&mut **on);
                while let Some(row) = found.try_next().await? {
                    all.push(T::from_row(&Row::Postgres(row))?);
                }
            }
        }
        Ok(all)
    }

    fn pieces(&self) -> impl Iterator<Item = Range<usize>> + use<N> {
        let rows = self.columns.first().map_or(0, Cells::len);
        pieces(rows, VALUES / N)
    }

    fn for_sqlite(&self, rows: Range<usize>) -> Asked<'static, Sqlite, SqliteArguments> {
        let row = format!("({})", vec!["?"; N].join(", "));
        let values = vec![row; rows.len()].join(", ");
        let sql = format!("{} values {values} {}", self.before, self.after);
        let asked = sqlx::query(AssertSqlSafe(sql));
        let cells = rows.flat_map(|row| self.columns.iter().map(move |column| (row, column)));
        cells.fold(asked, |asked, (row, column)| match column {
            Cells::Ints(column) => asked.bind(column[row]),
            Cells::Bools(column) => asked.bind(column[row]),
            Cells::Texts(column) => asked.bind(column[row].map(str::to_owned)),
            Cells::Bytes(column) => asked.bind(column[row].map(<[u8]>::to_vec)),
        })
    }

    fn for_postgres(&self) -> Asked<'static, Postgres, PgArguments> {
        let arrays: Vec<_> = (1..=N).map(|n| format!("${n}")).collect();
        let rows = format!("select * from unnest({})", arrays.join(", "));
        let sql = spoken_by_postgres(format!("{} {rows} {}", self.before, self.after).into());
        let asked = sqlx::query(AssertSqlSafe(sql.into_owned()));
        self.columns
            .iter()
            .fold(asked, |asked, column| match column {
                Cells::Ints(column) => asked.bind(column),
                Cells::Bools(column) => asked.bind(column),
                Cells::Texts(column) => asked.bind(column),
                Cells::Bytes(column) => asked.bind(column),
            })
    }
}

impl Cells<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Ints(column) => column.len(),
            Self::Bools(column) => column.len(),
            Self::Texts(column) => column.len(),
            Self::Bytes(column) => column.len(),
        }
    }
}

/// Cuts rows into pieces of `most` and what is left.
fn pieces(rows: usize, most: usize) -> impl Iterator<Item = Range<usize>> {
    let begins = (0..rows).step_by(most);
    begins.map(move |begin| begin..rows.min(begin + most))
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn every_row_is_in_one_piece() {
        for rows in 0..50 {
            let all: Vec<_> = pieces(rows, 7).flatten().collect();
            assert_eq!(all, (0..rows).collect::<Vec<_>>());
            assert!(pieces(rows, 7).all(|piece| (1..=7).contains(&piece.len())));
        }
    }
}

//! Whose records statements of other systems add to.

use std::collections::BTreeSet;

use uuid::Uuid;
use xinghuo_wire::{
    Deed, Who,
    lrs::{Kind, Mentions},
};

use super::placing::target;
use crate::{
    clock::now_us,
    store::{By, Cells, Connection, Rows, StoreError, concerned, note},
};

/// What may be of visits among that which statements speak of.
#[derive(Default)]
pub(super) struct About {
    /// The accounts whose names could be visits' numbers.
    accounts: BTreeSet<String>,
    /// The statements that are spoken of.
    statements: BTreeSet<Uuid>,
}

impl About {
    /// That of these statements.
    pub(super) fn of<'a>(all: impl Iterator<Item = &'a Mentions>) -> Self {
        let mut about = Self::default();
        for mentions in all {
            let direct = mentions.links.iter().filter(|it| !it.is_related);
            for link in direct.filter(|it| it.kind == Kind::Agent) {
                let name = link.name.rsplit(' ').next().unwrap_or_default();
                if name.len() == 36 && Uuid::try_parse(name).is_ok() {
                    about.accounts.insert(name.to_owned());
                }
            }
            about.statements.extend(target(mentions));
        }
        about
    }

    /// Whether any of it is about a visit whose use is limited: to that nothing is added.
    pub(super) async fn is_limited(&self, on: &mut Connection) -> Result<bool, StoreError> {
        if !self.accounts.is_empty() {
            let asked = self.accounts.iter().map(|it| Some(it.as_str()));
            let limited = Rows {
                before: "with asked (id) as (",
                columns: [Cells::Texts(asked.collect())],
                after: ") select v.id from asked cross join visits v on v.id = asked.id
                    where v.limited_ms is not null",
            };
            if !limited.all::<(String,)>(on).await?.is_empty() {
                return Ok(true);
            }
        }
        if self.statements.is_empty() {
            return Ok(false);
        }
        let asked = self
            .statements
            .iter()
            .map(|it| Some(it.as_bytes().as_slice()));
        let aside = Rows {
            before: "with asked (id) as (",
            columns: [Cells::Bytes(asked.collect())],
            after: ") select s.position from asked cross join limited_statements s on s.id = asked.id",
        };
        Ok(!aside.all::<(i64,)>(on).await?.is_empty())
    }

    /// Notes in the access log that whoever has that key added to the records of those whom this is
    /// about.
    pub(super) async fn note(
        self,
        on: &mut Connection,
        key: &str,
        label: &str,
    ) -> Result<(), StoreError> {
        let visits = self.visits(on).await?;
        let by = By {
            who: Who::Credential,
            actor: Some(key),
            name: Some(label),
        };
        note(on, by, Deed::Add, &visits, now_us() / 1000).await
    }

    async fn visits(self, on: &mut Connection) -> Result<Vec<Uuid>, StoreError> {
        let mut visits = BTreeSet::new();
        if !self.accounts.is_empty() {
            let asked = self.accounts.iter().map(|it| Some(it.as_str()));
            let there = Rows {
                before: "with asked (id) as (",
                columns: [Cells::Texts(asked.collect())],
                after: ") select v.id from asked cross join visits v on v.id = asked.id",
            };
            let there: Vec<(String,)> = there.all(on).await?;
            visits.extend(there.iter().filter_map(|(id,)| id.parse::<Uuid>().ok()));
        }
        if !self.statements.is_empty() {
            let asked = self
                .statements
                .iter()
                .map(|it| Some(it.as_bytes().as_slice()));
            let there = Rows {
                before: "with asked (id) as (",
                columns: [Cells::Bytes(asked.collect())],
                after: ") select s.position from asked cross join statements s on s.id = asked.id",
            };
            let there: Vec<(i64,)> = there.all(on).await?;
            let there: Vec<_> = there.into_iter().map(|(position,)| position).collect();
            visits.extend(concerned(on, &there).await?);
        }
        Ok(visits.into_iter().collect())
    }
}

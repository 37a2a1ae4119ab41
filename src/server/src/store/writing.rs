//! One transaction that adds evidence to a visit. Nothing of it is there before [`Writing::commit`].

use uuid::Uuid;
use xinghuo_tour::{Entry, Verdict};
use xinghuo_wire::{Record, Timestamp, xapi::Received};

use super::{Connection, Printed, StoreError, StoredVisit, Turn, person, query, visit};
use crate::lrs::{Derived, keep_derived};

/// One transaction. No other writer comes between its reading and its writing.
pub(crate) struct Writing {
    turn: Turn,
}

/// What a batch of evidence adds to a visit.
pub(crate) struct Addition<'a> {
    pub(crate) entries: &'a [Entry],
    pub(crate) verdicts: &'a [Verdict],
    pub(crate) statements: &'a [Printed],
    pub(crate) record: &'a Record,
    pub(crate) received: Timestamp,
}

impl Writing {
    pub(super) fn new(turn: Turn) -> Self {
        Self { turn }
    }

    /// The visit, if there is one.
    pub(crate) async fn visit(&mut self, id: Uuid) -> Result<Option<StoredVisit>, StoreError> {
        visit::visit(self.turn.on(), id).await
    }

    /// Whether the visitor agrees to being recorded, by the present text.
    pub(crate) async fn agrees(&mut self, id: Uuid) -> Result<bool, StoreError> {
        person::agrees(self.turn.on(), id).await
    }

    /// Keeps that the visitor agrees to being recorded, unless that is so already.
    pub(crate) async fn agree(
        &mut self,
        id: Uuid,
        version: u32,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        if self.agrees(id).await? {
            return Ok(());
        }
        person::agree(self.turn.on(), id, version, at_ms).await
    }

    /// The entries of the visit's log numbered `first..=last`.
    pub(crate) async fn entries(
        &mut self,
        id: Uuid,
        first: u32,
        last: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        visit::entries(self.turn.on(), id, first, last).await
    }

    /// The visit's whole log, with when it was received.
    pub(crate) async fn log(
        &mut self,
        id: Uuid,
        created: Timestamp,
    ) -> Result<Vec<Received>, StoreError> {
        visit::log(self.turn.on(), id, created).await
    }

    /// What was said of the visit's answers numbered `first..=last`.
    pub(crate) async fn verdicts(
        &mut self,
        id: Uuid,
        first: u32,
        last: u32,
    ) -> Result<Vec<Verdict>, StoreError> {
        visit::verdicts(self.turn.on(), id, first, last).await
    }

    /// Adds what a batch brought.
    pub(crate) async fn add(&mut self, id: Uuid, new: &Addition<'_>) -> Result<(), StoreError> {
        let visit = id.to_string();
        for entry in new.entries {
            let action =
                serde_json::to_string(&entry.action).map_err(StoreError::json("action"))?;
            query(
                "insert into entries (visit, seq, at_ms, action, received_ms)
                 values ($1, $2, $3, $4, $5)",
            )
            .bind(visit.as_str())
            .bind(entry.seq)
            .bind(entry.at.cast_signed())
            .bind(action)
            .bind(new.received.unix_millis().cast_signed())
            .run(self.turn.on())
            .await?;
        }
        for verdict in new.verdicts {
            query(
                "insert into verdicts (visit, seq, question, answer_right) values ($1, $2, $3, $4)",
            )
            .bind(visit.as_str())
            .bind(verdict.seq)
            .bind(verdict.question.as_str())
            .bind(verdict.right)
            .run(self.turn.on())
            .await?;
        }
        for statement in new.statements {
            tell(self.turn.on(), &visit, statement).await?;
        }
        self.decide(&visit, new.record, new.received).await
    }

    /// Stores a statement that does not follow from an entry, unless it is there.
    pub(crate) async fn tell(&mut self, id: Uuid, statement: &Printed) -> Result<(), StoreError> {
        tell(self.turn.on(), &id.to_string(), statement).await
    }

    async fn decide(
        &mut self,
        visit: &str,
        record: &Record,
        received: Timestamp,
    ) -> Result<(), StoreError> {
        query(
            "update visits set seq = $1, completion = $2, completed = $3, passed = $4, failed = $5,
                 scaled = $6, settled = $7, questions = $8, rule_version = $9, decided_ms = $10,
                 active_ms = $11
             where id = $12",
        )
        .bind(record.seq)
        .bind(record.completion)
        .bind(record.completed)
        .bind(record.passed)
        .bind(record.failed)
        .bind(record.scaled)
        .bind(record.settled)
        .bind(record.of)
        .bind(record.rule_version)
        .bind(record.decided_at.map(|at| at.unix_millis().cast_signed()))
        .bind(received.unix_millis().cast_signed())
        .bind(visit)
        .run(self.turn.on())
        .await?;
        Ok(())
    }

    /// What to write on.
    pub(crate) fn on(&mut self) -> &mut Connection {
        self.turn.on()
    }

    /// Makes it lasting: when this returns, it is on the disk.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.turn.commit().await
    }
}

/// Stores a statement, unless it is there: the same event of the same visit has the same id.
pub(super) async fn tell(
    on: &mut Connection,
    visit: &str,
    statement: &Printed,
) -> Result<(), StoreError> {
    let derived = Derived {
        id: &statement.id,
        visit,
        json: &statement.json,
    };
    keep_derived(on, &derived).await
}

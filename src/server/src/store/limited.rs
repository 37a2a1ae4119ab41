//! Visits whose use is limited: kept, and used for nothing until their visitor lifts that.
//!
//! What the record store has of such a visit is moved into tables of its own, so that no query finds
//! it that does not look there: the visitor's page and export, erasure, retention, verification. An
//! erasure and what retention deletes bring it back first, within the same turn, in which nobody else
//! reads or writes: they delete what they always do.

use uuid::Uuid;
use xinghuo_wire::{Deed, Timestamp};

use super::{
    Connection, Query, Store, StoreError,
    access::{By, note},
    person, query,
};
use crate::{cmi5, deliveries, forward::Forward};

/// The statements of the visit `$1`, and those of others whose agent it is: `$2` is how its account is
/// called. What an erasure would take.
const ITS: &str = "select position from statements where visit = $1
    union select position from links where reach = 0 and term in (
        select l.term from statements s cross join links l on l.position = s.position
        cross join terms t on t.key = l.term
        where s.visit = $1 and l.reach = 0 and t.kind = 0 and t.name like $2
        union select l.term from limited_links l cross join terms t on t.key = l.term
        where l.aside_for = $1 and l.reach = 0 and t.kind = 0 and t.name like $2)";

/// The same, once its statements are copied.
const COPIED: &str = "select position from limited_statements where aside_for = $1";

impl Store {
    /// Limits the use of a visit, unless that is so already: what is kept of it is set aside, and the
    /// recording has ended as if consent had been withdrawn. A session that a learning system launched
    /// is over, and the system is told so once that is lifted.
    pub(crate) async fn limit(&self, visit: Uuid, at_ms: i64) -> Result<(), StoreError> {
        let id = visit.to_string();
        let mut turn = self.turn().await?;
        let on = turn.on();
        let limited =
            query("update visits set limited_ms = $1 where id = $2 and limited_ms is null");
        if limited.bind(at_ms).bind(id.as_str()).run(on).await? == 0 {
            return Ok(());
        }
        person::withdraw(on, visit, at_ms).await?;
        if let Some(launch) = cmi5::open_launch(on, visit).await? {
            let at = Timestamp::from_unix_millis(at_ms.cast_unsigned());
            cmi5::end(on, &launch, at).await?;
        }
        for done in [
            "delete from handovers where visit = $1",
            "update headsets set visit = null, leaving = false where visit = $1",
        ] {
            query(done).bind(id.as_str()).run(on).await?;
        }
        set_aside(on, &id).await?;
        note(on, By::VISITOR, Deed::Limit, &[visit], at_ms).await?;
        turn.commit().await?;
        self.clear_write_ahead_log().await
    }

    /// Lifts that, if it is so: everything is where it was, and what waited goes on.
    pub(crate) async fn lift(&self, visit: Uuid, at_ms: i64) -> Result<(), StoreError> {
        let id = visit.to_string();
        let mut turn = self.turn().await?;
        let on = turn.on();
        let lifted =
            query("update visits set limited_ms = null where id = $1 and limited_ms is not null");
        if lifted.bind(id.as_str()).run(on).await? == 0 {
            return Ok(());
        }
        // What is about two of them stays aside for the other.
        let others = query(
            "select distinct v.id from limited_links l cross join terms t on t.key = l.term
             cross join visits v on v.id = substr(t.name, length(t.name) - 35)
             where l.aside_for = $1 and l.reach = 0 and t.kind = 0 and v.limited_ms is not null",
        );
        let others: Vec<(String,)> = others.bind(id.as_str()).all(on).await?;
        bring_back(on, &id, at_ms).await?;
        for (other,) in others {
            set_aside(on, &other).await?;
        }
        note(on, By::VISITOR, Deed::Lift, &[visit], at_ms).await?;
        turn.commit().await
    }
}

/// Moves aside what the record store has of a visit, and what is to be told of it, within a turn at
/// writing. What is aside already stays there.
pub(super) async fn set_aside(on: &mut Connection, visit: &str) -> Result<(), StoreError> {
    let whose = format!("account % {visit}");
    let mut statements = query(
        "insert into limited_statements (position, aside_for, id, visit, statement, stored_us,
             version, authority, target, is_voiding, voided)
         select position, $1, id, visit, statement, stored_us, version, authority, target,
             is_voiding, voided
         from statements where position in (",
    );
    statements.push(ITS).push(")");
    statements.bind(visit).bind(whose.as_str()).run(on).await?;
    of_copied(
        "insert into limited_links (aside_for, term, reach, position)
         select $1, term, reach, position from links where position in (",
        visit,
    )
    .run(on)
    .await?;
    of_copied(
        "insert into limited_attachments (aside_for, position, sha2)
         select $1, position, sha2 from attachments_of_statements where position in (",
        visit,
    )
    .run(on)
    .await?;
    // Who forwards has looked at all of it, so that nothing is passed over when it is back.
    deliveries::queue_those_aside(on, visit).await?;
    for moved in [
        "insert into limited_deliveries (aside_for, number, forward, launch, lane, position,
             statement, created_ms, attempts, dead_ms, failure)
         select $1, number, forward, launch, lane, position, statement, created_ms, attempts,
             dead_ms, failure
         from deliveries where launch in (select id from launches where visit = $1)
             or position in (",
        "delete from deliveries where launch in (select id from launches where visit = $1)
             or position in (",
        "delete from statements where position in (",
    ] {
        of_copied(moved, visit).run(on).await?;
    }
    query(
        "insert into limited_documents (aside_for, kind, activity, agent, registration, name,
             content_type, content, etag, updated_us)
         select $1, kind, activity, agent, registration, name, content_type, content, etag,
             updated_us
         from documents where agent like $2",
    )
    .bind(visit)
    .bind(whose.as_str())
    .run(on)
    .await?;
    let documents = query("delete from documents where agent like $1");
    documents.bind(whose).run(on).await?;
    Ok(())
}

/// A new forward looks at what is aside as far as it is to: what it takes of that waits with it.
pub(crate) async fn show_those_aside(
    on: &mut Connection,
    forward: &Forward,
) -> Result<(), StoreError> {
    let visits = query("select distinct aside_for from limited_statements where position > $1");
    let visits: Vec<(String,)> = visits.bind(forward.position).all(on).await?;
    for (visit,) in &visits {
        bring_back(on, visit, forward.created_ms).await?;
    }
    for (visit,) in &visits {
        set_aside(on, visit).await?;
    }
    Ok(())
}

fn of_copied(sql: &'static str, visit: &str) -> Query {
    let mut asked = query(sql);
    asked.push(COPIED).push(")");
    asked.bind(visit)
}

/// Moves back what is aside for a visit, within a turn at writing.
async fn bring_back(on: &mut Connection, visit: &str, at_ms: i64) -> Result<(), StoreError> {
    for back in [
        "insert into statements (position, id, visit, statement, stored_us, version, authority,
             target, is_voiding, voided)
         select position, id, visit, statement, stored_us, version, authority, target, is_voiding,
             voided
         from limited_statements where aside_for = $1 order by position",
        "insert into links (term, reach, position)
         select term, reach, position from limited_links where aside_for = $1",
        // What it speaks of may have come meanwhile.
        "insert into links (term, reach, position)
         select l.term, l.reach, s.position from limited_statements s
         join statements t on t.id = s.target join links l on l.position = t.position
         where s.aside_for = $1 and l.reach < 2
         on conflict do nothing",
        "insert into attachments_of_statements (position, sha2)
         select position, sha2 from limited_attachments where aside_for = $1",
        // What a forward has not come to yet it will still come to.
        "delete from limited_deliveries
         where aside_for = $1 and position > (select f.position from forwards f
             where f.key = limited_deliveries.forward)",
        "insert into documents (kind, activity, agent, registration, name, content_type, content,
             etag, updated_us)
         select kind, activity, agent, registration, name, content_type, content, etag, updated_us
         from limited_documents where aside_for = $1",
    ] {
        query(back).bind(visit).run(on).await?;
    }
    // It has waited since now: nothing is given up for the time that it was aside.
    query(
        "insert into deliveries (forward, launch, lane, position, statement, created_ms, attempts,
             dead_ms, failure)
         select forward, launch, lane, position, statement,
             case when dead_ms is null then $2 else created_ms end, attempts, dead_ms, failure
         from limited_deliveries where aside_for = $1 order by number",
    )
    .bind(visit)
    .bind(at_ms)
    .run(on)
    .await?;
    for gone in [
        "delete from limited_statements where aside_for = $1",
        "delete from limited_links where aside_for = $1",
        "delete from limited_attachments where aside_for = $1",
        "delete from limited_deliveries where aside_for = $1",
        "delete from limited_documents where aside_for = $1",
    ] {
        query(gone).bind(visit).run(on).await?;
    }
    Ok(())
}

/// Brings back all that is about a visit, for something to be deleted of it within the same turn. Says
/// for which visits it was aside, so that what is left is set aside again.
pub(super) async fn bring_back_all(
    on: &mut Connection,
    visit: &str,
    at_ms: i64,
) -> Result<Vec<String>, StoreError> {
    let aside = query(
        "select l.aside_for from limited_links l cross join terms t on t.key = l.term
             where l.reach = 0 and t.kind = 0 and t.name like $2
         union select id from visits where id = $1 and limited_ms is not null",
    );
    let aside = aside.bind(visit).bind(format!("account % {visit}"));
    let aside: Vec<(String,)> = aside.all(on).await?;
    let aside: Vec<String> = aside.into_iter().map(|(id,)| id).collect();
    for it in &aside {
        bring_back(on, it, at_ms).await?;
    }
    Ok(aside)
}

/// The visits for which statements of other systems are aside that were stored before that.
pub(super) async fn with_others_aside(
    on: &mut Connection,
    before_us: i64,
) -> Result<Vec<String>, StoreError> {
    let all = query(
        "select distinct aside_for from limited_statements
         where visit is null and stored_us < $1",
    );
    let all: Vec<(String,)> = all.bind(before_us).all(on).await?;
    Ok(all.into_iter().map(|(id,)| id).collect())
}

/// Whether an identity is the account of a visit whose use is limited.
pub(crate) async fn is_limited(on: &mut Connection, identity: &str) -> Result<bool, StoreError> {
    let account = identity.strip_prefix("account ").unwrap_or_default();
    let name = account.rsplit(' ').next().unwrap_or_default();
    if Uuid::try_parse(name).is_err() {
        return Ok(false);
    }
    let one = query("select id from visits where id = $1 and limited_ms is not null");
    Ok(one.bind(name).first::<(String,)>(on).await?.is_some())
}

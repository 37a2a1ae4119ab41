//! Labs, their headsets and what is offered, as they are stored.

use uuid::Uuid;
use xinghuo_tour::{Action, VenueId};
use xinghuo_wire::{
    Code, Record, Timestamp,
    lab::{HeadsetShown, HeadsetState, SILENT_AFTER_MS},
};

use crate::store::{Connection, FromRow, Query, Row, StoreError, parsed, query, record_of};

/// A lab.
pub(super) struct Lab {
    pub(super) id: Uuid,
    pub(super) key_sha256: Vec<u8>,
    pub(super) code: Code,
    pub(super) venue: VenueId,
    pub(super) door_open: bool,
    pub(super) expires: Timestamp,
}

/// A headset.
pub(super) struct Headset {
    pub(super) id: Uuid,
    pub(super) number: u32,
    pub(super) visit: Option<Uuid>,
    pub(super) state: HeadsetState,
    pub(super) seen: Timestamp,
}

fn moment(ms: i64) -> Timestamp {
    Timestamp::from_unix_millis(ms.cast_unsigned())
}

/// A time as it is stored.
pub(super) fn ms(at: Timestamp) -> i64 {
    at.unix_millis().cast_signed()
}

impl FromRow for Lab {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed(&row.get::<String>("lab")?)?,
            key_sha256: row.get("key_sha256")?,
            code: parsed(&row.get::<String>("code")?)?,
            venue: parsed(&row.get::<String>("venue")?)?,
            door_open: row.get("door_open")?,
            expires: moment(row.get("lab_expires_ms")?),
        })
    }
}

impl FromRow for Headset {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let visit: Option<String> = row.get("visit")?;
        let is_offered = row.get::<i64>("offers")? > 0;
        let state = match (row.get("leaving")?, is_offered, &visit) {
            (true, _, Some(_)) => HeadsetState::Leaving,
            (_, true, _) => HeadsetState::Offered,
            (_, _, Some(_)) => HeadsetState::Visiting,
            (_, _, None) => HeadsetState::Waiting,
        };
        Ok(Self {
            id: parsed(&row.get::<String>("headset")?)?,
            number: row.count("number")?,
            visit: visit.as_deref().map(parsed).transpose()?,
            state,
            seen: moment(row.get("seen_ms")?),
        })
    }
}

impl FromRow for (Headset, Lab) {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok((Headset::from_row(row)?, Lab::from_row(row)?))
    }
}

/// A headset with what its visit has come to, which follows from the visit's log and record.
impl FromRow for HeadsetShown {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let headset = Headset::from_row(row)?;
        let heard: Option<i64> = row.get("heard_ms")?;
        let last: Option<String> = row.get("whereabouts")?;
        let last = last.and_then(|action| serde_json::from_str(&action).ok());
        let (stop, room) = match last {
            Some(Action::Arrive { stop }) => (Some(stop), None),
            Some(Action::Enter { room }) => (None, Some(room)),
            _ => (None, None),
        };
        let record: Option<Record> = match headset.visit {
            Some(_) => Some(record_of(row)?),
            None => None,
        };
        Ok(Self {
            number: headset.number,
            state: headset.state,
            silent_since: Some(heard.map_or(headset.seen, |heard| headset.seen.max(moment(heard)))),
            stop,
            room,
            record,
        })
    }
}

/// The lab, unless it is past its time.
pub(super) async fn lab(
    on: &mut Connection,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<Lab>, StoreError> {
    let one = query(
        "select id as lab, key_sha256, code, venue, door_open, expires_ms as lab_expires_ms
         from labs where id = $1 and expires_ms > $2",
    );
    one.bind(id.to_string()).bind(ms(now)).first(on).await
}

/// The lab that headsets join by this code.
pub(super) async fn lab_of_code(
    on: &mut Connection,
    code: &Code,
    now: Timestamp,
) -> Result<Option<Lab>, StoreError> {
    let one = query(
        "select id as lab, key_sha256, code, venue, door_open, expires_ms as lab_expires_ms
         from labs where code = $1 and expires_ms > $2 and closing = false",
    );
    one.bind(code.as_str()).bind(ms(now)).first(on).await
}

/// The lab whose door is open, if it is the only one.
pub(super) async fn lab_of_open_door(
    on: &mut Connection,
    now: Timestamp,
) -> Result<Option<Lab>, StoreError> {
    let open = query(
        "select id as lab, key_sha256, code, venue, door_open, expires_ms as lab_expires_ms
         from labs where door_open = true and expires_ms > $1 and closing = false limit 2",
    );
    let mut open: Vec<Lab> = open.bind(ms(now)).all(on).await?;
    let first = open.pop();
    Ok(first.filter(|_| open.is_empty()))
}

/// The headset that has this token, with its lab. Where the lab closes, it is one only until it
/// has let go of its visit.
pub(super) async fn headset_of(
    on: &mut Connection,
    token_sha256: &[u8; 32],
    now: Timestamp,
) -> Result<Option<(Headset, Lab)>, StoreError> {
    let one = query(
        "select headsets.id as headset, number, visit, leaving, seen_ms, labs.id as lab,
             key_sha256, code, venue, door_open, labs.expires_ms as lab_expires_ms,
             (select count(*) from handovers
                 where headset = headsets.id and expires_ms > $2) as offers
         from headsets join labs on labs.id = headsets.lab
         where headsets.token_sha256 = $1 and labs.expires_ms > $2
             and (closing = false or visit is not null)",
    );
    one.bind(&token_sha256[..]).bind(ms(now)).first(on).await
}

/// The headset that has this number in the lab.
pub(super) async fn headset_numbered(
    on: &mut Connection,
    lab: Uuid,
    number: u32,
    now: Timestamp,
) -> Result<Option<Headset>, StoreError> {
    let one = query(
        "select id as headset, number, visit, leaving, seen_ms,
             (select count(*) from handovers
                 where headset = headsets.id and expires_ms > $3) as offers
         from headsets where lab = $1 and number = $2",
    );
    let one = one.bind(lab.to_string()).bind(number).bind(ms(now));
    one.first(on).await
}

/// The lab's headsets with what their visits have come to.
pub(super) async fn shown(
    on: &mut Connection,
    lab: Uuid,
    now: Timestamp,
) -> Result<Vec<HeadsetShown>, StoreError> {
    let all = query(
        r#"select headsets.id as headset, number, headsets.visit as visit, leaving, seen_ms,
             seq, completion, completed, passed, failed, scaled, settled, questions, rule_version,
             decided_ms,
             (select count(*) from handovers
                 where headset = headsets.id and expires_ms > $2) as offers,
             (select action from entries where entries.visit = headsets.visit
                 and (action like '{"type":"arrive"%' or action like '{"type":"enter"%')
                 order by entries.seq desc limit 1) as whereabouts,
             (select received_ms from entries where entries.visit = headsets.visit
                 order by entries.seq desc limit 1) as heard_ms
         from headsets left join visits on visits.id = headsets.visit
         where lab = $1 order by number"#,
    );
    let all = all.bind(lab.to_string()).bind(ms(now));
    let mut shown: Vec<HeadsetShown> = all.all(on).await?;
    for headset in &mut shown {
        let silent_at = |since: &Timestamp| since.plus_millis(SILENT_AFTER_MS) <= now;
        headset.silent_since = headset.silent_since.filter(silent_at);
    }
    Ok(shown)
}

/// The visit that is offered under this code.
pub(super) async fn offer_of_code(
    on: &mut Connection,
    code: &Code,
    now: Timestamp,
) -> Result<Option<Uuid>, StoreError> {
    let one = query("select visit from handovers where code = $1 and expires_ms > $2");
    the_visit(one.bind(code.as_str()).bind(ms(now)), on).await
}

/// The visit that was handed to this headset.
pub(super) async fn offer_to(
    on: &mut Connection,
    headset: Uuid,
    now: Timestamp,
) -> Result<Option<Uuid>, StoreError> {
    let one = query(
        "select visit from handovers where headset = $1 and expires_ms > $2
         order by expires_ms desc limit 1",
    );
    the_visit(one.bind(headset.to_string()).bind(ms(now)), on).await
}

async fn the_visit(one: Query, on: &mut Connection) -> Result<Option<Uuid>, StoreError> {
    let found = one.first::<(String,)>(on).await?;
    found.map(|(visit,)| parsed(&visit)).transpose()
}

/// Whether the token opened the visit once, and if so whether it may take it back.
pub(crate) async fn was_opened_by(
    on: &mut Connection,
    visit: Uuid,
    token_sha256: &[u8; 32],
) -> Result<Option<bool>, StoreError> {
    let former =
        query("select may_return from former_tokens where token_sha256 = $1 and visit = $2");
    let former = former.bind(&token_sha256[..]).bind(visit.to_string());
    Ok(former.first::<(bool,)>(on).await?.map(|(may,)| may))
}

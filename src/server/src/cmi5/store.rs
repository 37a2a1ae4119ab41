//! Launches as they are kept, and what is queued for the systems that they are from.

use serde_json::Value;
use uuid::Uuid;
use xinghuo_wire::{
    LaunchKept, Timestamp,
    xapi::{
        SITTING_PAUSE_MS, Statement,
        cmi5::{Launch, LaunchMode},
    },
};

use crate::store::{Connection, FromRow, Row, Store, StoreError, query};

/// A launch that begins.
pub(crate) struct NewLaunch {
    pub(crate) launch: Launch,
    pub(crate) visit: Uuid,
    pub(crate) endpoint: String,
    pub(crate) credential: String,
}

/// A visit that an earlier launch of the same enrolment began.
pub(crate) struct Resumed {
    pub(crate) visit: Uuid,
    /// What the system has not been told yet although it is so: told when no session was open, or
    /// refused.
    pub(crate) untold: Vec<Statement>,
}

struct Stored(Launch);

impl FromRow for Stored {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let unreadable = || StoreError::Unreadable { what: "launch" };
        let text = |column: &'static str| row.get::<String>(column);
        let json = |text: String| serde_json::from_str(&text).map_err(|_| unreadable());
        let uuid = |text: String| text.parse().map_err(|_| unreadable());
        let template: Value = json(text("template")?)?;
        let Value::Object(template) = template else {
            return Err(unreadable());
        };
        Ok(Self(Launch {
            id: uuid(text("id")?)?,
            learner: json(text("learner")?)?,
            registration: uuid(text("registration")?)?,
            activity: text("activity")?,
            template,
            mode: serde_json::from_value(text("mode")?.into()).map_err(|_| unreadable())?,
            mastery: row.get("mastery")?,
            began: moment(row.get("began_ms")?),
        }))
    }
}

fn moment(ms: i64) -> Timestamp {
    Timestamp::from_unix_millis(ms.cast_unsigned())
}

/// A launch as its learner is told of it.
struct Kept(LaunchKept);

impl FromRow for Kept {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let learner: String = row.get("learner")?;
        Ok(Self(LaunchKept {
            system: row.get("endpoint")?,
            learner: serde_json::from_str(&learner)
                .map_err(|_| StoreError::Unreadable { what: "launch" })?,
            began: moment(row.get("began_ms")?),
            ended: row.get::<Option<i64>>("ended_ms")?.map(moment),
        }))
    }
}

impl Store {
    /// The launches of a visit, the newest last.
    pub(crate) async fn launches(&self, visit: Uuid) -> Result<Vec<LaunchKept>, StoreError> {
        let all = query(
            "select endpoint, learner, began_ms, ended_ms from launches
             where visit = $1 order by began_ms, id",
        );
        let all = all.bind(visit.to_string());
        let all: Vec<Kept> = all.all(&mut self.reader().await?).await?;
        Ok(all.into_iter().map(|Kept(launch)| launch).collect())
    }
}

/// The visit that an earlier launch of this enrolment began, if there is one to go on with: one whose
/// use is limited is left alone.
pub(crate) async fn resumed(
    on: &mut Connection,
    endpoint: &str,
    launch: &Launch,
) -> Result<Option<Resumed>, StoreError> {
    if launch.mode != LaunchMode::Normal {
        return Ok(None);
    }
    let earlier = query(
        "select visit, learner from launches join visits on visits.id = visit
         where limited_ms is null and endpoint = $1 and registration = $2 and activity = $3 and mode = 'Normal'
         order by began_ms desc",
    );
    let earlier: Vec<(String, String)> = earlier
        .bind(endpoint)
        .bind(launch.registration.to_string())
        .bind(launch.activity.as_str())
        .all(on)
        .await?;
    let account = |learner: &Value| learner["account"].clone();
    let same = |text: &str| {
        let learner: Value = serde_json::from_str(text).unwrap_or_default();
        account(&learner) == account(&launch.learner)
    };
    let Some((visit, _)) = earlier.into_iter().find(|(_, learner)| same(learner)) else {
        return Ok(None);
    };
    let untold = untold(on, &visit).await?;
    let visit = visit.parse();
    let visit = visit.map_err(|_| StoreError::Unreadable { what: "launch" })?;
    Ok(Some(Resumed { visit, untold }))
}

/// What is decided of a visit and the system does not know. What it refused once is tried again in the
/// next session: the refusal may have been the session's.
async fn untold(on: &mut Connection, visit: &str) -> Result<Vec<Statement>, StoreError> {
    let told = query("select completed, judged from launches where visit = $1");
    let told: Vec<(bool, bool)> = told.bind(visit).all(on).await?;
    let mut completed = told.iter().any(|(completed, _)| *completed);
    let mut judged = told.iter().any(|(_, judged)| *judged);
    let refused = query(
        "select deliveries.number, deliveries.statement
         from deliveries join launches on launches.id = deliveries.launch
         where launches.visit = $1 and dead_ms is not null",
    );
    let refused: Vec<(i64, String)> = refused.bind(visit).all(on).await?;
    for (number, statement) in refused {
        let statement: Value = serde_json::from_str(&statement).unwrap_or_default();
        let of = decides(&statement);
        completed &= !of.completion;
        judged &= !of.mastery;
        if of.completion || of.mastery {
            let delete = query("delete from deliveries where number = $1");
            delete.bind(number).run(on).await?;
        }
    }
    if completed && judged {
        return Ok(Vec::new());
    }
    let all = query("select statement from statements where visit = $1 order by position");
    let all: Vec<(String,)> = all.bind(visit).all(on).await?;
    let all = all
        .iter()
        .filter_map(|(it,)| serde_json::from_str::<Statement>(it).ok());
    let untold = all.filter(|statement| match statement.verb.name() {
        "completed" => !completed,
        "passed" | "failed" => !judged,
        _ => false,
    });
    Ok(untold.collect())
}

/// What a statement for a system decides.
struct Decides {
    completion: bool,
    mastery: bool,
}

fn decides(statement: &Value) -> Decides {
    let verb = statement["verb"]["id"].as_str().unwrap_or_default();
    let verb = verb.rsplit('/').next().unwrap_or_default();
    Decides {
        completion: verb == "completed",
        mastery: matches!(verb, "passed" | "failed"),
    }
}

/// Begins a launch: whatever was open of its visit is over, and the system is told that it began.
pub(crate) async fn start(
    on: &mut Connection,
    new: &NewLaunch,
    untold: &[Statement],
) -> Result<(), StoreError> {
    let NewLaunch {
        launch,
        visit,
        endpoint,
        credential,
    } = new;
    let began_ms = launch.began.unix_millis().cast_signed();
    while let Some(before) = open_launch(on, *visit).await? {
        end(on, &before, launch.began).await?;
    }
    let mode = match launch.mode {
        LaunchMode::Normal => "Normal",
        LaunchMode::Browse => "Browse",
        LaunchMode::Review => "Review",
    };
    let insert = query(
        "insert into launches (id, visit, endpoint, credential, learner, registration, activity,
             template, mode, mastery, began_ms, heard_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
    );
    insert
        .bind(launch.id.to_string())
        .bind(visit.to_string())
        .bind(endpoint.as_str())
        .bind(credential.as_str())
        .bind(launch.learner.to_string())
        .bind(launch.registration.to_string())
        .bind(launch.activity.as_str())
        .bind(Value::Object(launch.template.clone()).to_string())
        .bind(mode)
        .bind(launch.mastery)
        .bind(began_ms)
        .run(on)
        .await?;
    queue(on, launch, &launch.initialized()).await?;
    tell(on, launch, untold, launch.began).await
}

/// The launch of a visit that is not over.
pub(crate) async fn open_launch(
    on: &mut Connection,
    visit: Uuid,
) -> Result<Option<Launch>, StoreError> {
    let open = query(
        "select * from launches where visit = $1 and ended_ms is null
         order by began_ms desc limit 1",
    );
    let open: Option<Stored> = open.bind(visit.to_string()).first(on).await?;
    Ok(open.map(|Stored(launch)| launch))
}

/// Queues what the system is told of these statements, and notes that the learner was heard of.
pub(crate) async fn tell(
    on: &mut Connection,
    launch: &Launch,
    statements: &[Statement],
    now: Timestamp,
) -> Result<(), StoreError> {
    let (mut completed, mut judged, mut heard) = (false, false, now);
    for statement in statements {
        let Some(told) = launch.follow(statement) else {
            continue;
        };
        let of = decides(&told);
        completed |= of.completion;
        judged |= of.mastery;
        heard = heard.max(statement.timestamp);
        queue(on, launch, &told).await?;
    }
    query(
        "update launches set heard_ms = case when heard_ms < $1 then $1 else heard_ms end,
             completed = (completed or $2), judged = (judged or $3)
         where id = $4",
    )
    .bind(heard.unix_millis().cast_signed())
    .bind(completed)
    .bind(judged)
    .bind(launch.id.to_string())
    .run(on)
    .await?;
    Ok(())
}

/// Ends a launch: the system is told so, and nothing after it.
pub(crate) async fn end(
    on: &mut Connection,
    launch: &Launch,
    at: Timestamp,
) -> Result<(), StoreError> {
    let id = launch.id.to_string();
    let heard = query("select heard_ms from launches where id = $1");
    let (heard,): (i64,) = heard.bind(id.as_str()).one(on).await?;
    // What was told before may bear the time of a clock that is a little ahead.
    let at = at.max(moment(heard));
    queue(on, launch, &launch.terminated(at)).await?;
    query("update launches set ended_ms = $1 where id = $2")
        .bind(at.unix_millis().cast_signed())
        .bind(id)
        .run(on)
        .await?;
    Ok(())
}

async fn queue(on: &mut Connection, launch: &Launch, statement: &Value) -> Result<(), StoreError> {
    let id = launch.id.to_string();
    query("insert into deliveries (launch, lane, statement, created_ms) values ($1, $1, $2, $3)")
        .bind(id)
        .bind(statement.to_string())
        .bind(crate::store::now_us() / 1000)
        .run(on)
        .await?;
    Ok(())
}

/// How long the token of a session is kept for what its system would not take: so long somebody may have
/// it tried again.
const KEEP_TOKEN_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Ends launches of which nothing was heard for as long as ends a sitting, and forgets the tokens that
/// nobody needs any more.
pub(crate) async fn end_silent(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let before = now.unix_millis().saturating_sub(SITTING_PAUSE_MS);
    let before = before.cast_signed();
    let silent = "select * from launches where ended_ms is null and heard_ms < $1";
    let spent = "select id from launches
                 where ended_ms is not null and credential <> '' and not exists (
                     select 1 from deliveries
                     where launch = launches.id and (dead_ms is null or dead_ms > $1))
                 and not exists (
                     select 1 from limited_deliveries
                     where launch = launches.id and (dead_ms is null or dead_ms > $1))";
    let kept_since = now.unix_millis().cast_signed() - KEEP_TOKEN_MS;
    let mut reader = store.reader().await?;
    let any: Option<Stored> = query(silent).bind(before).first(&mut reader).await?;
    let any_spent: Option<(String,)> = query(spent).bind(kept_since).first(&mut reader).await?;
    drop(reader);
    if any.is_none() && any_spent.is_none() {
        return Ok(());
    }
    let mut turn = store.turn().await?;
    let over: Vec<Stored> = query(silent).bind(before).all(turn.on()).await?;
    for Stored(launch) in over {
        // It was over when it was last heard of.
        end(turn.on(), &launch, launch.began).await?;
    }
    let spent: Vec<(String,)> = query(spent).bind(kept_since).all(turn.on()).await?;
    for (id,) in spent {
        let forget = query("update launches set credential = '' where id = $1");
        forget.bind(id).run(turn.on()).await?;
    }
    turn.commit().await
}

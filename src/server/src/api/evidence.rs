//! Evidence: taken in batches, at least once from the browser and exactly once into the log.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
};
use uuid::Uuid;
use xinghuo_tour::{Entry, Event, Session, Venue};
use xinghuo_wire::{
    BatchError, ErrorCode, EvidenceAccepted, EvidenceBatch, Record, Timestamp, xapi::Sitting,
};

use super::{Shared, authorized, identity, json::Body, now, to_the_end};
use crate::{
    app::App,
    cmi5,
    error::ApiError,
    evidence::{Stopped, Weighed, weigh},
    sessions::Replayed,
    store::{Addition, StoredVisit, Writing, printed},
    venues::{Opened, PackageAt},
};

/// Adds a batch to a visit's log. When this is answered, what it acknowledges is on the disk.
#[utoipa::path(
    post,
    path = "/api/v1/visits/{visit}/evidence",
    tag = "visits",
    request_body = EvidenceBatch,
    params(("visit" = String, Path)),
    responses((status = 200, description = "Done", body = EvidenceAccepted))
)]
pub(crate) async fn add(
    State(app): Shared,
    Path(visit): Path<String>,
    headers: HeaderMap,
    Body(batch): Body<EvidenceBatch>,
) -> Result<Json<EvidenceAccepted>, ApiError> {
    let (id, stored) = authorized(&app, &visit, &headers).await?;
    let span = batch.span().map_err(no_batch)?;
    let at = PackageAt {
        venue: stored.venue,
        hash: stored.package,
    };
    let opened = app.venues.open(&at).await;
    let opened = opened.map_err(ApiError::no_venue_of_visit)?;
    to_the_end(record(
        app,
        (id, stored.token_sha256),
        opened,
        batch.entries,
        span,
    ))
    .await
}

async fn record(
    app: Arc<App>,
    (id, token_sha256): (Uuid, Vec<u8>),
    opened: Arc<Opened>,
    batch: Vec<Entry>,
    (first, last): (u32, u32),
) -> Result<Json<EvidenceAccepted>, ApiError> {
    let venue = &opened.venue;
    let mut writing = app.store.write().await?;
    let visit = writing.visit(id).await?.ok_or_else(ApiError::no_visit)?;
    // It may have passed to another holder since the token was looked at.
    if visit.token_sha256 != token_sha256 {
        return Err(ApiError::visit_elsewhere());
    }
    if visit.evidence_gone.is_some() {
        return Err(ApiError::expired());
    }
    if visit.limited.is_some() {
        return Err(ApiError::limited());
    }
    if !writing.agrees(id).await? {
        return Err(ApiError::no_consent());
    }
    let replayed = match app.sessions.take(id, visit.record.seq) {
        Some(replayed) => replayed,
        None => replayed(&mut writing, id, venue, &visit).await?,
    };
    let known = writing.entries(id, first, last).await?;
    let mut verdicts = writing.verdicts(id, first, last).await?;

    let (now, created) = (now(), visit.created);
    let since_ms = now.unix_millis().saturating_sub(created.unix_millis());
    let told_of = identity(&app, id, &visit, &opened);
    let weighed = weigh((venue, &told_of), replayed, known, batch, since_ms);
    let record = decided(&visit.record, &weighed, venue, now);
    if !weighed.accepted.is_empty() {
        let statements = weighed
            .statements
            .iter()
            .map(printed)
            .collect::<Result<Vec<_>, _>>()?;
        let addition = Addition {
            entries: &weighed.accepted,
            verdicts: &weighed.verdicts,
            statements: &statements,
            record: &record,
            received: now,
        };
        writing.add(id, &addition).await?;
        if let Some(launch) = cmi5::open_launch(writing.on(), id).await? {
            cmi5::tell(writing.on(), &launch, &weighed.statements, now).await?;
        }
        writing.commit().await?;
    }
    count(&app, &weighed);
    verdicts.extend(weighed.verdicts);
    app.sessions.keep(id, weighed.visit);
    let accepted = EvidenceAccepted {
        accepted_through: record.seq,
        feedback: opened.feedback(&verdicts),
        hints: opened.hints(&verdicts),
        verdicts: opened.told(verdicts),
        record,
    };
    match weighed.stopped {
        None => Ok(Json(accepted)),
        Some(stopped) => Err(refusal(stopped, accepted)),
    }
}

/// The visit that the stored log tells of, with its answers as they were marked when they came. The
/// log is the truth: if it does not replay to its own end, nothing may be added to it.
async fn replayed(
    writing: &mut Writing,
    id: Uuid,
    venue: &Venue,
    visit: &StoredVisit,
) -> Result<Replayed, ApiError> {
    let log = writing.log(id, visit.created).await?;
    let verdicts = writing.verdicts(id, 1, visit.record.seq).await?;
    let sitting = Sitting::of(&log);
    let entries: Vec<_> = log.into_iter().map(|received| received.entry).collect();
    let session = Session::replay(venue, &entries, &verdicts, visit.seed);
    if session.seq() == visit.record.seq {
        Ok(Replayed { session, sitting })
    } else {
        Err(ApiError::internal(
            &"a stored log does not replay to its end",
        ))
    }
}

/// What the visit has come to once the batch is in.
fn decided(before: &Record, weighed: &Weighed, venue: &Venue, now: Timestamp) -> Record {
    let is_decision = !weighed.decisions.is_empty();
    let decided_at = if is_decision {
        Some(now)
    } else {
        before.decided_at
    };
    Record::of(&weighed.visit.session, venue, decided_at)
}

fn count(app: &App, weighed: &Weighed) {
    let metrics = &app.metrics;
    metrics.accepted.inc_by(weighed.accepted.len() as u64);
    metrics.repeated.inc_by(weighed.repeated);
    match weighed.stopped {
        None => {}
        Some(Stopped::Conflict { .. }) => metrics.refused("seq-conflict"),
        Some(Stopped::Gap { .. }) => metrics.refused("seq-gap"),
        Some(Stopped::Refused { reason, .. }) => metrics.refused(&reason.code()),
    }
    for decision in &weighed.decisions {
        match decision {
            Event::Completed => metrics.completed.inc(),
            Event::Passed { .. } => metrics.passed.inc(),
            _ => metrics.failed.inc(),
        };
    }
}

fn no_batch(error: BatchError) -> ApiError {
    let code = match error {
        BatchError::TooMany { .. } => ErrorCode::TooLarge,
        BatchError::Empty | BatchError::OutOfOrder { .. } => ErrorCode::BadRequest,
    };
    ApiError::new(
        code,
        error.to_string(),
        "send up to 200 entries whose numbers follow each other",
    )
}

/// Says why the rest was left aside, and acknowledges what came before it.
fn refusal(stopped: Stopped, accepted: EvidenceAccepted) -> ApiError {
    let error = match stopped {
        Stopped::Conflict { seq } => ApiError::new(
            ErrorCode::SeqConflict,
            format!("the log has another entry numbered {seq}"),
            "read the visit, and go on from its log",
        )
        .with(|problem| problem.seq = Some(seq)),
        Stopped::Gap { expected } => ApiError::new(
            ErrorCode::SeqGap,
            format!("the next entry of the log is number {expected}"),
            "send the entries from there on",
        )
        .with(|problem| problem.expected = Some(expected)),
        Stopped::Refused { seq, reason } => ApiError::new(
            ErrorCode::Refused,
            format!("entry {seq} cannot be true: {}", reason.sentence()),
            "leave it out, number what comes after it anew, and send that",
        )
        .with(|problem| {
            problem.seq = Some(seq);
            problem.reason = Some(reason.code());
        }),
    };
    error.with(|problem| {
        problem.accepted_through = Some(accepted.accepted_through);
        problem.verdicts = accepted.verdicts;
        problem.feedback = accepted.feedback;
        problem.hints = accepted.hints;
    })
}

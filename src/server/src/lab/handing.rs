//! How a visit passes from one holder to the next: within one turn at writing, so that it is never
//! nobody's and never two's.

use uuid::Uuid;
use xinghuo_wire::{ErrorCode, Timestamp, VisitStarted};

use super::tables::{Headset, ms};
use crate::{
    api::now,
    error::ApiError,
    store::{Connection, StoreError, query, visit_on},
    token::Secret,
};

/// A fresh secret.
pub(super) fn secret() -> Result<Secret, ApiError> {
    Secret::random().map_err(|error| ApiError::internal(&error))
}

/// Gives the visit to a new holder. Who held it before may take it back, if `may_return`.
pub(super) async fn pass(
    on: &mut Connection,
    visit: Uuid,
    to: Option<&Headset>,
    may_return: bool,
) -> Result<VisitStarted, ApiError> {
    let stored = visit_on(on, visit).await?.ok_or_else(ApiError::no_visit)?;
    if let Some(headset) = to {
        let_go(on, headset).await?;
    }
    let secret = secret()?;
    supersede(on, visit, &secret.hash(), may_return).await?;
    if let Some(headset) = to {
        hold(on, headset, visit).await?;
    }
    Ok(VisitStarted {
        visit,
        token: secret.token(),
        seed: stored.seed,
        venue: stored.venue,
        package: stored.package,
        created: stored.created,
        server_now: now(),
    })
}

/// Notes that the headset has the visit, and no other has.
pub(super) async fn hold(
    on: &mut Connection,
    headset: &Headset,
    visit: Uuid,
) -> Result<(), StoreError> {
    query("update headsets set visit = null, leaving = false where visit = $1")
        .bind(visit.to_string())
        .run(on)
        .await?;
    query("update headsets set visit = $2, leaving = false where id = $1")
        .bind(headset.id.to_string())
        .bind(visit.to_string())
        .run(on)
        .await?;
    Ok(())
}

/// Takes back that the headset is to be given a visit.
pub(super) async fn promise_nothing(on: &mut Connection, headset: Uuid) -> Result<(), StoreError> {
    query("delete from handovers where headset = $1")
        .bind(headset.to_string())
        .run(on)
        .await?;
    Ok(())
}

/// Takes its visit from the headset: nobody holds it then until somebody takes it back, so that who
/// wears the headset next cannot go on with it.
pub(super) async fn let_go(on: &mut Connection, headset: &Headset) -> Result<(), ApiError> {
    if let Some(visit) = headset.visit {
        supersede(on, visit, &secret()?.hash(), false).await?;
    }
    Ok(())
}

/// Makes another token the visit's. The one of before is remembered, to be told from a stranger's.
async fn supersede(
    on: &mut Connection,
    visit: Uuid,
    token_sha256: &[u8; 32],
    may_return: bool,
) -> Result<(), StoreError> {
    let visit = visit.to_string();
    query(
        "insert into former_tokens (token_sha256, visit, may_return)
         select token_sha256, id, $2 from visits where id = $1",
    )
    .bind(visit.as_str())
    .bind(may_return)
    .run(on)
    .await?;
    query("update visits set token_sha256 = $2 where id = $1")
        .bind(visit.as_str())
        .bind(&token_sha256[..])
        .run(on)
        .await?;
    for done in [
        "delete from handovers where visit = $1",
        "update headsets set visit = null, leaving = false where visit = $1",
    ] {
        query(done).bind(visit.as_str()).run(on).await?;
    }
    Ok(())
}

/// Forgets what is past its time: codes, and labs with their headsets, whose visits are let go.
pub(super) async fn forget_expired(on: &mut Connection, at: Timestamp) -> Result<(), ApiError> {
    let held = query(
        "select headsets.visit from headsets join labs on labs.id = headsets.lab
         where labs.expires_ms <= $1 and headsets.visit is not null",
    );
    let held: Vec<(String,)> = held.bind(ms(at)).all(on).await?;
    for (visit,) in held {
        let visit = Uuid::try_parse(&visit).map_err(|error| ApiError::internal(&error))?;
        supersede(on, visit, &secret()?.hash(), false).await?;
    }
    for expired in [
        "delete from labs where expires_ms <= $1",
        "delete from handovers where expires_ms <= $1",
    ] {
        query(expired).bind(ms(at)).run(on).await?;
    }
    Ok(())
}

/// Says that the lab takes no more headsets.
pub(super) fn is_full() -> ApiError {
    ApiError::new(
        ErrorCode::LabFull,
        "the lab has as many headsets as it takes",
        "remove one that is not there any more, or open another lab",
    )
}

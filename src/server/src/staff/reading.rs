//! Where staff reads what visits have come to, and nowhere else: an instructor those of her own
//! class, under their pseudonyms; curators and readers only sums over groups.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use xinghuo_wire::{Deed, Who};

use super::{
    classes::{ClassShown, own},
    now_ms,
    role::Right,
    somebody::Somebody,
    store::{Answered, GROUP, Visited},
};
use crate::{app::App, error::ApiError, store::By};

/// A class with its visits.
#[derive(Serialize, ToSchema)]
pub(super) struct ClassRead {
    class: ClassShown,
    visits: Vec<VisitShown>,
    /// Questions that a group has answered.
    questions: Vec<QuestionShown>,
    /// The smallest group that is told of.
    group: i64,
}

/// What a visit has come to.
#[derive(Serialize, ToSchema)]
pub(super) struct VisitShown {
    pseudonym: i64,
    venue: String,
    completion: f64,
    completed: bool,
    passed: bool,
    failed: bool,
    scaled: f64,
}

/// How a question was answered at the first try.
#[derive(Serialize, ToSchema)]
pub(super) struct QuestionShown {
    venue: String,
    question: String,
    visits: i64,
    right: i64,
}

/// What everybody's visits have come to.
#[derive(Serialize, ToSchema)]
pub(super) struct Statistics {
    venues: Vec<VenueShown>,
    questions: Vec<QuestionShown>,
    /// The smallest group that is told of.
    group: i64,
}

/// What the visits of a venue have come to.
#[derive(Serialize, ToSchema)]
pub(super) struct VenueShown {
    venue: String,
    visits: i64,
    completed: i64,
    passed: i64,
}

impl From<Answered> for QuestionShown {
    fn from(answered: Answered) -> Self {
        Self {
            venue: answered.venue,
            question: answered.question,
            visits: answered.visits,
            right: answered.right,
        }
    }
}

/// A class of one's own with its visits.
#[utoipa::path(
    get,
    path = "/api/v1/staff/classes/{class}",
    tag = "staff",
    params(("class" = String, Path)),
    responses((status = 200, description = "Done", body = ClassRead))
)]
pub(super) async fn class(
    State(app): State<Arc<App>>,
    somebody: Somebody,
    Path(id): Path<String>,
) -> Result<Json<ClassRead>, ApiError> {
    let class = own(&app, &somebody, &id).await?;
    let visits = app.store.visits_of_class(&id).await?;
    note(&app, &somebody, &visits).await?;
    let visits = visits.into_iter().map(|it| VisitShown {
        pseudonym: it.pseudonym,
        venue: it.venue,
        completion: it.completion,
        completed: it.completed,
        passed: it.passed,
        failed: it.failed,
        scaled: it.scaled,
    });
    let questions = app.store.answers(Some(&id)).await?.into_iter();
    Ok(Json(ClassRead {
        class: class.into(),
        visits: visits.collect(),
        questions: questions.map(QuestionShown::from).collect(),
        group: GROUP,
    }))
}

/// Notes in the access log who looks at what these visits have come to: their visitors see it.
async fn note(app: &App, somebody: &Somebody, visits: &[Visited]) -> Result<(), ApiError> {
    let by = By {
        who: Who::Account,
        actor: Some(&somebody.account.id),
        name: Some(&somebody.account.name),
    };
    let ids = visits.iter().filter_map(|it| it.visit.parse().ok());
    let ids: Vec<Uuid> = ids.collect();
    Ok(app.store.note(by, Deed::Read, &ids, now_ms()).await?)
}

/// Sums over everybody's visits.
#[utoipa::path(
    get,
    path = "/api/v1/staff/statistics",
    tag = "staff",
    responses((status = 200, description = "Done", body = Statistics))
)]
pub(super) async fn statistics(
    State(app): State<Arc<App>>,
    somebody: Somebody,
) -> Result<Json<Statistics>, ApiError> {
    somebody.needs(Right::SeeStatistics)?;
    let venues = app.store.outcomes().await?.into_iter();
    let venues = venues.map(|it| VenueShown {
        venue: it.venue,
        visits: it.visits,
        completed: it.completed,
        passed: it.passed,
    });
    let questions = app.store.answers(None).await?.into_iter();
    Ok(Json(Statistics {
        venues: venues.collect(),
        questions: questions.map(QuestionShown::from).collect(),
        group: GROUP,
    }))
}

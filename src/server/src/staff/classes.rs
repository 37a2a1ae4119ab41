//! Classes: made, closed and dissolved by those who lead them. A class has a name and a code, and
//! nobody's names.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use xinghuo_wire::ErrorCode;

use super::{now_ms, role::Right, somebody::Somebody, store::Class};
use crate::{api::Body, app::App, error::ApiError};

/// Longest name of a class, in characters.
const NAME: usize = 80;

/// What codes are made of: nothing that looks like something else.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// How many letters a code has.
const LENGTH: usize = 8;

/// A class as its instructor sees it.
#[derive(Serialize)]
pub(super) struct ClassShown {
    id: String,
    name: String,
    /// What visits join by: the parameter `class` of the tour's address.
    code: String,
    created: i64,
    closed: Option<i64>,
    visits: i64,
}

/// A class to make.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassAsked {
    name: String,
}

/// What to change of a class.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassChange {
    name: Option<String>,
    closed: Option<bool>,
}

impl From<Class> for ClassShown {
    fn from(class: Class) -> Self {
        Self {
            id: class.id,
            name: class.name,
            code: class.code,
            created: class.created_ms,
            closed: class.closed_ms,
            visits: class.visits,
        }
    }
}

/// One's own classes.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    somebody: Somebody,
) -> Result<Json<Vec<ClassShown>>, ApiError> {
    somebody.needs(Right::Teach)?;
    let all = app.store.classes_of(&somebody.account.id).await?;
    Ok(Json(all.into_iter().map(ClassShown::from).collect()))
}

/// Makes a class.
pub(super) async fn add(
    State(app): State<Arc<App>>,
    somebody: Somebody,
    Body(asked): Body<ClassAsked>,
) -> Result<(StatusCode, Json<ClassShown>), ApiError> {
    somebody.needs(Right::Teach)?;
    let class = Class {
        id: Uuid::new_v4().to_string(),
        name: checked(&asked.name)?,
        code: code().map_err(|error| ApiError::internal(&error))?,
        created_ms: now_ms(),
        closed_ms: None,
        visits: 0,
    };
    app.store.add_class(&class, &somebody.account.id).await?;
    Ok((StatusCode::CREATED, Json(class.into())))
}

/// Renames a class of one's own, or closes it to more visits and opens it again.
pub(super) async fn change(
    State(app): State<Arc<App>>,
    somebody: Somebody,
    Path(id): Path<String>,
    Body(change): Body<ClassChange>,
) -> Result<Json<ClassShown>, ApiError> {
    let mut class = own(&app, &somebody, &id).await?;
    if let Some(name) = &change.name {
        class.name = checked(name)?;
    }
    match change.closed {
        Some(true) => class.closed_ms = class.closed_ms.or(Some(now_ms())),
        Some(false) => class.closed_ms = None,
        None => {}
    }
    let changed = app.store.change_class(&id, &class.name, class.closed_ms);
    changed.await?;
    Ok(Json(class.into()))
}

/// Dissolves a class of one's own. Its visits stay, and belong to no class.
pub(super) async fn dissolve(
    State(app): State<Arc<App>>,
    somebody: Somebody,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    own(&app, &somebody, &id).await?;
    app.store.dissolve_class(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A class of one's own. Whether there are others by that id, nobody learns.
pub(super) async fn own(app: &App, somebody: &Somebody, id: &str) -> Result<Class, ApiError> {
    somebody.needs(Right::Teach)?;
    let class = app.store.class_of(&somebody.account.id, id).await?;
    class.ok_or_else(|| {
        ApiError::new(
            ErrorCode::NotFound,
            "you have no such class",
            "see the list of your classes",
        )
    })
}

fn checked(name: &str) -> Result<String, ApiError> {
    let name = name.trim();
    let length = name.chars().count();
    if length == 0 || length > NAME || name.chars().any(char::is_control) {
        return Err(ApiError::new(
            ErrorCode::BadRequest,
            "the name of a class has from 1 to 80 characters",
            "give a shorter name",
        ));
    }
    Ok(name.to_owned())
}

fn code() -> Result<String, getrandom::Error> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes)?;
    let letters = bytes.map(|it| char::from(LETTERS[usize::from(it) % LETTERS.len()]));
    Ok(letters.iter().collect())
}

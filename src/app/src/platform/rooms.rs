//! The scenes of rooms: fetched, read and decoded without holding up what is shown meanwhile.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use wasm_bindgen_futures::{JsFuture, spawn_local};
use xinghuo_package::{FileError, Files, Http};
use xinghuo_tour::{Room, RoomId, Venue};

use super::{
    console,
    fetch::BrowserFetch,
    frames::{Inbound, push},
    load::Failure,
    page,
};
use crate::{
    drawing::{Texture, Textures},
    message::{FailureCode, Message, Step},
    passing::{NextRoom, RoomMissed},
    room::model::{Model, ModelError, Picture},
};

/// A published package at its address.
pub(super) type Package = Http<BrowserFetch>;

/// What of a room is fetched.
pub(super) struct Scene {
    pub(super) model: Model,
    pub(super) textures: Textures,
}

/// Where further rooms come from.
struct Source {
    package: Package,
    venue: Arc<Venue>,
    counter: Counter,
}

thread_local! {
    static SOURCE: RefCell<Option<Rc<Source>>> = const { RefCell::new(None) };
}

/// Fetches further rooms from here.
pub(super) fn keep(package: Package, venue: Arc<Venue>, counter: Counter) {
    let source = Source {
        package,
        venue,
        counter,
    };
    SOURCE.set(Some(Rc::new(source)));
}

/// Fetches a room and hands it to the tour, or tells why there is none.
pub(super) fn fetch(id: RoomId) {
    spawn_local(async move {
        let inbound = match further(&id).await {
            Ok(Scene { model, textures }) => {
                Inbound::Room(Box::new(NextRoom { room: id, model }), textures)
            }
            Err(Failure(_, detail)) => {
                console::warn(&format!("room {id}: {detail}"));
                Inbound::Missed(RoomMissed { room: id, detail })
            }
        };
        push(inbound);
    });
}

async fn further(id: &RoomId) -> Result<Scene, Failure> {
    let source = SOURCE.with_borrow(Clone::clone);
    let source =
        source.ok_or_else(|| Failure(FailureCode::Internal, "there is no package".into()))?;
    let room = source.venue.rooms.get(id);
    let room = room.ok_or_else(|| no_room(id))?;
    read(&source.package, &source.venue, room, &source.counter).await
}

/// A room of which the venue says nothing.
pub(super) fn no_room(id: &RoomId) -> Failure {
    let detail = format!("there is no room {id}");
    Failure(FailureCode::PackageBroken, detail)
}

/// Fetches, reads and decodes the scene of a room.
pub(super) async fn read(
    package: &Package,
    venue: &Venue,
    room: &Room,
    counter: &Counter,
) -> Result<Scene, Failure> {
    let described = |path: &str| package.manifest().file(path);
    let size = |path: &str| described(path).map_or(0, |it| it.bytes);
    counter.set(Step::Scene, size(&room.scene));
    let glb = package.read(&room.scene).await.map_err(missing)?;
    let light = match &room.lightmap {
        Some(path) => {
            counter.set(Step::Textures, size(path));
            Some((path, package.read(path).await.map_err(missing)?))
        }
        None => None,
    };
    let artifacts: Vec<_> = venue
        .stops
        .iter()
        .filter_map(|it| it.artifact.as_ref().map(|it| it.node.as_str()))
        .collect();
    let mut model =
        Model::read(&glb, &room.walkable, &artifacts).map_err(|cause| broken(&cause))?;
    let lightmap = light.map(|(path, bytes)| Picture {
        media_type: described(path).map_or_else(String::new, |it| it.media_type.clone()),
        bytes,
    });
    let textures = decode(std::mem::take(&mut model.pictures), lightmap).await;
    Ok(Scene { model, textures })
}

/// Decodes pictures one by one. One that does not decode is white: the tour is more than its
/// looks.
async fn decode(pictures: Vec<Picture>, lightmap: Option<Picture>) -> Textures {
    let total = pictures.len() as u64 + 1;
    let mut textures = Textures {
        pictures: Vec::new(),
        lightmap: None,
    };
    let decoded = |picture: &Picture| {
        Texture::decode(picture)
            .inspect_err(|cause| console::warn(&format!("a picture does not decode: {cause}")))
            .ok()
    };
    for picture in pictures {
        textures
            .pictures
            .push(decoded(&picture).unwrap_or_else(Texture::white));
        let done = textures.pictures.len() as u64;
        page::send([Message::Loading {
            step: Step::Textures,
            done,
            total,
        }]);
        // The page shows how far it is.
        rest().await;
    }
    textures.lightmap = lightmap.as_ref().and_then(decoded);
    page::send([Message::Loading {
        step: Step::Textures,
        done: total,
        total,
    }]);
    textures
}

/// A file that cannot be had.
pub(super) fn missing(cause: FileError) -> Failure {
    let code = match cause {
        FileError::Missing { .. } | FileError::Unreadable { .. } => FailureCode::PackageMissing,
        FileError::Outside { .. } | FileError::Altered { .. } => FailureCode::PackageBroken,
    };
    Failure(code, cause.to_string())
}

/// A scene that cannot be shown.
pub(super) fn broken(cause: &ModelError) -> Failure {
    Failure(FailureCode::SceneBroken, cause.to_string())
}

/// Lets the browser do what it has to do.
pub(super) async fn rest() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            // Without a timer the promise would never resolve, and the page would say so.
            let _ = window.set_timeout_with_callback(&resolve);
        }
    });
    // A timer's promise is never rejected.
    let _ = JsFuture::from(promise).await;
}

/// Tells the page how many bytes of what is being loaded have arrived.
#[derive(Clone)]
pub(super) struct Counter(Rc<Cell<(Step, u64)>>);

impl Counter {
    pub(super) fn new(step: Step, total: u64) -> Self {
        Self(Rc::new(Cell::new((step, total))))
    }

    pub(super) fn set(&self, step: Step, total: u64) {
        self.0.set((step, total));
        self.tell(0);
    }

    pub(super) fn tell(&self, done: u64) {
        let (step, total) = self.0.get();
        let total = total.max(done);
        page::send([Message::Loading { step, done, total }]);
    }
}

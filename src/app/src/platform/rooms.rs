//! The scenes of rooms: fetched, read and decoded without holding up what is shown meanwhile.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use wasm_bindgen_futures::{JsFuture, spawn_local};
use xinghuo_package::{
    FileError, Files, Http,
    glb::{Glb, Picture},
};
use xinghuo_tour::{Room, RoomId, Venue};

use super::{
    console,
    fetch::BrowserFetch,
    frames::{Inbound, push},
    load::Failure,
    page, pictures,
};
use crate::{
    drawing::{Gallery, Textures},
    message::{FailureCode, Message, Step},
    passing::{NextRoom, RoomMissed},
    room::model::{Model, ModelError},
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
    gallery: Gallery,
    counter: Counter,
}

thread_local! {
    static SOURCE: RefCell<Option<Rc<Source>>> = const { RefCell::new(None) };
}

/// Fetches further rooms from here.
pub(super) fn keep(package: Package, venue: Arc<Venue>, gallery: Gallery, counter: Counter) {
    let source = Source {
        package,
        venue,
        gallery,
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
    read(
        &source.package,
        &source.venue,
        room,
        &source.gallery,
        &source.counter,
    )
    .await
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
    gallery: &Gallery,
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
    let glb = Glb::open(&glb).map_err(|it| broken(&ModelError::broken(it)))?;
    let model = Model::read(&glb, &room.walkable, &artifacts).map_err(|cause| broken(&cause))?;
    let lightmap = light.as_ref().map(|(path, bytes)| {
        let media_type = described(path).map_or("", |it| &it.media_type);
        Picture::new(media_type, bytes).map_err(|why| format!("{path} {why}"))
    });
    let textures = hang(gallery, glb.pictures(), lightmap).await;
    Ok(Scene { model, textures })
}

/// Takes pictures in one by one, and tells the page how far it is. One that cannot be shown is
/// white.
async fn hang<'a>(
    gallery: &Gallery,
    pictures: impl Iterator<Item = Picture<'a>>,
    lightmap: Option<Result<Picture<'a>, String>>,
) -> Textures {
    let pictures: Vec<_> = pictures.map(Ok).collect();
    let (count, has_light) = (pictures.len(), lightmap.is_some());
    let mut taken = Vec::new();
    let tell = |done: usize| {
        page::send([Message::Loading {
            step: Step::Textures,
            done: done as u64,
            total: (count + usize::from(has_light)) as u64,
        }]);
    };
    let all = pictures.into_iter().chain(lightmap);
    pictures::decode(all, |bitmap| {
        taken.push(bitmap.map(|it| gallery.take(it)));
        tell(taken.len());
    })
    .await;
    let lightmap = if has_light {
        taken.pop().flatten()
    } else {
        None
    };
    let white = gallery.white();
    let pictures = taken.into_iter();
    Textures {
        pictures: pictures
            .map(|it| it.unwrap_or_else(|| white.clone()))
            .collect(),
        lightmap,
        white,
    }
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

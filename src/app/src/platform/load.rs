//! From a package's address to a running tour.

use std::{cell::Cell, rc::Rc, sync::Arc};

use bevy::{
    app::TaskPoolPlugin, asset::AssetMetaCheck, diagnostic::FrameCountPlugin, image::ImagePlugin,
    mesh::MeshPlugin, prelude::*, time::TimePlugin, window::ExitCondition,
};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlCanvasElement;
use xinghuo_package::{FileError, Files, Http, published};
use xinghuo_tour::{Action, Venue};

use super::{canvas, console, fetch::BrowserFetch, frames, listen, page};
use crate::{
    command::Config,
    drawing::{self, Graphics, Texture, Textures},
    message::{FailureCode, Message, Step},
    room::{
        self,
        model::{Model, Picture},
    },
    session::Visit,
};

/// Why there is no tour: what for the page to say, and what for the log.
struct Failure(FailureCode, String);

type Package = Http<BrowserFetch>;

/// Begins the tour; whatever goes wrong, the page hears of it.
pub(super) fn begin(canvas: Option<HtmlCanvasElement>, config: Config) {
    spawn_local(async {
        if let Err(Failure(code, detail)) = load(canvas, config).await {
            page::fail(code, &detail);
        }
    });
}

async fn load(canvas: Option<HtmlCanvasElement>, config: Config) -> Result<(), Failure> {
    let counter = Counter::new(Step::Package, 0);
    let fetch = {
        let counter = counter.clone();
        BrowserFetch::new(move |bytes| counter.tell(bytes))
    };
    let package = Http::open(fetch, &config.package_url)
        .await
        .map_err(missing)?;
    let opened = published::open(&package)
        .await
        .map_err(|cause| match cause {
            published::OpenError::File(cause) => missing(cause),
            cause => Failure(FailureCode::PackageBroken, cause.to_string()),
        })?;
    let venue = Arc::new(opened.venue);
    let visit = Visit::resume(venue.clone(), &config);
    let ago = config.started_ms_ago;
    let Some(canvas) = canvas else {
        let mut app = App::new();
        app.add_plugins((TaskPoolPlugin::default(), TimePlugin));
        app.insert_resource(config);
        crate::meaning(&mut app);
        crate::text(&mut app);
        app.insert_resource(visit);
        frames::run(app, ago, false);
        return Ok(());
    };
    canvas::fail_when_lost(&canvas);
    let graphics = Graphics::on(canvas.clone(), config.pixel_ratio_max)
        .await
        .map_err(|cause| Failure(FailureCode::NoWebgl2, cause))?;
    let app = scene(&package, &venue, visit, config, &canvas, graphics, &counter).await?;
    page::send([Message::Loading {
        step: Step::Shaders,
        done: 0,
        total: 1,
    }]);
    rest().await;
    frames::run(app, ago, true);
    listen::to(&canvas);
    Ok(())
}

/// An app that shows the room in which the visitor is.
async fn scene(
    package: &Package,
    venue: &Venue,
    visit: Visit,
    config: Config,
    canvas: &HtmlCanvasElement,
    graphics: Graphics,
    counter: &Counter,
) -> Result<App, Failure> {
    let id = visit.room().clone();
    let room = venue
        .rooms
        .get(&id)
        .ok_or_else(|| Failure(FailureCode::PackageBroken, format!("there is no room {id}")))?;
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
    let broken =
        |cause: room::model::ModelError| Failure(FailureCode::SceneBroken, cause.to_string());
    let mut model = Model::read(&glb, &room.walkable, &artifacts).map_err(broken)?;
    let lightmap = light.map(|(path, bytes)| Picture {
        media_type: described(path).map_or_else(String::new, |it| it.media_type.clone()),
        bytes,
    });
    let textures = decode(std::mem::take(&mut model.pictures), lightmap).await;

    let mut app = App::new();
    app.insert_resource(config);
    // The renderer's own cameras, of which there are none, want to know it.
    app.init_resource::<ClearColor>();
    app.add_plugins((
        TaskPoolPlugin::default(),
        FrameCountPlugin,
        TimePlugin,
        WindowPlugin {
            primary_window: None,
            exit_condition: ExitCondition::DontExit,
            ..default()
        },
        AssetPlugin {
            meta_check: AssetMetaCheck::Never,
            ..default()
        },
        graphics.plugin,
        ImagePlugin::default(),
        MeshPlugin,
    ));
    canvas::follow(canvas, graphics.quality.pixel_ratio_max);
    let screen = canvas::screen(canvas, graphics.quality.pixel_ratio_max);
    crate::meaning(&mut app);
    crate::space(&mut app);
    drawing::plugin(&mut app, graphics.canvas);
    app.insert_resource(screen);
    app.insert_resource(graphics.quality);
    let last_stop = app
        .world()
        .resource::<Config>()
        .entries
        .iter()
        .rev()
        .find_map(|it| match &it.action {
            Action::Arrive { stop } => Some(stop.clone()),
            _ => None,
        });
    let world = app.world_mut();
    room::furnish(world, venue, &id, room, model, last_stop.as_ref()).map_err(broken)?;
    world.insert_resource(textures);
    world.insert_resource(visit);
    Ok(app)
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

fn missing(cause: FileError) -> Failure {
    let code = match cause {
        FileError::Missing { .. } | FileError::Unreadable { .. } => FailureCode::PackageMissing,
        FileError::Outside { .. } | FileError::Altered { .. } => FailureCode::PackageBroken,
    };
    Failure(code, cause.to_string())
}

/// Lets the browser do what it has to do.
async fn rest() {
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
struct Counter(Rc<Cell<(Step, u64)>>);

impl Counter {
    fn new(step: Step, total: u64) -> Self {
        Self(Rc::new(Cell::new((step, total))))
    }

    fn set(&self, step: Step, total: u64) {
        self.0.set((step, total));
        self.tell(0);
    }

    fn tell(&self, done: u64) {
        let (step, total) = self.0.get();
        let total = total.max(done);
        page::send([Message::Loading { step, done, total }]);
    }
}

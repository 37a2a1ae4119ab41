//! From a package's address to a running tour.

use std::sync::Arc;

use bevy::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlCanvasElement;
use xinghuo_package::{Http, published};
use xinghuo_tour::{Action, Venue};

use super::{
    canvas,
    fetch::BrowserFetch,
    frames, listen, page,
    rooms::{self, Counter, Package, Scene, broken, missing, rest},
};
use crate::{
    command::Config,
    drawing::{self, Graphics},
    message::{FailureCode, Message, Step},
    room::{Entrance, Furnishing},
    session::Visit,
};

/// Why there is no tour: what for the page to say, and what for the log.
pub(super) struct Failure(pub(super) FailureCode, pub(super) String);

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
        app.insert_resource(config);
        app.add_plugins(crate::engine::plugin);
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
    let gallery = graphics.gallery.clone();
    let app = scene(&package, &venue, visit, config, &canvas, graphics, &counter).await?;
    rooms::keep(package, venue, gallery, counter);
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
    mut graphics: Graphics,
    counter: &Counter,
) -> Result<App, Failure> {
    let id = visit.room().clone();
    let room = venue.rooms.get(&id).ok_or_else(|| rooms::no_room(&id))?;
    let screen = canvas::follow(canvas, graphics.quality.pixel_ratio_max);
    graphics.fit(screen.device_pixels());
    let scene = rooms::read(package, venue, room, &graphics.gallery, counter).await?;
    let Scene { model, textures } = scene;

    let mut app = App::new();
    app.insert_resource(config);
    app.add_plugins(crate::engine::plugin);
    crate::meaning(&mut app);
    crate::space(&mut app);
    drawing::plugin(&mut app, graphics);
    app.insert_resource(screen);
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
    let entrance = Entrance::Beginning(last_stop.as_ref());
    let furnishing =
        Furnishing::new(venue, &id, room, model, entrance).map_err(|cause| broken(&cause))?;
    let world = app.world_mut();
    furnishing.place(world);
    world.insert_resource(textures);
    world.insert_resource(visit);
    Ok(app)
}

//! Where the panel or its handle is while the visitor goes about.

use bevy::{math::Vec3Swizzles, prelude::*};

use xinghuo_tour::StopId;

use super::{Speech, Surface, board::Board, panel::Panel, place};
use crate::{
    headset::{Headset, rig::heading},
    journey::shortest,
    room::ArtifactPlace,
    session::Attention,
};

/// From how far away a panel is left behind, metres.
const LEAVE_M: f32 = 3.2;
/// How far one turns or goes until the handle follows.
const FOLLOW_DEG: f32 = 35.0;
const FOLLOW_M: f32 = 0.3;

/// From where the handle was placed.
#[derive(Debug, Default, Clone)]
pub(in crate::headset) struct Anchor {
    stop: Option<StopId>,
    eye: Vec3,
    yaw: f32,
    board: Option<Board>,
}

/// Sees to it that there is a panel, or a handle that follows the visitor.
pub(in crate::headset) fn stand(
    headset: Res<Headset>,
    panel: Option<Res<Panel>>,
    speech: Option<Res<Speech>>,
    attention: Res<Attention>,
    artifacts: Query<&ArtifactPlace>,
    mut surface: ResMut<Surface>,
    mut commands: Commands,
    mut anchor: Local<Anchor>,
) {
    let (Some(head), Some(_)) = (headset.head, speech) else {
        surface.show(None);
        return;
    };
    // While a thing looks for its place, all that there is moves with the look.
    if headset.is_laying() {
        commands.remove_resource::<Panel>();
        surface.show(None);
        anchor.board = None;
        return;
    }
    let eye = Vec3::from(head.translation);
    if let Some(panel) = panel {
        if panel.board.center.distance(eye) > LEAVE_M {
            commands.remove_resource::<Panel>();
            surface.show(None);
        } else {
            surface.show(Some(panel.board));
        }
        anchor.board = None;
        return;
    }
    let yaw = heading(head.rotation).0;
    let turned = shortest(anchor.yaw, yaw).abs() > FOLLOW_DEG.to_radians();
    let went =
        anchor.eye.xz().distance(eye.xz()) > FOLLOW_M || (anchor.eye.y - eye.y).abs() > FOLLOW_M;
    let board = match anchor.board {
        Some(board) if !turned && !went && anchor.stop == attention.standing => board,
        _ => {
            let stop = attention.standing.clone();
            let thing = artifacts.iter().find(|it| Some(&it.stop) == stop.as_ref());
            let thing = thing.map(|it| place::seen(eye, &it.bounds));
            let board = place::handle(eye, yaw, thing, headset.touches());
            *anchor = Anchor {
                stop,
                eye,
                yaw,
                board: Some(board),
            };
            board
        }
    };
    surface.show(Some(board));
}

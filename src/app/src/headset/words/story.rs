//! What is told at a stop: the thing that is there, its story, and where that is from.

use xinghuo_tour::EvidenceKind;

use super::{
    egui::Ui,
    look::{self, Press, Sign, press},
    page::{Laid, Shown},
    panel::{Ask, Panel},
    table::{Block, Kind},
};

const BETWEEN_PX: f32 = 10.0;
const INDENT_PX: f32 = 36.0;

pub(super) fn lay(ui: &mut Ui, panel: &Panel, shown: &Shown<'_>, laid: &mut Laid) {
    let Some(stop) = &panel.stop else { return };
    look::title(ui, &shown.words.title(stop));
    ui.add_space(BETWEEN_PX);
    let blocks = shown.words.told(stop).map_or(&[][..], |it| &it.blocks);
    for block in blocks {
        paragraph(ui, block);
        ui.add_space(BETWEEN_PX);
    }
    let of = shown.progress.stops.iter().find(|it| it.stop == *stop);
    let read = of.is_some_and(|it| it.evidence.contains(&EvidenceKind::Story));
    if read {
        let how = Press::WIDE.with(Sign::Done).enabled(false);
        press(
            ui,
            &mut laid.presses,
            shown.words.ui("story.done.story"),
            how,
        );
    } else {
        let how = Press::WIDE.first(true).enabled(!panel.reading.is_said());
        if press(
            ui,
            &mut laid.presses,
            shown.words.ui("story.say.story"),
            how,
        ) {
            laid.asks.push(Ask::Read(stop.clone()));
        }
    }
}

fn paragraph(ui: &mut Ui, Block { kind, text }: &Block) {
    match kind {
        Kind::Heading => look::heading(ui, text),
        Kind::Plain => look::paragraph(ui, text, look::ink()),
        Kind::Soft => look::paragraph(ui, text, look::soft()),
        Kind::Quote | Kind::Item => {
            ui.horizontal_top(|ui| {
                ui.add_space(INDENT_PX);
                ui.vertical(|ui| look::paragraph(ui, text, look::ink()));
            });
        }
    }
}

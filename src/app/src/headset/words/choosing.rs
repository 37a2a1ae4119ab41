//! How each kind of question is answered, by pointing alone.

use std::collections::{BTreeMap, BTreeSet};

use xinghuo_tour::{OptionId, QuestionKind, QuestionView, Response};

use super::{
    egui::{Ui, vec2},
    look::{self, Press, Sign, press, press_sign},
    page::{Laid, Shown},
    panel::{Ask, Panel, Place},
};

/// The width of the buttons that move something up and down, with what is between them; pixels.
const MOVERS_PX: f32 = 210.0;

/// Lays out what can be chosen.
pub(super) fn lay(
    ui: &mut Ui,
    view: &QuestionView,
    place: &Place,
    panel: &Panel,
    shown: &Shown<'_>,
    pending: bool,
    laid: &mut Laid,
) {
    let how = match view.kind {
        QuestionKind::Single => "question.how.single",
        QuestionKind::Multiple => "question.how.multiple",
        QuestionKind::Order => "question.how.order",
        QuestionKind::Match => "question.how.match",
        QuestionKind::Locate => "question.how.locate",
    };
    look::paragraph(ui, shown.words.ui(how), look::soft());
    let mut form = Form {
        view,
        place,
        draft: shown.drafts.0.get(place),
        shown,
        pending,
        laid,
    };
    match view.kind {
        QuestionKind::Single => form.single(ui),
        QuestionKind::Multiple => form.multiple(ui),
        QuestionKind::Order => form.order(ui),
        QuestionKind::Match => form.matching(ui, panel),
        QuestionKind::Locate => form.locate(ui),
    }
}

/// Whether nothing of an answer is missing.
pub(super) fn is_whole(answer: &Response, view: &QuestionView) -> bool {
    match answer {
        Response::Match(pairs) => view.options.iter().all(|it| pairs.contains_key(&it.id)),
        Response::Multiple(chosen) => !chosen.is_empty(),
        Response::Order(_) | Response::Single(_) | Response::Locate(_) => true,
    }
}

struct Form<'a> {
    view: &'a QuestionView,
    place: &'a Place,
    draft: Option<&'a Response>,
    shown: &'a Shown<'a>,
    pending: bool,
    laid: &'a mut Laid,
}

impl Form<'_> {
    fn text(&self, side: &str, id: &OptionId) -> String {
        self.shown
            .words
            .of_question(&self.place.0, &format!("{side}.{id}"))
    }

    fn draft(&mut self, response: Option<Response>) {
        self.laid
            .asks
            .push(Ask::Draft(self.place.clone(), response));
    }

    fn press(&mut self, ui: &mut Ui, text: &str, how: Press) -> bool {
        press(ui, &mut self.laid.presses, text, how.enabled(!self.pending))
    }

    fn single(&mut self, ui: &mut Ui) {
        for option in &self.view.options {
            let chosen = matches!(self.draft, Some(Response::Single(it)) if *it == option.id);
            let text = self.text("option", &option.id);
            if self.press(ui, &text, Press::WIDE.with(Sign::One(chosen))) {
                self.draft(Some(Response::Single(option.id.clone())));
            }
        }
    }

    fn multiple(&mut self, ui: &mut Ui) {
        let chosen = match self.draft {
            Some(Response::Multiple(chosen)) => chosen.clone(),
            _ => BTreeSet::new(),
        };
        for option in &self.view.options {
            let is = chosen.contains(&option.id);
            let text = self.text("option", &option.id);
            if self.press(ui, &text, Press::WIDE.with(Sign::Some(is))) {
                let mut next = chosen.clone();
                if !next.remove(&option.id) {
                    next.insert(option.id.clone());
                }
                self.draft((!next.is_empty()).then_some(Response::Multiple(next)));
            }
        }
    }

    fn order(&mut self, ui: &mut Ui) {
        let given = || self.view.options.iter().map(|it| it.id.clone()).collect();
        let order: Vec<OptionId> = match self.draft {
            Some(Response::Order(order)) => order.clone(),
            _ => given(),
        };
        if self.draft.is_none() {
            // As they stand they are an answer already, as on the page.
            self.draft(Some(Response::Order(order.clone())));
        }
        let last = order.len().saturating_sub(1);
        for (i, id) in order.iter().enumerate() {
            let what = self.text("option", id);
            let text = format!("{}  {what}", i + 1);
            ui.horizontal_top(|ui| {
                let width = ui.available_width() - MOVERS_PX;
                ui.allocate_ui(vec2(width, 0.0), |ui| {
                    ui.set_width(width);
                    look::paragraph(ui, &text, look::ink());
                });
                for (sign, key, to, may) in [
                    (Sign::Up, "question.up", i.saturating_sub(1), i > 0),
                    (Sign::Down, "question.down", i + 1, i < last),
                ] {
                    let how = Press::SMALL.with(sign).enabled(may && !self.pending);
                    let does = self.shown.words.ui_with(key, &[("what", &what)]);
                    if press_sign(ui, &mut self.laid.presses, &does, how) {
                        let mut next = order.clone();
                        next.swap(i, to);
                        self.draft(Some(Response::Order(next)));
                    }
                }
            });
        }
    }

    /// Each thing has what belongs to it beneath; the one that is being matched has all there is.
    fn matching(&mut self, ui: &mut Ui, panel: &Panel) {
        let pairs = match self.draft {
            Some(Response::Match(pairs)) => pairs.clone(),
            _ => BTreeMap::new(),
        };
        let chosen = panel
            .matching
            .as_ref()
            .filter(|(place, _)| place == self.place);
        // Without a choice, the first that has nothing.
        let first = self
            .view
            .options
            .iter()
            .find(|it| !pairs.contains_key(&it.id));
        let now = chosen.map(|(_, id)| id).or(first.map(|it| &it.id));
        for option in &self.view.options {
            let text = self.text("option", &option.id);
            if now != Some(&option.id) {
                let of = pairs.get(&option.id).map(|it| self.text("target", it));
                let colon = self.shown.words.ui("list.colon");
                let of = of.unwrap_or_else(|| self.shown.words.ui("question.choose").to_owned());
                let text = format!("{text}{colon}{of}");
                if self.press(ui, &text, Press::WIDE.with(Sign::Down)) {
                    let next = Some(option.id.clone());
                    self.laid.asks.push(Ask::Match(self.place.clone(), next));
                }
                continue;
            }
            look::paragraph(ui, &text, look::ink());
            for target in &self.view.targets {
                let is = pairs.get(&option.id) == Some(&target.id);
                let text = self.text("target", &target.id);
                if self.press(ui, &text, Press::WIDE.with(Sign::One(is))) {
                    let mut next = pairs.clone();
                    next.insert(option.id.clone(), target.id.clone());
                    self.draft(Some(Response::Match(next)));
                    self.laid.asks.push(Ask::Match(self.place.clone(), None));
                }
            }
        }
    }

    fn locate(&mut self, ui: &mut Ui) {
        let locating = self.shown.locating == Some(&self.place.0);
        let words = self.shown.words;
        if locating {
            look::paragraph(ui, words.ui("question.locating"), look::soft());
            if self.press(ui, words.ui("cancel"), Press::WIDE) {
                self.laid.asks.push(Ask::CancelLocate);
            }
        } else if self.press(ui, words.ui("question.locate"), Press::WIDE.first(true)) {
            self.laid.asks.push(Ask::Locate(self.place.0.clone()));
        }
        look::paragraph(ui, words.ui("question.locate-list"), look::soft());
        for id in self.shown.artifacts() {
            let chosen = matches!(self.draft, Some(Response::Locate(it)) if it == id);
            let text = words.text(format!("artifact.{id}.name"));
            if self.press(ui, &text, Press::WIDE.with(Sign::One(chosen))) {
                self.draft(Some(Response::Locate(id.clone())));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use xinghuo_tour::OptionView;

    #[test]
    fn a_match_is_whole_when_each_thing_has_something() {
        let id = |it: &str| it.parse::<OptionId>().expect("an id");
        let views = |ids: &[&str]| ids.iter().map(|it| OptionView { id: id(it) }).collect();
        let view = QuestionView {
            question: "who".parse().expect("an id"),
            kind: QuestionKind::Match,
            options: views(&["a", "b"]),
            targets: views(&["x", "y"]),
        };
        let pairs = |pairs: &[(&str, &str)]| {
            Response::Match(pairs.iter().map(|(a, b)| (id(a), id(b))).collect())
        };
        assert!(!is_whole(&pairs(&[("a", "x")]), &view));
        assert!(is_whole(&pairs(&[("a", "x"), ("b", "y")]), &view));
        assert!(!is_whole(&Response::Multiple(BTreeSet::new()), &view));
    }
}

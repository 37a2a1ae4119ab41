//! A checkpoint as it is shown: the questions that this visitor is asked, in this visitor's order.

mod asked;

use serde::{Deserialize, Serialize};

pub(crate) use asked::{Asked, Mark, Marked, Slot, SlotEnd};

use crate::{
    Session, Venue,
    id::{CheckpointId, OptionId, QuestionId, StopId},
    shuffle::shuffled,
    venue::{Question, QuestionKind, Stop},
};

/// An open checkpoint, ready to be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckpointPanel {
    /// The checkpoint.
    pub checkpoint: CheckpointId,
    /// The stop that asks.
    pub stop: StopId,
    /// One place for each question that was drawn.
    pub slots: Vec<SlotPanel>,
    /// The first slot that is not settled; none when the checkpoint is through.
    pub open: Option<usize>,
}

/// One place of a checkpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SlotPanel {
    /// The question asked here now, or last.
    pub question: QuestionView,
    /// Which attempt this is, or was when the slot was settled: 1, 2, 3 …
    pub attempt: u32,
    /// How many attempts there are.
    pub attempts: u32,
    /// How it stands.
    pub status: SlotStatus,
    /// After a wrong answer, the stop where the right one can be seen.
    pub lead_back: Option<StopId>,
    /// The question that was last answered wrongly here.
    pub last_wrong: Option<QuestionId>,
}

/// How a place of a checkpoint stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlotStatus {
    /// Can be answered.
    Open,
    /// Answered; the server's word is awaited.
    Pending,
    /// Answered rightly.
    Right,
    /// Answered wrongly as often as is allowed.
    Exhausted,
}

/// A question as this visitor sees it. Its words have the keys `question.<id>.…`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuestionView {
    /// The question.
    pub question: QuestionId,
    /// What kind of answer it takes.
    pub kind: QuestionKind,
    /// The options, shuffled by the visit's seed and anew for each attempt.
    pub options: Vec<OptionView>,
    /// The targets of a `match`, shuffled likewise.
    pub targets: Vec<OptionView>,
}

/// One option or target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OptionView {
    /// The option.
    pub id: OptionId,
}

impl Session {
    /// The checkpoint of a stop as this visitor sees it, or none where the stop has none or it is
    /// not open: before arriving, or while stops that come first are not done.
    #[must_use]
    pub fn checkpoint(&self, venue: &Venue, stop: &StopId) -> Option<CheckpointPanel> {
        let stop = venue.stop(stop)?;
        let checkpoint = venue.checkpoint_of(stop)?;
        if !self.is_open(venue, stop) {
            return None;
        }
        let asked = self.asked_or_drawn(checkpoint);
        let slots: Vec<SlotPanel> = asked
            .slots
            .iter()
            .enumerate()
            .filter_map(|(index, slot)| {
                let (_, question) = venue.question(&slot.question)?;
                Some(self.slot_panel(venue, slot, question, asked.is_awaiting(index)))
            })
            .collect();
        Some(CheckpointPanel {
            checkpoint: checkpoint.id.clone(),
            stop: stop.id.clone(),
            open: asked.slots.iter().position(|slot| slot.end.is_none()),
            slots,
        })
    }

    /// Whether a stop's checkpoint may be answered.
    pub(crate) fn is_open(&self, venue: &Venue, stop: &Stop) -> bool {
        self.has_arrived(&stop.id) && self.is_available(venue, stop)
    }

    fn slot_panel(
        &self,
        venue: &Venue,
        slot: &Slot,
        question: &Question,
        awaiting: bool,
    ) -> SlotPanel {
        let attempts = venue.completion.attempts;
        let last_wrong = slot.wrong.last();
        let attempt = match slot.end {
            Some(SlotEnd::Exhausted) => attempts,
            _ => slot.attempt(),
        };
        SlotPanel {
            question: self.question_view(question, attempt),
            attempt,
            attempts,
            status: match slot.end {
                Some(SlotEnd::Right) => SlotStatus::Right,
                Some(SlotEnd::Exhausted) => SlotStatus::Exhausted,
                None if awaiting => SlotStatus::Pending,
                None => SlotStatus::Open,
            },
            lead_back: last_wrong.and_then(|wrong| wrong.shown_at.clone()),
            last_wrong: last_wrong.map(|wrong| wrong.question.clone()),
        }
    }

    /// Sorts before it shuffles: the order in which a curator wrote options, often the right one
    /// first, must not show through, and may differ between the public venue and the server's.
    fn question_view(&self, question: &Question, attempt: u32) -> QuestionView {
        let views = |ids: &[OptionId], side: &str| {
            let mut ids = ids.to_vec();
            ids.sort();
            shuffled(&ids, self.seed, &format!("{}/{side}", question.id), attempt)
                .into_iter()
                .map(|id| OptionView { id })
                .collect()
        };
        QuestionView {
            question: question.id.clone(),
            kind: question.kind,
            options: views(&question.options, "options"),
            targets: views(&question.targets, "targets"),
        }
    }
}

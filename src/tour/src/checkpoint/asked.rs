//! What a checkpoint has asked in a visit, and how it was answered.

use std::collections::BTreeMap;

use crate::{
    Verdict,
    id::{QuestionId, StopId},
    shuffle::shuffled,
    venue::Checkpoint,
};

/// The state of a checkpoint.
///
/// Replacements are drawn in the order in which answers were *given*. A browser that hears the
/// server's verdicts late, or out of order, therefore draws what the server drew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The places of the checkpoint.
    pub(crate) slots: Vec<Slot>,
    /// Answers that the server has not marked yet, by their place in the log.
    awaiting: BTreeMap<u32, Awaited>,
}

/// One place of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slot {
    /// The question asked now, or last.
    pub(crate) question: QuestionId,
    /// The wrong answers given here, in order; a question may occur twice when the pool is small.
    pub(crate) wrong: Vec<Wrong>,
    /// How it ended, if it did.
    pub(crate) end: Option<SlotEnd>,
}

/// A wrong answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// The question.
    pub(crate) question: QuestionId,
    /// Where the right answer can be seen, if the venue or the server has said so.
    pub(crate) shown_at: Option<StopId>,
}

/// How an answer was marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Whether it was right.
    pub(crate) right: bool,
    /// After a wrong one, where the right one can be seen.
    pub(crate) shown_at: Option<StopId>,
}

/// How a place of a checkpoint ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SlotEnd {
    /// With a right answer.
    Right,
    /// Without one.
    Exhausted,
}

/// An answer whose verdict is awaited, or waits for the verdict on an answer given before it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Awaited {
    slot: usize,
    mark: Option<Mark>,
}

/// An answer that has just been marked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Marked {
    /// The question.
    pub(crate) question: QuestionId,
    /// Whether the answer was right.
    pub(crate) right: bool,
    /// Which attempt it was.
    pub(crate) attempt: u32,
    /// The slot's points, if it is settled.
    pub(crate) points: Option<u32>,
    /// After a wrong answer, where the right one can be seen.
    pub(crate) lead_back: Option<StopId>,
    /// What is asked next.
    pub(crate) next: Option<QuestionId>,
}

impl Slot {
    /// The attempt that the slot is at, or was at when it was answered rightly.
    pub(crate) fn attempt(&self) -> u32 {
        u32::try_from(self.wrong.len()).map_or(u32::MAX, |wrong| wrong.saturating_add(1))
    }

    /// Whether a question was answered wrongly here.
    pub(crate) fn has_got_wrong(&self, question: &QuestionId) -> bool {
        self.wrong.iter().any(|wrong| wrong.question == *question)
    }

    /// Whether it was answered rightly.
    pub(crate) fn is_right(&self) -> bool {
        self.end == Some(SlotEnd::Right)
    }

    /// The slot's points out of `attempts`: all for a right answer at once, one less for each
    /// wrong one before it, none without a right one. `None` while it is not settled.
    pub(crate) fn points(&self, attempts: u32) -> Option<u32> {
        self.end.map(|end| match end {
            SlotEnd::Right => attempts.saturating_sub(self.attempt() - 1),
            SlotEnd::Exhausted => 0,
        })
    }
}

impl From<&Verdict> for Mark {
    fn from(verdict: &Verdict) -> Self {
        Self {
            right: verdict.right,
            shown_at: verdict.lead_back.clone(),
        }
    }
}

impl Asked {
    /// The first draw: the same for the same seed.
    pub(crate) fn draw(checkpoint: &Checkpoint, seed: u64) -> Self {
        let slots = pool(checkpoint, seed)
            .take(checkpoint.places())
            .map(|question| Slot {
                question,
                wrong: Vec::new(),
                end: None,
            })
            .collect();
        Self {
            slots,
            awaiting: BTreeMap::new(),
        }
    }

    /// Whether an answer in this slot has not been marked yet.
    pub(crate) fn is_awaiting(&self, slot: usize) -> bool {
        self.awaiting.values().any(|it| it.slot == slot)
    }

    /// Whether every slot is settled.
    pub(crate) fn is_through(&self) -> bool {
        self.slots.iter().all(|slot| slot.end.is_some())
    }

    /// Notes that the answer at `seq` waits for the server.
    pub(crate) fn await_verdict(&mut self, seq: u32, slot: usize) {
        self.awaiting.insert(seq, Awaited { slot, mark: None });
    }

    /// Takes a verdict, if it is awaited, and marks every answer whose turn has come.
    pub(crate) fn learn(
        &mut self,
        checkpoint: &Checkpoint,
        seed: u64,
        attempts: u32,
        verdict: &Verdict,
    ) -> Vec<Marked> {
        let question = Some(&verdict.question);
        if let Some(awaited) = self.awaiting.get_mut(&verdict.seq)
            && self.slots.get(awaited.slot).map(|slot| &slot.question) == question
        {
            awaited.mark.get_or_insert_with(|| verdict.into());
        }
        let mut marked = Vec::new();
        while let Some(first) = self.awaiting.first_entry()
            && let Some(mark) = first.get().mark.clone()
        {
            let slot = first.remove().slot;
            marked.extend(self.mark(checkpoint, seed, attempts, slot, mark));
        }
        marked
    }

    /// Marks the answer in a slot; a wrong one draws the next unused question of the pool, or asks
    /// the same again when the pool is used up.
    pub(crate) fn mark(
        &mut self,
        checkpoint: &Checkpoint,
        seed: u64,
        attempts: u32,
        index: usize,
        mark: Mark,
    ) -> Option<Marked> {
        let unused = pool(checkpoint, seed).find(|question| !self.has_asked(question));
        let slot = self.slots.get_mut(index)?;
        let question = slot.question.clone();
        let attempt = slot.attempt();
        let (mut next, mut lead_back) = (None, None);
        if mark.right {
            slot.end = Some(SlotEnd::Right);
        } else {
            let mut pool = checkpoint.questions.iter();
            let known = pool.find(|it| it.id == question);
            lead_back = mark.shown_at.or_else(|| known?.shown_at.clone());
            slot.wrong.push(Wrong {
                question: question.clone(),
                shown_at: lead_back.clone(),
            });
            if attempt >= attempts {
                slot.end = Some(SlotEnd::Exhausted);
            } else {
                slot.question = unused.unwrap_or_else(|| question.clone());
                next = Some(slot.question.clone());
            }
        }
        let points = slot.points(attempts);
        let next = next.or_else(|| {
            let open = self.slots.iter().find(|slot| slot.end.is_none())?;
            Some(open.question.clone())
        });
        Some(Marked {
            question,
            right: mark.right,
            attempt,
            points,
            lead_back,
            next,
        })
    }

    fn has_asked(&self, question: &QuestionId) -> bool {
        self.slots
            .iter()
            .any(|slot| slot.question == *question || slot.has_got_wrong(question))
    }
}

/// The pool in the order of this visit.
fn pool(checkpoint: &Checkpoint, seed: u64) -> impl Iterator<Item = QuestionId> {
    let order: Vec<usize> = (0..checkpoint.questions.len()).collect();
    shuffled(&order, seed, checkpoint.id.as_str(), 0)
        .into_iter()
        .map(|index| checkpoint.questions[index].id.clone())
}

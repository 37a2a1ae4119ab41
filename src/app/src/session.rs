//! The visit's one session: actions go in, entries and events come out.

use std::sync::Arc;

use bevy::prelude::*;
use xinghuo_tour::{
    Action, CheckpointPanel, Entry, Event, Progress, RoomId, Session, StopId, Summary, Venue,
    Verdict,
};

use crate::{
    TourSystems,
    clock::Clock,
    command::{Command, Config},
    message::{Message as ToPage, Outgoing},
};

pub(super) fn plugin(app: &mut App) {
    app.add_message::<VisitorActed>()
        .init_resource::<Attention>()
        .add_systems(
            Update,
            // What the page says of a stop comes after the arrival there in the same moment.
            (act_on_commands, record, tell_panel)
                .chain()
                .in_set(TourSystems::Present)
                .run_if(resource_exists::<Visit>),
        );
}

/// The visitor did something that counts.
#[derive(Message, Debug, Clone, PartialEq)]
pub(crate) struct VisitorActed(pub(crate) Action);

/// What the visitor has in hand: the stop that is open, and the stop where one stands.
#[derive(Resource, Debug, Default, Clone, PartialEq)]
pub(crate) struct Attention {
    pub(crate) open: Option<StopId>,
    pub(crate) standing: Option<StopId>,
}

/// The visit: the venue, and what the visitor has shown so far.
#[derive(Resource, Debug)]
pub(crate) struct Visit {
    pub(crate) venue: Arc<Venue>,
    session: Session,
    progress: Progress,
    panel: Option<CheckpointPanel>,
    told: bool,
}

impl Visit {
    /// The visit that `config` describes, as far as it had come.
    pub(crate) fn resume(venue: Arc<Venue>, config: &Config) -> Self {
        let session = Session::replay(&venue, &config.entries, &config.verdicts, config.seed);
        let progress = session.progress(&venue);
        Self {
            venue,
            session,
            progress,
            panel: None,
            told: false,
        }
    }

    /// How far the visit has come.
    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// What the visitor understood.
    pub(crate) fn summary(&self) -> Summary {
        self.session.summary(&self.venue)
    }

    /// What is asked at a stop, if it can be answered now.
    pub(crate) fn checkpoint(&self, stop: &StopId) -> Option<CheckpointPanel> {
        self.session.checkpoint(&self.venue, stop)
    }

    /// The room that the visitor is in.
    pub(crate) fn room(&self) -> &RoomId {
        self.session.room(&self.venue)
    }

    /// Whether nothing has been recorded yet.
    pub(crate) fn is_new(&self) -> bool {
        self.session.seq() == 0
    }

    /// Whether a stop still wants to be looked at.
    pub(crate) fn wants_look(&self, stop: &StopId) -> bool {
        let observed = xinghuo_tour::EvidenceKind::Observed;
        let of = self.progress.stops.iter().find(|it| it.stop == *stop);
        of.is_none_or(|it| !it.evidence.contains(&observed))
    }

    /// Applies an action, and says what follows from it. Whether anything does: most looks are spans of
    /// looking on.
    fn apply(&mut self, action: &Action, at: u64, outgoing: &mut Outgoing) -> bool {
        let before = self.session.seq();
        let events = self.session.apply(&self.venue, action, at);
        let seq = self.session.seq();
        if seq > before {
            let action = action.clone();
            let entry = Entry { seq, at, action };
            outgoing.send(ToPage::Entry { entry });
        }
        self.tell(events, outgoing)
    }

    fn learn(&mut self, verdicts: &[Verdict], outgoing: &mut Outgoing) {
        for verdict in verdicts {
            let events = self.session.learn(&self.venue, verdict);
            self.tell(events, outgoing);
        }
    }

    /// Sends events, and progress if they changed it. Whether there was anything to send.
    fn tell(&mut self, events: Vec<Event>, outgoing: &mut Outgoing) -> bool {
        let ends = |it: &Event| {
            matches!(
                it,
                Event::Completed | Event::Passed { .. } | Event::Failed { .. }
            )
        };
        let ended = events.iter().any(ends);
        let mut follows = !events.is_empty();
        for event in events {
            outgoing.send(ToPage::Event { event });
        }
        let progress = self.session.progress(&self.venue);
        if progress != self.progress || !self.told {
            (self.told, follows) = (true, true);
            self.progress = progress.clone();
            outgoing.send(ToPage::Progress { progress });
        }
        if ended {
            let summary = self.summary();
            outgoing.send(ToPage::Summary { summary });
        }
        follows
    }
}

fn act_on_commands(
    mut commands: MessageReader<Command>,
    mut actions: MessageWriter<VisitorActed>,
    mut visit: ResMut<Visit>,
    mut outgoing: ResMut<Outgoing>,
) {
    for command in commands.read() {
        let action = match command.clone() {
            Command::StoryRead(stop) => Action::Story { stop },
            Command::Described(stop) => Action::Describe { stop },
            Command::Answer(answer) => Action::Answer {
                question: answer.question,
                response: answer.response,
            },
            Command::Learn(verdicts) => {
                visit.learn(&verdicts, &mut outgoing);
                continue;
            }
            _ => continue,
        };
        actions.write(VisitorActed(action));
    }
}

/// Puts what the visitor did into the session. The first time, progress is told in any case.
///
/// The visit counts as changed where something follows from it: what is asked, how the stops stand.
pub(crate) fn record(
    mut actions: MessageReader<VisitorActed>,
    mut visit: ResMut<Visit>,
    mut outgoing: ResMut<Outgoing>,
    clock: Res<Clock>,
) {
    let mut follows = false;
    let of = visit.bypass_change_detection();
    for VisitorActed(action) in actions.read() {
        follows |= of.apply(action, clock.at(), &mut outgoing);
    }
    if !of.told {
        follows |= of.tell(vec![], &mut outgoing);
    }
    if follows {
        visit.set_changed();
    }
}

/// Tells what is asked at the stop at hand, when that has changed.
fn tell_panel(mut visit: ResMut<Visit>, attention: Res<Attention>, mut outgoing: ResMut<Outgoing>) {
    if !visit.is_changed() && !attention.is_changed() {
        return;
    }
    let visit = visit.bypass_change_detection();
    let stop = attention.open.as_ref().or(attention.standing.as_ref());
    let panel = stop.and_then(|it| visit.session.checkpoint(&visit.venue, it));
    if panel != visit.panel {
        visit.panel.clone_from(&panel);
        outgoing.send(ToPage::Checkpoint { panel });
    }
}

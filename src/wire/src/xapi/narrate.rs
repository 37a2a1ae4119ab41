//! From what happened in a visit to what is told of it.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;
use xinghuo_tour::{Action, Entry, Event, EvidenceKind, Session, StopId, Venue, VenueId};

use super::{
    Account, Activity, Agent, Context, ContextActivities, Extensions, Outcome, Received, Score,
    Sitting, Statement, Verb, Words, describe::Naming, extension, profile, response_pattern,
    verb::VERBS,
};
use crate::{Elapsed, LanguageTag, PackageHash, Timestamp};

/// Everything that statements say of a visit and that its log does not tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitIdentity {
    /// The visit; statements bear it as their registration, and their ids follow from it.
    pub visit: Uuid,
    /// Who gave the pseudonym: the deployment's origin.
    pub home_page: String,
    /// The visitor's pseudonym. Never a name.
    pub pseudonym: String,
    /// The venue.
    pub venue: VenueId,
    /// The version that the visit is pinned to.
    pub package: PackageHash,
    /// What the IRIs of activities begin with, without a slash at the end.
    pub activity_base: String,
    /// The language of the visit.
    pub language: LanguageTag,
    /// When the visit began; entries count from here.
    pub created: Timestamp,
    /// What the venue's parts are called. Without it they have no names.
    pub words: Arc<Words>,
}

impl VisitIdentity {
    /// Everything there is to tell of a log that the server has accepted, in order, and as its keys
    /// are: what was told when they were others is told otherwise.
    ///
    /// The venue has its keys, or what the server marks is told without a mark.
    #[must_use]
    pub fn statements(&self, venue: &Venue, log: &[Received], seed: u64) -> Vec<Statement> {
        let mut session = Session::new(seed);
        let mut sitting = Sitting::new();
        let mut statements = vec![self.initialized(venue)];
        for received in log {
            let entry = &received.entry;
            let events = session.apply(venue, &entry.action, entry.at);
            statements.extend(self.follow(venue, &session, &mut sitting, received, &events));
        }
        statements
    }

    /// The first statement of every visit.
    #[must_use]
    pub fn initialized(&self, venue: &Venue) -> Statement {
        let sitting = Sitting::new();
        self.telling(venue, &sitting).initialized()
    }

    /// The last statement of a sitting that is over.
    #[must_use]
    pub fn terminated(&self, venue: &Venue, sitting: &Sitting) -> Statement {
        self.telling(venue, sitting).terminated()
    }

    /// What is told of one entry: `events` is what it brought about, `session` how the visit
    /// stands after it. If it begins another `sitting`, that is told first.
    #[must_use]
    pub fn follow(
        &self,
        venue: &Venue,
        session: &Session,
        sitting: &mut Sitting,
        received: &Received,
        events: &[Event],
    ) -> Vec<Statement> {
        let Received { entry, after_ms } = received;
        let mut statements = Vec::new();
        if let Some(ended) = sitting.go_on(entry.seq, entry.at, *after_ms) {
            statements.push(self.telling(venue, &ended).terminated());
            statements.push(self.telling(venue, sitting).initialized());
        }
        let telling = self.telling(venue, sitting);
        let is_completed = events.contains(&Event::Completed);
        let told = events.iter().filter_map(|event| match event {
            Event::Evidence { stop, kind } => telling.experienced(session, stop, *kind),
            Event::Pending { .. } | Event::Marked { .. } => telling.answered(entry, event),
            // As in cmi5, progress is not told on or after completion.
            Event::Progressed { completion } if !is_completed => {
                Some(telling.progressed(*completion))
            }
            Event::Completed => Some(telling.completed()),
            Event::Passed { scaled } => Some(telling.judged(session, *scaled, true)),
            Event::Failed { scaled } => Some(telling.judged(session, *scaled, false)),
            _ => None,
        });
        statements.extend(told);
        statements
    }

    fn telling<'a>(&'a self, venue: &'a Venue, sitting: &'a Sitting) -> Telling<'a> {
        Telling {
            identity: self,
            venue,
            sitting,
            naming: Naming {
                base: &self.activity_base,
                venue: &self.venue,
                words: &self.words,
            },
        }
    }
}

/// What all statements about the last entry of a sitting have in common.
struct Telling<'a> {
    identity: &'a VisitIdentity,
    venue: &'a Venue,
    sitting: &'a Sitting,
    naming: Naming<'a>,
}

impl Telling<'_> {
    fn initialized(&self) -> Statement {
        self.told(&VERBS.initialized, self.naming.venue())
    }

    fn terminated(&self) -> Statement {
        let mut statement = self.told(&VERBS.terminated, self.naming.venue());
        statement.result = Some(Outcome {
            duration: Some(elapsed(self.sitting.lasted_ms())),
            ..Outcome::default()
        });
        statement
    }

    fn experienced(
        &self,
        session: &Session,
        stop: &StopId,
        kind: EvidenceKind,
    ) -> Option<Statement> {
        let duration = match kind {
            // Told by `answered`, one by one.
            EvidenceKind::Answered => return None,
            EvidenceKind::Observed => {
                let looked_ms = Some(session.looked_millis(stop));
                looked_ms.filter(|millis| *millis > 0).map(elapsed)
            }
            EvidenceKind::Arrived | EvidenceKind::Story => None,
        };
        let mut statement = self.told(&VERBS.experienced, self.naming.stop(stop));
        statement.context.context_activities.parent = vec![self.naming.whole()];
        statement.result = Some(Outcome {
            duration,
            extensions: extensions([(extension::EVIDENCE, json!(kind))]),
            ..Outcome::default()
        });
        Some(statement)
    }

    fn answered(&self, entry: &Entry, event: &Event) -> Option<Statement> {
        let Action::Answer { question, response } = &entry.action else {
            return None;
        };
        let (checkpoint, question) = self.venue.question(question)?;
        let object = self.naming.question(checkpoint, question);
        let mut statement = self.told(&VERBS.answered, object);
        let above = &mut statement.context.context_activities;
        above.parent = vec![self.naming.checkpoint(self.venue, checkpoint)];
        above.grouping = vec![self.naming.whole()];
        let mut result = Outcome {
            response: Some(response_pattern(response)),
            ..Outcome::default()
        };
        if let Event::Marked {
            right,
            attempt,
            score: marks,
            settled,
            ..
        } = event
        {
            result.success = Some(*right);
            result.score = settled.then(|| score(*marks, self.venue.completion.attempts));
            result.extensions = extensions([(extension::ATTEMPT, json!(attempt))]);
        }
        statement.result = Some(result);
        Some(statement)
    }

    fn progressed(&self, completion: f32) -> Statement {
        let percent = (completion * 100.0).floor() as u8;
        let mut statement = self.told(&VERBS.progressed, self.naming.venue());
        statement.result = Some(Outcome {
            extensions: extensions([(extension::PROGRESS, json!(percent))]),
            ..Outcome::default()
        });
        statement
    }

    fn completed(&self) -> Statement {
        let mut statement = self.told(&VERBS.completed, self.naming.venue());
        statement.result = Some(Outcome {
            completion: Some(true),
            duration: Some(elapsed(self.sitting.spent_ms())),
            ..Outcome::default()
        });
        statement
    }

    fn judged(&self, session: &Session, scaled: f32, passed: bool) -> Statement {
        let verb = if passed { &VERBS.passed } else { &VERBS.failed };
        let rule = &self.venue.completion;
        let places = session.progress(self.venue).mastery.of;
        let mut statement = self.told(verb, self.naming.venue());
        statement.context.extensions.insert(
            extension::MASTERY_SCORE.to_owned(),
            json!(rounded(rule.mastery)),
        );
        statement.result = Some(Outcome {
            score: Some(score(scaled, places.saturating_mul(rule.attempts))),
            success: Some(passed),
            duration: Some(elapsed(self.sitting.spent_ms())),
            ..Outcome::default()
        });
        statement
    }

    fn told(&self, verb: &Verb, object: Activity) -> Statement {
        let Self {
            identity,
            venue,
            sitting,
            ..
        } = self;
        let seq = sitting.last_seq;
        let name = format!("{seq}/{}/{}", verb.name(), object.id);
        let session = format!("sitting/{}", sitting.first_seq);
        let session = Uuid::new_v5(&identity.visit, session.as_bytes());
        Statement {
            id: Uuid::new_v5(&identity.visit, name.as_bytes()),
            actor: Agent {
                account: Account {
                    home_page: identity.home_page.clone(),
                    name: identity.pseudonym.clone(),
                },
            },
            verb: verb.clone(),
            object,
            result: None,
            context: Context {
                registration: identity.visit,
                context_activities: ContextActivities {
                    category: vec![profile::category()],
                    ..ContextActivities::default()
                },
                revision: identity.package.to_string(),
                platform: "Xinghuo".to_owned(),
                language: identity.language.to_string(),
                extensions: extensions([
                    (extension::SESSION_ID, json!(session)),
                    (extension::RULE_VERSION, json!(venue.completion.version)),
                    (extension::ENTRY, json!(seq)),
                ]),
            },
            timestamp: identity.created.plus_millis(sitting.last_at),
        }
    }
}

fn elapsed(millis: u64) -> Elapsed {
    Elapsed { millis }
}

fn extensions<const N: usize>(pairs: [(&str, Value); N]) -> Extensions {
    pairs.map(|(iri, value)| (iri.to_owned(), value)).into()
}

fn score(scaled: f32, max: u32) -> Score {
    Score {
        scaled: rounded(scaled),
        raw: (f64::from(scaled) * f64::from(max)).round() as u32,
        min: 0,
        max,
    }
}

/// To a millionth, so that 0.7 stays 0.7 when `f32` becomes `f64`.
fn rounded(share: f32) -> f64 {
    (f64::from(share) * 1e6).round() / 1e6
}

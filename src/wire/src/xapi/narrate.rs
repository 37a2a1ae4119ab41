//! From what happened in a visit to what is told of it.

use serde_json::{Value, json};
use uuid::Uuid;
use xinghuo_tour::{
    Action, Checkpoint, Entry, Event, EvidenceKind, Question, QuestionKind, Session, StopId, Venue,
    VenueId,
};

use super::{
    Account, Activity, Agent, Component, Context, ContextActivities, Definition, Extensions,
    Outcome, Score, Statement, Verb, activity_type, extension, response::correct_pattern,
    response_pattern, verb::VERBS,
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
}

impl VisitIdentity {
    /// Everything there is to tell of a log that the server has accepted, in order.
    ///
    /// The venue has its keys, or what the server marks is told without a mark.
    #[must_use]
    pub fn statements(&self, venue: &Venue, entries: &[Entry], seed: u64) -> Vec<Statement> {
        let mut session = Session::new(seed);
        let mut statements = vec![self.initialized(venue)];
        for entry in entries {
            let events = session.apply(venue, &entry.action, entry.at);
            statements.extend(self.follow(venue, &session, entry, &events));
        }
        statements
    }

    /// The first statement of every visit.
    #[must_use]
    pub fn initialized(&self, venue: &Venue) -> Statement {
        self.told(venue, 0, 0, &VERBS.initialized, self.whole())
    }

    /// What is told of one entry: `events` is what it brought about, `session` how the visit
    /// stands after it.
    #[must_use]
    pub fn follow(
        &self,
        venue: &Venue,
        session: &Session,
        entry: &Entry,
        events: &[Event],
    ) -> Vec<Statement> {
        let is_completed = events.contains(&Event::Completed);
        events
            .iter()
            .filter_map(|event| match event {
                Event::Evidence { stop, kind } => {
                    self.experienced(venue, session, entry, stop, *kind)
                }
                Event::Pending { .. } | Event::Marked { .. } => self.answered(venue, entry, event),
                // As in cmi5, progress is not told on or after completion.
                Event::Progressed { completion } if !is_completed => {
                    Some(self.progressed(venue, entry, *completion))
                }
                Event::Completed => Some(self.completed(venue, entry)),
                Event::Passed { scaled } => Some(self.judged(venue, entry, *scaled, true)),
                Event::Failed { scaled } => Some(self.judged(venue, entry, *scaled, false)),
                _ => None,
            })
            .collect()
    }

    fn experienced(
        &self,
        venue: &Venue,
        session: &Session,
        entry: &Entry,
        stop: &StopId,
        kind: EvidenceKind,
    ) -> Option<Statement> {
        let duration = match kind {
            // Told by `answered`, one by one.
            EvidenceKind::Answered => return None,
            EvidenceKind::Observed => Some(session.looked_millis(stop))
                .filter(|millis| *millis > 0)
                .map(|millis| Elapsed { millis }),
            EvidenceKind::Arrived | EvidenceKind::Story => None,
        };
        let object = self.activity("stops", stop.as_str(), activity_type::STOP);
        let mut statement = self.part(venue, entry, &VERBS.experienced, object);
        statement.result = Some(Outcome {
            duration,
            extensions: extensions([(extension::EVIDENCE, json!(kind))]),
            ..Outcome::default()
        });
        Some(statement)
    }

    fn answered(&self, venue: &Venue, entry: &Entry, event: &Event) -> Option<Statement> {
        let Action::Answer { question, response } = &entry.action else {
            return None;
        };
        let (checkpoint, question) = venue.question(question)?;
        let mut object = self.activity("questions", question.id.as_str(), activity_type::QUESTION);
        object.definition = definition(checkpoint, question);
        let mut statement = self.part(venue, entry, &VERBS.answered, object);
        let within = self.activity(
            "checkpoints",
            checkpoint.id.as_str(),
            activity_type::CHECKPOINT,
        );
        let above = &mut statement.context.context_activities;
        above.grouping = std::mem::replace(&mut above.parent, vec![within]);
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
            result.score = settled.then(|| score(*marks));
            result.extensions = extensions([(extension::ATTEMPT, json!(attempt))]);
        }
        statement.result = Some(result);
        Some(statement)
    }

    fn progressed(&self, venue: &Venue, entry: &Entry, completion: f32) -> Statement {
        let percent = (completion * 100.0).floor() as u8;
        let mut statement = self.told(venue, entry.seq, entry.at, &VERBS.progressed, self.whole());
        statement.result = Some(Outcome {
            extensions: extensions([(extension::PROGRESS, json!(percent))]),
            ..Outcome::default()
        });
        statement
    }

    fn completed(&self, venue: &Venue, entry: &Entry) -> Statement {
        let mut statement = self.told(venue, entry.seq, entry.at, &VERBS.completed, self.whole());
        statement.result = Some(Outcome {
            completion: Some(true),
            duration: Some(Elapsed { millis: entry.at }),
            ..Outcome::default()
        });
        statement
    }

    fn judged(&self, venue: &Venue, entry: &Entry, scaled: f32, passed: bool) -> Statement {
        let verb = if passed { &VERBS.passed } else { &VERBS.failed };
        let mut statement = self.told(venue, entry.seq, entry.at, verb, self.whole());
        statement.context.extensions.insert(
            extension::MASTERY_SCORE.to_owned(),
            json!(rounded(venue.completion.mastery)),
        );
        statement.result = Some(Outcome {
            score: Some(score(scaled)),
            success: Some(passed),
            duration: Some(Elapsed { millis: entry.at }),
            ..Outcome::default()
        });
        statement
    }

    /// A statement about a part of the venue.
    fn part(&self, venue: &Venue, entry: &Entry, verb: &Verb, object: Activity) -> Statement {
        let mut statement = self.told(venue, entry.seq, entry.at, verb, object);
        statement.context.context_activities.parent = vec![self.whole()];
        statement
    }

    fn told(&self, venue: &Venue, seq: u32, at: u64, verb: &Verb, object: Activity) -> Statement {
        let name = format!("{seq}/{}/{}", verb.name(), object.id);
        Statement {
            id: Uuid::new_v5(&self.visit, name.as_bytes()),
            actor: Agent {
                account: Account {
                    home_page: self.home_page.clone(),
                    name: self.pseudonym.clone(),
                },
            },
            verb: verb.clone(),
            object,
            result: None,
            context: Context {
                registration: self.visit,
                context_activities: ContextActivities::default(),
                platform: "Xinghuo".to_owned(),
                language: self.language.to_string(),
                extensions: extensions([
                    (extension::PACKAGE, json!(self.package)),
                    (extension::RULE_VERSION, json!(venue.completion.version)),
                    (extension::ENTRY, json!(seq)),
                ]),
            },
            timestamp: self.created.plus_millis(at),
        }
    }

    fn whole(&self) -> Activity {
        Activity {
            id: format!("{}/venues/{}", self.activity_base, self.venue),
            definition: Definition {
                kind: activity_type::VENUE.to_owned(),
                ..Definition::default()
            },
        }
    }

    fn activity(&self, parts: &str, id: &str, kind: &str) -> Activity {
        Activity {
            id: format!("{}/venues/{}/{parts}/{id}", self.activity_base, self.venue),
            definition: Definition {
                kind: kind.to_owned(),
                ..Definition::default()
            },
        }
    }
}

fn definition(checkpoint: &Checkpoint, question: &Question) -> Definition {
    let components = |ids: &[xinghuo_tour::OptionId]| {
        ids.iter()
            .map(|id| Component { id: id.to_string() })
            .collect::<Vec<_>>()
    };
    let options = components(&question.options);
    let mut definition = Definition {
        kind: activity_type::QUESTION.to_owned(),
        correct_responses_pattern: correct_pattern(checkpoint, question).into_iter().collect(),
        ..Definition::default()
    };
    let interaction = match question.kind {
        QuestionKind::Single | QuestionKind::Multiple => {
            definition.choices = options;
            "choice"
        }
        QuestionKind::Order => {
            definition.choices = options;
            "sequencing"
        }
        QuestionKind::Match => {
            definition.source = options;
            definition.target = components(&question.targets);
            "matching"
        }
        QuestionKind::Locate => "other",
    };
    definition.interaction_type = Some(interaction.to_owned());
    definition
}

fn extensions<const N: usize>(pairs: [(&str, Value); N]) -> Extensions {
    pairs.map(|(iri, value)| (iri.to_owned(), value)).into()
}

fn score(scaled: f32) -> Score {
    Score {
        scaled: rounded(scaled),
    }
}

/// To a millionth, so that 0.7 stays 0.7 when `f32` becomes `f64`.
fn rounded(share: f32) -> f64 {
    (f64::from(share) * 1e6).round() / 1e6
}

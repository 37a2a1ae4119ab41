//! cmi5: a venue as an assignable unit, and what is told to the learning system that launched it.
//!
//! What is told follows from the visit's own [`Statement`]s, so it has no rules of its own on what
//! counts. The learner, the registration, the activity and the session are the system's. Its mastery
//! score decides what it is told, as cmi5 asks; the visit's own record keeps the venue's.

mod course;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub use course::Course;

use super::{Statement, activity_type, extension, verb::VERBS};
use crate::{Elapsed, Timestamp};

/// The category of statements that cmi5 defines.
pub const CATEGORY: &str = "https://w3id.org/xapi/cmi5/context/categories/cmi5";

/// The category of those among them by which a system decides whether one may move on.
pub const CATEGORY_MOVE_ON: &str = "https://w3id.org/xapi/cmi5/context/categories/moveon";

/// What a system wants of a launch.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LaunchMode {
    /// It is told everything.
    Normal,
    /// The learner looks around: it is told when they came and went, and nothing else.
    Browse,
    /// The learner looks at it again: it is told when they came and went, and nothing else.
    Review,
}

/// A launch: one session of a learner, as a learning system sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Launch {
    /// What the ids of its statements follow from.
    pub id: Uuid,
    /// The learner: an agent.
    pub learner: Value,
    /// The learner's enrolment.
    pub registration: Uuid,
    /// What the system calls the venue.
    pub activity: String,
    /// What the context of every statement holds.
    pub template: Map<String, Value>,
    /// What the system wants of it.
    pub mode: LaunchMode,
    /// From which share of marks it is passed; by the venue's rule if there is none.
    pub mastery: Option<f64>,
    /// When it began.
    pub began: Timestamp,
}

impl Launch {
    /// The first statement of the session.
    #[must_use]
    pub fn initialized(&self) -> Value {
        self.defined("initialized", None, self.began)
    }

    /// The last statement of the session.
    #[must_use]
    pub fn terminated(&self, at: Timestamp) -> Value {
        let at = at.max(self.began);
        let millis = at.unix_millis().saturating_sub(self.began.unix_millis());
        let result = json!({ "duration": Elapsed { millis } });
        self.defined("terminated", Some(result), at)
    }

    /// What the system is told of a statement of the visit, if anything.
    ///
    /// Sittings are not its sessions, so where they begin and end is none of its business.
    #[must_use]
    pub fn follow(&self, statement: &Statement) -> Option<Value> {
        if self.mode != LaunchMode::Normal {
            return None;
        }
        match statement.verb.name() {
            "completed" | "passed" | "failed" => self.judged(statement),
            "initialized" | "terminated" => None,
            _ => Some(self.allowed(statement)),
        }
    }

    fn judged(&self, statement: &Statement) -> Option<Value> {
        let outcome = statement.result.as_ref()?;
        let at = statement.timestamp.max(self.began);
        let duration = outcome.duration;
        let Some(score) = outcome.score else {
            let result = json!({ "completion": true, "duration": duration });
            return Some(self.defined("completed", Some(result), at));
        };
        let passed = match self.mastery {
            Some(mastery) => score.scaled >= mastery,
            None => outcome.success?,
        };
        let verb = if passed { "passed" } else { "failed" };
        let result = json!({ "score": score, "success": passed, "duration": duration });
        Some(self.defined(verb, Some(result), at))
    }

    /// A statement as cmi5 defines it.
    fn defined(&self, verb: &str, result: Option<Value>, at: Timestamp) -> Value {
        let is_judgement = matches!(verb, "completed" | "passed" | "failed");
        let mut categories = vec![json!({ "id": CATEGORY })];
        if is_judgement {
            categories.push(json!({ "id": CATEGORY_MOVE_ON }));
        }
        let mut context = json!({ "contextActivities": { "category": categories } });
        if let Some(mastery) = self.mastery
            && matches!(verb, "passed" | "failed")
        {
            context["extensions"] = json!({ extension::MASTERY_SCORE: mastery });
        }
        let verb = match verb {
            "initialized" => &VERBS.initialized,
            "terminated" => &VERBS.terminated,
            "completed" => &VERBS.completed,
            "passed" => &VERBS.passed,
            _ => &VERBS.failed,
        };
        let mut statement = json!({
            "id": Uuid::new_v5(&self.id, verb.id.as_bytes()),
            "actor": self.learner,
            "verb": verb,
            "object": {
                "objectType": "Activity",
                "id": self.activity,
                "definition": { "type": activity_type::VENUE },
            },
            "context": self.context(context),
            "timestamp": at,
        });
        if let Some(result) = result {
            statement["result"] = result;
        }
        plain(statement)
    }

    /// A statement of the visit as cmi5 allows it: without the category, in the session.
    fn allowed(&self, statement: &Statement) -> Value {
        let mut told = json!(statement);
        told["id"] = json!(Uuid::new_v5(&self.id, statement.id.as_bytes()));
        told["actor"] = self.learner.clone();
        told["timestamp"] = json!(statement.timestamp.max(self.began));
        let mut context = told["context"].take();
        if let Some(above) = context["contextActivities"].as_object_mut() {
            above.remove("category");
            let whole = json!({ "id": self.activity });
            match above.get_mut("grouping").and_then(Value::as_array_mut) {
                Some(grouping) => grouping.push(whole),
                None => drop(above.insert("grouping".into(), json!([whole]))),
            }
        }
        told["context"] = self.context(context);
        plain(told)
    }

    /// A context by the system's template: what that says is not changed, only added to.
    fn context(&self, more: Value) -> Value {
        let mut context = Value::Object(self.template.clone());
        add(&mut context, more);
        context["registration"] = json!(self.registration);
        context
    }
}

/// Adds to an object what it does not have, and to its lists what they lack.
fn add(to: &mut Value, more: Value) {
    match (to, more) {
        (Value::Object(to), Value::Object(more)) => {
            for (name, value) in more {
                match to.get_mut(&name) {
                    Some(there) => add(there, value),
                    None => drop(to.insert(name, value)),
                }
            }
        }
        (Value::Array(to), Value::Array(more)) => {
            for item in more {
                if !to.contains(&item) {
                    to.push(item);
                }
            }
        }
        _ => {}
    }
}

/// Writes whole numbers without a point, as JavaScript does: systems that read a statement, write it
/// again and pass it on with the length that it had before are not rare.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(whole) if number.is_f64() && whole.fract() == 0.0 && whole.abs() < 1e15 => {
                json!(whole as i64)
            }
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(members) => {
            let members = members.into_iter();
            members.map(|(name, value)| (name, plain(value))).collect()
        }
        value => value,
    }
}

/// Why a text is not what a learning system must send.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LaunchFlaw {
    /// The learner is not an agent with an account.
    #[error("the actor is no agent with an account")]
    Learner,
    /// `LMS.LaunchData` lacks what it must hold, or holds something else.
    #[error("LMS.LaunchData has no {0} as cmi5 asks for it")]
    Data(&'static str),
}

/// The learner of a launch.
pub fn learner(text: &str) -> Result<Value, LaunchFlaw> {
    let learner: Value = serde_json::from_str(text).map_err(|_| LaunchFlaw::Learner)?;
    let account = |part: &str| learner["account"][part].as_str().unwrap_or_default();
    let is_agent = learner.get("objectType").is_none_or(|kind| kind == "Agent");
    let is_known = !account("homePage").is_empty() && !account("name").is_empty();
    if is_agent && is_known {
        Ok(learner)
    } else {
        Err(LaunchFlaw::Learner)
    }
}

/// What a system keeps for a launch, in the State document `LMS.LaunchData`.
#[derive(Debug, Clone, PartialEq)]
pub struct LaunchData {
    /// What the context of every statement holds.
    pub template: Map<String, Value>,
    /// What the system wants of it.
    pub mode: LaunchMode,
    /// From which share of marks it is passed.
    pub mastery: Option<f64>,
    /// Where the learner goes afterwards.
    pub return_url: Option<String>,
}

impl LaunchData {
    /// Where it is kept.
    pub const STATE_ID: &str = "LMS.LaunchData";

    /// Reads the document.
    pub fn read(json: &[u8]) -> Result<Self, LaunchFlaw> {
        let whole = LaunchFlaw::Data("JSON object");
        let data: Value = serde_json::from_slice(json).map_err(|_| whole.clone())?;
        let template = data.get("contextTemplate").and_then(Value::as_object);
        let template = template.ok_or(LaunchFlaw::Data("contextTemplate"))?;
        let session = template
            .get("extensions")
            .map(|it| &it[extension::SESSION_ID]);
        if !session.is_some_and(Value::is_string) {
            return Err(LaunchFlaw::Data("contextTemplate with a session id"));
        }
        let template = in_lists(template).ok_or(LaunchFlaw::Data("contextActivities"))?;
        let mode = data.get("launchMode").cloned().unwrap_or_default();
        let mastery = match data.get("masteryScore") {
            None | Some(Value::Null) => None,
            Some(mastery) => Some(
                mastery
                    .as_f64()
                    .filter(|it| (0.0..=1.0).contains(it))
                    .ok_or(LaunchFlaw::Data("masteryScore from 0 to 1"))?,
            ),
        };
        let return_url = data.get("returnURL").and_then(Value::as_str);
        let leads = |url: &&str| url.starts_with("https://") || url.starts_with("http://");
        Ok(Self {
            template,
            mode: serde_json::from_value(mode).map_err(|_| LaunchFlaw::Data("launchMode"))?,
            mastery,
            return_url: return_url.filter(leads).map(str::to_owned),
        })
    }
}

/// A template whose context activities are in lists, as xAPI keeps them: it takes a single one without
/// a list as well, and a list of ours could not be added to that.
fn in_lists(template: &Map<String, Value>) -> Option<Map<String, Value>> {
    let mut template = template.clone();
    if let Some(kinds) = template.get_mut("contextActivities") {
        for activities in kinds.as_object_mut()?.values_mut() {
            match activities {
                Value::Array(_) => {}
                Value::Object(_) => *activities = json!([activities.take()]),
                _ => return None,
            }
        }
    }
    Some(template)
}

/// What a learner likes, in the agent profile `cmi5LearnerPreferences`. What does not parse is not
/// there: it is no reason not to begin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preferences {
    /// Languages, the one that is liked best first. (Whether there shall be sound is kept there too;
    /// a visit has none.)
    pub languages: Vec<String>,
}

impl Preferences {
    /// Where they are kept.
    pub const PROFILE_ID: &str = "cmi5LearnerPreferences";

    /// Reads the document.
    #[must_use]
    pub fn read(json: &[u8]) -> Self {
        let liked: Value = serde_json::from_slice(json).unwrap_or_default();
        let languages = liked["languagePreference"].as_str().unwrap_or_default();
        let languages = languages
            .split(',')
            .map(str::trim)
            .filter(|it| !it.is_empty());
        Self {
            languages: languages.map(str::to_owned).collect(),
        }
    }

    /// The first of `spoken` that is liked: the same tag, or one of the same language.
    #[must_use]
    pub fn best_of<'a>(&self, spoken: &'a [String]) -> Option<&'a str> {
        let primary = |tag: &str| {
            tag.split('-')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase()
        };
        let found = self.languages.iter().find_map(|liked| {
            let same = spoken.iter().find(|it| it.eq_ignore_ascii_case(liked));
            same.or_else(|| spoken.iter().find(|it| primary(it) == primary(liked)))
        });
        found.map(String::as_str)
    }
}

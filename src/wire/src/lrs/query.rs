//! What a request asks for: its parameters, each known and given once.

use uuid::Uuid;

use super::{
    Flaw, Format,
    agent::{agent_parameter, identity},
    moment::Moment,
    value::{is_iri, uuid},
};

/// The parameters of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Takes names and values, all of them in `known` and none of them twice.
    pub fn checked(
        given: impl IntoIterator<Item = (String, String)>,
        known: &[&str],
    ) -> Result<Self, Flaw> {
        let mut kept: Vec<(String, String)> = Vec::new();
        for (name, value) in given {
            if !known.contains(&name.as_str()) {
                let known = known.join(", ");
                let what = format!("is no parameter of this call; it takes {known}");
                return Err(Flaw::new(name, what));
            }
            if kept.iter().any(|(other, _)| *other == name) {
                return Err(Flaw::new(name, "is given twice"));
            }
            kept.push((name, value));
        }
        Ok(Self(kept))
    }

    /// The value of a parameter, if it is given.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that must be given.
    pub fn must(&self, name: &str) -> Result<&str, Flaw> {
        self.get(name)
            .ok_or_else(|| Flaw::new(name, "is missing from the parameters"))
    }

    /// The value of a parameter as something else.
    pub fn read<T>(
        &self,
        name: &str,
        read: impl Fn(&str) -> Option<T>,
        what: &str,
    ) -> Result<Option<T>, Flaw> {
        let wrong = || Flaw::new(name, format!("is not {what}"));
        self.get(name)
            .map(|text| read(text).ok_or_else(wrong))
            .transpose()
    }

    /// A UUID.
    pub fn uuid(&self, name: &str) -> Result<Option<Uuid>, Flaw> {
        self.read(name, uuid, "a UUID")
    }

    /// An IRI.
    pub fn iri(&self, name: &str) -> Result<Option<String>, Flaw> {
        let read = |text: &str| is_iri(text).then(|| text.to_owned());
        self.read(name, read, "an IRI with a scheme")
    }

    /// A point in time.
    pub fn moment(&self, name: &str) -> Result<Option<Moment>, Flaw> {
        self.read(name, Moment::read, "a date and time as ISO 8601 writes it")
    }

    /// The identity of an agent or identified group.
    pub fn agent(&self, name: &str) -> Result<Option<String>, Flaw> {
        match self.get(name) {
            None => Ok(None),
            Some(text) => Ok(identity(&agent_parameter(name, text)?)),
        }
    }

    fn flag(&self, name: &str) -> Result<bool, Flaw> {
        // Python's clients write `True`.
        let read = |text: &str| text.to_ascii_lowercase().parse().ok();
        let flag = self.read(name, read, "true or false")?;
        Ok(flag.unwrap_or_default())
    }

    /// Names and values in their order.
    pub fn iter(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter()
    }
}

/// Which statements are asked for, and how they are to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementQuery {
    /// One statement by its id; `true` if it is one that was voided.
    pub one: Option<(Uuid, bool)>,
    /// Which of all.
    pub filter: Filter,
    /// How they are shown.
    pub format: Format,
    /// Whether their attachments are wanted too.
    pub attachments: bool,
}

/// What statements have to be, to be found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Somebody's, by identity.
    pub agent: Option<String>,
    /// Where somebody has any part.
    pub related_agents: bool,
    /// With a verb.
    pub verb: Option<String>,
    /// About an activity.
    pub activity: Option<String>,
    /// Where an activity has any part.
    pub related_activities: bool,
    /// Of a registration.
    pub registration: Option<Uuid>,
    /// Stored after this.
    pub since: Option<Moment>,
    /// Not stored after this.
    pub until: Option<Moment>,
    /// So many at most; 0 is as many as there may be.
    pub limit: u32,
    /// Oldest first.
    pub ascending: bool,
    /// Those that come after this one, as the page before named it.
    pub cursor: Option<i64>,
}

impl StatementQuery {
    /// The parameters of a query; `cursor` is our own, in the address of a next page.
    pub const PARAMETERS: &[&str] = &[
        "statementId",
        "voidedStatementId",
        "agent",
        "verb",
        "activity",
        "registration",
        "related_activities",
        "related_agents",
        "since",
        "until",
        "limit",
        "format",
        "attachments",
        "ascending",
        "cursor",
    ];

    /// Reads a query.
    pub fn read(parameters: &Parameters) -> Result<Self, Flaw> {
        let one = match (
            parameters.uuid("statementId")?,
            parameters.uuid("voidedStatementId")?,
        ) {
            (Some(_), Some(_)) => {
                let what = "cannot be asked for together with statementId";
                return Err(Flaw::new("voidedStatementId", what));
            }
            (Some(id), None) => Some((id, false)),
            (None, Some(id)) => Some((id, true)),
            (None, None) => None,
        };
        if one.is_some() {
            let fits = ["statementId", "voidedStatementId", "format", "attachments"];
            let stray = parameters
                .iter()
                .find(|(name, _)| !fits.contains(&name.as_str()));
            if let Some((name, _)) = stray {
                let what = "goes with neither statementId nor voidedStatementId";
                return Err(Flaw::new(name, what));
            }
        }
        let format = |text: &str| match text {
            "exact" => Some(Format::Exact),
            "ids" => Some(Format::Ids),
            "canonical" => Some(Format::Canonical),
            _ => None,
        };
        Ok(Self {
            one,
            filter: Filter::read(parameters)?,
            format: parameters
                .read("format", format, "\"exact\", \"ids\" or \"canonical\"")?
                .unwrap_or_default(),
            attachments: parameters.flag("attachments")?,
        })
    }
}

impl Filter {
    fn read(parameters: &Parameters) -> Result<Self, Flaw> {
        let number = "a whole number, 0 or more";
        Ok(Self {
            agent: parameters.agent("agent")?,
            related_agents: parameters.flag("related_agents")?,
            verb: parameters.iri("verb")?,
            activity: parameters.iri("activity")?,
            related_activities: parameters.flag("related_activities")?,
            registration: parameters.uuid("registration")?,
            since: parameters.moment("since")?,
            until: parameters.moment("until")?,
            limit: parameters
                .read("limit", |text| text.parse().ok(), number)?
                .unwrap_or_default(),
            ascending: parameters.flag("ascending")?,
            cursor: parameters.read("cursor", |text| text.parse().ok(), number)?,
        })
    }
}

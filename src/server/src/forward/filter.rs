//! Which statements are forwarded.

use serde::{Deserialize, Serialize};
use xinghuo_wire::lrs::Json;

/// What a statement must be to be forwarded. What is empty asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filter {
    /// One of these verbs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) verbs: Vec<String>,
    /// About one of these activities or a part of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) activities: Vec<String>,
    /// Of a visit to one of these venues.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) venues: Vec<String>,
}

impl Filter {
    /// Whether a statement, which follows from a visit to `venue` if it has one, is forwarded.
    pub(crate) fn takes(&self, statement: &Json, venue: Option<&str>) -> bool {
        let verb = statement.text_at(&["verb", "id"]).unwrap_or_default();
        let is_of_verb = self.verbs.is_empty() || self.verbs.iter().any(|it| it == verb);
        let is_of_venue = self.venues.is_empty()
            || venue.is_some_and(|venue| self.venues.iter().any(|it| it == venue));
        is_of_verb
            && is_of_venue
            && (self.activities.is_empty()
                || abouts(statement).any(|id| self.activities.iter().any(|it| is_part(id, it))))
    }
}

/// What a statement is about, and what that is part of.
fn abouts(statement: &Json) -> impl Iterator<Item = &str> {
    let above = ["parent", "grouping"].into_iter().flat_map(|list| {
        let list = statement.get(&["context", "contextActivities", list]);
        list.map_or(&[][..], Json::items)
    });
    let above = above.filter_map(|activity| activity.text_at(&["id"]));
    statement
        .text_at(&["object", "id"])
        .into_iter()
        .chain(above)
}

/// Whether an activity is another, or lies below it as paths do.
fn is_part(id: &str, of: &str) -> bool {
    id.strip_prefix(of)
        .is_some_and(|rest| rest.is_empty() || of.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERB: &str = "http://adlnet.gov/expapi/verbs/passed";

    fn statement() -> Json {
        let text = format!(
            r#"{{"verb":{{"id":"{VERB}"}},"object":{{"id":"https://a/venues/boat/stops/bow"}},
                "context":{{"contextActivities":{{"grouping":[{{"id":"https://lms/course"}}]}}}}}}"#
        );
        Json::read(text.as_bytes()).expect("JSON")
    }

    #[track_caller]
    fn check(verbs: &[&str], activities: &[&str], venues: &[&str], takes: bool) {
        let list = |them: &[&str]| them.iter().map(|it| (*it).to_owned()).collect();
        let filter = Filter {
            verbs: list(verbs),
            activities: list(activities),
            venues: list(venues),
        };
        assert_eq!(filter.takes(&statement(), Some("boat")), takes);
        assert!(venues.is_empty() || !filter.takes(&statement(), None));
    }

    #[test]
    fn everything_that_is_asked_for_must_hold() {
        check(&[], &[], &[], true);
        check(&[VERB], &[], &["boat"], true);
        check(
            &["http://x/did", VERB],
            &["https://a/venues/boat"],
            &["house", "boat"],
            true,
        );
        check(&["http://x/did"], &[], &[], false);
        check(&[VERB], &[], &["house"], false);
        check(&[], &["https://lms/course"], &[], true);
        check(&[], &["https://a/venues/bo"], &[], false);
        check(&[], &["https://a/venues/boat/stops/bow"], &[], true);
    }
}

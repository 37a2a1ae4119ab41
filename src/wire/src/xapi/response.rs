//! Answers and keys in xAPI's notation: `[,]` between items, `[.]` between the two of a pair.

use xinghuo_tour::{Checkpoint, Marking, OptionId, Question, Response};

/// An answer in xAPI's notation.
#[must_use]
pub fn response_pattern(response: &Response) -> String {
    fn list<'a>(ids: impl IntoIterator<Item = &'a str>) -> String {
        ids.into_iter().collect::<Vec<_>>().join("[,]")
    }
    match response {
        Response::Single(option) => option.to_string(),
        Response::Multiple(options) => list(options.iter().map(OptionId::as_str)),
        Response::Order(options) => list(options.iter().map(OptionId::as_str)),
        Response::Match(pairs) => {
            let pairs: Vec<String> = pairs.iter().map(|(a, b)| format!("{a}[.]{b}")).collect();
            list(pairs.iter().map(String::as_str))
        }
        Response::Locate(artifact) => artifact.to_string(),
    }
}

/// The key of a question in xAPI's notation, where it is public anyway.
///
/// Never that of a question which the server marks, even when it is known here: statements are
/// shown to the visitor.
#[must_use]
pub fn correct_pattern(checkpoint: &Checkpoint, question: &Question) -> Option<String> {
    match checkpoint.marking {
        Marking::Here => question.key.as_ref().map(response_pattern),
        Marking::Server => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(response: &str, pattern: &str) {
        let response: Response = serde_json::from_str(response).unwrap();
        assert_eq!(response_pattern(&response), pattern);
    }

    #[test]
    fn every_kind_of_answer_has_its_notation() {
        check(r#"{"kind":"single","value":"a"}"#, "a");
        check(r#"{"kind":"multiple","value":["b","a"]}"#, "a[,]b");
        check(r#"{"kind":"order","value":["b","a"]}"#, "b[,]a");
        check(
            r#"{"kind":"match","value":{"b":"y","a":"x"}}"#,
            "a[.]x[,]b[.]y",
        );
        check(r#"{"kind":"locate","value":"tea-set"}"#, "tea-set");
    }
}

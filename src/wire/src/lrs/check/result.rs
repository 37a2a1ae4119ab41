//! Results and scores.

use super::fields;
use crate::lrs::{
    Json,
    flaw::{Flaw, Spot},
    value,
};

pub(super) fn result(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    const KNOWN: &[&str] = &[
        "score",
        "success",
        "completion",
        "response",
        "duration",
        "extensions",
    ];
    fields(json, at, KNOWN)?
        .may("score", score)?
        .may("success", value::boolean)?
        .may("completion", value::boolean)?
        .may("response", value::string)?
        .may("duration", value::span)?
        .may("extensions", value::extensions)
        .map(drop)
}

fn score(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    let number = |json: &Json, at: &Spot<'_>| value::number(json, at).map(drop);
    let fields = fields(json, at, &["scaled", "raw", "min", "max"])?
        .may("scaled", number)?
        .may("raw", number)?
        .may("min", number)?
        .may("max", number)?;
    let of = |name: &str| {
        let json = fields.members.get(name)?;
        value::number(json, at).ok()
    };
    if of("scaled").is_some_and(|scaled| !(-1.0..=1.0).contains(&scaled)) {
        return Err(at.member("scaled").flaw("is not between -1 and 1"));
    }
    let (raw, min, max) = (of("raw"), of("min"), of("max"));
    if let (Some(min), Some(max)) = (min, max)
        && min >= max
    {
        return Err(at.member("min").flaw("is not less than max"));
    }
    if let (Some(raw), Some(min)) = (raw, min)
        && raw < min
    {
        return Err(at.member("raw").flaw("is less than min"));
    }
    if let (Some(raw), Some(max)) = (raw, max)
        && raw > max
    {
        return Err(at.member("raw").flaw("is greater than max"));
    }
    Ok(())
}

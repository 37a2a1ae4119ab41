//! Activities, their definitions and the parts of questions.

use super::{Fields, fields};
use crate::lrs::{
    Json,
    flaw::{Flaw, Spot},
    value,
};

/// The kinds of interaction, each with the lists of components that it may have.
const INTERACTIONS: &[(&str, &[&str])] = &[
    ("true-false", &[]),
    ("choice", &["choices"]),
    ("fill-in", &[]),
    ("long-fill-in", &[]),
    ("matching", &["source", "target"]),
    ("performance", &["steps"]),
    ("sequencing", &["choices"]),
    ("likert", &["scale"]),
    ("numeric", &[]),
    ("other", &[]),
];

const COMPONENTS: [&str; 5] = ["choices", "scale", "source", "target", "steps"];

pub(super) fn activity(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    let fields = fields(json, at, &["objectType", "id", "definition"])?
        .must("id", value::iri)?
        .may("definition", definition)?;
    if matches!(fields.text("objectType"), None | Some("Activity"))
        && (!fields.has("objectType") || fields.text("objectType").is_some())
    {
        Ok(())
    } else {
        Err(at.member("objectType").flaw("is not \"Activity\""))
    }
}

fn definition(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    const KNOWN: &[&str] = &[
        "name",
        "description",
        "type",
        "moreInfo",
        "extensions",
        "interactionType",
        "correctResponsesPattern",
        "choices",
        "scale",
        "source",
        "target",
        "steps",
    ];
    let fields = fields(json, at, KNOWN)?
        .may("name", value::language_map)?
        .may("description", value::language_map)?
        .may("type", value::iri)?
        .may("moreInfo", value::iri)?
        .may("extensions", value::extensions)?
        .may("interactionType", value::string)?
        .may("correctResponsesPattern", value::strings)?;
    for name in COMPONENTS {
        fields.may(name, components)?;
    }
    interaction(fields)
}

fn interaction(fields: Fields<'_>) -> Result<(), Flaw> {
    let kind = fields.text("interactionType");
    let Some(kind) = kind else {
        let needs_kind = |name: &&&str| fields.has(name);
        let named = ["correctResponsesPattern"];
        return match named.iter().chain(&COMPONENTS).find(needs_kind) {
            None => Ok(()),
            Some(name) => Err(fields
                .at
                .member(name)
                .flaw("needs an interactionType beside it")),
        };
    };
    let Some((_, may_have)) = INTERACTIONS.iter().find(|(name, _)| *name == kind) else {
        let names: Vec<_> = INTERACTIONS.iter().map(|(name, _)| *name).collect();
        let at = fields.at.member("interactionType");
        return Err(at.flaw(format!("is none of {}", names.join(", "))));
    };
    let stray = COMPONENTS
        .iter()
        .find(|name| fields.has(name) && !may_have.contains(name));
    match stray {
        None => Ok(()),
        Some(name) => Err(fields
            .at
            .member(name)
            .flaw(format!("does not go with the interactionType {kind:?}"))),
    }
}

fn components(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    value::list(json, at, |json, at| {
        fields(json, at, &["id", "description"])?
            .must("id", value::string)?
            .may("description", value::language_map)
            .map(drop)
    })?;
    let mut seen = Vec::new();
    for (n, item) in json.items().iter().enumerate() {
        let id = item.text_at(&["id"]).unwrap_or_default();
        if seen.contains(&id) {
            let at = at.item(n);
            return Err(at.member("id").flaw(format!("{id:?} occurs twice")));
        }
        seen.push(id);
    }
    Ok(())
}

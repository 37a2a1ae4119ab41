//! A reader of cmi5's course structures, written after the specification (section 13.1.4) and its schema,
//! and knowing nothing of our types. Of objectives and of other namespaces it knows nothing either.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};

const NAMESPACE: &str = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd";

/// Parameters of a launch, which the address of a unit must not have.
const LAUNCH: [&str; 5] = ["endpoint", "fetch", "actor", "registration", "activityId"];

/// What stands in an element: which ones, one after the other, and how many of each at least and at most.
type Within = &'static [(&'static [&'static str], usize, usize)];

const MANY: usize = usize::MAX;

/// An element's attributes, and those of them that it must have.
type Attributes = (&'static [&'static str], &'static [&'static str]);

/// What the schema has for an element; none if it has no such element.
fn known(name: &str) -> Option<(Within, Attributes)> {
    const TITLE: (&[&str], usize, usize) = (&["title"], 1, 1);
    const DESCRIPTION: (&[&str], usize, usize) = (&["description"], 1, 1);
    const UNITS: (&[&str], usize, usize) = (&["au", "block"], 1, MANY);
    let id: Attributes = (&["id"], &["id"]);
    Some(match name {
        "courseStructure" => (&[(&["course"], 1, 1), UNITS], (&[], &[])),
        "course" => (&[TITLE, DESCRIPTION], id),
        "block" => (&[TITLE, DESCRIPTION, UNITS], id),
        "au" => (
            &[
                TITLE,
                DESCRIPTION,
                (&["url"], 1, 1),
                (&["launchParameters"], 0, 1),
                (&["entitlementKey"], 0, 1),
            ],
            (
                &[
                    "id",
                    "moveOn",
                    "masteryScore",
                    "launchMethod",
                    "activityType",
                ],
                &["id"],
            ),
        ),
        "title" | "description" => (&[(&["langstring"], 1, MANY)], (&[], &[])),
        "langstring" => (&[], (&["lang"], &["lang"])),
        "url" | "launchParameters" | "entitlementKey" => (&[], (&[], &[])),
        _ => return None,
    })
}

/// What is wrong with a course structure.
pub(crate) fn flaws(xml: &str) -> Vec<String> {
    let document = match Document::parse(xml) {
        Ok(document) => document,
        Err(error) => return vec![error.to_string()],
    };
    let mut flaws = Vec::new();
    let root = document.root_element();
    if root.tag_name().name() != "courseStructure" {
        flaws.push("the root is no courseStructure".to_owned());
    }
    element(root, &mut flaws);
    let mut ids = BTreeSet::new();
    for id in document.descendants().filter_map(|it| it.attribute("id")) {
        if !ids.insert(id) {
            flaws.push(format!("{id} stands twice"));
        }
    }
    flaws
}

/// The texts of an element's title, by language.
pub(crate) fn title<'a>(xml: &'a Document<'_>, of: &str) -> Vec<(&'a str, &'a str)> {
    let named = |it: &Node<'_, '_>, name: &str| it.tag_name().name() == name;
    let of = xml.descendants().find(|it| named(it, of));
    let title = of.and_then(|it| it.children().find(|it| named(it, "title")));
    let strings = title.into_iter().flat_map(|it| it.children());
    let strings = strings.filter(Node::is_element);
    strings
        .map(|it| {
            let language = it.attribute("lang").unwrap_or_default();
            (language, it.text().unwrap_or_default())
        })
        .collect()
}

fn element(node: Node<'_, '_>, flaws: &mut Vec<String>) {
    let name = node.tag_name().name();
    if node.tag_name().namespace() != Some(NAMESPACE) {
        flaws.push(format!("{name} is of another namespace"));
    }
    let Some((within, (may, must))) = known(name) else {
        flaws.push(format!("there is no {name}"));
        return;
    };
    for attribute in node.attributes() {
        let (attribute, value) = (attribute.name(), attribute.value());
        if !may.contains(&attribute) {
            flaws.push(format!("{name} has no {attribute}"));
        } else if !fits(attribute, value) {
            flaws.push(format!("{attribute} of {name} is {value:?}"));
        }
    }
    for missing in must.iter().filter(|it| !node.has_attribute(**it)) {
        flaws.push(format!("{name} lacks {missing}"));
    }
    let children: Vec<_> = node.children().filter(Node::is_element).collect();
    let mut names = children.iter().map(|it| it.tag_name().name()).peekable();
    for (any, least, most) in within {
        let mut times = 0;
        while times < *most && names.next_if(|it| any.contains(it)).is_some() {
            times += 1;
        }
        if times < *least {
            flaws.push(format!("{name} lacks {any:?}, or it is not in its place"));
        }
    }
    for other in names {
        flaws.push(format!("{other} is not in its place in {name}"));
    }
    let text: String = node.children().filter_map(|it| it.text()).collect();
    if !within.is_empty() && children.is_empty() && !text.trim().is_empty() {
        flaws.push(format!("{name} is a text"));
    }
    if name == "url" && !is_launched_at(&text) {
        flaws.push(format!("nothing can be launched at {text:?}"));
    }
    for child in children {
        element(child, flaws);
    }
}

/// Whether the value of an attribute is one.
fn fits(attribute: &str, value: &str) -> bool {
    let is_part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_alphanumeric())
    };
    match attribute {
        "id" | "activityType" => is_iri(value),
        "lang" => {
            let first = value.split('-').next().unwrap_or_default();
            value.split('-').all(is_part) && first.bytes().all(|it| it.is_ascii_alphabetic())
        }
        "moveOn" => [
            "NotApplicable",
            "Passed",
            "Completed",
            "CompletedAndPassed",
            "CompletedOrPassed",
        ]
        .contains(&value),
        "launchMethod" => ["AnyWindow", "OwnWindow"].contains(&value),
        "masteryScore" => {
            let places = value.split_once('.').map_or(0, |(_, places)| places.len());
            let digits = value.bytes().all(|it| it.is_ascii_digit() || it == b'.');
            let within = value.parse().is_ok_and(|it| (0.0..=1.0).contains(&it));
            digits && places <= 4 && within
        }
        _ => true,
    }
}

fn is_iri(text: &str) -> bool {
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let plain = |it: char| !it.is_whitespace() && !it.is_control() && !"<>\"{}|\\^`".contains(it);
    scheme.starts_with(|it: char| it.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || "+-.".contains(it))
        && text.chars().all(plain)
}

/// Whether a learning system can send somebody there and add to it what a launch says.
fn is_launched_at(url: &str) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let mut names = query
        .split('&')
        .map(|pair| pair.split('=').next().unwrap_or_default());
    is_iri(url) && url.contains("://") && names.all(|name| !LAUNCH.contains(&name))
}

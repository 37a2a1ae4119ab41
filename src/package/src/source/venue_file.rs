//! `venue.toml`: what the venue is, where it begins, in which order, and who signed it off.

use toml::Value;
use xinghuo_tour::{Completion, Provenance, RoomId, Start, StopId, VenueId};

use super::{desk::Desk, fields::Fields, media::PICTURES, words::is_language};
use crate::finding::{Code, Finding, Severity};

/// The version of the source form that this crate reads.
const FORMAT: i64 = 1;
/// Where the file is.
pub(super) const PATH: &str = "venue.toml";

/// The words of `provenance`.
pub(super) const PROVENANCES: &[(&str, Provenance)] = &[
    ("scan", Provenance::Scan),
    ("photo", Provenance::Photo),
    ("reconstruction", Provenance::Reconstruction),
];

/// What `venue.toml` says, apart from its texts. What is wrong in it is absent here.
#[derive(Debug, Default)]
pub(super) struct VenueFile {
    pub(super) id: Option<VenueId>,
    pub(super) start: Option<Start>,
    pub(super) poster: Option<String>,
    pub(super) provenance: Option<Provenance>,
    pub(super) licence: Option<String>,
    /// The stops in their order, each with its place.
    pub(super) route: Vec<(String, StopId)>,
    pub(super) completion: Option<Completion>,
    pub(super) draft: bool,
}

/// Reads `venue.toml`, and with it the languages that everything else is held against.
pub(super) fn read(desk: &mut Desk, folder: Option<&str>) -> VenueFile {
    Fields::of_file(desk, PATH, |fields| {
        format(fields);
        fields.desk.languages = languages(fields);
        fields.words("title", "venue.title", 60);
        fields.words("place", "venue.place", 120);
        fields.words("summary", "venue.summary", 800);
        fields.words("provenance-note", "venue.provenance", 800);
        fields.words("poster-alt", "venue.posterAlt", 240);
        credits(fields);
        VenueFile {
            id: id(fields, folder),
            start: fields.required_table("start", start).flatten(),
            poster: fields.file("poster", PICTURES),
            provenance: fields.choice("provenance", PROVENANCES),
            licence: licence(fields),
            route: fields.ids("route"),
            completion: fields.required_table("completion", completion).flatten(),
            draft: !signed_off(fields),
        }
    })
    .unwrap_or_default()
}

fn format(fields: &mut Fields<'_>) {
    match fields.value("format") {
        Some(Value::Integer(FORMAT)) => {}
        Some(value) => {
            let message = format!("the package has format {value}; this program reads {FORMAT}");
            fields.find(Code::FormatUnknown, "format", message);
        }
        None => {
            let message = "the package does not say which format it has";
            let hint = format!("write format = {FORMAT}");
            fields.find_with_hint(Code::FormatUnknown, "format", message, hint);
        }
    }
}

fn id(fields: &mut Fields<'_>, folder: Option<&str>) -> Option<VenueId> {
    let id: VenueId = fields.id("id")?;
    if let Some(folder) = folder.filter(|folder| *folder != id.as_str()) {
        let message = format!("the venue \"{id}\" lies in a folder called {folder:?}");
        let finding = Finding::new(Code::IdNotStem, fields.at("id"), message);
        // A folder is renamed by downloading it; the id is what counts.
        let finding = finding.with_severity(Severity::Warning);
        fields.desk.findings.push(finding);
    }
    Some(id)
}

fn languages(fields: &mut Fields<'_>) -> Vec<String> {
    let mut languages: Vec<String> = Vec::new();
    for (key, language) in fields.strings("languages") {
        if !is_language(&language) {
            let message = format!("{language:?} is not a language tag");
            let hint = "write \"zh-Hans\" or \"en\"".to_owned();
            fields.find_with_hint(Code::LanguageWrong, &key, message, hint);
        } else if languages.contains(&language) {
            let message = format!("the language {language:?} is listed twice");
            fields.find(Code::LanguageWrong, &key, message);
        } else {
            languages.push(language);
        }
    }
    if languages.is_empty() {
        let message = "the venue lists no language";
        fields.find(Code::LanguagesEmpty, "languages", message);
        fields.desk.blind = true;
    }
    languages
}

fn start(fields: &mut Fields<'_>) -> Option<Start> {
    let room = fields.id::<RoomId>("room");
    let node = fields.string("node");
    Some(Start {
        room: room?,
        node: node?,
    })
}

fn licence(fields: &mut Fields<'_>) -> Option<String> {
    let licence = fields.string("licence")?;
    for language in fields.desk.languages.clone() {
        fields
            .desk
            .keep(&language, "venue.licence", licence.clone());
    }
    Some(licence)
}

fn credits(fields: &mut Fields<'_>) {
    fields.tables("credits", |fields, n| {
        fields.words("role", &format!("credit.{n}.role"), 120);
        if let Some(name) = fields.string("name") {
            for language in fields.desk.languages.clone() {
                fields
                    .desk
                    .keep(&language, &format!("credit.{n}.name"), name.clone());
            }
        }
    });
}

fn completion(fields: &mut Fields<'_>) -> Option<Completion> {
    let version = fields.count("version", 1, 1..=u32::MAX);
    let attempts = fields.count("attempts", 3, 1..=9);
    let mastery = match fields.value("mastery") {
        Some(Value::Float(mastery)) => mastery as f32,
        Some(Value::Integer(mastery)) => mastery as f32,
        Some(value) => {
            fields.wrong("mastery", &value, "a number");
            return None;
        }
        None => {
            fields.find(
                Code::FieldMissing,
                "mastery",
                "the field \"mastery\" is missing",
            );
            return None;
        }
    };
    // Written so that a NaN is out of range as well.
    if !(mastery > 0.0 && mastery <= 1.0) {
        let message = format!("the mastery is {mastery}, not above 0 and up to 1");
        let percent = mastery > 1.0 && mastery <= 100.0;
        let hint = percent.then(|| format!("{mastery} percent is {}", mastery / 100.0));
        fields.find_with_hint(Code::MasteryOutOfRange, "mastery", message, hint);
        return None;
    }
    Some(Completion {
        version,
        mastery,
        attempts,
    })
}

/// Whether somebody has signed the package off.
fn signed_off(fields: &mut Fields<'_>) -> bool {
    let review = fields.table("review", |fields| {
        let editor = fields.string("editor");
        let reviewer = fields.string("reviewer");
        let date = date(fields);
        fields.optional_words("note", "venue.review", 800);
        editor.zip(reviewer).zip(date)
    });
    let Some(review) = review else {
        let message = "nobody has signed the package off, so it opens as a draft";
        let hint = "add [review] with editor, reviewer and date once somebody has".to_owned();
        fields.find_with_hint(Code::ReviewAbsent, "review", message, hint);
        return false;
    };
    let Some(((editor, reviewer), date)) = review else {
        return false;
    };
    for language in fields.desk.languages.clone() {
        let note = fields
            .desk
            .kept(&language, "venue.review")
            .map(str::to_owned);
        let signed = if language.starts_with("zh") {
            format!("编辑：{editor}；审校：{reviewer}；{date}。")
        } else {
            format!("Edited by {editor}, reviewed by {reviewer}, {date}. ")
        };
        let review = signed + &note.unwrap_or_default();
        fields
            .desk
            .keep(&language, "venue.review", review.trim_end().to_owned());
    }
    true
}

fn date(fields: &mut Fields<'_>) -> Option<String> {
    let Some(value) = fields.value("date") else {
        fields.find(Code::FieldMissing, "date", "the field \"date\" is missing");
        return None;
    };
    let text = match &value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    };
    // TOML knows which days there are, so a date in quotes is parsed as one without.
    let parsed = text.parse::<toml::value::Datetime>().ok();
    let a_day = parsed.is_some_and(|d| d.date.is_some() && d.time.is_none() && d.offset.is_none());
    if !a_day {
        let message = format!("{text:?} is not a day written YYYY-MM-DD");
        fields.find(Code::DateWrong, "date", message);
        return None;
    }
    Some(text)
}

//! The course structure that a learning system imports: a venue as a course of one unit.

use std::fmt::Write;

use xinghuo_tour::{Session, Venue};

use super::super::{LanguageMap, Words, activity_type, describe::Naming};

const NAMESPACE: &str = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd";

/// A venue as a course of one unit.
pub struct Course<'a> {
    /// What visitors know the deployment by.
    pub origin: &'a str,
    /// The venue.
    pub venue: &'a Venue,
    /// The words of its package.
    pub words: &'a Words,
}

impl Course<'_> {
    /// The course structure as XML.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let venue = &self.venue.id;
        let naming = Naming {
            base: self.origin,
            venue,
            words: self.words,
        };
        let whole = naming.venue();
        let (id, mut name) = (whole.id, whole.definition.name);
        if name.is_empty() {
            name.insert("und".to_owned(), venue.to_string());
        }
        let mut summary = whole.definition.description;
        if summary.is_empty() {
            summary.clone_from(&name);
        }
        let judged = Session::new(0).progress(self.venue).mastery.of > 0;
        // To as many places as cmi5 takes; `f32` has more, and they mean nothing.
        let mastery = (f64::from(self.venue.completion.mastery) * 1e4).round() / 1e4;
        let move_on = if judged {
            format!("moveOn=\"CompletedAndPassed\" masteryScore=\"{mastery}\"")
        } else {
            "moveOn=\"Completed\"".to_owned()
        };
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        let _ = writeln!(xml, "<courseStructure xmlns=\"{NAMESPACE}\">");
        let _ = writeln!(
            xml,
            "  <course id=\"{}\">",
            escaped(&format!("{id}/course"))
        );
        said(&mut xml, "title", &name);
        said(&mut xml, "description", &summary);
        let _ = writeln!(xml, "  </course>");
        let _ = writeln!(
            xml,
            "  <au id=\"{}\" launchMethod=\"OwnWindow\" {move_on} activityType=\"{}\">",
            escaped(&id),
            activity_type::VENUE
        );
        said(&mut xml, "title", &name);
        said(&mut xml, "description", &summary);
        let url = format!("{}/?venue={venue}", self.origin);
        let _ = writeln!(xml, "    <url>{}</url>", escaped(&url));
        xml.push_str("  </au>\n</courseStructure>\n");
        xml
    }
}

fn said(xml: &mut String, element: &str, words: &LanguageMap) {
    let _ = writeln!(xml, "    <{element}>");
    for (language, text) in words {
        let (language, text) = (escaped(language), escaped(text));
        let _ = writeln!(
            xml,
            "      <langstring lang=\"{language}\">{text}</langstring>"
        );
    }
    let _ = writeln!(xml, "    </{element}>");
}

/// A text as XML has it; characters that XML does not have are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c < ' ' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_xml_does_not_get_through() {
        assert_eq!(
            escaped("<a href=\"x\">&\u{1}\n红船"),
            "&lt;a href=&quot;x&quot;&gt;&amp; 红船"
        );
    }
}

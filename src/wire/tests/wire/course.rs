//! The course structure of a venue is one, whatever the venue is called and however it is judged.

use std::collections::BTreeMap;

use proptest::prelude::*;
use roxmltree::Document;
use xinghuo_tour::Venue;
use xinghuo_wire::xapi::{Words, cmi5::Course};

use crate::{
    given,
    structure::{flaws, title},
};

fn imported(venue: &Venue, words: &Words) -> String {
    let course = Course {
        origin: "https://tours.example.edu",
        venue,
        words,
    };
    course.to_xml()
}

#[test]
fn a_venue_is_a_course_structure() {
    let words: Words = given::read("words.json");
    let mut venue = given::venue();
    let xml = imported(&venue, &words);
    assert_eq!(flaws(&xml), [""; 0], "{xml}");
    let document = Document::parse(&xml).expect("XML");
    for of in ["course", "au"] {
        let named = [("en", "The Red Boat"), ("zh-Hans", "红船")];
        assert_eq!(title(&document, of), named);
    }
    // Without words it is called by its id; without questions it is not judged.
    let xml = imported(&venue, &Words::new());
    assert_eq!(flaws(&xml), [""; 0], "{xml}");
    venue.checkpoints.clear();
    for stop in &mut venue.stops {
        stop.checkpoint = None;
    }
    let xml = imported(&venue, &words);
    assert_eq!(flaws(&xml), [""; 0], "{xml}");
    assert!(!xml.contains("masteryScore"), "{xml}");
}

proptest! {
    #[test]
    fn no_name_and_no_mark_break_the_structure(
        name in any::<String>(), summary in "[<>&\"' \\t\\n\\r\\]!\\-\u{0}\u{fffe}红]{0,20}", mastery in 0.0_f32..=1.0,
    ) {
        let mut venue = given::venue();
        venue.completion.mastery = mastery;
        let said = [("venue.title", &name), ("venue.summary", &summary)];
        let said: BTreeMap<_, _> = said.map(|(key, text)| (key.to_owned(), text.clone())).into();
        let xml = imported(&venue, &[("en".to_owned(), said)].into());
        prop_assert_eq!(flaws(&xml), [""; 0], "{}", xml);
        // What XML can hold comes back; what it cannot is left out.
        let blank = |c: char| if "\t\n\r".contains(c) { ' ' } else { c };
        let held = name.chars().map(blank).filter(|c| *c >= ' ' && !"\u{fffe}\u{ffff}".contains(*c));
        let held: String = held.collect();
        let document = Document::parse(&xml).expect("XML");
        prop_assert_eq!(title(&document, "au"), [("en", &*held)]);
    }
}

/// The reader would notice.
#[test]
fn what_is_no_course_structure_is_found_out() {
    let xml = imported(&given::venue(), &given::read("words.json"));
    assert_eq!(flaws(&xml), [""; 0]);
    for (right, wrong) in [
        ("CourseStructure.xsd", "Course.xsd"),
        ("</courseStructure>", ""),
        ("<course id", "<course name"),
        ("<url>", "<link/><url>"),
        ("/course\"", "\""),
        ("launchMethod=\"OwnWindow\"", "launchMethod=\"Here\""),
        ("CompletedAndPassed", "Satisfied"),
        ("masteryScore=\"", "masteryScore=\"1"),
        ("masteryScore=\"", "masteryScore=\"0.00000"),
        ("langstring lang=\"en\"", "langstring lang=\"en_GB\""),
        ("langstring lang=\"en\"", "langstring"),
        ("?venue=", "?fetch=x&amp;venue="),
        ("<url>https:", "<url>"),
        ("launchMethod", "window"),
        (" id=\"https:", " id=\"tours of"),
    ] {
        assert!(xml.contains(right), "{right}");
        let changed = xml.replace(right, wrong);
        assert_ne!(flaws(&changed), [""; 0], "{wrong}: {changed}");
    }
    // The order counts.
    let (title, description) = ("<title>", "<description>");
    let swapped = xml
        .replace("title>", "x>")
        .replace("description>", "title>")
        .replace("x>", "description>");
    assert!(swapped.contains(title) && swapped.contains(description));
    assert_ne!(flaws(&swapped), [""; 0]);
}

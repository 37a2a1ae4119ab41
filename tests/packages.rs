//! What is found in packages as curators write them.

use std::{env, fs};

use pollster::block_on;
use proptest::prelude::*;
use xinghuo_package::{Code, Severity, source};
use xinghuo_tests::packages::{Case, broken, good};

#[test]
fn every_broken_package_is_reported_as_its_file_says() {
    let cases = broken();
    assert!(cases.len() >= 24);
    for case in &cases {
        check(case);
    }
}

/// Opens the case and compares what is found with `report.txt` beside it, which `XINGHUO_BLESS=1`
/// writes anew.
#[track_caller]
fn check(case: &Case) {
    let (package, findings) = case.open();
    let wrong = findings.iter().any(|f| f.severity == Severity::Error);
    assert_eq!(package.is_none(), wrong, "{}", case.name);
    let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
    let report = lines.join("\n") + if lines.is_empty() { "" } else { "\n" };
    let golden = case.folder.join("report.txt");
    if env::var_os("XINGHUO_BLESS").is_some() {
        fs::write(&golden, &report).expect("the report can be written");
    }
    let expected = fs::read_to_string(&golden).unwrap_or_default();
    assert_eq!(
        report, expected,
        "{}: XINGHUO_BLESS=1 takes what is found now",
        case.name
    );
}

#[test]
fn every_code_is_found_in_some_package() {
    // A folder that changes while it is read, what only `tour` knows, and what only publishing with
    // a font finds cannot be a fixture.
    let elsewhere = [
        Code::FileUnreadable,
        Code::VenueInconsistent,
        Code::GlyphMissing,
    ];
    let cases: Vec<_> = broken().iter().flat_map(|case| case.open().1).collect();
    for code in Code::ALL.iter().filter(|code| !elsewhere.contains(code)) {
        assert!(cases.iter().any(|f| f.code == *code), "{code}");
    }
}

#[test]
fn the_good_package_has_no_finding() {
    let (package, findings) = block_on(source::open(&good()));
    assert_eq!(findings, []);
    assert!(package.is_some());
}

#[test]
fn a_listing_cannot_name_a_file_outside() {
    let mut files = good();
    files.0.insert("../secret.toml".into(), Vec::new());
    let (package, findings) = block_on(source::open(&files));
    assert!(package.is_none());
    assert_eq!(findings[0].code, Code::PathEscapes);
}

/// Something that happens to a file on its way to us.
#[derive(Debug, Clone)]
enum Accident {
    Drop,
    Cut(prop::sample::Index),
    Flip(prop::sample::Index, u8),
    Insert(prop::sample::Index, Vec<u8>),
}

fn accident() -> impl Strategy<Value = Accident> {
    prop_oneof![
        1 => Just(Accident::Drop),
        2 => any::<prop::sample::Index>().prop_map(Accident::Cut),
        6 => (any::<prop::sample::Index>(), 1_u8..).prop_map(|(at, bits)| Accident::Flip(at, bits)),
        3 => (any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 1..9))
            .prop_map(|(at, bytes)| Accident::Insert(at, bytes)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_accident_makes_opening_panic(
        accidents in prop::collection::vec((any::<prop::sample::Index>(), accident()), 1..6),
    ) {
        let mut files = good();
        for (which, accident) in accidents {
            let path = which.get(&files.0.keys().cloned().collect::<Vec<_>>()).clone();
            let bytes = files.0.entry(path.clone()).or_default();
            match accident {
                Accident::Drop => { files.0.remove(&path); }
                Accident::Cut(at) => bytes.truncate(at.index(bytes.len() + 1)),
                Accident::Flip(at, bits) if !bytes.is_empty() => {
                    let at = at.index(bytes.len());
                    bytes[at] ^= bits;
                }
                Accident::Flip(..) => {}
                Accident::Insert(at, new) => {
                    let at = at.index(bytes.len() + 1);
                    bytes.splice(at..at, new);
                }
            }
        }
        let (package, findings) = block_on(source::open(&files));
        let wrong = findings.iter().any(|f| f.severity == Severity::Error);
        prop_assert_eq!(package.is_none(), wrong);
    }
}

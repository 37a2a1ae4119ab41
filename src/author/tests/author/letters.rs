//! The letters that a package is published with: of a font, those of its words and no others.

use std::{collections::BTreeSet, fs, ops::RangeInclusive, path::Path};

use serde_json::Value;
use tempfile::TempDir;
use xinghuo_package::published::Keys;

use super::{author, broken, check, good, said, text};

/// The characters of which the font has glyphs: what Chinese and English are written with.
const LETTERS: [RangeInclusive<char>; 5] = [
    ' '..='~',
    '\u{2010}'..='\u{2027}',
    '\u{3000}'..='\u{303f}',
    '\u{4e00}'..='\u{9fff}',
    '\u{ff00}'..='\u{ffef}',
];
/// A word of the page, with characters that the good package does not have.
const WORD: &str = "Ж∮";

/// A font of so many letters, each a triangle. It has what every font has and nothing more.
fn font(letters: &BTreeSet<char>) -> Vec<u8> {
    let count = letters.len() as u16 + 1;
    let triangle: Vec<u8> = [1i16, 0, 0, 500, 500, 2, 0]
        .into_iter()
        .flat_map(i16::to_be_bytes)
        .chain([1, 1, 1])
        .chain(
            [0i16, 500, -250, 0, 0, 500]
                .into_iter()
                .flat_map(i16::to_be_bytes),
        )
        .chain([0])
        .collect();
    let length = triangle.len() as u32;
    let groups = letters.iter().zip(1u32..).flat_map(|(&letter, glyph)| {
        let letter = u32::from(letter);
        [letter, letter, glyph]
    });
    let groups: Vec<u8> = groups.flat_map(u32::to_be_bytes).collect();
    let short =
        |numbers: &[u16]| -> Vec<u8> { numbers.iter().flat_map(|it| it.to_be_bytes()).collect() };
    let long =
        |numbers: &[u32]| -> Vec<u8> { numbers.iter().flat_map(|it| it.to_be_bytes()).collect() };
    let subtable = [
        short(&[12, 0]),
        long(&[groups.len() as u32 + 16, 0, u32::from(count) - 1]),
    ];
    let tables = [
        (b"OS/2", short(&[0; 39])),
        (
            b"cmap",
            [
                short(&[0, 1, 3, 10]),
                long(&[12]),
                subtable.concat(),
                groups,
            ]
            .concat(),
        ),
        (b"glyf", triangle.repeat(usize::from(count))),
        (
            b"head",
            [
                long(&[0x0001_0000, 0x0001_0000, 0, 0x5f0f_3cf5]),
                short(&[0, 1000]),
                long(&[0; 4]),
                short(&[0, 0, 500, 500, 0, 8, 2, 1, 0]),
            ]
            .concat(),
        ),
        (
            b"hhea",
            [
                long(&[0x0001_0000]),
                short(&[800, 0, 0, 600, 0, 0, 500, 1]),
                short(&[0; 7]),
                short(&[count]),
            ]
            .concat(),
        ),
        (b"hmtx", short(&[600, 0]).repeat(usize::from(count))),
        (
            b"loca",
            long(
                &(0..=u32::from(count))
                    .map(|it| it * length)
                    .collect::<Vec<_>>(),
            ),
        ),
        (
            b"maxp",
            [
                long(&[0x0001_0000]),
                short(&[count, 3, 1, 0, 0, 1]),
                short(&[0; 8]),
            ]
            .concat(),
        ),
        (b"post", [long(&[0x0003_0000]), long(&[0; 7])].concat()),
    ];
    let mut whole = [
        long(&[0x0001_0000]),
        short(&[tables.len() as u16, 128, 3, 0]),
    ]
    .concat();
    let mut begin = 12 + 16 * tables.len() as u32;
    for (name, table) in &tables {
        whole.extend([&name[..], &long(&[0, begin, table.len() as u32])].concat());
        begin += table.len().next_multiple_of(4) as u32;
    }
    for (_, table) in tables {
        whole.extend(&table);
        whole.resize(whole.len().next_multiple_of(4), 0);
    }
    whole
}

/// The characters of which a font has a glyph.
fn covered(font: &[u8]) -> BTreeSet<char> {
    let short = |at: usize| usize::from(u16::from_be_bytes([font[at], font[at + 1]]));
    let long = |at: usize| (short(at) << 16) | short(at + 2);
    let mut records = (0..short(4)).map(|it| 12 + it * 16);
    let cmap = records.find(|&at| &font[at..at + 4] == b"cmap");
    let cmap = long(cmap.expect("a table of characters") + 8);
    let subtables = (0..short(cmap + 2)).map(|it| cmap + long(cmap + 4 + it * 8 + 4));
    let mut all = BTreeSet::new();
    for at in subtables {
        let pairs: Vec<(usize, usize)> = match short(at) {
            12 => (0..long(at + 12))
                .map(|it| at + 16 + it * 12)
                .flat_map(|it| (long(it)..=long(it + 4)).map(move |code| (code, it)))
                .map(|(code, it)| (code, long(it + 8) + code - long(it)))
                .collect(),
            4 => {
                let double = short(at + 6);
                let segments = (0..double / 2).map(|it| at + 14 + it * 2);
                segments
                    .flat_map(|end| {
                        let (begin, delta, offset) =
                            (end + double + 2, end + 2 * double + 2, end + 3 * double + 2);
                        (short(begin)..=short(end)).map(move |code| (code, begin, delta, offset))
                    })
                    .map(|(code, begin, delta, offset)| {
                        let glyph = match short(offset) {
                            0 => code,
                            by => match short(offset + by + (code - short(begin)) * 2) {
                                0 => return (code, 0),
                                glyph => glyph,
                            },
                        };
                        (code, (glyph + short(delta)) % 0x1_0000)
                    })
                    .collect()
            }
            other => panic!("a table of characters of format {other}"),
        };
        let letters = pairs.into_iter().filter(|(_, glyph)| *glyph != 0);
        all.extend(letters.filter_map(|(code, _)| char::from_u32(code as u32)));
    }
    all
}

/// What was published, what was said of it, and with which letters.
struct Built {
    said: String,
    letters: BTreeSet<char>,
    /// All characters of the words that whoever visits can be told.
    written: BTreeSet<char>,
}

/// Publishes a package with a font that has many letters, but not `missing`.
fn build(package: &Path, missing: &[char]) -> Built {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |below: &str| folder.path().join(below);
    let mut letters: BTreeSet<char> = LETTERS.into_iter().flatten().chain(WORD.chars()).collect();
    letters.retain(|it| !missing.contains(it));
    fs::write(path("font.ttf"), font(&letters)).expect("a font");
    fs::write(path("words.json"), format!(r#"{{"word":"{WORD}"}}"#)).expect("words");
    let output = author(&[
        "build",
        text(package),
        "--no-compress",
        "--out",
        text(&path("packages")),
        "--keys",
        text(&path("keys")),
        "--font",
        text(&path("font.ttf")),
        "--words",
        text(&path("words.json")),
    ]);
    check(&output, 0, "");
    Built {
        said: said(&output),
        ..published(&folder)
    }
}

/// What is in the package that was published.
fn published(folder: &TempDir) -> Built {
    let read = |path: &Path| fs::read(path).unwrap_or_else(|_| panic!("{}", path.display()));
    let json = |path: &Path| -> Value { serde_json::from_slice(&read(path)).expect("JSON") };
    let index = json(&folder.path().join("packages/index.json"));
    let hash = index["venues"][0]["hash"].as_str().expect("a hash");
    let package = folder.path().join("packages/good").join(hash);
    let mut written: BTreeSet<char> = WORD.chars().collect();
    for entry in fs::read_dir(package.join("text")).expect("texts") {
        let texts = json(&entry.expect("a file").path());
        let texts = texts.as_object().expect("texts by key").values();
        written.extend(texts.flat_map(|it| it.as_str().expect("a text").chars()));
    }
    let keys: Keys =
        serde_json::from_value(json(&folder.path().join(format!("keys/good/{hash}.json"))))
            .expect("keys");
    let secret = keys.feedback.values().chain(keys.hints.values());
    written.extend(secret.flat_map(|it| it.values()).flat_map(|it| it.chars()));
    Built {
        said: String::new(),
        letters: covered(&read(&package.join("letters.otf"))),
        written,
    }
}

#[test]
fn the_letters_are_those_of_the_words_and_no_others() {
    let built = build(&good(), &[]);
    assert!(
        built
            .said
            .ends_with("is published: no errors, no warnings, no hints.\n"),
        "{}",
        built.said
    );
    let shaped: BTreeSet<char> = built
        .written
        .iter()
        .copied()
        .filter(|it| !it.is_control())
        .collect();
    let (too_few, too_many): (Vec<_>, Vec<_>) = (
        shaped.difference(&built.letters).collect(),
        built.letters.difference(&shaped).collect(),
    );
    assert!(
        too_few.is_empty() && too_many.is_empty(),
        "missing: {too_few:?}, never written: {too_many:?}"
    );
}

#[test]
fn a_letter_that_the_font_does_not_have_is_found_and_named() {
    // In a story, in the package's name, and in a word of the page.
    let (_folder, package) = broken(
        "venue.toml",
        "title = { zh-Hans = \"",
        "title = { zh-Hans = \"彝",
    );
    let story = fs::read_to_string(package.join("text/zh-Hans/desk.md")).expect("a story");
    let told = story
        .chars()
        .find(|it| !it.is_ascii())
        .expect("a letter of its own");
    let missing = [told, '彝', 'Ж'];
    let built = build(&package, &missing);
    let line = built
        .said
        .lines()
        .find(|it| it.contains("GLYPH_MISSING"))
        .unwrap_or_else(|| panic!("{}", built.said));
    assert!(line.starts_with("warning GLYPH_MISSING text"), "{line}");
    for letter in missing {
        assert!(line.contains(&format!("{letter:?}")), "{letter}: {line}");
        assert!(!built.letters.contains(&letter), "{letter}");
    }
    assert_eq!(
        line.matches('\'').count(),
        2 * missing.len(),
        "and no others: {line}"
    );
    assert!(
        built
            .said
            .ends_with("is published: no errors, 1 warning, no hints.\n"),
        "{}",
        built.said
    );
}

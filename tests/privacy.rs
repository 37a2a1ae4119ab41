//! The page about privacy names, article by article, the test that shows it: each of them is there.

use std::{
    collections::BTreeSet,
    fs,
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

const PAGE: &str = include_str!("../src/server/PRIVACY.md");

/// Everything below a folder that has this ending, as one text.
fn sources(folder: &str, ending: &str) -> String {
    let mut text = String::new();
    let mut waiting: Vec<PathBuf> = vec![
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(folder),
    ];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                text += &fs::read_to_string(path).expect("a source");
            }
        }
    }
    text
}

/// What stands between two marks in the last column of the table.
fn named(mark: char) -> Vec<&'static str> {
    let rows = PAGE.lines().filter(|line| line.starts_with("| "));
    let last = rows.filter_map(|row| row.trim_end_matches([' ', '|']).rsplit(" | ").next());
    last.flat_map(|cell| cell.split(mark).skip(1).step_by(2))
        .collect()
}

#[test]
fn every_test_that_the_page_names_is_there() {
    let rust = sources("src/server", ".rs");
    let tests: Vec<_> = named('`')
        .into_iter()
        .filter(|name| name.matches('_').count() > 1)
        .collect();
    assert!(tests.len() > 15, "{tests:?}");
    for name in tests {
        assert!(rust.contains(&format!("fn {name}(")), "no test {name}");
    }
    let browser = sources("tests/browser", ".test.mjs");
    let titles = named('"');
    assert!(titles.len() > 4, "{titles:?}");
    for title in titles {
        assert!(browser.contains(title), "no test {title:?}");
    }
}

/// The rows of the table of articles, as their cells.
fn rows() -> Vec<Vec<&'static str>> {
    let (_, table) = PAGE.split_once("\n## Article by article").expect("a table");
    let (table, _) = table.split_once("\n## ").expect("what follows it");
    let rows = table.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// The articles that a cell names: `17, 44–46, 5 (1) (c)` names 17, 44, 45, 46 and 5.
fn articles(cell: &str) -> BTreeSet<u32> {
    let whole = |text: &str| text.split(' ').next().and_then(|it| it.parse::<u32>().ok());
    let named = cell.split(", ").flat_map(|it| {
        let ends = it.split_once('–').unwrap_or((it, it));
        let first = whole(ends.0);
        first
            .into_iter()
            .flat_map(move |first| first..=whole(ends.1).unwrap_or(first))
    });
    named.collect()
}

#[test]
fn every_article_has_a_test_or_says_that_it_is_organisational() {
    let rows = rows();
    assert!(rows.len() > 24, "{} rows", rows.len());
    for row in rows {
        let [_, _, _, done, test] = row[..] else {
            panic!("{row:?} has not five cells");
        };
        let names_a_test = test.contains('`') || test.contains('"');
        let is_organisational = test.ends_with("organisational");
        assert!(names_a_test || is_organisational, "{row:?}");
        if is_organisational {
            assert!(done.contains("**"), "what is left to the operator? {row:?}");
        }
    }
}

/// The articles of each law that ask something of whoever processes, as far as they can concern a
/// deployment.
#[test]
fn no_article_is_left_out() {
    let named = |column: usize| -> BTreeSet<u32> {
        rows()
            .iter()
            .flat_map(|row| articles(row[column]))
            .collect()
    };
    let missing = |column: usize, asked: &[RangeInclusive<u32>]| -> Vec<u32> {
        let named = named(column);
        let asked = asked.iter().cloned().flatten();
        asked.filter(|it| !named.contains(it)).collect()
    };
    let pipl = [6..=9, 13..=17, 19..=24, 28..=31, 38..=40, 44..=57];
    assert_eq!(missing(0, &pipl), [0; 0], "of the PIPL");
    let gdpr = [
        5..=9,
        12..=13,
        15..=22,
        24..=28,
        30..=30,
        32..=35,
        37..=39,
        44..=49,
    ];
    assert_eq!(missing(1, &gdpr), [0; 0], "of the GDPR");
}

#[test]
fn articles_are_read_from_their_cell() {
    assert_eq!(
        articles("17, 44–46, 5 (1) (c), 12 (2)–(4)"),
        [5, 12, 17, 44, 45, 46].into()
    );
    assert_eq!(articles("–"), [].into());
}

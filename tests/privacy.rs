//! The page about privacy names, article by article, the test that shows it: each of them is there.

use std::{
    fs,
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

#[test]
fn every_article_has_a_test_or_says_that_the_program_does_not_do_it() {
    let articles = PAGE.lines().filter(|line| {
        line.starts_with("| ") && line.contains(" | ") && line.matches(" | ").count() == 4
    });
    let mut count = 0;
    for row in articles.skip(1) {
        let (_, test) = row
            .trim_end_matches([' ', '|'])
            .rsplit_once(" | ")
            .expect("a cell");
        let says = row.contains("**") || row.contains("no call to any third party");
        assert!(test != "–" || says, "{row}");
        count += 1;
    }
    assert!(count > 14, "{count} articles");
}

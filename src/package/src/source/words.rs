//! How wide texts are, and what a language is called.

/// The columns that `text` takes, where a letter takes one and a Chinese character two.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// Whether `c` is a Chinese character, or punctuation set like one.
pub(super) fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether `text` has the form of a BCP 47 tag, as far as venues use them: `zh-Hans`, `en`.
pub(super) fn is_language(text: &str) -> bool {
    text.split('-').enumerate().all(|(n, part)| {
        let length = if n == 0 { 2..=3 } else { 1..=8 };
        let letters = n > 0 || part.bytes().all(|b| b.is_ascii_lowercase());
        length.contains(&part.len()) && letters && part.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_character_takes_two_columns() {
        assert_eq!(columns("红船 boat"), 9);
    }

    #[test]
    fn languages_are_tags() {
        assert!(is_language("zh-Hans") && is_language("en") && is_language("sr-Latn-RS"));
        assert!(!is_language("") && !is_language("Chinese") && !is_language("../en"));
    }
}

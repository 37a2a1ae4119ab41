//! Which language of a language map somebody reads best.

use oxilangtag::LanguageTag;

use super::{Json, Members};

/// How many ranges of a header count, and how long one may be: a tag of seven subtags is shorter.
const RANGES: usize = 32;
const RANGE: usize = 64;

/// Whether a text is a well-formed language tag.
pub(super) fn is_tag(text: &str) -> bool {
    LanguageTag::parse(text).is_ok()
}

/// The languages that somebody reads, best first; the header `Accept-Language`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Languages(Vec<String>);

impl Languages {
    /// Reads the header. What is not a language range is left out, and so is what nobody would send
    /// who reads: each range is held against every entry of a map.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let mut ranges: Vec<(i32, String)> = header
            .split(',')
            .take(RANGES)
            .filter_map(|part| {
                let (range, weight) = part.split_once(";q=").unwrap_or((part, "1"));
                let weight: f32 = weight.trim().parse().ok()?;
                let range = range.trim().to_ascii_lowercase();
                (weight > 0.0 && (1..=RANGE).contains(&range.len()))
                    .then(|| ((weight * -1000.0) as i32, range))
            })
            .collect();
        ranges.sort_by_key(|(weight, _)| *weight);
        Self(ranges.into_iter().map(|(_, range)| range).collect())
    }

    /// The entry of a language map that is read best: RFC 4647's lookup for each range in turn,
    /// then a tag that begins with the range, else the first entry there is.
    #[must_use]
    pub fn choose<'a>(&self, map: &'a Members) -> Option<&'a (String, Json)> {
        let tags = map.iter().map(|(tag, _)| tag.to_ascii_lowercase());
        let tags: Vec<_> = tags.collect();
        let tagged = |fits: &dyn Fn(&str) -> bool| {
            let at = tags.iter().position(|tag| fits(tag))?;
            map.iter().nth(at)
        };
        for range in &self.0 {
            let mut shorter = range.as_str();
            loop {
                if let Some(found) = tagged(&|tag| tag == shorter) {
                    return Some(found);
                }
                match shorter.rsplit_once('-') {
                    Some((before, _)) => shorter = before,
                    None => break,
                }
            }
            let begins = |tag: &str| {
                let rest = tag.strip_prefix(shorter);
                rest.is_some_and(|rest| rest.starts_with('-'))
            };
            if let Some(found) = tagged(&begins) {
                return Some(found);
            }
        }
        map.iter().next()
    }

    /// Leaves only the best entry of a language map.
    pub fn narrow(&self, map: &mut Json) {
        if let Json::Object(members) = map {
            let best = self.choose(members).map(|(tag, _)| tag.clone());
            if let Some(best) = best {
                members.retain(|tag, _| tag == best);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, tags: &[&str], best: &str) {
        let mut map = Members::default();
        for tag in tags {
            map.set(tag, Json::text(*tag));
        }
        let chosen = Languages::accepted(header).choose(&map).map(|it| &*it.0);
        assert_eq!(chosen.unwrap_or_default(), best, "{header} of {tags:?}");
    }

    #[test]
    fn the_best_language_is_chosen() {
        check("en-GB", &["en-US", "en-GB"], "en-GB");
        check("en-gb;q=0.5, zh-Hans", &["en-GB", "zh-Hans"], "zh-Hans");
        check("zh-Hans-CN", &["en", "zh-Hans"], "zh-Hans");
        check("zh", &["en", "zh-Hans"], "zh-Hans");
        check("fr, en", &["zh-Hans", "en-US"], "en-US");
        check("fr", &["zh-Hans", "en"], "zh-Hans");
        check("en;q=0, zh", &["en", "zh"], "zh");
        check("", &["zh-Hans", "en"], "zh-Hans");
        check("*", &["zh-Hans", "en"], "zh-Hans");
        check("en", &[], "");
        check(
            &format!("en{}", "-a".repeat(40)),
            &["zh-Hans", "en"],
            "zh-Hans",
        );
        check(
            &format!("{}en", "x,".repeat(40)),
            &["zh-Hans", "en"],
            "zh-Hans",
        );
    }

    #[test]
    fn tags_are_told_from_other_texts() {
        for right in ["en", "en-US", "zh-Hans-CN", "x-private", "i-klingon", "und"] {
            assert!(is_tag(right), "{right}");
        }
        for wrong in ["", "a", "en_US", "should fail", "a12345678", "en-", "中文"] {
            assert!(!is_tag(wrong), "{wrong}");
        }
    }
}

//! A reference as it is printed: soberly, in the manner of Chinese and of English journals.

use super::{Date, Name, Reference, Text};
use crate::source::words::is_wide;

/// The reference as plain text in `language`.
pub(super) fn print(reference: &Reference, language: &str) -> String {
    if language.starts_with("zh") {
        chinese(reference)
    } else {
        english(reference)
    }
}

/// `丁伟、胡凯：《题名》，《刊名》第3卷第2期，4–9页，出版者，2011年6月1日，https://….`
fn chinese(reference: &Reference) -> String {
    let mut parts = Vec::new();
    let title = titled(&reference.title);
    let authors = names(reference, "、");
    parts.push(match authors.as_str() {
        "" => title,
        authors => format!("{authors}：{title}"),
    });
    let mut container = match reference.container_title.as_str() {
        "" => String::new(),
        title => titled(title),
    };
    for (number, unit) in [(&reference.volume, "卷"), (&reference.issue, "期")] {
        match number.print().as_str() {
            "" => {}
            number => container.extend(["第", number, unit]),
        }
    }
    parts.push(container);
    parts.push(with(&reference.page.print(), "", "页"));
    let publisher = [&reference.publisher_place, &reference.publisher];
    parts.push(
        publisher
            .map(String::as_str)
            .join("：")
            .trim_matches('：')
            .to_owned(),
    );
    parts.push(date(&reference.issued, ["年", "月", "日"]));
    parts.push(reference.url.clone());
    sentence(parts, "，", "。")
}

/// `Ding Wei, Hu Kai. Title. Journal 3(2), pp. 4–9. Publisher, 2011-06-01. https://…`
fn english(reference: &Reference) -> String {
    let volume = reference.volume.print() + &with(&reference.issue.print(), "(", ")");
    let container = [reference.container_title.clone(), volume];
    let container = joined(&container, " ");
    let container = joined(
        &[container, with(&reference.page.print(), "pp. ", "")],
        ", ",
    );
    let publisher = [&reference.publisher_place, &reference.publisher].map(Clone::clone);
    let imprint = [
        joined(&publisher, ": "),
        date(&reference.issued, ["-", "-", ""]),
    ];
    let parts = vec![
        names(reference, ", "),
        reference.title.clone(),
        container,
        joined(&imprint, ", "),
        reference.url.clone(),
    ];
    sentence(parts, ". ", ".")
}

/// A title in Chinese is set in 《》, any other stands as it is.
fn titled(title: &str) -> String {
    if title.contains(is_wide) && !title.contains('《') {
        format!("《{title}》")
    } else {
        title.to_owned()
    }
}

fn names(reference: &Reference, between: &str) -> String {
    let people = if reference.author.is_empty() {
        &reference.editor
    } else {
        &reference.author
    };
    let names: Vec<_> = people
        .iter()
        .map(name)
        .filter(|name| !name.is_empty())
        .collect();
    names.join(between)
}

/// A Chinese name has no space in it, and the family comes first everywhere.
fn name(name: &Name) -> String {
    if !name.literal.is_empty() {
        return name.literal.clone();
    }
    let between = if name.family.contains(is_wide) {
        ""
    } else {
        " "
    };
    joined(&[name.family.clone(), name.given.clone()], between)
}

fn date(date: &Date, units: [&str; 3]) -> String {
    let Some(parts) = date.parts.first().filter(|parts| !parts.is_empty()) else {
        return if date.literal.is_empty() {
            &date.raw
        } else {
            &date.literal
        }
        .clone();
    };
    let spelled = units[2] == "日";
    let mut printed = String::new();
    for (n, (part, unit)) in parts.iter().map(Text::print).zip(units).enumerate() {
        if !spelled && n > 0 && part.len() == 1 {
            printed.push('0');
        }
        printed += &part;
        printed += unit;
    }
    printed.trim_end_matches('-').to_owned()
}

fn with(text: &str, before: &str, after: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("{before}{text}{after}")
    }
}

fn joined(parts: &[String], between: &str) -> String {
    let there: Vec<_> = parts
        .iter()
        .filter(|part| !part.is_empty())
        .map(String::as_str)
        .collect();
    there.join(between)
}

/// The parts that are there, ended by `end` unless an address or a full stop ends them.
fn sentence(parts: Vec<String>, between: &str, end: &str) -> String {
    let text = joined(&parts, between);
    let ends = parts.last().is_some_and(|url| !url.is_empty()) || text.ends_with(end);
    if ends { text } else { text + end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, zh: &str, en: &str) {
        let reference: Reference = serde_json::from_str(json).unwrap();
        assert_eq!(print(&reference, "zh-Hans"), zh);
        assert_eq!(print(&reference, "en"), en);
    }

    #[test]
    fn an_article_names_its_journal() {
        check(
            r#"{"author":[{"family":"丁","given":"伟"},{"literal":"胡凯"}],"title":"南湖会议",
                "container-title":"党史研究","volume":3,"issue":"2","page":"4–9",
                "issued":{"date-parts":[[2011,6,1]]}}"#,
            "丁伟、胡凯：《南湖会议》，《党史研究》第3卷第2期，4–9页，2011年6月1日。",
            "丁伟, 胡凯. 南湖会议. 党史研究 3(2), pp. 4–9. 2011-06-01.",
        );
    }

    #[test]
    fn a_book_names_its_publisher_and_a_page_its_address() {
        check(
            r#"{"title":"Red Boat","publisher":"Press","publisher-place":"Jiaxing",
                "issued":{"date-parts":[["1999"]]},"URL":"https://a.example/"}"#,
            "Red Boat，Jiaxing：Press，1999年，https://a.example/",
            "Red Boat. Jiaxing: Press, 1999. https://a.example/",
        );
    }
}

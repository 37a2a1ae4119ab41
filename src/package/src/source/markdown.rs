//! Stories and descriptions: Markdown in, a few kinds of HTML elements out.

use std::fmt::Write as _;

use pulldown_cmark::{BrokenLink, CowStr, Event, Options, Parser, Tag, TagEnd};

use super::{
    desk::Desk,
    nearest::nearest_path,
    words::{columns, is_wide},
};
use crate::finding::{Code, Pointer};

/// What citations look like to the Markdown parser: links to this scheme.
const CITE: &str = "cite:";

/// Reads `text/<language>/<name>.md` in every language and keeps it as HTML under `text_key`.
///
/// It should not be wider than `limit` columns. What it cites (`[@source-id]`) counts for `who`.
pub(super) fn read(desk: &mut Desk, name: &str, text_key: &str, who: &str, limit: usize) {
    for language in desk.languages.clone() {
        let path = format!("text/{language}/{name}.md");
        if !desk.listed.contains_key(&path) {
            let message = format!("{text_key:?} has no text in {language:?}");
            // A language of which there is nothing at all is not near to any other.
            let hint = nearest_path(&path, desk.listed.keys())
                .filter(|near| near.contains(&format!("text/{language}/")));
            desk.find_with_hint(Code::TextMissing, Pointer::file(path), message, hint);
            continue;
        }
        let Some(markdown) = desk.text_of(&path) else {
            continue;
        };
        let html = to_html(desk, &path, &markdown, who);
        if html.is_empty() {
            let message = format!("{text_key:?} has no text in {language:?}");
            desk.find(Code::TextMissing, Pointer::file(&path), message);
        }
        let width = columns(&markdown);
        if width > limit {
            let message = format!("the text takes {width} columns; there is room for {limit}");
            desk.find(Code::TextLong, Pointer::file(&path), message);
        }
        desk.keep(&language, text_key, html);
    }
}

fn to_html(desk: &mut Desk, path: &str, markdown: &str, who: &str) -> String {
    let mut cite = |link: BrokenLink<'_>| {
        let ids = link.reference.strip_prefix('@')?;
        Some((CowStr::from(format!("{CITE}{ids}")), CowStr::from("")))
    };
    let parser = Parser::new_with_broken_link_callback(markdown, Options::empty(), Some(&mut cite));
    let events: Vec<_> = parser.into_offset_iter().collect();
    let mut html = Html::default();
    for (event, span) in events {
        let at = || Pointer::offset(path, markdown, span.start);
        match event {
            Event::Text(text) => html.text(&text),
            Event::SoftBreak | Event::HardBreak => html.line_break(),
            Event::Html(_) | Event::InlineHtml(_) => {
                let message = "the text has raw HTML in it";
                let hint =
                    "use Markdown: *emphasis*, **strong**, lists and > quotations".to_owned();
                desk.find_with_hint(Code::MarkdownHtml, at(), message, hint);
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                if let Some(ids) = dest_url.strip_prefix(CITE) {
                    for id in ids.split(';').map(|id| id.trim().trim_start_matches('@')) {
                        desk.cite(who, id, at());
                        let cited = desk.cites.get(who).into_iter().flatten();
                        let number = cited.take_while(|cited| *cited != id).count() + 1;
                        html.cite(id, number);
                    }
                    html.muted = true;
                } else {
                    if !dest_url.starts_with("https://") {
                        let message = format!("the link leads to {:?}", &*dest_url);
                        let hint = "link to an https:// address".to_owned();
                        desk.find_with_hint(Code::LinkInsecure, at(), message, hint);
                    }
                    let href = escaped(&dest_url);
                    html.open(&format!("<a href=\"{href}\" rel=\"noopener\">"));
                }
            }
            Event::End(TagEnd::Link) if html.muted => html.muted = false,
            Event::Start(tag) if tag != Tag::HtmlBlock => {
                if let Some(name) = name(tag.to_end()) {
                    html.open(&format!("<{name}>"));
                } else {
                    let message = format!("stories have no {}", called(&tag));
                    desk.find(Code::MarkdownUnsupported, at(), message);
                }
            }
            Event::End(tag) => {
                if let Some(name) = name(tag) {
                    html.open(&format!("</{name}>"));
                }
            }
            Event::Code(_) | Event::Rule => {
                let message = "stories have no code and no rules";
                desk.find(Code::MarkdownUnsupported, at(), message);
            }
            Event::Start(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => {}
        }
    }
    html.written.trim().to_owned()
}

/// The element that a kind of Markdown becomes, if stories have it.
fn name(tag: TagEnd) -> Option<&'static str> {
    Some(match tag {
        TagEnd::Paragraph => "p",
        TagEnd::Emphasis => "em",
        TagEnd::Strong => "strong",
        TagEnd::List(true) => "ol",
        TagEnd::List(false) => "ul",
        TagEnd::Item => "li",
        TagEnd::BlockQuote(_) => "blockquote",
        TagEnd::Link => "a",
        _ => return None,
    })
}

fn called(tag: &Tag<'_>) -> &'static str {
    match tag {
        Tag::Heading { .. } => "headings",
        Tag::CodeBlock(_) => "code (text that is indented by four spaces counts as code)",
        Tag::Image { .. } => "pictures: name one in the stop's file",
        _ => "such elements",
    }
}

/// HTML in the making.
#[derive(Default)]
struct Html {
    written: String,
    /// Whether text is left out: inside a citation, whose text is its number.
    muted: bool,
}

impl Html {
    fn open(&mut self, tag: &str) {
        self.written.push_str(tag);
    }

    fn text(&mut self, text: &str) {
        if !self.muted {
            self.written.push_str(&escaped(text));
        }
    }

    /// A line's end is a space, except after a Chinese character.
    fn line_break(&mut self) {
        if !self.written.ends_with(is_wide) {
            self.text(" ");
        }
    }

    fn cite(&mut self, id: &str, number: usize) {
        let id = escaped(id);
        let _ = write!(self.written, "<cite data-source=\"{id}\">[{number}]</cite>");
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(markdown: &str, html: &str, codes: &[Code]) {
        let mut desk = Desk::default();
        assert_eq!(to_html(&mut desk, "a.md", markdown, "stop.a"), html);
        let found: Vec<_> = desk.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(found, codes);
    }

    #[test]
    fn a_line_break_between_chinese_characters_leaves_no_space() {
        check("红船\n停泊", "<p>红船停泊</p>", &[]);
        check("red\nboat", "<p>red boat</p>", &[]);
    }

    #[test]
    fn citations_are_numbered_in_the_order_of_their_stop() {
        check(
            "One [@b] and two [@a; @b].",
            "<p>One <cite data-source=\"b\">[1]</cite> and two \
             <cite data-source=\"a\">[2]</cite><cite data-source=\"b\">[1]</cite>.</p>",
            &[],
        );
    }

    #[test]
    fn nothing_but_the_few_elements_comes_out() {
        check("<script>x</script>", "", &[Code::MarkdownHtml]);
        check("# A", "A", &[Code::MarkdownUnsupported]);
        check(
            "a `b` <i>",
            "<p>a  </p>",
            &[Code::MarkdownUnsupported, Code::MarkdownHtml],
        );
        check("a & \"b\"", "<p>a &amp; &quot;b&quot;</p>", &[]);
    }

    #[test]
    fn links_lead_to_https_alone() {
        check(
            "[a](https://b.example/)",
            "<p><a href=\"https://b.example/\" rel=\"noopener\">a</a></p>",
            &[],
        );
        check(
            "[a](http://b.example/)",
            "<p><a href=\"http://b.example/\" rel=\"noopener\">a</a></p>",
            &[Code::LinkInsecure],
        );
        check(
            "[a](javascript:x)",
            "<p><a href=\"javascript:x\" rel=\"noopener\">a</a></p>",
            &[Code::LinkInsecure],
        );
    }
}

//! `multipart/mixed`: statements first, then the attachments, each byte for byte.

use super::Flaw;

/// A part: its headers, names in lower case, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The bytes.
    pub body: &'a [u8],
}

impl Part<'_> {
    /// The value of a header, named in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The media type without its parameters, in lower case.
#[must_use]
pub fn essence(content_type: &str) -> String {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// The boundary that a `Content-Type` names.
#[must_use]
pub fn boundary(content_type: &str) -> Option<String> {
    let mut rest = content_type.split_once(';')?.1;
    loop {
        let (name, value) = rest.split_once('=')?;
        let value = value.trim_start();
        let (value, after) = if let Some(quoted) = value.strip_prefix('"') {
            let (value, after) = quoted.split_once('"')?;
            (value, after.split_once(';').map(|it| it.1))
        } else {
            match value.split_once(';') {
                Some((value, after)) => (value, Some(after)),
                None => (value, None),
            }
        };
        if name.trim().eq_ignore_ascii_case("boundary") {
            let value = value.trim_end();
            let fits = (1..=70).contains(&value.len()) && value.is_ascii();
            return fits.then(|| value.to_owned());
        }
        rest = after?;
    }
}

/// Most parts of a body.
const PARTS: usize = 1_000;

/// Reads the parts of a body.
pub fn read<'a>(body: &'a [u8], boundary: &str) -> Result<Vec<Part<'a>>, Flaw> {
    let wrong = |what: &str| Flaw::new("the multipart body", what);
    let dashed = format!("--{boundary}");
    let between = format!("\r\n{dashed}");
    let mut at = if let Some(after) = body.strip_prefix(dashed.as_bytes()) {
        after
    } else {
        let (_, after) = split(body, between.as_bytes())
            .ok_or_else(|| wrong("does not have the boundary that the header names"))?;
        after
    };
    let mut parts = Vec::new();
    loop {
        if at.starts_with(b"--") {
            return Ok(parts);
        }
        let blanks = at.iter().take_while(|b| **b == b' ' || **b == b'\t');
        at = at[blanks.count()..]
            .strip_prefix(b"\r\n")
            .ok_or_else(|| wrong("has a boundary that no line ends after"))?;
        let (part, after) =
            split(at, between.as_bytes()).ok_or_else(|| wrong("ends without its last boundary"))?;
        if parts.len() == PARTS {
            return Err(wrong("has more than a thousand parts"));
        }
        parts.push(
            split_headers(part).ok_or_else(|| wrong("has a part whose headers do not parse"))?,
        );
        at = after;
    }
}

fn split_headers(part: &[u8]) -> Option<Part<'_>> {
    let (head, body) = match part.strip_prefix(b"\r\n") {
        Some(body) => (&[][..], body),
        None => split(part, b"\r\n\r\n")?,
    };
    let head = std::str::from_utf8(head).ok()?;
    let mut headers = Vec::new();
    for line in head.split("\r\n").filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':')?;
        let (name, value) = (name.trim_end_matches([' ', '\t']), value.trim());
        if !is_token(name) || value.contains(|c: char| c.is_control() && c != '\t') {
            return None;
        }
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    Some(Part { headers, body })
}

/// Whether it can be a header's name (RFC 9110, 5.6.2).
fn is_token(name: &str) -> bool {
    let mark = |b: u8| b"!#$%&'*+-.^_`|~".contains(&b);
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || mark(b))
}

/// What stands before and after the first occurrence.
fn split<'a>(text: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let first = *at.first()?;
    let mut from = 0;
    while let Some(step) = text[from..].iter().position(|b| *b == first) {
        let found = from + step;
        if text[found..].starts_with(at) {
            return Some((&text[..found], &text[found + at.len()..]));
        }
        from = found + 1;
    }
    None
}

/// Writes one part behind the others.
pub fn write(out: &mut Vec<u8>, boundary: &str, headers: &[(&str, &str)], body: &[u8]) {
    out.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
    for (name, value) in headers {
        let value = value.replace(['\r', '\n'], " ");
        out.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(body);
    out.extend_from_slice(b"\r\n");
}

/// Ends the body.
pub fn end(out: &mut Vec<u8>, boundary: &str) {
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_boundary_is_found_among_the_parameters() {
        for (header, found) in [
            ("multipart/mixed; boundary=abc", Some("abc")),
            ("multipart/mixed;boundary=\"a;b c\"; x=y", Some("a;b c")),
            ("multipart/mixed; charset=\"u=8\"; Boundary=z ", Some("z")),
            ("multipart/mixed", None),
            ("multipart/mixed; boundary=", None),
            ("multipart/mixed; boundary=\"open", None),
        ] {
            assert_eq!(boundary(header).as_deref(), found, "{header}");
        }
    }

    #[test]
    fn a_body_without_its_boundaries_is_refused() {
        for wrong in [
            "",
            "--b",
            "--b\r\n\r\nx",
            "--b\r\nno colon\r\n\r\nx\r\n--b--",
            "--b\r\n: nameless\r\n\r\nx\r\n--b--",
            "--b\r\nA\n--b: 1\r\n\r\nx\r\n--b--",
            "--b\r\nA: 1\rB: 2\r\n\r\nx\r\n--b--",
            "--b\r\nA: 1\r\n\r--b: 2\r\n\r\nx\r\n--b--",
            "--c\r\n\r\nx\r\n--c--",
        ] {
            assert!(read(wrong.as_bytes(), "b").is_err(), "{wrong}");
        }
        let with_preamble = "hello\r\n--b\r\nA: 1\r\n\r\nx\r\n--b--\r\nbye";
        let parts = read(with_preamble.as_bytes(), "b").expect("one part");
        assert_eq!(parts[0].header("a"), Some("1"));
        assert_eq!(parts[0].body, b"x");
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            bodies in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..60), 0..5)
        ) {
            let mut out = Vec::new();
            for body in &bodies {
                write(&mut out, "a-boundary", &[("Content-Type", "a/b")], body);
            }
            end(&mut out, "a-boundary");
            let parts = read(&out, "a-boundary").expect("parts");
            let read: Vec<_> = parts.iter().map(|part| part.body.to_vec()).collect();
            prop_assert_eq!(read, bodies);
        }

        #[test]
        fn no_body_panics(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&body, "b");
            let _ = read(&[b"--b\r\n".as_slice(), &body].concat(), "b");
        }
    }
}

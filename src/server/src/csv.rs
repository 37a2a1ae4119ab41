//! A visit's log as a table that a spreadsheet opens.

use std::{collections::BTreeMap, fmt::Write};

use xinghuo_wire::{Timestamp, VisitKept};

const HEAD: &str = "number,at,action,of,detail,marked";

/// One row for each entry of the log: its number, when, what was done, to which room, stop or
/// question, with which particulars, and what the server said of it.
pub(crate) fn of_visit(visit: &VisitKept) -> String {
    let marked: BTreeMap<u32, bool> = visit
        .verdicts
        .iter()
        .map(|verdict| (verdict.seq, verdict.right))
        .collect();
    // The mark by which spreadsheets know UTF-8.
    let mut table = format!("\u{feff}{HEAD}\r\n");
    for entry in &visit.entries {
        let at = visit.created.unix_millis().saturating_add(entry.at);
        let action = serde_json::to_value(&entry.action).unwrap_or_default();
        let text = |name: &str| action[name].as_str().map(str::to_owned);
        let of = ["stop", "question", "room"]
            .iter()
            .find_map(|name| text(name));
        let detail = match (&action["response"], &action["millis"]) {
            (response, _) if !response.is_null() => response["value"].to_string(),
            (_, millis) if !millis.is_null() => format!("{millis} ms"),
            _ => String::new(),
        };
        let marked = match marked.get(&entry.seq) {
            Some(true) => "right",
            Some(false) => "wrong",
            None => "",
        };
        let row = [
            entry.seq.to_string(),
            Timestamp::from_unix_millis(at).to_string(),
            text("type").unwrap_or_default(),
            of.unwrap_or_default(),
            detail,
            marked.to_owned(),
        ];
        let row = row.map(|cell| quoted(&cell));
        let _ = write!(table, "{}\r\n", row.join(","));
    }
    table
}

/// A cell as RFC 4180 has it. What a spreadsheet would take for a formula is text all the same.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if formula { "'" } else { "" };
    if formula || cell.contains([',', '"', '\n', '\r']) {
        format!("\"{guard}{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_one_cell_and_no_formula() {
        assert_eq!(quoted("landing"), "landing");
        assert_eq!(quoted(r#"["a","b"]"#), r#""[""a"",""b""]""#);
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
        assert_eq!(quoted("船,头"), "\"船,头\"");
    }
}

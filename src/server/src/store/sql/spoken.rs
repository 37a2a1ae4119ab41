//! What of a query each of the two databases says in its own way.

use std::borrow::Cow;

/// With more parameters than this, a query is told SQLite in another way.
const MANY: usize = 8;

/// The same query with parameters that have no numbers, where they come once each and in their order:
/// what a number stands for is looked up among all others, which for the hundreds of them with which
/// records are put back takes long.
pub(super) fn spoken_by_sqlite(sql: Cow<'static, str>, parameters: usize) -> Cow<'static, str> {
    if parameters <= MANY {
        return sql;
    }
    let mut parts = sql.split('$');
    let mut spoken = parts.next().unwrap_or_default().to_owned();
    for (n, part) in parts.enumerate() {
        let after = part.trim_start_matches(|it: char| it.is_ascii_digit());
        let number = &part[..part.len() - after.len()];
        if number.parse() != Ok(n + 1) {
            return sql;
        }
        spoken.push('?');
        spoken.push_str(after);
    }
    Cow::Owned(spoken)
}

/// The same query as PostgreSQL says it. Two things are another's: `cross join … on`, by which SQLite
/// is told the order of a join, and `json_each`, of which queries use only `value` and of that only
/// `->>`, so that it may as well be a `json`.
pub(super) fn spoken_by_postgres(sql: Cow<'static, str>) -> Cow<'static, str> {
    if !sql.contains("cross join") && !sql.contains("json_each(") {
        return sql;
    }
    let mut spoken = sql.replace("cross join", "join");
    for n in 1..=3 {
        spoken = spoken.replace(
            &format!("json_each(${n})"),
            &format!("json_array_elements(cast(${n} as json)) as each{n} (value)"),
        );
    }
    Cow::Owned(spoken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_parameters_are_left_out_where_they_tell_nothing() {
        for (asked, spoken) in [
            ("values ($1, $2), ($3, $4)", "values (?, ?), (?, ?)"),
            ("a = $1 and b = '$.x'", "a = $1 and b = '$.x'"),
            ("a = $1 or b = $1", "a = $1 or b = $1"),
            ("a = $2 or b = $1", "a = $2 or b = $1"),
            ("a = 1", "a = 1"),
        ] {
            assert_eq!(spoken_by_sqlite(asked.into(), MANY + 1), spoken);
            assert_eq!(spoken_by_sqlite(asked.into(), MANY), asked);
        }
    }
}

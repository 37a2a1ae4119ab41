//! The statements that are sent: those of one visit, again and again, each time of another visitor.

use std::fmt::Write;

use serde_json::Value;

/// Where in a statement's text something of its own stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Own {
    Id,
    Registration,
    Visitor,
}

/// Makes statements by their numbers. Whoever has the seed and a number knows its ids.
#[derive(Debug)]
pub(crate) struct Statements {
    seed: u64,
    page: String,
    /// For each statement of a visit: texts, and what follows each but the last.
    cut: Vec<Vec<(String, Option<Own>)>>,
}

impl Statements {
    /// Statements like these, which are of one visit.
    pub(crate) fn like(visit: &[Value], seed: u64) -> Result<Self, String> {
        let cut = visit.iter().map(cut).collect::<Result<Vec<_>, _>>()?;
        let page = visit
            .first()
            .and_then(|it| it["actor"]["account"]["homePage"].as_str());
        let page = page.ok_or("the plan has no statement with an account")?;
        Ok(Self {
            seed,
            page: page.to_owned(),
            cut,
        })
    }

    /// The text of the statement with that number.
    pub(crate) fn write(&self, number: u64, text: &mut String) {
        for (before, own) in &self.cut[(number % self.cut.len() as u64) as usize] {
            text.push_str(before);
            match own {
                Some(Own::Id) => self.id(number, text),
                Some(Own::Registration) => self.registration(number, text),
                Some(Own::Visitor) => self.visitor(number, text),
                None => {}
            }
        }
    }

    /// An array of statements.
    pub(crate) fn batch(&self, first: u64, count: u64) -> String {
        let mut text = String::with_capacity(2048 * count as usize);
        for number in first..first + count {
            text.push(if number == first { '[' } else { ',' });
            self.write(number, &mut text);
        }
        text.push(']');
        text
    }

    /// A query about what the statement with that number has.
    pub(crate) fn query(&self, query: &str, number: u64) -> String {
        let told = |write: &dyn Fn(&mut String)| {
            let mut text = String::new();
            write(&mut text);
            text
        };
        let visitor = told(&|text| self.visitor(number, text));
        let agent = format!(
            r#"{{"objectType":"Agent","account":{{"homePage":"{}","name":"{visitor}"}}}}"#,
            self.page
        );
        query
            .replace("{id}", &told(&|text| self.id(number, text)))
            .replace(
                "{registration}",
                &told(&|text| self.registration(number, text)),
            )
            .replace("{agent}", &escaped(&agent))
    }

    fn id(&self, number: u64, text: &mut String) {
        uuid(self.seed, number, text);
    }

    fn registration(&self, number: u64, text: &mut String) {
        uuid(!self.seed, number / self.cut.len() as u64, text);
    }

    fn visitor(&self, number: u64, text: &mut String) {
        let visit = number / self.cut.len() as u64;
        let _ = write!(text, "visitor-{:016x}", mixed(self.seed ^ mixed(visit)));
    }
}

/// A UUID that looks like chance and follows from two numbers.
fn uuid(seed: u64, number: u64, text: &mut String) {
    let high = mixed(seed ^ mixed(number));
    let low = mixed(high ^ seed.rotate_left(32));
    let _ = write!(
        text,
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    );
}

/// The mixing step of `SplitMix64`: every number leads to another one, and neighbours far apart.
pub(crate) fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

/// Cuts a statement's text where something of its own stands.
fn cut(statement: &Value) -> Result<Vec<(String, Option<Own>)>, String> {
    let text = statement.to_string();
    let named = |value: &Value, own, what: &str| match value.as_str() {
        Some(name) => Ok((name.to_owned(), own)),
        None => Err(format!("a statement of the plan has no {what}")),
    };
    let own = [
        named(&statement["id"], Own::Id, "id")?,
        named(
            &statement["context"]["registration"],
            Own::Registration,
            "registration",
        )?,
        named(
            &statement["actor"]["account"]["name"],
            Own::Visitor,
            "account",
        )?,
    ];
    let (mut cut, mut rest) = (Vec::new(), text.as_str());
    while let Some((at, name, own)) = own
        .iter()
        .filter_map(|(name, own)| Some((rest.find(&format!("\"{name}\""))? + 1, name, *own)))
        .min_by_key(|(at, ..)| *at)
    {
        cut.push((rest[..at].to_owned(), Some(own)));
        rest = &rest[at + name.len()..];
    }
    cut.push((rest.to_owned(), None));
    Ok(cut)
}

/// A text as it stands in an address.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(byte.into());
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn statements() -> Statements {
        let of = |id: &str| {
            serde_json::json!({
                "id": id,
                "actor": { "account": { "homePage": "https://a.example", "name": "ann" } },
                "context": { "registration": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff" },
            })
        };
        let visit = [
            of("34439066-37f6-5459-90a2-46506fbdb775"),
            of("0aaded1e-1133-5baa-88c8-62da20990198"),
        ];
        Statements::like(&visit, 7).expect("statements")
    }

    #[test]
    fn every_statement_has_an_id_of_its_own_and_every_visit_a_registration() {
        let made: Vec<Value> =
            serde_json::from_str(&statements().batch(4, 4)).expect("the batch is JSON");
        let texts = |pointer: &str| -> Vec<_> {
            let found = made.iter().filter_map(|it| it.pointer(pointer)?.as_str());
            found.map(str::to_owned).collect()
        };
        let ids: BTreeSet<_> = texts("/id").into_iter().collect();
        assert_eq!(ids.len(), 4);
        for pointer in ["/context/registration", "/actor/account/name"] {
            let own = texts(pointer);
            assert!(
                own[0] == own[1] && own[2] == own[3] && own[1] != own[2],
                "{own:?}"
            );
        }
    }

    #[test]
    fn ids_are_random_uuids_of_version_4() {
        let mut text = String::new();
        uuid(1, 2, &mut text);
        assert_eq!(text.len(), 36);
        assert_eq!(&text[14..15], "4");
        assert!("89ab".contains(&text[19..20]), "{text}");
    }

    #[test]
    fn a_query_asks_for_what_the_statement_has() {
        let statements = statements();
        let made: Vec<Value> = serde_json::from_str(&statements.batch(3, 1)).expect("JSON");
        let asked = statements.query("?statementId={id}&registration={registration}", 3);
        let registration = made[0]["context"]["registration"].as_str();
        assert!(asked.contains(made[0]["id"].as_str().expect("an id")));
        assert!(asked.contains(registration.expect("a registration")));
        let asked = statements.query("?agent={agent}", 3);
        assert!(
            asked.starts_with("?agent=%7B%22objectType%22%3A%22Agent%22"),
            "{asked}"
        );
    }

    #[test]
    fn a_statement_without_an_account_is_refused() {
        let error = Statements::like(&[serde_json::json!({ "id": "x" })], 1);
        assert!(error.expect_err("it is refused").contains("registration"));
    }
}

//! Codes: six digits that no other lab and no other visit has at the moment.
//!
//! A million codes are few, so they live for minutes, open nothing but a place in a lab or one visit
//! of somebody unnamed, and only so many are tried from one address.

use xinghuo_wire::{Code, Timestamp};

use crate::{
    error::ApiError,
    store::{Connection, query},
};

/// How often chance may hit on a code that is taken: with thousands taken, hardly ever twice.
const TRIES: u32 = 50;

/// A code that is free. The connection is a writer's, so that it stays free until it is stored.
pub(super) async fn free(on: &mut Connection, now: Timestamp) -> Result<Code, ApiError> {
    for _ in 0..TRIES {
        let code = random()?;
        let taken = query(
            "select cast(1 as bigint) where exists (select 1 from labs where code = $1)
                 or exists (select 1 from handovers where code = $1 and expires_ms > $2)",
        );
        let taken = taken.bind(code.as_str()).bind(now.unix_millis() as i64);
        if taken.first::<(i64,)>(on).await?.is_none() {
            return Ok(code);
        }
    }
    Err(ApiError::overloaded())
}

/// Each of the million equally likely: what does not divide evenly is drawn again.
fn random() -> Result<Code, ApiError> {
    const CODES: u32 = 1_000_000;
    const EVEN: u32 = u32::MAX - u32::MAX % CODES;
    loop {
        let drawn = getrandom::u32().map_err(|error| ApiError::internal(&error))?;
        if drawn < EVEN {
            let digits = format!("{:06}", drawn % CODES);
            return digits.parse().map_err(|error| ApiError::internal(&error));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_six_digits_and_not_always_the_same() {
        let codes: std::collections::BTreeSet<_> = (0..100)
            .map(|_| random().expect("a code").as_str().to_owned())
            .collect();
        assert!(codes.len() > 95, "{codes:?}");
    }
}

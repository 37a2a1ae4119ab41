//! A headset's place in a lab: the lowest number that is free, so that numbers stay small enough
//! to be written on a sticker.

use uuid::Uuid;
use xinghuo_wire::{
    Timestamp,
    lab::{HeadsetJoined, MAX_HEADSETS},
};

use super::{
    handing,
    tables::{Lab, ms},
};
use crate::{
    error::ApiError,
    store::{Connection, query},
};

/// Takes a headset into the lab.
pub(super) async fn take_in(
    on: &mut Connection,
    lab: &Lab,
    at: Timestamp,
) -> Result<HeadsetJoined, ApiError> {
    let taken = query("select number from headsets where lab = $1 order by number");
    let taken: Vec<(i64,)> = taken.bind(lab.id.to_string()).all(on).await?;
    let number = lowest_free(&taken);
    if number > MAX_HEADSETS {
        return Err(handing::is_full());
    }
    let token = handing::secret()?;
    query(
        "insert into headsets (id, lab, number, token_sha256, leaving, seen_ms)
         values ($1, $2, $3, $4, false, $5)",
    )
    .bind(Uuid::new_v4().to_string())
    .bind(lab.id.to_string())
    .bind(number)
    .bind(&token.hash()[..])
    .bind(ms(at))
    .run(on)
    .await?;
    let token = token.token();
    Ok(HeadsetJoined { token, number })
}

/// The lowest number from 1 that is not among these, which are in order.
fn lowest_free(taken: &[(i64,)]) -> u32 {
    let mut number = 1;
    for (other,) in taken {
        if *other == i64::from(number) {
            number += 1;
        }
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_headset_that_left_is_given_again() {
        assert_eq!(lowest_free(&[]), 1);
        assert_eq!(lowest_free(&[(1,), (2,)]), 3);
        assert_eq!(lowest_free(&[(2,), (3,)]), 1);
        assert_eq!(lowest_free(&[(1,), (2,), (4,)]), 3);
    }
}

//! Chance that is the same everywhere: a seed and a name give one order, on every machine, for ever.

/// Splitmix64 (Steele, Lea and Flood, 2014): small, and good enough to deal cards.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..bound`; the bias of a 64-bit draw over a handful of cards is nothing.
    fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }
}

/// FNV-1a over `name`, so that every checkpoint and every question is dealt on its own.
fn name_hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The `cards` in the order that `seed`, `name` and `round` deal them (Fisher–Yates).
pub(crate) fn shuffled<T: Clone>(cards: &[T], seed: u64, name: &str, round: u32) -> Vec<T> {
    let mut dealt = cards.to_vec();
    let mut random = SplitMix64(seed ^ name_hash(name).rotate_left(round % 64));
    for last in (1..dealt.len()).rev() {
        dealt.swap(last, random.below(last + 1));
    }
    dealt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_the_published_one() {
        let mut random = SplitMix64(1_234_567);
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn the_same_seed_and_name_deal_the_same_order() {
        let cards: Vec<u32> = (0..20).collect();
        let dealt = shuffled(&cards, 7, "table", 0);
        assert_eq!(dealt, shuffled(&cards, 7, "table", 0));
        assert_ne!(dealt, shuffled(&cards, 8, "table", 0));
        assert_ne!(dealt, shuffled(&cards, 7, "bow", 0));
        assert_ne!(dealt, shuffled(&cards, 7, "table", 1));
    }

    #[test]
    fn every_order_of_three_cards_is_dealt_about_equally_often() {
        let mut counts = std::collections::BTreeMap::new();
        for seed in 0..6000 {
            *counts
                .entry(shuffled(&[0, 1, 2], seed, "table", 0))
                .or_insert(0_u32) += 1;
        }
        assert_eq!(counts.len(), 6);
        assert!(
            counts.values().all(|n| (850..1150).contains(n)),
            "{counts:?}"
        );
    }
}

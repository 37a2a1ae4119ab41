//! How much one address or one visit may ask for, so that nobody's haste is everybody's wait.
//!
//! Addresses are kept in memory for this alone, and for a few minutes: they are neither stored nor
//! logged.

use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use axum::http::HeaderMap;
use governor::{
    Quota, RateLimiter, clock::DefaultClock, middleware::NoOpMiddleware,
    state::keyed::DefaultKeyedStateStore,
};
use uuid::Uuid;

/// An allowance: so many at once, and so many more for each second that passes.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    /// How many at once.
    pub burst: NonZeroU32,
    /// How many are given back each second.
    pub per_second: NonZeroU32,
}

impl Allowance {
    /// An allowance of `burst` at once and `per_second` after that; zero counts as one.
    #[must_use]
    pub fn new(burst: u32, per_second: u32) -> Self {
        let at_least_one = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        Self {
            burst: at_least_one(burst),
            per_second: at_least_one(per_second),
        }
    }
}

/// How much one address or one visit may ask for.
///
/// Generous towards addresses: a whole class, or a whole campus, may share one.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Visits begun from one address.
    pub visits_of_peer: Allowance,
    /// API calls of any kind from one address.
    pub calls_of_peer: Allowance,
    /// Attempts of staff to sign in from one address.
    pub sign_ins_of_peer: Allowance,
    /// API calls for one visit.
    pub calls_of_visit: Allowance,
    /// Codes entered from one address, right or wrong: a class at once, and too few to guess one.
    pub codes_of_peer: Allowance,
    /// Labs opened from one address.
    pub labs_of_peer: Allowance,
    /// API calls in hand at one time; more are told to come back.
    pub calls_at_once: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            visits_of_peer: Allowance::new(200, 5),
            calls_of_peer: Allowance::new(2_000, 200),
            sign_ins_of_peer: Allowance::new(20, 1),
            calls_of_visit: Allowance::new(120, 5),
            codes_of_peer: Allowance::new(120, 1),
            labs_of_peer: Allowance::new(20, 1),
            calls_at_once: 512,
        }
    }
}

/// The visitor's end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// What counts as one address. A household has a whole /64 of IPv6 to itself, so that is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Neighbourhood(IpAddr);

impl Neighbourhood {
    /// Whose allowance a request draws on.
    pub(crate) fn of(peer: Option<Peer>, headers: &HeaderMap, behind_proxy: bool) -> Self {
        let forwarded = || {
            let entry = headers
                .get_all("x-forwarded-for")
                .iter()
                .next_back()?
                .to_str()
                .ok()?;
            entry.rsplit(',').next()?.trim().parse().ok()
        };
        let direct = peer.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.0);
        let address = if behind_proxy {
            forwarded().unwrap_or(direct)
        } else {
            direct
        };
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

type Keyed<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, NoOpMiddleware>;

/// One allowance for each of many.
struct Allowances<K: Hash + Eq + Clone> {
    limiter: Keyed<K>,
    calls: AtomicU32,
}

/// After so many calls, those whose allowance is whole again are forgotten.
const FORGET_EVERY: u32 = 4_096;

impl<K: Hash + Eq + Clone> Allowances<K> {
    fn new(allowance: Allowance) -> Self {
        let quota = Quota::per_second(allowance.per_second).allow_burst(allowance.burst);
        Self {
            limiter: RateLimiter::keyed(quota),
            calls: AtomicU32::new(0),
        }
    }

    /// Draws one from `key`'s allowance, or says how long to wait for it.
    fn draw(&self, key: &K) -> Result<(), Duration> {
        if self.calls.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter.check_key(key).map_err(|refused| {
            use governor::clock::Clock;
            refused.wait_time_from(self.limiter.clock().now())
        })
    }
}

/// Everybody's allowances.
pub(crate) struct Turnstile {
    visits_of_peer: Allowances<Neighbourhood>,
    calls_of_peer: Allowances<Neighbourhood>,
    sign_ins_of_peer: Allowances<Neighbourhood>,
    calls_of_visit: Allowances<Uuid>,
    codes_of_peer: Allowances<Neighbourhood>,
    labs_of_peer: Allowances<Neighbourhood>,
}

impl Turnstile {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            visits_of_peer: Allowances::new(limits.visits_of_peer),
            calls_of_peer: Allowances::new(limits.calls_of_peer),
            sign_ins_of_peer: Allowances::new(limits.sign_ins_of_peer),
            calls_of_visit: Allowances::new(limits.calls_of_visit),
            codes_of_peer: Allowances::new(limits.codes_of_peer),
            labs_of_peer: Allowances::new(limits.labs_of_peer),
        }
    }

    /// Draws a call, or says how long to wait.
    pub(crate) fn call(&self, from: Neighbourhood) -> Result<(), Duration> {
        self.calls_of_peer.draw(&from)
    }

    /// Draws the beginning of a visit, or says how long to wait.
    pub(crate) fn begin(&self, from: Neighbourhood) -> Result<(), Duration> {
        self.visits_of_peer.draw(&from)
    }

    /// Draws a code that is entered, or says how long to wait.
    pub(crate) fn enter_code(&self, from: Neighbourhood) -> Result<(), Duration> {
        self.codes_of_peer.draw(&from)
    }

    /// Draws the opening of a lab, or says how long to wait.
    pub(crate) fn open_lab(&self, from: Neighbourhood) -> Result<(), Duration> {
        self.labs_of_peer.draw(&from)
    }

    /// Draws an attempt of staff to sign in, or says how long to wait.
    pub(crate) fn sign_in(&self, from: Neighbourhood) -> Result<(), Duration> {
        self.sign_ins_of_peer.draw(&from)
    }

    /// Draws a call for a visit whose token was right, or says how long to wait.
    pub(crate) fn visit(&self, visit: Uuid) -> Result<(), Duration> {
        self.calls_of_visit.draw(&visit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_is_used_up_and_says_how_long_to_wait() {
        let limits = Limits {
            visits_of_peer: Allowance::new(2, 1),
            ..Limits::default()
        };
        let turnstile = Turnstile::new(&limits);
        let peer = |last| Some(Peer(IpAddr::from([10, 0, 0, last])));
        let from = Neighbourhood::of(peer(1), &HeaderMap::new(), false);
        assert!(turnstile.begin(from).is_ok());
        assert!(turnstile.begin(from).is_ok());
        let wait = turnstile.begin(from).expect_err("the third is too many");
        assert!(wait <= Duration::from_secs(1));
        let elsewhere = Neighbourhood::of(peer(2), &HeaderMap::new(), false);
        assert!(turnstile.begin(elsewhere).is_ok());
    }

    #[test]
    fn a_forwarded_address_counts_only_behind_a_proxy() {
        let peer = Some(Peer(IpAddr::from([127, 0, 0, 1])));
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            "6.6.6.6, 10.0.0.9".parse().expect("a header"),
        );
        assert_eq!(
            Neighbourhood::of(peer, &headers, false),
            Neighbourhood(IpAddr::from([127, 0, 0, 1]))
        );
        // The last entry is the proxy's own; what stands before it, anybody may have written.
        assert_eq!(
            Neighbourhood::of(peer, &headers, true),
            Neighbourhood(IpAddr::from([10, 0, 0, 9]))
        );
    }

    #[test]
    fn one_household_of_ipv6_is_one_address() {
        let of = |text: &str| {
            let peer = Peer(text.parse().expect("an address"));
            Neighbourhood::of(Some(peer), &HeaderMap::new(), false)
        };
        assert_eq!(of("2001:db8:1:2:aaaa::1"), of("2001:db8:1:2:bbbb::2"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
    }
}

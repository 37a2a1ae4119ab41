//! Which addresses may be connected to.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    task::{Context, Poll},
};

use hyper_util::client::legacy::connect::dns::Name;
use tower::Service;

/// Addresses of other clouds' metadata that lie in none of the ranges below.
const METADATA: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// Why an address is not connected to.
#[derive(Debug, thiserror::Error)]
#[error("the address {0} is link-local or a metadata service, which is refused")]
pub(super) struct Refused(IpAddr);

/// Looks names up, and leaves out what may not be connected to.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    pub(super) link_local: bool,
}

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let link_local = self.link_local;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<_> = found.collect();
            let good: Vec<_> = found
                .iter()
                .copied()
                .filter(|it| is_good(it.ip(), link_local))
                .collect();
            match (good.is_empty(), found.first()) {
                (true, Some(bad)) => Err(io::Error::other(Refused(bad.ip()))),
                _ => Ok(good.into_iter()),
            }
        })
    }
}

/// Refuses a host that is written as an address which may not be connected to: nobody looks it up.
pub(super) fn check_literal(host: &str, link_local: bool) -> Result<(), Refused> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(ip) if !is_good(ip, link_local) => Err(Refused(ip)),
        _ => Ok(()),
    }
}

/// The address of version 4 that one of version 6 stands for, where one does: mapped, as before there
/// was mapping, or where a gateway between the two (RFC 6052, RFC 3056) would take it.
fn behind(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip.to_canonical() else {
        return ip.to_canonical();
    };
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match v6.segments() {
        // The first of these is `::`, the second `::1`: they stand for themselves.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => IpAddr::V6(v6),
        [0, 0, 0, 0, 0, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => v4(high, low),
        _ => IpAddr::V6(v6),
    }
}

fn is_good(ip: IpAddr, link_local: bool) -> bool {
    let ip = behind(ip);
    if ip.is_unspecified() || ip.is_multicast() || ip == IpAddr::V4(Ipv4Addr::BROADCAST) {
        return false;
    }
    let is_local = METADATA.contains(&ip)
        || match ip {
            IpAddr::V4(ip) => ip.is_link_local(),
            IpAddr::V6(ip) => ip.is_unicast_link_local(),
        };
    link_local || !is_local
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_local_and_metadata_are_refused_unless_allowed() {
        for (host, strict, lenient) in [
            ("203.0.113.7", true, true),
            ("10.0.0.7", true, true),
            ("127.0.0.1", true, true),
            ("[::1]", true, true),
            ("lrs.example.edu", true, true),
            ("169.254.169.254", false, true),
            ("[fe80::1]", false, true),
            ("[::ffff:169.254.169.254]", false, true),
            ("100.100.100.200", false, true),
            ("[fd00:ec2::254]", false, true),
            ("168.63.129.16", false, true),
            ("192.0.0.192", false, true),
            ("[::169.254.169.254]", false, true),
            ("[64:ff9b::169.254.169.254]", false, true),
            ("[2002:a9fe:a9fe::1]", false, true),
            ("[64:ff9b::203.0.113.7]", true, true),
            ("0.0.0.0", false, false),
            ("[::]", false, false),
            ("224.0.0.1", false, false),
        ] {
            assert_eq!(check_literal(host, false).is_ok(), strict, "{host}");
            assert_eq!(check_literal(host, true).is_ok(), lenient, "{host}");
        }
    }

    #[tokio::test]
    async fn what_a_name_leads_to_is_looked_at() {
        // The system's resolver takes shorthands that no parser of addresses does.
        for (name, strict) in [("localhost", true), ("169.254.43518", false)] {
            let name: Name = name.parse().expect("a name");
            let found = Resolver { link_local: false }.call(name).await;
            assert_eq!(found.is_ok(), strict, "{found:?}");
        }
    }
}

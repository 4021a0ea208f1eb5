//! Which addresses a server may have: those of the open network, and private ones only where its entry says so.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Returns whether a request may go to an address. Private networks need the entry's word; addresses that belong to no
/// server of anybody's (the clouds' own services, link-local or not, multicast, unspecified) are refused whatever it says.
pub fn may_ask(address: IpAddr, private: bool) -> bool {
    match unwrapped(address) {
        IpAddr::V4(v4) => !is_nobodys_v4(v4) && (private || !is_private_v4(v4)),
        IpAddr::V6(v6) => !is_nobodys_v6(v6) && (private || !is_private_v6(v6)),
    }
}

/// Takes out an IPv4 address that an IPv6 address carries: mapped, compatible, NAT64 and 6to4.
fn unwrapped(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let inside = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match v6.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => inside(high, low),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => inside(high, low),
        _ => address,
    }
}

const fn is_nobodys_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    // Alibaba Cloud has its own service in the carriers' network, Azure among public addresses.
    let is_clouds = matches!(v4.octets(), [100, 100, 100, 200] | [168, 63, 129, 16]);
    // This network, link-local, documentation, benchmarks, multicast and what is reserved above it.
    let is_reserved = matches!(
        (a, b, c),
        (0 | 224.., ..) | (169, 254, _) | (192, 0, 0 | 2) | (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113)
    );
    is_clouds || is_reserved
}

const fn is_private_v4(v4: Ipv4Addr) -> bool {
    let [a, b, ..] = v4.octets();
    // Loopback, the three private networks, the carriers' shared one.
    v4.is_loopback() || v4.is_private() || (a == 100 && b >= 64 && b < 128)
}

fn is_nobodys_v6(v6: Ipv6Addr) -> bool {
    let [first, second, third, fourth, ..] = v6.segments();
    // Link-local, documentation, what is thrown away, names of hosts that are no addresses.
    let is_documentation = (first == 0x2001 && second == 0xdb8) || (first == 0x3fff && second < 0x1000);
    let is_discarded = first == 0x100 && second == 0 && third == 0 && fourth <= 1;
    let is_name = first == 0x2001 && matches!(second & 0xfff0, 0x10 | 0x20 | 0x30);
    let is_link_local = first & 0xffc0 == 0xfe80;
    // Amazon's own services, of instances and of what runs on them; Google's; Oracle's.
    let is_clouds = matches!(
        v6.segments(),
        [0xfd00, 0xec2, 0, 0, ..] | [0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254] | [0xfd00, 0xc1, 0, 0, 0, 0, 0xa9fe, 0xa9fe]
    );
    let is_nowhere = v6.is_unspecified() || v6.is_multicast() || is_documentation || is_discarded;
    is_nowhere || is_name || is_link_local || is_clouds
}

fn is_private_v6(v6: Ipv6Addr) -> bool {
    let [first, second, ..] = v6.segments();
    // Loopback, unique local, the old site-local, translators of a network's own, tunnels that end who knows where.
    let is_translator = first == 0x64 && second == 0xff9b;
    let is_tunnel = first == 0x2001 && second == 0;
    v6.is_loopback() || first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfec0 || is_translator || is_tunnel
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn asked(text: &str, private: bool) -> bool {
        may_ask(text.parse().unwrap(), private)
    }

    #[test]
    fn private_addresses_need_the_entrys_word() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "::1",
            "fc00::1",
            "fd12::1",
            "fec0::1",
            "::ffff:127.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:7f00:1::",
            "2002:c0a8:101::",
            "::10.0.0.1",
            "::ffff:0:10.0.0.1",
            "64:ff9b:1::1",
            "2001::1",
            "100.100.100.199",
            "fd00:ec3::254",
            "fd20:ce::253",
        ] {
            assert!(!asked(private, false), "{private}");
            assert!(asked(private, true), "{private}");
        }
    }

    #[test]
    fn addresses_of_nobody_are_never_asked() {
        for nobodys in [
            "0.0.0.0",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "203.0.113.9",
            "::",
            "fe80::1",
            "ff02::1",
            "::ffff:169.254.169.254",
            "2001:db8::1",
            "240.0.0.1",
            "64:ff9b::169.254.169.254",
            "2002:a9fe:a9fe::",
            "::ffff:0:169.254.169.254",
            "fe80::a9fe:a9fe",
            "3fff::1",
            "100::1",
            "2001:10::1",
            "100.100.100.200",
            "::ffff:100.100.100.200",
            "::ffff:0:100.100.100.200",
            "64:ff9b::100.100.100.200",
            "2002:6464:64c8::",
            "::100.100.100.200",
            "fd00:ec2::254",
            "fd00:ec2::23",
            "fd20:ce::254",
            "fd00:c1::a9fe:a9fe",
            "168.63.129.16",
        ] {
            assert!(!asked(nobodys, true), "{nobodys}");
        }
        for open in ["1.1.1.1", "100.128.0.1", "172.32.0.1", "2400:3200::1", "198.20.0.1"] {
            assert!(asked(open, false), "{open}");
        }
    }
}

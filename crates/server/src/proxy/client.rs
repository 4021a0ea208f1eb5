//! The connection to one other server: its address, and only addresses that may be asked.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url};

use super::address;
use super::settings::Entry;

/// Time to reach it.
const CONNECT: Duration = Duration::from_secs(5);

/// Checks the address of an entry.
pub fn base(entry: &Entry) -> anyhow::Result<Url> {
    // It is not shown: there may be a password in it, which may hold what ends a name.
    let url = Url::parse(&entry.base).context("base: 不是地址 / is no address")?;
    let plain = !entry.base.contains('@') && url.query().is_none() && url.fragment().is_none();
    ensure!(
        matches!(url.scheme(), "http" | "https") && plain,
        "base: 只能是 http(s) 地址 / must be a plain http(s) address"
    );
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    if let Ok(literal) = host.parse::<IpAddr>() {
        let what = "私网地址须写明 private = true / a private address needs private = true";
        ensure!(address::may_ask(literal, entry.private), "base: {literal}: {what}");
    }
    Ok(url)
}

/// Makes ready to connect. Times are watched by who asks.
pub fn client(entry: &Entry) -> anyhow::Result<Client> {
    let mut builder = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT)
        .dns_resolver(Arc::new(CheckedNames { private: entry.private }));
    if let Some(file) = &entry.certificates {
        let pem = std::fs::read(file).with_context(|| format!("无法读取 / cannot read {}", file.display()))?;
        for certificate in reqwest::Certificate::from_pem_bundle(&pem)? {
            builder = builder.add_root_certificate(certificate);
        }
    }
    Ok(builder.build()?)
}

/// Looks names up and gives only addresses that may be asked; the connection goes to one of exactly these.
struct CheckedNames {
    private: bool,
}

impl Resolve for CheckedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(Box::new(allowed(found, private)?.into_iter()) as Addrs)
        })
    }
}

/// Keeps the addresses that may be asked. A name that changes what it leads to is caught at each new connection.
fn allowed(found: impl Iterator<Item = SocketAddr>, private: bool) -> io::Result<Vec<SocketAddr>> {
    let fine: Vec<_> = found.filter(|found| address::may_ask(found.ip(), private)).collect();
    if fine.is_empty() {
        return Err(io::Error::other("every address of this name is private or nobody's"));
    }
    Ok(fine)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn kept(all: &[&str], private: bool) -> Option<Vec<String>> {
        let found = all.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0));
        allowed(found, private).ok().map(|fine| fine.iter().map(|address| address.ip().to_string()).collect())
    }

    #[test]
    fn of_what_a_name_leads_to_only_allowed_addresses_are_connected_to() {
        assert_eq!(kept(&["10.0.0.1", "1.1.1.1", "::ffff:127.0.0.1"], false).unwrap(), ["1.1.1.1"]);
        assert_eq!(kept(&["127.0.0.1"], false), None);
        assert_eq!(kept(&["169.254.169.254", "fe80::1"], true), None);
        assert_eq!(kept(&["10.0.0.1", "169.254.169.254"], true).unwrap(), ["10.0.0.1"]);
    }

    #[test]
    fn every_spelling_of_a_private_address_is_seen_as_one() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "127.0.0.1.",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[64:ff9b::7f00:1]",
            "169.254.169.254",
            "0",
        ] {
            let text = format!("[proxy.a]\nbase = \"http://{host}:80/x\"\nwho = \"everyone\"");
            let entry = crate::proxy::settings::parse(&text).unwrap().remove("a").unwrap();
            assert!(base(&entry).is_err(), "{host}");
        }
    }
}

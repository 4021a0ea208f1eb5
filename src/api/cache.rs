//! Answers kept with their `ETag`, so that an unchanged one need not travel again. Bounded in entries and bytes.

use std::collections::HashMap;

use super::dialect::Response;

const MAX_ENTRIES: usize = 64;
const MAX_BYTES: usize = 16 << 20;

/// The kept answers by address.
#[derive(Debug, Default)]
pub struct EtagCache {
    entries: HashMap<String, Entry>,
    bytes: usize,
    uses: u64,
}

#[derive(Debug)]
struct Entry {
    etag: String,
    response: Response,
    used: u64,
}

impl EtagCache {
    /// Returns the tag to send in `If-None-Match`.
    pub fn etag(&self, url: &str) -> Option<String> {
        self.entries.get(url).map(|entry| entry.etag.clone())
    }

    /// Turns a 304 into the answer that was kept, and keeps a new one that carries a tag.
    pub fn settle(&mut self, url: &str, response: Response) -> Response {
        self.uses += 1;
        match response.status {
            304 => self.kept(url).unwrap_or(response),
            200 => {
                self.keep(url, &response);
                response
            }
            _ => response,
        }
    }

    /// Forgets everything: another person may be next at this screen.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    fn kept(&mut self, url: &str) -> Option<Response> {
        let entry = self.entries.get_mut(url)?;
        entry.used = self.uses;
        Some(entry.response.clone())
    }

    fn keep(&mut self, url: &str, response: &Response) {
        self.remove(url);
        let Some(etag) = response.header("etag") else { return };
        if response.body_len() > MAX_BYTES / 2 {
            return;
        }
        self.bytes += response.body_len();
        let entry = Entry { etag: etag.to_owned(), response: response.clone(), used: self.uses };
        self.entries.insert(url.to_owned(), entry);
        while self.entries.len() > MAX_ENTRIES || self.bytes > MAX_BYTES {
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.used).map(|(url, _)| url.clone());
            let Some(oldest) = oldest else { break };
            self.remove(&oldest);
        }
    }

    fn remove(&mut self, url: &str) {
        if let Some(entry) = self.entries.remove(url) {
            self.bytes -= entry.response.body_len();
        }
    }
}

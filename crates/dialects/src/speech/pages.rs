//! Pages of lists that are asked for again and again: a server that gave them a mark is asked whether they have changed.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::{Backend, Heard, Talk};
use crate::exchange::{Call, Method};
use crate::mapping::FailureRule;
use crate::problem::Trouble;

/// Most bytes of answers that are kept of one backend; read, they take several times as much.
const MAX_BYTES: usize = 4 << 20;

/// Answers by what was asked, the oldest first out.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    kept: BTreeMap<String, Kept>,
    order: VecDeque<String>,
    bytes: usize,
}

#[derive(Debug, Clone)]
struct Kept {
    heard: Rc<Heard>,
    bytes: usize,
    conditions: Vec<(String, String)>,
}

impl Pages {
    fn remove(&mut self, asked: &str) {
        if let Some(old) = self.kept.remove(asked) {
            self.bytes -= old.bytes;
            self.order.retain(|kept| kept != asked);
        }
    }

    fn keep(&mut self, asked: &str, heard: &Rc<Heard>) {
        self.remove(asked);
        let (conditions, bytes) = (conditions(asked, heard), heard.answer.body.len());
        if conditions.is_empty() || bytes > MAX_BYTES {
            return;
        }
        self.bytes += bytes;
        self.order.push_back(asked.to_owned());
        self.kept.insert(asked.to_owned(), Kept { heard: Rc::clone(heard), bytes, conditions });
        while self.bytes > MAX_BYTES {
            let Some(oldest) = self.order.front().cloned() else { break };
            self.remove(&oldest);
        }
    }
}

/// What to send with the next question, to our own origin alone: elsewhere a browser would ask for leave first, and a server that
/// gives none would look as if it were not there.
fn conditions(url: &str, heard: &Heard) -> Vec<(String, String)> {
    let header = |name: &str| heard.answer.header(name).filter(|_| url.starts_with('/')).map(str::to_owned);
    let tag = header("etag").map(|tag| ("if-none-match".to_owned(), tag));
    let date = || header("last-modified").map(|at| ("if-modified-since".to_owned(), at));
    tag.or_else(date).into_iter().collect()
}

/// What tells one page from another: its address, and its range where pages are asked for in a header.
fn asked(call: &Call) -> String {
    let range = call.headers.iter().find(|(name, _)| name == "range").map(|(_, range)| format!("#{range}"));
    format!("{}{}", call.url, range.unwrap_or_default())
}

impl Talk {
    /// Makes a call and reads its answer, as [`Talk::ask`] does, unless the server says that what it sent last still holds.
    pub async fn ask_again(
        &self,
        backend: &Backend,
        mut call: Call,
        rules: &[FailureRule],
    ) -> Result<Rc<Heard>, Trouble> {
        if call.method != Method::Get {
            return self.ask(backend, call, rules).await.map(Rc::new);
        }
        let asked = asked(&call);
        let kept = backend.memory.borrow().pages.kept.get(&asked).cloned();
        call.headers.extend(kept.iter().flat_map(|kept| kept.conditions.iter().cloned()));
        match (self.ask(backend, call, rules).await, kept) {
            (Err(trouble), Some(kept)) if trouble.status == 304 => Ok(kept.heard),
            (heard, _) => {
                let heard = Rc::new(heard?);
                backend.memory.borrow_mut().pages.keep(&asked, &heard);
                Ok(heard)
            }
        }
    }
}

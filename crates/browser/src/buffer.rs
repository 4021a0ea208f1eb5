//! Bytes that the browser holds, outside of this program's memory, which grows and never shrinks: megabytes that are only handed on
//! have no business there.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;

/// Bytes; clones share them. Outside of a browser they are plain bytes, so that what reads them is tested there.
#[derive(Debug, Clone)]
pub struct Buffer(held::Held);

impl Buffer {
    /// Returns how many there are.
    pub fn len(&self) -> usize {
        held::len(&self.0)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the first `most` of them.
    pub fn head(&self, most: usize) -> Vec<u8> {
        held::head(&self.0, most.min(self.len()))
    }

    /// Returns all of them.
    pub fn to_vec(&self) -> Vec<u8> {
        self.0.to_vec()
    }

    /// Takes the body of an answer; `None` where it broke off.
    pub async fn of(answer: impl Into<web_sys::Response>) -> Option<Self> {
        let bytes = JsFuture::from(answer.into().array_buffer().ok()?).await.ok()?;
        Some(Self(held::of(Uint8Array::new(&bytes))))
    }

    /// Returns a copy that can be given away, as a worker takes it.
    pub fn to_give(&self) -> Uint8Array {
        held::to_give(&self.0)
    }
}

impl From<&[u8]> for Buffer {
    fn from(bytes: &[u8]) -> Self {
        Self(held::new(bytes))
    }
}

impl Default for Buffer {
    fn default() -> Self {
        Self::from([].as_slice())
    }
}

impl PartialEq for Buffer {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.to_vec() == other.to_vec()
    }
}

impl Eq for Buffer {}

#[cfg(target_arch = "wasm32")]
mod held {
    use js_sys::Uint8Array;

    /// A page has one thread; the stores ask for what could go to another.
    pub type Held = send_wrapper::SendWrapper<Uint8Array>;

    pub fn new(bytes: &[u8]) -> Held {
        of(Uint8Array::from(bytes))
    }

    pub fn of(bytes: Uint8Array) -> Held {
        Held::new(bytes)
    }

    pub fn to_give(held: &Held) -> Uint8Array {
        held.slice(0, held.length())
    }

    pub fn len(held: &Held) -> usize {
        held.length() as usize
    }

    pub fn head(held: &Held, length: usize) -> Vec<u8> {
        held.subarray(0, length as u32).to_vec()
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod held {
    use std::sync::Arc;

    use js_sys::Uint8Array;

    pub type Held = Arc<[u8]>;

    pub fn new(bytes: &[u8]) -> Held {
        Arc::from(bytes)
    }

    pub fn of(bytes: Uint8Array) -> Held {
        Arc::from(bytes.to_vec())
    }

    pub fn to_give(held: &Held) -> Uint8Array {
        Uint8Array::from(held.as_ref())
    }

    pub fn len(held: &Held) -> usize {
        held.len()
    }

    pub fn head(held: &Held, length: usize) -> Vec<u8> {
        held.iter().take(length).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_comes_back_whole_and_in_part() {
        let held = Buffer::from([1, 2, 3].as_slice());
        assert_eq!(
            (held.len(), held.head(2), held.head(9), held.to_vec()),
            (3, vec![1, 2], vec![1, 2, 3], vec![1, 2, 3])
        );
        assert!(Buffer::default().is_empty() && Buffer::default().head(7).is_empty());
        assert!(held.clone() == held && held != Buffer::default());
    }
}

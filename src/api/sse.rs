//! Server-Sent Events out of bytes, as the HTML standard reads them (§ 9.2.6): thousands a second, without a browser's event
//! and three strings of its own for each.

/// One event as it came.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct RawEvent {
    /// The `id` field, which is the last one that came if this event had none.
    pub id: String,
    /// The `event` field; empty stands for `message`.
    pub name: String,
    /// The `data` fields, joined by line ends.
    pub data: String,
}

/// Puts events together from bytes that may end anywhere.
#[derive(Debug, Clone, Default)]
pub struct SseReader {
    /// Bytes of a line that has not ended yet.
    rest: Vec<u8>,
    /// A line ended in CR: an LF that comes next belongs to it.
    after_return: bool,
    begun: bool,
    has_data: bool,
    next: RawEvent,
}

/// No event of ours comes near this; a line that has no end would fill the memory.
const MOST_BYTES: usize = 4 << 20;

/// A line or an event grew without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

impl SseReader {
    /// Takes bytes and gives the events that they completed.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<RawEvent>, TooLong> {
        let mut events = Vec::new();
        let mut bytes = self.without_line_feed(bytes);
        while let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            // The position is within the bytes.
            let (line, tail) = bytes.split_at(end);
            self.line(line, &mut events);
            self.after_return = tail.first() == Some(&b'\r');
            bytes = self.without_line_feed(tail.get(1..).unwrap_or_default());
        }
        self.rest.extend_from_slice(bytes);
        if self.rest.len() + self.next.data.len() > MOST_BYTES { Err(TooLong) } else { Ok(events) }
    }

    fn without_line_feed<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        if bytes.is_empty() || !std::mem::take(&mut self.after_return) {
            return bytes;
        }
        bytes.strip_prefix(b"\n").unwrap_or(bytes)
    }

    fn line(&mut self, end: &[u8], events: &mut Vec<RawEvent>) {
        let rest = std::mem::take(&mut self.rest);
        let whole;
        let mut line = if rest.is_empty() {
            end
        } else {
            whole = [rest.as_slice(), end].concat();
            whole.as_slice()
        };
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
        }
        if line.is_empty() { self.dispatch(events) } else { self.field(line) }
    }

    fn field(&mut self, line: &[u8]) {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (name, value) = line.split_at(colon);
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = String::from_utf8_lossy(value.strip_prefix(b" ").unwrap_or(value));
        match name {
            b"event" => self.next.name = value.into_owned(),
            b"data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.next.data.push('\n');
                }
                self.next.data.push_str(&value);
            }
            b"id" if !value.contains('\0') => self.next.id = value.into_owned(),
            // Comments, `retry` (the live client has its own pace), and what is not known.
            _ => {}
        }
    }

    fn dispatch(&mut self, events: &mut Vec<RawEvent>) {
        let next = std::mem::take(&mut self.next);
        self.next.id.clone_from(&next.id);
        if std::mem::take(&mut self.has_data) {
            events.push(next);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn event(id: &str, name: &str, data: &str) -> RawEvent {
        RawEvent { id: id.to_owned(), name: name.to_owned(), data: data.to_owned() }
    }

    fn all(text: &str) -> Vec<RawEvent> {
        SseReader::default().push(text.as_bytes()).unwrap()
    }

    #[test]
    fn events_are_read_as_the_standard_says() {
        assert_eq!(all("event: case\nid: e:1\ndata: {}\n\n"), [event("e:1", "case", "{}")]);
        assert_eq!(all("data: a\ndata\ndata: b\n\n"), [event("", "", "a\n\nb")], "lines are joined");
        assert_eq!(all("data:  a\n\n"), [event("", "", " a")], "one space is taken off");
        assert_eq!(all("\u{feff}data: a\r\n\r\ndata: b\r\rdata: c\n\n").len(), 3, "every line end");
        assert_eq!(all(": beat\n\n"), [], "a comment is no event");
        assert_eq!(
            all("event: case\n\ndata: a\n\n"),
            [event("", "", "a")],
            "without data there is none, and its name is gone"
        );
        assert_eq!(all("id: 7\ndata: a\n\ndata: b\n\n"), [event("7", "", "a"), event("7", "", "b")], "the id stays");
        assert_eq!(all("id: a\0b\ndata: a\n\n"), [event("", "", "a")]);
        assert_eq!(all("data: a\n"), [], "not yet");
    }

    #[test]
    fn a_line_without_end_is_given_up() {
        let mut reader = SseReader::default();
        let mut pushed = || reader.push(&vec![b'x'; 1 << 20]);
        assert_eq!((0..5).map(|_| pushed()).filter(Result::is_err).count(), 1);
    }

    proptest! {
        #[test]
        fn where_bytes_are_cut_does_not_matter(
            parts in prop::collection::vec(
                prop::sample::select(vec!["data: 案", "id: e:1", "event: x", "\n", "\r\n", "\r", ":", "data", "\n\n", "é"]), 0..40),
            cuts in prop::collection::vec(0_usize..400, 0..12),
        ) {
            let text = parts.concat();
            let whole = all(&text);
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(text.len())).chain([0, text.len()]).collect();
            cuts.sort_unstable();
            let mut reader = SseReader::default();
            let pieces: Vec<_> = cuts.windows(2).flat_map(|cut| reader.push(&text.as_bytes()[cut[0]..cut[1]]).unwrap()).collect();
            prop_assert_eq!(pieces, whole);
        }
    }
}

//! What a message is made of: a row of numbers, which a browser copies, and a block of bytes, which it hands over.

/// Holds one message.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Packet {
    /// What it is, then its figures.
    pub numbers: Vec<f64>,
    /// Bulk or text; empty where there is none.
    pub bytes: Vec<u8>,
}

/// Takes numbers from the front; what is missing makes the message unreadable.
#[derive(Debug)]
pub struct Numbers<'a>(std::slice::Iter<'a, f64>);

impl<'a> Numbers<'a> {
    /// Begins with the first.
    pub fn of(numbers: &'a [f64]) -> Self {
        Self(numbers.iter())
    }

    /// Takes the next number, whatever it is.
    pub fn number(&mut self) -> Option<f64> {
        self.0.next().copied()
    }

    /// Takes the next number as a count; what is none stands for 0, as in a cast.
    pub fn count(&mut self) -> Option<u32> {
        // The cast saturates, and takes NaN to 0.
        self.number().map(|number| number as u32)
    }

    /// Takes the next number as a whole one.
    pub fn whole(&mut self) -> Option<i64> {
        self.number().map(|number| number as i64)
    }

    /// Takes the next number, where NaN stands for none.
    pub fn maybe(&mut self) -> Option<Option<f64>> {
        self.number().map(|number| Some(number).filter(|number| !number.is_nan()))
    }

    /// Tells whether nothing is left.
    pub fn is_at_end(&self) -> bool {
        self.0.len() == 0
    }
}

/// Joins names by line ends, which no id has.
pub fn join<'a>(names: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut joined = Vec::new();
    for (index, name) in names.enumerate() {
        if index > 0 {
            joined.push(b'\n');
        }
        joined.extend(name.bytes().filter(|byte| *byte != b'\n'));
    }
    joined
}

/// Takes joined names apart; `count` of them, so that one empty name is not none.
pub fn split(joined: &[u8], count: usize) -> Option<Vec<String>> {
    if count == 0 {
        return joined.is_empty().then(Vec::new);
    }
    let names: Option<Vec<_>> =
        joined.split(|byte| *byte == b'\n').map(|name| String::from_utf8(name.to_vec()).ok()).collect();
    names.filter(|names| names.len() == count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        for names in [vec![], vec![""], vec!["wages"], vec!["欠薪", "", "noise"]] {
            let joined = join(names.iter().copied());
            assert_eq!(split(&joined, names.len()), Some(names.iter().map(ToString::to_string).collect()));
        }
        assert_eq!(split(b"a\nb", 3), None);
        assert_eq!(split(&[0xff], 1), None);
    }
}

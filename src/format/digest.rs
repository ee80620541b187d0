//! The fingerprint of a document: the same for whatever says the same.

use std::collections::BTreeMap;

use super::node::{Node, Table, Value};

/// What FNV-1a starts from.
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

/// Sixteen hex digits over keys, values and the `data` files they name (by label); comments,
/// spacing, key order and spelling of numbers do not matter. FNV-1a with 64 bits: stable for ever,
/// and collisions are harmless here.
pub(crate) fn digest(root: &Node, data: &BTreeMap<String, u64>) -> String {
    let mut hash = Fnv(BASIS);
    hash.node(root);
    for content in data.values() {
        hash.bytes(b"f");
        hash.bytes(&content.to_le_bytes());
    }
    format!("{:016x}", hash.0)
}

/// The hash of a file's content.
pub(crate) fn content(bytes: &[u8]) -> u64 {
    let mut hash = Fnv(BASIS);
    hash.bytes(bytes);
    hash.0
}

struct Fnv(u64);

impl Fnv {
    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// A tag and a text, with its length so that neighbors cannot run into each other.
    fn text(&mut self, tag: u8, text: &str) {
        self.bytes(&[tag]);
        self.bytes(&(text.len() as u64).to_le_bytes());
        self.bytes(text.as_bytes());
    }

    fn node(&mut self, node: &Node) {
        match &node.value {
            Value::Text(text) => self.text(b's', text),
            // `1` and `1.0` mean the same wherever both are accepted.
            Value::Integer(number) => match exact(*number) {
                Some(number) => self.number(number),
                None => self.text(b'i', &number.to_string()),
            },
            Value::Float(number) => self.number(*number),
            Value::Boolean(value) => self.bytes(&[b'b', u8::from(*value)]),
            Value::Date(date) => self.text(b'd', &date.to_string()),
            Value::List(list) => {
                self.text(b'l', &list.len().to_string());
                for item in list {
                    self.node(item);
                }
            }
            Value::Table(table) => self.table(table),
            Value::Broken => self.bytes(b"x"),
        }
    }

    fn number(&mut self, number: f64) {
        self.bytes(b"n");
        // Adding 0 turns −0 into 0.
        self.bytes(&(number + 0.0).to_bits().to_le_bytes());
    }

    /// Keys in alphabetical order.
    fn table(&mut self, table: &Table) {
        self.text(b't', &table.entries.len().to_string());
        let mut entries: Vec<_> = table.entries.iter().collect();
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        for entry in entries {
            self.text(b'k', &entry.key);
            self.node(&entry.node);
        }
    }
}

/// The same number as a float, if a float can hold it.
fn exact(number: i64) -> Option<f64> {
    (number.unsigned_abs() <= 1 << 53).then_some(number as f64)
}

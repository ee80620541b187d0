//! Keyed draws as a stream of bytes for a battery of tests: `cargo run --release --example draws
//! ORDER | dieharder -a -g 200`.
//!
//! A generator is tested in the order in which it makes its words. Keyed draws have no order of
//! their own: the engine takes them contact by contact, purpose by purpose, day by day. So a
//! battery has to see them in each of these orders. What came out stands in the docs of
//! `random::stream`.

#![expect(clippy::print_stderr, reason = "a program says how it is called")]

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
use std::sync::LazyLock;

use surgecast::random::{ContactKey, NameKey, Purpose, Streams};

/// An order of draws: which draw is number `index`.
struct Order {
    name: &'static str,
    about: &'static str,
    word: fn(u64) -> u64,
}

/// What most contacts draw, in the order of their life.
const PURPOSES: [Purpose; 8] = [
    Purpose::Gap,
    Purpose::OptOut,
    Purpose::BotOutcome,
    Purpose::Session,
    Purpose::Patience,
    Purpose::Handling,
    Purpose::WrapUp,
    Purpose::Retry,
];

const ORDERS: [Order; 8] = [
    Order {
        name: "contacts",
        about: "one purpose, contact after contact: the gaps of a source",
        word: |index| contact(1, 0, 0, index).draw(Purpose::Gap).word(),
    },
    Order {
        name: "purposes",
        about: "all purposes of a contact, contact after contact",
        word: |index| purpose(contact(1, 0, 0, index / 8), index),
    },
    Order {
        name: "replications",
        about: "the same draw of the same contact, day after day",
        word: |index| contact(1, index, 0, 7).draw(Purpose::Handling).word(),
    },
    Order {
        name: "seeds",
        about: "the same draw of the same contact and day, seed after seed",
        word: |index| contact(index, 0, 0, 7).draw(Purpose::Handling).word(),
    },
    Order {
        name: "types",
        about: "contact types in turns, as contacts that arrive together",
        word: |index| {
            let contact = contact(1, 0, small(index % 8), index / 8);
            contact.draw(Purpose::Patience).word()
        },
    },
    Order {
        name: "attempts",
        about: "first attempt and retries of a contact, contact after contact",
        word: |index| {
            let attempt = u32::try_from(index % 4).expect("below 4");
            let contact = contact(1, 0, 0, index / 4).attempt(attempt);
            contact.draw(Purpose::Patience).word()
        },
    },
    Order {
        name: "children",
        about: "what mixtures draw after their first word",
        word: |index| {
            let first = contact(1, 0, 0, index / 4).draw(Purpose::Handling);
            match index % 4 {
                0 => first.word(),
                child => first.child(child).word(),
            }
        },
    },
    Order {
        name: "mixed",
        about: "days, contact types, contacts and purposes, interleaved",
        word: |index| {
            let (day, name) = (index / 8 % 4, small(index / 32 % 4));
            purpose(contact(1, day, name, index / 128), index)
        },
    },
];

/// The contact `index` of the contact type `name`, keyed as the engine does.
fn contact(seed: u64, replication: u64, name: usize, index: u64) -> ContactKey {
    static NAMES: LazyLock<[NameKey; 8]> = LazyLock::new(|| {
        ["chat", "voice", "mail", "order", "refund", "status", "a", "b"]
            .map(|name| NameKey::new(&["contacts", name, "base"]))
    });
    Streams::new(seed, replication).named(NAMES[name]).contact(index)
}

/// What `contact` draws for the purpose number `index`, over and over.
fn purpose(contact: ContactKey, index: u64) -> u64 {
    contact.draw(PURPOSES[small(index % 8)]).word()
}

fn small(number: u64) -> usize {
    usize::try_from(number).expect("a small number")
}

fn main() -> ExitCode {
    let asked = std::env::args().nth(1).unwrap_or_default();
    let Some(order) = ORDERS.iter().find(|order| order.name == asked) else {
        eprintln!("name one of these orders:");
        for order in &ORDERS {
            eprintln!("  {:12} {}", order.name, order.about);
        }
        return ExitCode::from(2);
    };
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    // Ends when the battery has read enough and closes the pipe.
    let left = (0..).try_for_each(|index| out.write_all(&(order.word)(index).to_le_bytes()));
    match left {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("cannot write: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

//! A bare kernel of the two workloads: about the least that simulating them contact by contact can
//! cost on this machine. The engine is measured against it.
//!
//! It knows these two centers and no other, keeps no statistics beyond what proves that it
//! simulates them, and takes every shortcut that an event-by-event simulation of them allows:
//!
//! - one random sequence (a product of 128 bits a word), variates by ziggurat and a table of powers
//!   of two, nothing keyed;
//! - one pending arrival for all types together; their type is part of the draw that the bot's
//!   outcome takes;
//! - no event for a bot session that ends with the bot; its length is drawn all the same, since
//!   the contact spends it;
//! - calendars are 4-ary heaps of 8-byte keys; agents are alike, so a release carries no identity,
//!   and an agent who takes the next contact at once replaces the top of the heap;
//! - where only the order of answers counts (Erlang A) nobody's patience is in a calendar: an
//!   agent passes over those who have left. On the surge day the backlog is read, so patience has
//!   a heap of its own; those who were answered first are dropped from it many at a time.
//!
//! Erlang A could be had for less: with agents alike and one queue, the instant at which the next
//! agent is free answers every question, and no event is needed at all (Kiefer, Wolfowitz 1955).
//! That is no kernel of a simulation that has types, priorities and a roster.
//!
//! A ring of time buckets in place of the heaps was tried: level from 100 to 2,000 agents.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "words are cut into fields; lengths of time are positive and far below 2^63"
)]

use std::f64::consts::{LN_2, LOG2_E};

/// Microseconds in a minute.
const MINUTE: f64 = 60e6;
/// Microseconds in an hour.
const HOUR: u64 = 3_600_000_000;
/// Later than everything.
const NEVER: u64 = u64::MAX;

/// What [`erlang_a`] counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct ErlangA {
    /// Who came.
    pub(crate) customers: u64,
    /// Of these, who found all agents busy.
    pub(crate) waited: u64,
    /// Who left unserved.
    pub(crate) abandoned: u64,
    /// Sum of the waits of the others; seconds.
    pub(crate) wait: f64,
}

/// 100 agents at 100 erlangs, handling of one minute and patience of two in the mean, both
/// exponential; until `customers` have come.
pub(crate) fn erlang_a(seed: u64, customers: u64) -> ErlangA {
    const AGENTS: usize = 100;
    let mut random = Random::new(seed);
    let exponential = Ziggurat::exponential();
    let mut draw = |mean: f64| exponential.above_zero(&mut random, mean);
    let mut told = ErlangA::default();
    let mut releases = Heap::default();
    // Who waits: since when, and until when at most. A ring of twice the longest line.
    let mut line = vec![(0, 0); 4096];
    let (mut first, mut behind) = (0, 0);
    let mut arrival = draw(MINUTE / 100.0);
    let mut wait = 0;
    while told.customers < customers {
        let release = releases.first();
        if arrival < release {
            told.customers += 1;
            if releases.len() < AGENTS {
                releases.push(arrival + draw(MINUTE));
            } else {
                assert!(behind - first < line.len(), "the line outgrew its ring");
                line[behind % 4096] = (arrival, arrival + draw(2.0 * MINUTE));
                behind += 1;
            }
            arrival += draw(MINUTE / 100.0);
            continue;
        }
        let mut next = None;
        while first < behind && next.is_none() {
            let (since, until) = line[first % 4096];
            first += 1;
            if until < release {
                told.abandoned += 1;
            } else {
                next = Some(since);
            }
        }
        if let Some(since) = next {
            wait += release - since;
            releases.replace_first(release + draw(MINUTE));
        } else {
            releases.pop();
        }
    }
    told.waited = behind as u64;
    told.wait = wait as f64 / 1e6;
    told
}

/// What [`surge_day`] counts; by type: urgent, normal, long.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct SurgeDay {
    /// Who came, all of them to the bot.
    pub(crate) contacts: u64,
    /// Sum of the lengths of bot sessions; seconds.
    pub(crate) sessions: f64,
    /// On from the bot to the agents.
    pub(crate) escalated: [u64; 3],
    /// Left the queue unserved.
    pub(crate) abandoned: [u64; 3],
    /// Sum of the waits of those who were answered; seconds.
    pub(crate) waits: [f64; 3],
    /// The most who waited at once.
    pub(crate) peak: u32,
}

/// Means and coefficients of variation of handling; minutes.
const HANDLING: [(f64, f64); 3] = [(3.0, 0.532_940_3), (5.0, 0.658_277_6), (8.0, 0.795_183_1)];
/// Mean patience; minutes.
const PATIENCE: [f64; 3] = [2.0, 3.0, 5.0];
/// Below which share of a word a contact is of the type, of all 505 a minute.
const TYPES: [u64; 2] = [(101 << 32) / 505, ((202 + 505) << 31) / 505];
/// Contacts a minute, all types together, until when.
const RATES: [(u64, f64); 3] = [(12 * HOUR, 505.0), (15 * HOUR, 2020.0), (24 * HOUR, 505.0)];
/// Agents from when on.
const STAFF: [(u64, usize); 7] = [
    (0, 560),
    (12 * HOUR, 1000),
    (13 * HOUR, 1600),
    (14 * HOUR, 2000),
    (15 * HOUR, 1400),
    (16 * HOUR, 800),
    (17 * HOUR, 560),
];

/// One surge day, followed until everybody has left.
pub(crate) fn surge_day(seed: u64) -> SurgeDay {
    Center::new(seed).run()
}

/// The state of the surge day.
struct Center {
    random: Random,
    exponential: Box<Ziggurat>,
    normal: Box<Ziggurat>,
    powers: Box<Powers>,
    session: LogNormal,
    handling: [LogNormal; 3],
    told: SurgeDay,
    arrival: u64,
    /// The stretch of [`RATES`] we are in.
    stretch: usize,
    /// Ends of sessions that go on to an agent: time, then two bits of type.
    sessions: Heap,
    releases: Heap,
    /// When patience ends: the keys of [`Waiting`].
    deadlines: Heap,
    waiting: Waiting,
    agents: usize,
    /// The next of [`STAFF`].
    change: usize,
    /// Microseconds: of sessions, and of waits by type.
    session_time: u64,
    wait: [u64; 3],
}

impl Center {
    fn new(seed: u64) -> Self {
        let mut center = Self {
            random: Random::new(seed),
            exponential: Ziggurat::exponential(),
            normal: Ziggurat::normal(),
            powers: Powers::new(),
            session: LogNormal::of_median(MINUTE / 6.0, 0.532_940_3),
            handling: HANDLING.map(|(mean, cv)| LogNormal::of_mean(mean * MINUTE, cv)),
            told: SurgeDay::default(),
            arrival: 0,
            stretch: 0,
            sessions: Heap::default(),
            releases: Heap::default(),
            deadlines: Heap::default(),
            waiting: Waiting::new(),
            agents: 0,
            change: 0,
            session_time: 0,
            wait: [0; 3],
        };
        center.next_arrival();
        center
    }

    fn run(mut self) -> SurgeDay {
        loop {
            let session = self.sessions.first() >> 2;
            let release = self.releases.first();
            let deadline = self.deadlines.first() >> Waiting::TIME;
            let change = STAFF.get(self.change).map_or(NEVER, |(at, _)| *at);
            let human = release.min(session).min(change).min(deadline);
            if self.arrival < human {
                self.arrive();
            } else if session == human && session < NEVER >> 2 {
                self.escalate(session);
            } else if release == human && release < NEVER {
                self.release(release);
            } else if change == human && change < NEVER {
                self.change(change);
            } else if deadline < NEVER >> Waiting::TIME {
                self.give_up();
            } else {
                break;
            }
        }
        self.told.sessions = self.session_time as f64 / 1e6;
        self.told.waits = self.wait.map(|micros| micros as f64 / 1e6);
        self.told
    }

    /// Gaps are exponential, so the one that a change of the rate cuts off begins anew there.
    #[inline]
    fn next_arrival(&mut self) {
        while let Some((end, rate)) = RATES.get(self.stretch) {
            let gap = self.exponential.above_zero(&mut self.random, MINUTE / *rate);
            self.arrival += gap;
            if self.arrival < *end {
                return;
            }
            self.arrival = *end;
            self.stretch += 1;
        }
        self.arrival = NEVER;
    }

    #[inline]
    fn arrive(&mut self) {
        self.told.contacts += 1;
        let word = self.random.word();
        let share = word >> 32;
        let kind = u64::from(share >= TYPES[0]) + u64::from(share >= TYPES[1]);
        let length = self.session.draw(&self.normal, &self.powers, &mut self.random);
        self.session_time += length;
        // Four of five stay with the bot.
        if (word & 0xFFFF_FFFF) * 5 >= 4 << 32 {
            self.sessions.push((self.arrival + length) << 2 | kind);
        }
        self.next_arrival();
    }

    #[inline]
    fn escalate(&mut self, at: u64) {
        let kind = (self.sessions.first() & 3) as usize;
        self.sessions.pop();
        self.told.escalated[kind] += 1;
        if self.releases.len() < self.agents {
            let release = at + self.handling(kind);
            self.releases.push(release);
            return;
        }
        let mean = PATIENCE[kind] * MINUTE;
        let until = at + self.exponential.above_zero(&mut self.random, mean);
        self.deadlines.push(self.waiting.join(kind, at, until));
        self.told.peak = self.told.peak.max(self.waiting.len);
        if self.deadlines.len() > 2 * self.waiting.len as usize + 64 {
            self.deadlines.retain(|key| self.waiting.still(key));
        }
    }

    #[inline]
    fn release(&mut self, at: u64) {
        if self.waiting.len == 0 || self.releases.len() > self.agents {
            self.releases.pop();
        } else {
            let release = self.answer(at);
            self.releases.replace_first(release);
        }
    }

    #[inline(never)]
    fn change(&mut self, at: u64) {
        self.agents = STAFF[self.change].1;
        self.change += 1;
        while self.waiting.len > 0 && self.releases.len() < self.agents {
            let release = self.answer(at);
            self.releases.push(release);
        }
    }

    #[inline]
    fn give_up(&mut self) {
        let key = self.deadlines.first();
        self.deadlines.pop();
        if self.waiting.still(key) {
            let (kind, _) = self.waiting.leave(key);
            self.told.abandoned[kind] += 1;
        }
    }

    /// The longest waiting contact of the first type that has one is answered; when the agent will
    /// be free again.
    #[inline]
    fn answer(&mut self, at: u64) -> u64 {
        let (kind, since) = self.waiting.leave(self.waiting.first());
        self.wait[kind] += at - since;
        at + self.handling(kind)
    }

    #[inline]
    fn handling(&mut self, kind: usize) -> u64 {
        self.handling[kind].draw(&self.normal, &self.powers, &mut self.random)
    }
}

/// Who waits: three rings of slots, linked both ways. The first three slots are the anchors.
struct Waiting {
    slots: Vec<Slot>,
    /// The first unused slot; 0: none.
    free: u32,
    len: u32,
}

#[derive(Clone, Copy)]
struct Slot {
    since: u64,
    /// End of patience, two bits of type, number of the slot; 0: unused.
    key: u64,
    before: u32,
    behind: u32,
}

impl Waiting {
    /// Bits of a key below the type.
    const KIND: u32 = 20;
    /// Bits of a key below the time.
    const TIME: u32 = Self::KIND + 2;

    fn new() -> Self {
        let anchor = |kind| Slot { since: 0, key: 0, before: kind, behind: kind };
        Self { slots: (0..3).map(anchor).collect(), free: 0, len: 0 }
    }

    #[inline]
    fn join(&mut self, kind: usize, since: u64, until: u64) -> u64 {
        let mut slot = self.free as usize;
        if slot == 0 {
            slot = self.slots.len();
            self.slots.push(self.slots[0]);
        } else {
            self.free = self.slots[slot].behind;
        }
        let before = self.slots[kind].before;
        let key = until << Self::TIME | (kind << Self::KIND | slot) as u64;
        self.slots[slot] = Slot { since, key, before, behind: kind as u32 };
        self.slots[before as usize].behind = slot as u32;
        self.slots[kind].before = slot as u32;
        self.len += 1;
        key
    }

    /// The key of the longest waiting of the first type that has one; somebody waits.
    #[inline]
    fn first(&self) -> u64 {
        let mut kind = 0;
        while self.slots[kind].behind == kind as u32 {
            kind += 1;
        }
        self.slots[self.slots[kind].behind as usize].key
    }

    fn place(key: u64) -> usize {
        (key & ((1 << Self::KIND) - 1)) as usize
    }

    /// Whether the contact of this key waits.
    #[inline]
    fn still(&self, key: u64) -> bool {
        self.slots[Self::place(key)].key == key
    }

    /// Type of the contact, and since when it waited.
    #[inline]
    fn leave(&mut self, key: u64) -> (usize, u64) {
        let place = Self::place(key);
        let slot = self.slots[place];
        self.slots[slot.before as usize].behind = slot.behind;
        self.slots[slot.behind as usize].before = slot.before;
        self.slots[place].key = 0;
        self.slots[place].behind = self.free;
        self.free = place as u32;
        self.len -= 1;
        ((key >> Self::KIND & 3) as usize, slot.since)
    }
}

/// A 4-ary heap of keys, least first.
#[derive(Default)]
struct Heap {
    keys: Vec<u64>,
}

impl Heap {
    #[inline]
    fn len(&self) -> usize {
        self.keys.len()
    }

    /// The least key; [`NEVER`] without any.
    #[inline]
    fn first(&self) -> u64 {
        self.keys.first().copied().unwrap_or(NEVER)
    }

    #[inline]
    fn push(&mut self, key: u64) {
        let mut node = self.keys.len();
        self.keys.push(key);
        while node > 0 && self.keys[(node - 1) / 4] > key {
            self.keys[node] = self.keys[(node - 1) / 4];
            node = (node - 1) / 4;
        }
        self.keys[node] = key;
    }

    #[inline]
    fn pop(&mut self) {
        if let Some(last) = self.keys.pop()
            && !self.keys.is_empty()
        {
            self.replace_first(last);
        }
    }

    /// Takes the least key out of a heap that is not empty, and puts another in.
    #[inline]
    fn replace_first(&mut self, key: u64) {
        let mut node = 0;
        loop {
            let first = node * 4 + 1;
            let (child, least) = if let Some(&[a, b, c, d]) = self.keys.get(first..first + 4) {
                let left = if b < a { (first + 1, b) } else { (first, a) };
                let right = if d < c { (first + 3, d) } else { (first + 2, c) };
                if right.1 < left.1 { right } else { left }
            } else {
                let rest = self.keys.get(first..).unwrap_or_default();
                let least = (first..).zip(rest.iter().copied());
                match least.min_by_key(|(_, key)| *key) {
                    Some(least) => least,
                    None => break,
                }
            };
            if key <= least {
                break;
            }
            self.keys[node] = least;
            node = child;
        }
        self.keys[node] = key;
    }

    fn retain(&mut self, wanted: impl Fn(u64) -> bool) {
        for key in std::mem::take(&mut self.keys) {
            if wanted(key) {
                self.push(key);
            }
        }
    }
}

/// A Weyl sequence, each step multiplied by itself with some bits turned, both halves of the
/// product folded: the generator `wyrand` (Wang Yi 2019).
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        // Seeds start 2^40 steps apart.
        Self((seed << 40).wrapping_mul(Self::STEP))
    }

    const STEP: u64 = 0xA076_1D64_78BD_642F;

    #[inline]
    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(Self::STEP);
        let product = u128::from(self.0) * u128::from(self.0 ^ 0xE703_7ED1_A0B4_28DB);
        product as u64 ^ (product >> 64) as u64
    }

    /// Uniform on (0, 1).
    fn uniform(&mut self) -> f64 {
        ((self.word() >> 12) as f64 + 0.5) * Ziggurat::UNIT * 2.0
    }
}

/// The ziggurat of Marsaglia, Tsang 2000 ("The ziggurat method for generating random variables",
/// Journal of Statistical Software 5) with 256 layers of equal area.
struct Ziggurat {
    /// Right ends of the layers, outermost first; [0] is that of a box with the area of the tail.
    ends: [f64; 257],
    /// The density there.
    heights: [f64; 257],
    density: fn(f64) -> f64,
}

impl Ziggurat {
    const UNIT: f64 = 1.0 / (1u64 << 53) as f64;
    /// Where the tails begin; the areas of the layers follow from them.
    const EXPONENTIAL_TAIL: f64 = 7.697_117_470_131_05;
    const NORMAL_TAIL: f64 = 3.654_152_885_361_009;

    fn new(tail: f64, area: f64, density: fn(f64) -> f64, inverse: fn(f64) -> f64) -> Box<Self> {
        let mut ends = [0.0; 257];
        ends[0] = area / density(tail);
        ends[1] = tail;
        for layer in 2..256 {
            ends[layer] = inverse(density(ends[layer - 1]) + area / ends[layer - 1]);
        }
        Box::new(Self { ends, heights: ends.map(density), density })
    }

    fn exponential() -> Box<Self> {
        let area = 0.003_949_659_822_581_572;
        Self::new(Self::EXPONENTIAL_TAIL, area, |x| (-x).exp(), |y| -y.ln())
    }

    fn normal() -> Box<Self> {
        Self::new(
            Self::NORMAL_TAIL,
            0.004_928_673_233_974_655,
            |x| (-0.5 * x * x).exp(),
            |y| (-2.0 * y.ln()).sqrt(),
        )
    }

    /// An exponential value with this mean, cut to a whole number.
    #[inline]
    fn above_zero(&self, random: &mut Random, mean: f64) -> u64 {
        loop {
            let word = random.word();
            let layer = (word & 255) as usize;
            let x = (word >> 11) as i64 as f64 * Self::UNIT * self.ends[layer];
            if x < self.ends[layer + 1] {
                return (x * mean) as i64 as u64;
            }
            if layer == 0 {
                let x = Self::EXPONENTIAL_TAIL - random.uniform().ln();
                return (x * mean) as i64 as u64;
            }
            if self.under_the_curve(layer, x, random) {
                return (x * mean) as i64 as u64;
            }
        }
    }

    /// A standard normal value.
    #[inline]
    fn both_sides(&self, random: &mut Random) -> f64 {
        loop {
            let word = random.word();
            let layer = (word & 255) as usize;
            let x = (word as i64 >> 10) as f64 * Self::UNIT * self.ends[layer];
            if x.abs() < self.ends[layer + 1] {
                return x;
            }
            if layer == 0 {
                return Self::normal_tail(random).copysign(x);
            }
            if self.under_the_curve(layer, x, random) {
                return x;
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn under_the_curve(&self, layer: usize, x: f64, random: &mut Random) -> bool {
        let (low, high) = (self.heights[layer], self.heights[layer + 1]);
        low + random.uniform() * (high - low) < (self.density)(x)
    }

    /// Marsaglia 1964, "Generating a variable from the tail of the normal distribution".
    #[cold]
    #[inline(never)]
    fn normal_tail(random: &mut Random) -> f64 {
        loop {
            let beyond = -random.uniform().ln() / Self::NORMAL_TAIL;
            if -2.0 * random.uniform().ln() > beyond * beyond {
                return Self::NORMAL_TAIL + beyond;
            }
        }
    }
}

/// A lognormal law by the binary logarithm of its values.
#[derive(Clone, Copy)]
struct LogNormal {
    mean: f64,
    deviation: f64,
}

impl LogNormal {
    fn of_median(median: f64, cv: f64) -> Self {
        Self { mean: median.log2(), deviation: (cv * cv).ln_1p().sqrt() * LOG2_E }
    }

    fn of_mean(mean: f64, cv: f64) -> Self {
        Self::of_median(mean / (1.0 + cv * cv).sqrt(), cv)
    }

    /// A value cut to a whole number.
    #[inline]
    fn draw(self, normal: &Ziggurat, powers: &Powers, random: &mut Random) -> u64 {
        powers.of(self.mean + self.deviation * normal.both_sides(random)) as i64 as u64
    }
}

/// Powers of two, to about 1 part in 10^13.
struct Powers {
    steps: [f64; Self::STEPS as usize],
}

impl Powers {
    const STEPS: u64 = 256;

    fn new() -> Box<Self> {
        let step = |index| (index as f64 / Self::STEPS as f64).exp2();
        Box::new(Self { steps: std::array::from_fn(step) })
    }

    /// 2^x for |x| < 1000: the nearest step, and the rest of at most 1/512 by its series.
    #[inline]
    fn of(&self, x: f64) -> f64 {
        // Added to it, x is rounded to whole steps, which the low bits then count.
        const ROUND: f64 = (3u64 << 51) as f64 / Powers::STEPS as f64;
        let rounded = x + ROUND;
        let steps = rounded.to_bits();
        let rest = (x - (rounded - ROUND)) * LN_2;
        let series = 1.0 + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0)));
        let step = self.steps[(steps & (Self::STEPS - 1)) as usize];
        let exponent = (steps / Self::STEPS) << 52;
        f64::from_bits(step.to_bits().wrapping_add(exponent)) * series
    }
}

//! Arrival processes: Poisson with a rate that changes over time, one contact at a time.
//!
//! Contact `n` of a source arrives when the source's cumulative rate reaches the sum of `n + 1`
//! unit exponential gaps (the time change of Çinlar 1975, *Introduction to Stochastic Processes*,
//! §4.7). So contacts can be drawn one by one, as far ahead as one likes, contact `n` is the same person
//! at any rate, and a scale factor for the day stretches time without touching who comes.

use super::distribution::elementary::ln;
use super::stream::{ContactKey, Purpose, Stream};
use crate::time::SimTime;

/// A stretch of time in which the rate is smooth: `(r0 + r1 s + r2 s²) · exp(−fall · s)` per
/// second, `s` seconds after its start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Start in seconds.
    pub start: f64,
    /// Length in seconds.
    pub length: f64,
    /// Coefficients of the polynomial; the rate is nowhere negative.
    pub rate: [f64; 3],
    /// Exponential fall per second.
    pub fall: f64,
}

impl Piece {
    /// Rate, contacts per second, `s` seconds after the start of the piece.
    pub fn rate_at(&self, s: f64) -> f64 {
        let [r0, r1, r2] = self.rate;
        let polynomial = r0 + s * (r1 + s * r2);
        let rate = if self.fall == 0.0 { polynomial } else { polynomial * (-self.fall * s).exp() };
        rate.max(0.0)
    }

    /// The stretch of so many seconds that begins `s` seconds after the start, at `share` of the
    /// rate.
    fn part(&self, s: f64, length: f64, share: f64) -> Self {
        let [r0, r1, r2] = self.rate;
        let left = share * (-self.fall * s).exp();
        Self {
            start: self.start + s,
            length,
            rate: [left * (r0 + s * (r1 + s * r2)), left * (r1 + 2.0 * r2 * s), left * r2],
            fall: self.fall,
        }
    }

    /// Expected contacts in the first `s` seconds: the integral of the rate.
    fn expected(&self, s: f64) -> f64 {
        let [r0, r1, r2] = self.rate;
        if self.fall == 0.0 {
            return s * (r0 + s * (r1 / 2.0 + s * r2 / 3.0));
        }
        // By parts; with 1 − exp(−κ s) taken whole, so that small κ s do not cancel in it.
        let fallen = -(-self.fall * s).exp_m1();
        let left = 1.0 - fallen;
        let m0 = fallen / self.fall;
        let m1 = (m0 - s * left) / self.fall;
        let m2 = (2.0 * m1 - s * s * left) / self.fall;
        r0 * m0 + r1 * m1 + r2 * m2
    }

    /// Whether the rate is the same all along.
    fn is_level(&self) -> bool {
        let [_, r1, r2] = self.rate;
        self.fall == 0.0 && r1 == 0.0 && r2 == 0.0
    }

    /// Seconds after the start at which `expected` contacts have come.
    #[inline(never)]
    fn inverse(&self, expected: f64) -> f64 {
        if expected <= 0.0 {
            return 0.0;
        }
        let [r0, r1, r2] = self.rate;
        if self.fall == 0.0 && r2 == 0.0 {
            // The root of r0 s + r1 s²/2 = expected that does not cancel.
            let root = (r0 * r0 + 2.0 * r1 * expected).max(0.0).sqrt();
            return 2.0 * expected / (r0 + root);
        }
        let (mut low, mut high) = (0.0, self.length);
        let mut s = self.length * (expected / self.expected(self.length)).clamp(0.0, 1.0);
        for _ in 0..64 {
            let excess = self.expected(s) - expected;
            if excess > 0.0 {
                high = s;
            } else {
                low = s;
            }
            let newton = s - excess / self.rate_at(s);
            let next =
                if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
            if (next - s).abs() < 1e-7 {
                return next;
            }
            s = next;
        }
        s
    }
}

/// The rate of one source over the whole run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RateTable {
    pieces: Vec<Piece>,
    /// Expected contacts before each piece, and at the end the total.
    before: Vec<f64>,
}

impl RateTable {
    /// A table of pieces in order of time that do not overlap; gaps have rate 0.
    pub fn new(pieces: Vec<Piece>) -> Self {
        let mut table = Self { pieces: Vec::with_capacity(pieces.len()), before: vec![0.0] };
        let mut total = 0.0;
        for piece in pieces {
            let expected = piece.expected(piece.length);
            if expected > 0.0 {
                total += expected;
                table.pieces.push(piece);
                table.before.push(total);
            }
        }
        table
    }

    /// Expected contacts over the whole run.
    pub fn total(&self) -> f64 {
        self.before.last().copied().unwrap_or(0.0)
    }

    /// The table with only the share `kept` of its rate outside of `whole`: stretches from and to
    /// so many seconds, in order of time.
    #[must_use]
    pub fn thinned_outside(&self, whole: &[(f64, f64)], kept: f64) -> Self {
        let borders: Vec<f64> = whole.iter().flat_map(|(from, to)| [*from, *to]).collect();
        let mut pieces = Vec::new();
        for piece in &self.pieces {
            let end = piece.start + piece.length;
            let inside = borders.iter().filter(|at| **at > piece.start && **at < end);
            let mut starts = vec![piece.start];
            starts.extend(inside);
            let ends = starts.iter().skip(1).copied().chain([end]);
            for (start, end) in starts.iter().zip(ends) {
                let middle = f64::midpoint(*start, end);
                let is_whole = whole.iter().any(|(from, to)| *from <= middle && middle < *to);
                let share = if is_whole { 1.0 } else { kept };
                pieces.push(piece.part(*start - piece.start, end - start, share));
            }
        }
        Self::new(pieces)
    }

    /// Expected contacts before `seconds`.
    pub fn expected_before(&self, seconds: f64) -> f64 {
        let begun = self.pieces.partition_point(|piece| piece.start < seconds);
        let Some(last) = begun.checked_sub(1) else {
            return 0.0;
        };
        let piece = &self.pieces[last];
        self.before[last] + piece.expected((seconds - piece.start).min(piece.length))
    }
}

/// When the contacts of a source arrive.
#[derive(Clone, Debug, PartialEq)]
pub enum Schedule {
    /// At random, with a rate.
    Rates(RateTable),
    /// At these instants, in order of time, on every day.
    Listed(Vec<SimTime>),
}

impl Schedule {
    /// Expected contacts over the whole run.
    pub fn total(&self) -> f64 {
        match self {
            Self::Rates(table) => table.total(),
            Self::Listed(instants) => instants.len() as f64,
        }
    }

    /// With only the share `kept` of the rate outside of `whole`, as
    /// [`RateTable::thinned_outside`] has it; listed contacts come as they are listed.
    #[must_use]
    pub fn thinned_outside(&self, whole: &[(f64, f64)], kept: f64) -> Self {
        match self {
            Self::Rates(table) => Self::Rates(table.thinned_outside(whole, kept)),
            Self::Listed(_) => self.clone(),
        }
    }

    /// Expected contacts before an instant.
    pub fn expected_before(&self, at: SimTime) -> f64 {
        match self {
            Self::Rates(table) => table.expected_before(at.as_seconds()),
            Self::Listed(instants) => instants.partition_point(|listed| *listed < at) as f64,
        }
    }

    /// The contacts of one replication. `scale` (0 or more) multiplies rates; listed contacts come
    /// as they are listed.
    pub fn arrivals(&self, stream: Stream, scale: f64) -> Arrivals<'_> {
        match self {
            Self::Rates(table) => Arrivals::Random(RandomArrivals::new(table, stream, scale)),
            Self::Listed(instants) => Arrivals::Listed { instants, stream, index: 0 },
        }
    }
}

/// The contacts of one source in one replication, in order of arrival.
#[derive(Clone, Debug)]
pub enum Arrivals<'t> {
    /// At random.
    Random(RandomArrivals<'t>),
    /// As listed.
    Listed {
        /// When.
        instants: &'t [SimTime],
        /// What they are keyed by.
        stream: Stream,
        /// How many have come.
        index: usize,
    },
}

impl Iterator for Arrivals<'_> {
    type Item = (SimTime, ContactKey);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Random(arrivals) => arrivals.next(),
            Self::Listed { instants, stream, index } => {
                let at = *instants.get(*index)?;
                let key = stream.contact(*index as u64);
                *index += 1;
                Some((at, key))
            }
        }
    }
}

/// Contacts that arrive at random.
#[derive(Clone, Debug)]
pub struct RandomArrivals<'t> {
    table: &'t RateTable,
    stream: Stream,
    /// The day's factor on the rate.
    scale: f64,
    /// Sum of the unit gaps so far.
    gaps: f64,
    index: u64,
    /// The piece of the table that the last contact came in, whether its rate is the same all
    /// along, and its number.
    piece: Piece,
    is_level: bool,
    number: usize,
    /// Expected contacts up to its beginning and its end.
    from: f64,
    to: f64,
}

impl<'t> RandomArrivals<'t> {
    /// Contacts at `scale` (0 or more) times the rate of `table`, keyed by `stream`.
    pub fn new(table: &'t RateTable, stream: Stream, scale: f64) -> Self {
        Self {
            table,
            stream,
            scale,
            gaps: 0.0,
            index: 0,
            piece: Piece { start: 0.0, length: 0.0, rate: [0.0; 3], fall: 0.0 },
            is_level: true,
            // The first contact looks for its piece from the first on.
            number: usize::MAX,
            from: 0.0,
            to: 0.0,
        }
    }

    /// Goes on to the next piece; `None` after the last.
    #[cold]
    fn next_piece(&mut self) -> Option<()> {
        let number = self.number.wrapping_add(1);
        self.piece = *self.table.pieces.get(number)?;
        self.is_level = self.piece.is_level();
        self.number = number;
        self.from = self.table.before[number];
        self.to = self.table.before[number + 1];
        Some(())
    }
}

impl Iterator for RandomArrivals<'_> {
    type Item = (SimTime, ContactKey);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let key = self.stream.contact(self.index);
        self.gaps -= ln(key.draw(Purpose::Gap).uniform());
        self.index += 1;
        let target = self.gaps / self.scale;
        while self.to <= target {
            self.next_piece()?;
        }
        let beyond = target - self.from;
        let s =
            if self.is_level { beyond / self.piece.rate[0] } else { self.piece.inverse(beyond) };
        // Instants are cut to whole microseconds, so that an arrival never leaves its piece.
        let micros = (self.piece.start + s.min(self.piece.length)) * 1e6;
        #[expect(clippy::cast_possible_truncation, reason = "cut, and within the run")]
        Some((SimTime::from_micros(micros as i64), key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{NameKey, Streams};

    fn piece(start: f64, length: f64, rate: [f64; 3], fall: f64) -> Piece {
        Piece { start, length, rate, fall }
    }

    #[test]
    fn inverse_undoes_expected_for_every_form() {
        for p in [
            piece(0.0, 100.0, [3.0, 0.0, 0.0], 0.0),
            piece(0.0, 100.0, [0.0, 0.2, 0.0], 0.0),
            piece(0.0, 100.0, [20.0, -0.2, 0.0], 0.0),
            piece(0.0, 100.0, [0.0, 0.1, 0.003], 0.0),
            piece(0.0, 100.0, [1.0, 0.1, -0.001], 0.006_9),
        ] {
            let total = p.expected(p.length);
            for share in [0.0, 1e-9, 0.1, 0.5, 0.9, 0.999_999] {
                let s = p.inverse(total * share);
                assert!((p.expected(s) - total * share).abs() < 1e-5, "{p:?} {share} {s}");
            }
        }
    }

    #[test]
    fn what_is_thinned_keeps_its_rate_where_it_shall_and_its_share_elsewhere() {
        let table = RateTable::new(vec![
            piece(0.0, 100.0, [1.0, 0.1, -0.001], 0.006_9),
            piece(100.0, 200.0, [0.0, 0.02, 0.0], 0.0),
        ]);
        let thin = table.thinned_outside(&[(40.0, 130.0), (200.0, 250.0)], 0.9);
        let between =
            |table: &RateTable, from, to| table.expected_before(to) - table.expected_before(from);
        for (from, to, share) in [
            (0.0, 40.0, 0.9),
            (40.0, 130.0, 1.0),
            (130.0, 200.0, 0.9),
            (200.0, 250.0, 1.0),
            (250.0, 300.0, 0.9),
        ] {
            let (kept, all) = (between(&thin, from, to), between(&table, from, to));
            assert!((kept - share * all).abs() < 1e-9, "{from}: {kept} {all}");
        }
    }

    #[test]
    fn an_exponential_fall_has_the_closed_form_integral() {
        let half_life: f64 = 1500.0;
        let fall = 2f64.ln() / half_life;
        let p = piece(0.0, half_life, [4.0, 0.0, 0.0], fall);
        assert!((p.expected(half_life) - 4.0 * 0.5 / fall).abs() < 1e-9);
    }

    #[test]
    fn counts_follow_the_table() {
        // 2,000 days of 30 expected contacts: the mean is within 4.5 standard errors
        // (false-alarm rate 7e-6), and the first hour holds its share.
        let table = RateTable::new(vec![
            piece(0.0, 3600.0, [10.0 / 3600.0, 0.0, 0.0], 0.0),
            piece(7200.0, 3600.0, [0.0, 40.0 / 3600.0 / 3600.0, 0.0], 0.0),
        ]);
        assert!((table.total() - 30.0).abs() < 1e-9);
        let name = NameKey::new(&["chat"]);
        let (mut all, mut first) = (0u32, 0u32);
        for replication in 0..2000 {
            for (at, _) in
                RandomArrivals::new(&table, Streams::new(5, replication).named(name), 1.0)
            {
                all += 1;
                first += u32::from(at.as_seconds() < 3600.0);
                assert!(at.as_seconds() < 3600.0 || at.as_seconds() >= 7200.0);
            }
        }
        assert!((f64::from(all) - 60_000.0).abs() < 4.5 * 60_000f64.sqrt(), "{all}");
        assert!((f64::from(first) - 20_000.0).abs() < 4.5 * 20_000f64.sqrt(), "{first}");
    }

    #[test]
    fn a_scale_of_zero_brings_nobody() {
        let table = RateTable::new(vec![piece(0.0, 10.0, [1.0, 0.0, 0.0], 0.0)]);
        let stream = Streams::new(1, 0).named(NameKey::new(&["x"]));
        assert_eq!(RandomArrivals::new(&table, stream, 0.0).count(), 0);
    }

    #[test]
    fn a_larger_scale_keeps_the_contacts_and_moves_them_forward() {
        let table = RateTable::new(vec![piece(0.0, 1000.0, [0.1, 0.0, 0.0], 0.0)]);
        let stream = Streams::new(1, 0).named(NameKey::new(&["x"]));
        let base: Vec<_> = RandomArrivals::new(&table, stream, 1.0).collect();
        let more: Vec<_> = RandomArrivals::new(&table, stream, 1.5).collect();
        assert!(more.len() > base.len());
        for ((at, key), (sooner, same)) in base.iter().zip(&more) {
            assert_eq!(key, same);
            assert!(sooner < at);
        }
    }
}

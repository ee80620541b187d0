//! Distributions of waits as percentile files, which the tools of `HdrHistogram` read and plot.
//!
//! Reports keep pooled waits in sketches of filled buckets, not in these histograms: one of those
//! takes 336 KB at three digits however few waits there are, three for each of 200 contact types
//! 197 MB. A sketch takes 24 bytes a filled bucket, and is off by less than 1 %, as is the file made
//! of it: by 0.25 % at the most on exponential waits.

use std::io::{self, Write};

use hdrhistogram::Histogram;

use crate::experiment::summary::WaitDistribution;
use crate::metrics::definition::Waits;
use crate::metrics::path::{CenterNames, ContactScope};

/// Significant digits, the same in all files so that their tools can add them up.
const DIGITS: u8 = 3;
/// Parts of a bucket that come with so many digits.
const SUB_BUCKETS: u32 = 2048;
/// No wait is longer, in microseconds: a run takes ten years at most, and is followed for as long.
const LONGEST: u64 = 1 << 50;
/// Values among which those of a bucket, less than 1 % wide, are divided: as fine as the digits.
const DIVIDED: u64 = 8;
/// Lines for each halving of the share that waits longer.
const TICKS: u32 = 5;

/// Which waits have files, and how the report calls them.
const KINDS: [(Waits, &str); 3] =
    [(Waits::Answered, "wait"), (Waits::All, "wait_all"), (Waits::ToHuman, "time_to_human")];

/// A file with the distribution of some waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistogramFile {
    /// Whose waits.
    pub scope: ContactScope,
    /// Which waits.
    pub waits: Waits,
    /// What it is called: `contacts.returns.wait.hgrm`.
    pub name: String,
}

/// The files of a center: of all contacts, of each channel, of each contact type.
pub fn files(names: &impl CenterNames) -> Vec<HistogramFile> {
    let channels = (0..).map_while(|place| {
        Some((ContactScope::Channel(place), format!("channels.{}", escaped(names.channel(place)?))))
    });
    let types = (0..).map_while(|place| {
        Some((ContactScope::Type(place), format!("contacts.{}", escaped(names.contact(place)?))))
    });
    let all = (ContactScope::Overall, "overall".to_owned());
    let scopes = [all].into_iter().chain(channels).chain(types);
    let of_scope = |(scope, prefix): (ContactScope, String)| {
        KINDS.map(|(waits, kind)| HistogramFile {
            scope,
            waits,
            name: format!("{prefix}.{kind}.hgrm"),
        })
    };
    scopes.flat_map(of_scope).collect()
}

/// A name of which no two look alike in a file's: what is no letter, digit, `-` or `_` stands in
/// hexadecimal.
fn escaped(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_alphanumeric() || "-_".contains(c) {
            text.push(c);
        } else {
            let mut bytes = [0; 4];
            let bytes = c.encode_utf8(&mut bytes).bytes();
            text.extend(bytes.map(|byte| format!("%{byte:02X}")));
        }
    }
    text
}

/// Writes the percentiles of a distribution, in seconds: the value, the share of waits up to it, how
/// many those are, and one over the share above.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(distribution: &WaitDistribution, out: &mut dyn Write) -> io::Result<()> {
    let histogram = histogram(distribution)?;
    writeln!(
        out,
        "{:>12} {:>14} {:>10} {:>14}\n",
        "Value", "Percentile", "TotalCount", "1/(1-Percentile)"
    )?;
    let mut count = 0;
    for step in histogram.iter_quantiles(TICKS) {
        count += step.count_since_last_iteration();
        let (value, share) = (seconds(step.value_iterated_to()), step.quantile_iterated_to());
        write!(out, "{value:12.3} {share:2.12} {count:10}")?;
        if share < 1.0 {
            write!(out, " {:14.2}", 1.0 / (1.0 - share))?;
        }
        writeln!(out)?;
    }
    let (mean, deviation) = (histogram.mean() / MICROS, histogram.stdev() / MICROS);
    writeln!(out, "#[Mean    = {mean:12.3}, StdDeviation   = {deviation:12.3}]")?;
    let (most, count) = (seconds(histogram.max()), histogram.len());
    writeln!(out, "#[Max     = {most:12.3}, Total count    = {count:12}]")?;
    let buckets = histogram.buckets();
    writeln!(out, "#[Buckets = {buckets:12}, SubBuckets     = {SUB_BUCKETS:12}]")
}

/// The same waits in the buckets of `HdrHistogram`.
///
/// # Errors
/// When it takes no such values, which would be an error of the program.
fn histogram(distribution: &WaitDistribution) -> io::Result<Histogram<u64>> {
    let histogram = Histogram::new_with_bounds(1, LONGEST, DIGITS);
    let mut histogram = histogram.map_err(io::Error::other)?;
    for (low, high, count) in distribution.observations.buckets() {
        let parts = count.min(DIVIDED);
        for part in 0..parts {
            let value = low + (high - low) * part / (parts - 1).max(1);
            let its_count = count / parts + u64::from(part < count % parts);
            histogram.record_n(value.min(LONGEST), its_count).map_err(io::Error::other)?;
        }
    }
    Ok(histogram)
}

const MICROS: f64 = 1e6;

fn seconds(micros: u64) -> f64 {
    micros as f64 / MICROS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::quantile::{Resolution, Sketch};

    fn written(observations: Sketch) -> String {
        let (scope, waits) = (ContactScope::Overall, Waits::Answered);
        let mut text = Vec::new();
        write(&WaitDistribution { scope, waits, observations }, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn the_lines_are_those_that_its_tools_read() {
        let waits: Vec<u64> = (1..=4).map(|wait| wait * 1_000_000).collect();
        let text = written(Sketch::of_sorted(Resolution::FINE, &waits));
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("       Value     Percentile TotalCount 1/(1-Percentile)"));
        assert_eq!(lines.next(), Some(""));
        assert_eq!(lines.next(), Some("       1.000 0.000000000000          1           1.00"));
        let last = lines.find(|line| !line.starts_with('#') && line.ends_with(" 4")).unwrap();
        assert!(last.starts_with("       4.00"), "{last}");
        assert!(
            text.contains("#[Mean    =        2.500, StdDeviation   =        1.118]"),
            "{text}"
        );
        assert!(text.contains("Total count    =            4]"), "{text}");
    }

    #[test]
    fn percentiles_are_those_of_the_report_within_a_thousandth() {
        // Exponential waits with a mean of 60 s, and as many of exactly 0.
        let wait = |place: u32| -60e6 * (1.0 - (f64::from(place) + 0.5) / 1e5).ln();
        let mut waits: Vec<u64> = vec![0; 100_000];
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "small and positive"
        )]
        waits.extend((0..100_000).map(|place| wait(place) as u64));
        let observations = Sketch::of_sorted(Resolution::FINE, &waits);
        let (scope, kind) = (ContactScope::Overall, Waits::Answered);
        let file = histogram(&WaitDistribution { scope, waits: kind, observations }).unwrap();
        for share in [0.6_f64, 0.75, 0.9, 0.95, 0.99, 0.999] {
            let exact = -60e6 * (2.0 - 2.0 * share).ln();
            let found = file.value_at_quantile(share) as f64;
            // Its buckets and those of the report together.
            assert!((found / exact - 1.0).abs() < 2.5e-3, "{share}: {found} for {exact}");
        }
        assert_eq!(file.value_at_quantile(0.5), 0);
    }

    #[test]
    fn no_two_names_share_a_file() {
        assert_eq!(escaped("退款 a/b"), "退款%20a%2Fb");
        assert_ne!(escaped("a.b"), escaped("a%2Eb"));
    }

    #[test]
    fn nobody_who_waited_makes_a_file_without_lines() {
        let text = written(Sketch::new(Resolution::FINE));
        assert!(text.contains("Total count    =            0]"), "{text}");
    }
}

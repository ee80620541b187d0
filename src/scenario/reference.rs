//! The JSON Schema and the reference of the format, out of the declarations of its keys.

use std::fmt::Write as _;

use serde_json::Value;

use crate::format::{Record, reference, schema};

use super::Scenario;
use super::codes::CODES;
use super::distribution::LAWS;

/// What stands before the keys.
const INTRODUCTION: &str = "\
# The scenario file

A scenario is a TOML 1.0 file. Unknown keys are errors; all problems of a file are reported at once.

- A duration is a string with units: `\"15s\"`, `\"2m30s\"`, `\"1.5h\"`, `\"250ms\"`, `\"7d\"`, `\"2w\"`.
- A rate is a string: `\"1200/h\"`, `\"20/min\"`, `\"3/s\"`, `\"900/d\"`.
- A share is `0.85` or `\"85%\"`.
- A moment is an offset from the start (`\"2h\"`), a clock time (`\"20:00\"`, repeats daily) or a local
  date-time without quotes (`2026-11-10T20:00:00`, needs `run.start`). Clock times and dates are in
  `run.timezone`, those of a group's `staff` and `shifts` in the group's `timezone`.
- A step function is one value, or a list of tables with `from` and the value; each holds from its
  moment to the next. Before the first moment nothing holds, except that the last clock time of a
  day holds into the next.
- A distribution is a table with one key, its law: `{ exponential = { mean = \"4m\" } }`. Where the
  quantity is a pure number, so are its parameters, and a plain number is fixed.
- An expression is a figure of the JSON report, a comparison (`<=`, `<`, `>=`, `>`) and a limit in the
  figure's unit: `\"wait.p95 <= 15s\"`, `\"contacts.refund.service_level >= 80%\"`. Behind it may stand
  `in every interval`, `in every 30m` (a multiple of `run.interval`) or `in 95% of days`; a path may
  end in `days.p05`, `days.p50` or `days.p95`. In `check.guard` the limit is `baseline`, perhaps times
  a factor, perhaps plus or minus a number.
- A data file is CSV in UTF-8 with a header row, at most 256 MiB; its name is relative to the folder
  of the file that names it.
- `extends` lays this file over another: tables merge key by key, everything else is replaced. A
  distribution replaces one of another law, a policy one of another name, and of `rate`, `daily`,
  `counts` and `recorded`, of `staff` and `shifts`, of `decay` and `half_life`, of `replications` and
  `precision` the later file's choice counts: it ends the others, and what it excludes (`profile`,
  `busyness`). `--set` works the same way; in its path `*` is every name that has what follows:
  `contacts.*.bot.deflection`.
- `[options.NAME]` holds a what-if: any keys of a scenario, laid over the file in the same way when
  `--option NAME` asks for it (before any `--set`), and checked by `simulate validate` in any case.
";

/// The reference of the format, as Markdown: every key with type, default, meaning and example.
pub fn reference() -> String {
    let mut text = INTRODUCTION.to_owned();
    text.push('\n');
    reference::write_tables(&mut text, Scenario::KEYS);
    text.push_str("\n## Distributions\n\n");
    reference::write_variants(&mut text, LAWS);
    text.push_str("\n## Problems\n\n");
    for (code, meaning) in CODES {
        let _ = writeln!(text, "- `{code}`: {meaning}");
    }
    text
}

/// The JSON Schema (draft-07) of the scenario format.
pub fn schema() -> Value {
    schema::schema("Contact-center scenario", Scenario::KEYS)
}

#[cfg(test)]
mod tests;

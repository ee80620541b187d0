//! A plan for people: what it costs and keeps, who works when, and what formulas would have bought.

use super::schedule::{clock, roster, staffing};
use super::verdict;
use crate::experiment::summary::{Expectation, Figure, Verdict};
use crate::metrics::definition::Unit;
use crate::plan::{CostUnit, StaffingPlan};
use crate::report::block::{
    Block, FigureTable, Foot, Heading, NameColumn, ShownOn, TableCell, TableColumn, TableRow, Tone,
    VerdictItem, WarningKind, Width,
};
use crate::report::numbers;
use crate::time::SimTime;

/// What the caller knows about a plan beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanOrigin {
    /// The scenario file as the user named it.
    pub file: String,
    /// Limits of the promises, in order: of the figure, or of the share of days on which it is kept.
    pub limits: Vec<f64>,
    /// Seconds it took, by the clock on the wall.
    pub seconds: f64,
}

/// The plan, or what keeps it from being one.
pub fn blocks(plan: &StaffingPlan, origin: &PlanOrigin) -> Vec<Block> {
    let mut blocks = head(plan, origin);
    blocks.extend(promises(plan, origin));
    blocks.push(average_day(plan));
    if !plan.blocking.is_empty() {
        blocks.push(blocking(plan));
        return blocks;
    }
    blocks.extend(staffing(plan));
    blocks.extend(roster(plan));
    blocks.extend(sheets(plan));
    blocks.push(Block::Foot(foot(plan, origin)));
    blocks
}

fn head(plan: &StaffingPlan, origin: &PlanOrigin) -> Vec<Block> {
    let title = plan.verified.summary.title.as_deref().unwrap_or(&origin.file);
    let unit = match plan.unit {
        CostUnit::Money => "",
        CostUnit::Hours => " scheduled agent hours",
    };
    let cost = count(plan.cost);
    let verdict = match plan.verified.verdict() {
        _ if !plan.blocking.is_empty() => "No staffing within the bounds keeps the promises.",
        Verdict::Holds => "Every promise is met.",
        Verdict::Undecided => "No promise is missed, but not all are known to be met.",
        Verdict::Fails => "No plan was found that keeps every promise.",
    };
    let mut blocks = vec![
        Block::Title(format!("Plan: {title}")),
        Block::Rule,
        Block::Sentence(Tone::Strong, format!("{verdict} Cost: {cost}{unit}.")),
    ];
    if plan.partial {
        let text = "The search was cut off: a longer one may find a cheaper plan.";
        blocks.push(Block::Alarm(text.to_owned()));
    }
    if let (Some(bound), Some(gap)) = (&plan.bound, plan.gap()) {
        let gap = numbers::plain(Some(gap), Unit::Share).unwrap_or_default();
        let (least, assumption) = (count(bound.cost), &bound.assumption);
        let text =
            format!("No plan costs less than {least} ({gap} less), assuming that {assumption}.");
        blocks.push(Block::Sentence(Tone::Faint, text));
    }
    blocks
}

fn count(number: f64) -> String {
    numbers::plain(Some(number), Unit::Count).unwrap_or_default()
}

fn promises(plan: &StaffingPlan, origin: &PlanOrigin) -> Vec<Block> {
    let days = count(f64::from(plan.verified.days));
    let word = plan.verified.summary.run.word();
    let which = if plan.verified.fitted {
        "that only the last changes were made by"
    } else {
        "that the search never saw"
    };
    let heading = Heading::with("Promises", format!(", on {days} {word}s {which}"));
    let item = |outcome: &Expectation| VerdictItem {
        verdict: outcome.verdict,
        word: verdict(outcome.verdict),
        text: outcome.text.clone(),
        found: found(outcome, plan),
        parts: Vec::new(),
    };
    let items = plan.verified.outcomes.iter().map(item).collect();
    let mut blocks = vec![Block::Verdicts(Some(heading), items)];
    let mut judged = plan.verified.outcomes.iter().zip(&origin.limits);
    if judged.any(|(outcome, limit)| seems_unsure(outcome, *limit)) {
        let text = "Verdicts are surer than the figures look: they take off what chance in the \
                    number of contacts explains.";
        blocks.push(Block::Note(text.to_owned()));
    }
    blocks
}

/// Whether a promise is called met while its plain interval reaches beyond the limit.
fn seems_unsure(outcome: &Expectation, limit: f64) -> bool {
    let (low, high) = (outcome.estimate.low, outcome.estimate.high);
    let holds = outcome.verdict == Verdict::Holds;
    let between = low.zip(high).is_some_and(|(low, high)| low < limit && limit < high);
    holds && between
}

fn found(outcome: &Expectation, plan: &StaffingPlan) -> String {
    let figure = Figure { estimate: outcome.estimate, days: None };
    let value = known(numbers::value(&figure, outcome.unit));
    let half = numbers::half_width(&figure, outcome.unit);
    let half = half.map_or_else(String::new, |half| format!(" ± {half}"));
    let place = outcome.interval.as_ref().map(|at| clock(at.start, plan));
    let place = place.map_or_else(String::new, |at| format!(" at {at}, where it is worst"));
    let reason = outcome.reason.as_ref();
    let reason = reason.map_or_else(String::new, |reason| format!("; {reason}"));
    format!("{value}{half}{place}{reason}")
}

fn known(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".to_owned())
}

/// What is promised on average, and what a bad day makes of it.
fn average_day(plan: &StaffingPlan) -> Block {
    let summary = &plan.verified.summary;
    let rows = [
        ("answered in time", "service_level", Unit::Share),
        ("give up", "abandonment_rate", Unit::Share),
        ("mean wait", "wait.mean", Unit::Seconds),
        ("95 % wait less than", "wait.p95", Unit::Seconds),
    ];
    let row = |(name, path, unit): (&str, &str, Unit)| {
        let figure = summary.overall.figure(path);
        let bad = figure.days.and_then(|days| {
            let (side, value) =
                if path == "service_level" { ("below", days.p05) } else { ("above", days.p95) };
            Some(format!("{side} {}", numbers::alike(&figure, value, unit)?))
        });
        let value = numbers::value(&figure, unit);
        TableRow::new(name, vec![TableCell::Text(value), TableCell::Text(bad)])
    };
    let days = count(f64::from(summary.run.replications));
    Block::Table(FigureTable {
        heading: Heading::with("The whole day", format!(", {days} times")),
        names: NameColumn::Fixed(26),
        columns: vec![
            TableColumn::number("on average", 16),
            TableColumn::number(format!("1 {} in 20", summary.run.word()), 20),
        ],
        rows: rows.map(row).into(),
        left_out: None,
        place: ShownOn::Everywhere,
    })
}

fn blocking(plan: &StaffingPlan) -> Block {
    let text = |found: &crate::plan::Blocking| {
        let outcome = &plan.verified.outcomes[found.target];
        let place = found.at.map(|at| format!(" at {}", clock(at - SimTime::START, plan)));
        let place = place.unwrap_or_default();
        let nearest = numbers::plain(Some(found.nearest), outcome.unit).unwrap_or_default();
        format!("{}: {nearest}{place} is the nearest", outcome.text)
    };
    let shown = plan.blocking.iter().map(text).collect();
    let rest = ", with all the agents that the bounds allow".to_owned();
    let kind = WarningKind { shown, ..WarningKind::default() };
    Block::Warnings(Heading::with("What cannot be kept", rest), vec![kind])
}

/// What formulas would have bought, and what would have come of it.
fn sheets(plan: &StaffingPlan) -> Option<Block> {
    let row = |sheet: &crate::plan::formula_plans::FormulaPlan| {
        let change = sheet.cost / plan.cost.max(1e-9) - 1.0;
        let worst = sheet.targets.iter().zip(&plan.verified.outcomes).map(|(kept, outcome)| {
            let value = known(numbers::plain(kept.worst, outcome.unit));
            match (kept.missed, kept.of) {
                (0, 0 | 1) => value,
                (_, 0 | 1) => format!("{value} (missed)"),
                (missed, of) => format!("{value} ({missed} of {of})"),
            }
        });
        let cells = [
            count(sheet.cost),
            format!("{:+.1}%", change * 100.0),
            worst.collect::<Vec<_>>().join(", "),
        ];
        TableRow::new(sheet.rule.name(), cells.map(TableCell::words).into())
    };
    let rows: Vec<TableRow> = plan.formula_plans.iter().map(row).collect();
    (!rows.is_empty()).then(|| {
        Block::Table(FigureTable {
            heading: Heading::new("What formulas would have bought"),
            names: NameColumn::Fixed(31),
            columns: vec![
                TableColumn::number("cost", 12),
                TableColumn::number("to plan", 10),
                TableColumn::number("worst (places missed)", 0).wide(Width::Rest { gap: 3 }),
            ],
            rows,
            left_out: None,
            place: ShownOn::Everywhere,
        })
    })
}

fn foot(plan: &StaffingPlan, origin: &PlanOrigin) -> Foot {
    let word = plan.verified.summary.run.word();
    let seconds = numbers::plain(Some(origin.seconds), Unit::Seconds);
    Foot {
        facts: vec![vec![
            format!("{} {word}s simulated", count(plan.simulations as f64)),
            format!("verified with seed {}", plan.verified.seed),
        ]],
        passing: seconds.map(|time| format!("in {time}")),
        file: Some(origin.file.clone()),
        next: None,
    }
}

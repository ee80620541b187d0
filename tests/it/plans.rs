//! Plans against what is known exactly, and against every plan there is.

#![expect(clippy::print_stdout, reason = "the long tests say how far they are")]

use surgecast::erlang;
use surgecast::experiment::each::{self, Series};
use surgecast::experiment::summary::Verdict;
use surgecast::experiment::{Catalog, Control};
use surgecast::format::{NoFiles, SourceText};
use surgecast::judge::Target;
use surgecast::metrics::totals::Totals;
use surgecast::metrics::watch::{Watch, Watched};
use surgecast::model::Model;
use surgecast::plan::{self, Question, StaffingPlan};
use surgecast::report::plan::PlanOrigin;
use surgecast::report::{self, Style};
use surgecast::scenario::parse;
use surgecast::stats::Estimate;
use surgecast::time::SimSpan;

/// Plans a scenario on one thread.
fn planned(text: &str, days: u32) -> StaffingPlan {
    let parsed = parse(SourceText::new("test.toml", text), &[], &NoFiles);
    let parsed = parsed.unwrap_or_else(|problems| panic!("{}", problems.render(false)));
    let catalog = Catalog::new(&Model::compile(&parsed.scenario));
    let settings = parsed.scenario.plan.as_ref().unwrap();
    let meet = settings.meet.iter();
    let expressions: Vec<_> =
        meet.map(|text| Target::parse(&text.value, &catalog).unwrap()).collect();
    plan::plan(&Question {
        scenario: &parsed.scenario,
        settings,
        expressions: &expressions,
        verify: Some(days),
        search: Control::new(2),
        verification: Control::new(2),
        tell: &|_| {},
    })
    .unwrap()
}

/// A single interval in steady state: mean handling 180 s, `load` erlangs.
fn interval(load: f64, patience: &str, promise: &str, more: &str) -> String {
    let rate = load / 180.0 * 3600.0;
    format!(
        "[run]\nduration = \"4h\"\nwarm_up = \"1h\"\ndrain = \"1h\"\ninterval = \"1h\"\n\
         [service_level]\nformula = \"strict\"\n\
         [contacts.call]\nrate = \"{rate}/h\"\n{patience}\n{more}\n\
         handling = {{ exponential = {{ mean = \"3m\" }} }}\n\
         [groups.team]\nskills = [\"call\"]\nstaff = 1\n\
         [plan]\nmeet = [\"{promise}\"]\nstep = \"4h\"\n"
    )
}

/// One of the closed forms that a plan of one interval is held against.
struct Exact {
    patience: &'static str,
    promise: &'static str,
    more: &'static str,
    /// By how much the promise is kept at a load with so many agents.
    margin: fn(f64, u32) -> f64,
}

const EXACT: [Exact; 5] = [
    Exact {
        patience: "",
        promise: "blocking_rate <= 2%",
        more: "queue_limit = 0",
        margin: |load, agents| 0.02 - erlang::blocking(load, agents),
    },
    Exact {
        patience: "",
        promise: "service_level >= 80%",
        more: "",
        margin: |load, agents| erlang::service_level(load, agents, 180.0, 20.0) - 0.8,
    },
    Exact {
        patience: "",
        promise: "groups.team.occupancy <= 70%",
        more: "",
        margin: |load, agents| 0.7 - load / f64::from(agents),
    },
    Exact {
        patience: "patience = { exponential = { mean = \"2m\" } }",
        promise: "service_level >= 80%",
        more: "",
        margin: |load, agents| {
            let found = erlang::exponential_patience(load / 180.0, agents, 180.0, 120.0, 20.0);
            found.answered_within - 0.8
        },
    },
    Exact {
        patience: "patience = { exponential = { mean = \"2m\" } }",
        promise: "abandonment_rate <= 3%",
        more: "",
        margin: |load, agents| {
            let found = erlang::exponential_patience(load / 180.0, agents, 180.0, 120.0, 20.0);
            0.03 - found.abandoned
        },
    },
];

/// Plans single intervals at these loads, verified on as many days as make `contacts`, and says how
/// many plans are the exact minimum beyond doubt. A plan is as small as it can be: its own count
/// keeps the promise, and one agent fewer would not, by the exact margin, as far as the days that it
/// was verified on can tell. Four standard errors are allowed for: the planner asks for about two to
/// be sure, and chance does the rest.
fn single_intervals(loads: &[f64], contacts: f64) -> usize {
    let mut beyond_doubt = 0;
    for exact in &EXACT {
        for load in loads {
            let text = interval(*load, exact.patience, exact.promise, exact.more);
            // 20 contacts an hour make an erlang, and a day has five hours.
            let days = (1..=20u32).map(|hundreds| 100 * hundreds);
            let days = days.take_while(|days| f64::from(*days) * load * 100.0 <= contacts);
            let found = planned(&text, days.last().unwrap_or(100));
            let agents = found.staffing.0[0][0];
            let estimate = found.verified.outcomes[0].estimate;
            let doubt = 4.0 * estimate.half_width().unwrap() / 1.96;
            // Without patience a queue grows for ever where all have to be busy.
            let margin = |agents: u32| {
                let is_steady = !exact.patience.is_empty()
                    || exact.more.contains("queue_limit")
                    || *load < f64::from(agents);
                if is_steady { (exact.margin)(*load, agents) } else { f64::NEG_INFINITY }
            };
            let (own, fewer) = (margin(agents), margin(agents.max(1) - 1));
            println!(
                "{:<32} {load:7.2} erlangs: {agents:3} agents, margin {own:8.5}, \
                 one fewer {fewer:8.5}, doubt {doubt:.5}",
                exact.promise
            );
            assert!(own > -doubt, "{} at {load}: {agents} miss it", exact.promise);
            assert!(fewer < doubt, "{} at {load}: fewer than {agents} would do", exact.promise);
            beyond_doubt += usize::from(own > doubt && fewer < -doubt);
        }
    }
    beyond_doubt
}

#[test]
fn single_intervals_get_the_exact_minimum() {
    assert!(single_intervals(&[0.5, 3.7, 20.5], 2e6) >= 10);
}

/// The same on 205 pairs of promise and load.
#[test]
#[ignore = "ten minutes: cargo test --release --test it plans:: -- --ignored --nocapture"]
fn single_intervals_get_the_exact_minimum_from_half_an_erlang_to_500() {
    let loads: Vec<f64> = (0..41).map(|at| 0.5 * 1000f64.powf(f64::from(at) / 40.0)).collect();
    let beyond_doubt = single_intervals(&loads, 10e6);
    println!("{beyond_doubt} of 205 beyond doubt");
    assert!(beyond_doubt >= 120, "{beyond_doubt} of 205");
}

/// Two half-hours with two loads, so small that all head counts can be tried.
fn tiny(instance: u32) -> String {
    let rate = |at: u32| 20 + (instance * 7919 + at * 104_729) % 61;
    format!(
        "[run]\nduration = \"1h\"\ndrain = \"1h\"\ninterval = \"30m\"\nseed = {instance}\n\
         [service_level]\nformula = \"strict\"\n\
         [contacts.call]\npatience = {{ exponential = {{ mean = \"3m\" }} }}\n\
         rate = [{{ from = \"0s\", rate = \"{}/h\" }}, {{ from = \"30m\", rate = \"{}/h\" }}]\n\
         handling = {{ exponential = {{ mean = \"4m\" }} }}\n\
         [groups.team]\nskills = [\"call\"]\nstaff = 1\n\
         [plan]\nmeet = [\"service_level >= 80% in every 30m\"]\n",
        rate(1),
        rate(2)
    )
}

/// Days on which all head counts are tried, and those on which the ones not clearly short are.
const GLANCE: u32 = 300;
const TRIED: u32 = 20_000;

/// How head counts keep their promise: the margin in the half-hour in which it is smaller, and the
/// standard deviation of one day.
#[derive(Clone, Copy, Debug)]
struct Tried {
    cost: u32,
    margin: f64,
    spread: f64,
}

/// Tries head counts in two half-hours, all on the same days.
fn tried(text: &str, (first, second): (u32, u32), days: u32) -> Tried {
    let watch = Watch { grid: SimSpan::from_seconds(1800.0), limits: Vec::new() };
    let steps = format!(
        "staff = [{{ from = \"0s\", agents = {first} }}, {{ from = \"30m\", agents = {second} }}]"
    );
    let staffed = text.replace("staff = 1", &steps);
    let parsed = parse(SourceText::new("t", staffed), &[], &NoFiles);
    let parsed = parsed.unwrap_or_else(|p| panic!("{}", p.render(false)));
    let series = Series { seed: 987_654, replications: 0..days };
    let extract = |day: &Watched| {
        let of = |stretch| {
            let mut totals = Totals::default();
            day.add_to(&mut totals, stretch, 0);
            (totals.answered_in_time, totals.queued)
        };
        [of(0), of(1)]
    };
    let model = Model::compile(&parsed.scenario);
    let sums = each::watched(&model, &watch, &series, &extract, &Control::new(2)).unwrap();
    let level = |half: usize| {
        let pairs = sums.iter().map(|day| day[half]);
        let (x, y) = pairs.clone().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
        let squares: f64 = pairs.map(|pair| (pair.0 - x / y * pair.1).powi(2)).sum();
        let days = f64::from(days);
        (x / y - 0.8, (squares / (days - 1.0)).sqrt() * days / y)
    };
    let (one, other) = (level(0), level(1));
    let (margin, spread) = if one.0 < other.0 { one } else { other };
    Tried { cost: first + second, margin, spread }
}

/// The best head counts of each cost that may be the cheapest, cheapest first: all are tried on few
/// days, and those that are neither clearly short nor clearly too dear on many.
fn by_trying_all(text: &str) -> Vec<Tried> {
    let all = (1..=9u32).flat_map(|first| (1..=9u32).map(move |second| (first, second)));
    let glances = all.map(|counts| (counts, tried(text, counts, GLANCE)));
    // Five standard errors, and a little for spreads that few days do not tell well.
    let surely = |tried: &Tried| 5.0 * tried.spread.max(0.2) / f64::from(GLANCE).sqrt();
    let open: Vec<_> = glances.filter(|(_, tried)| tried.margin > -surely(tried)).collect();
    let enough = open.iter().filter(|(_, tried)| tried.margin > surely(tried));
    let most = enough.map(|(_, tried)| tried.cost).min().unwrap();
    let mut best: Vec<Tried> = Vec::new();
    for (counts, glance) in open.iter().filter(|(_, tried)| tried.cost <= most) {
        let tried = tried(text, *counts, TRIED);
        match best.iter_mut().find(|other| other.cost == glance.cost) {
            Some(other) if other.margin < tried.margin => *other = tried,
            Some(_) => {}
            None => best.push(tried),
        }
    }
    best.sort_by_key(|tried| tried.cost);
    best
}

/// How many of so many plans cost what the best of all head counts does, and how many that differ
/// from it by one agent could not be told from it by the days that they were verified on: either
/// the cheapest keeps its promise, or those that cost one agent less miss it, by less than four
/// standard errors. None is below its certificate.
fn tiny_instances(instances: u32, days: u32) -> (u32, u32) {
    let (mut best, mut untold) = (0, 0);
    for instance in 0..instances {
        let text = tiny(instance);
        let found = planned(&text, days);
        let cost: u32 = found.staffing.0[0].iter().sum();
        let bound = found.bound.as_ref().unwrap().cost;
        assert!(bound <= found.cost + 1e-9);
        let tried = by_trying_all(&text);
        let cheapest = tried.iter().find(|tried| tried.margin >= 0.0).unwrap();
        // Half-hours: the bound is in hours.
        assert!(bound <= f64::from(cheapest.cost) / 2.0 + 1e-9);
        let is_near =
            |tried: &&Tried| tried.margin.abs() < 4.0 * tried.spread / f64::from(days).sqrt();
        let is_open = if cost == cheapest.cost + 1 {
            is_near(&cheapest)
        } else {
            let own = tried.iter().find(|tried| tried.cost == cost);
            cost + 1 == cheapest.cost && own.as_ref().is_some_and(is_near)
        };
        println!(
            "instance {instance}: {cost} agents, of all {} the cheapest, certificate {}",
            cheapest.cost,
            2.0 * bound
        );
        best += u32::from(cost == cheapest.cost);
        untold += u32::from(is_open);
    }
    (best, untold)
}

#[test]
fn tiny_plans_are_the_best_of_all() {
    let (best, untold) = tiny_instances(4, 3000);
    assert_eq!(best + untold, 4);
}

#[test]
#[ignore = "minutes: cargo test --release --test it plans:: -- --ignored --nocapture"]
fn of_a_hundred_tiny_plans_95_are_the_best_of_all() {
    let (best, untold) = tiny_instances(100, 6000);
    println!("{best} of 100, and {untold} that 6,000 days do not tell from the best");
    assert!(best + untold >= 95, "{best} and {untold} of 100");
}

/// The text of a plan whose one promise has this plain interval.
fn told(found: &StaffingPlan, low: f64, high: f64) -> String {
    let mut found = found.clone();
    found.verified.outcomes[0].estimate =
        Estimate { value: Some(0.81), low: Some(low), high: Some(high) };
    let origin = PlanOrigin { file: "test.toml".to_owned(), limits: vec![0.8], seconds: 1.0 };
    let mut text = Vec::new();
    let blocks = report::plan::blocks(&found, &origin);
    report::terminal(&blocks, &Style::default(), &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn a_plan_says_why_a_promise_is_met_whose_plain_interval_reaches_beyond_its_limit() {
    let found = planned(&tiny(1), 1000);
    assert_eq!(found.verified.verdict(), Verdict::Holds);
    let footnote = "Verdicts are surer than the figures look";
    assert!(told(&found, 0.79, 0.83).contains(footnote));
    assert!(!told(&found, 0.805, 0.815).contains(footnote));
    // What it was judged by is on the side of the promise, and surer than the figures.
    let judged = found.verified.judged[0].unwrap();
    assert!(judged.estimate.low.unwrap() >= 0.8, "{judged:?}");
}

#[test]
fn other_days_give_a_plan_the_same_verdict() {
    let text = interval(12.0, EXACT[3].patience, "service_level >= 80% in every 1h", "");
    let found = planned(&text, 2000);
    assert_eq!(found.verified.verdict(), Verdict::Holds);
    let agents = found.staffing.0[0][0];
    // Twenty more verifications; each may fail for a plan that just keeps its promise once in
    // forty, and this one is further from its limit than that.
    for seed in 100..120u64 {
        let fixed = text.replace("staff = 1", &format!("staff = {agents}"));
        let parsed = parse(SourceText::new("t", fixed), &[], &NoFiles);
        let scenario = parsed.unwrap_or_else(|p| panic!("{}", p.render(false))).scenario;
        let catalog = Catalog::new(&Model::compile(&scenario));
        let expression = Target::parse("service_level >= 80% in every 1h", &catalog);
        let control = Control::new(2);
        let keeps = plan::meets(&scenario, &[expression.unwrap()], (seed, 1000), control);
        assert!(keeps.unwrap(), "seed {seed}");
    }
}

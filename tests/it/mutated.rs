//! Scenarios nobody would write: whatever the bytes, the answer is a scenario or its problems; and
//! what is accepted can be compiled and run.

use proptest::prelude::*;

use surgecast::experiment::{self, Control, Options};
use surgecast::format::{NoFiles, Override, SourceText};
use surgecast::model::Model;
use surgecast::scenario::{Scenario, parse};
use surgecast::time::SimSpan;

use crate::problems::{FULL, FullFiles};

/// Pieces that have meaning somewhere in the format.
const TOKENS: &[&str] = &[
    "[",
    "]",
    "{",
    "}",
    "[[",
    "]]",
    "=",
    ",",
    ".",
    "\"",
    "'",
    "\"\"\"",
    "\n",
    "#",
    "\u{feff}",
    "é",
    "-1",
    "0",
    "1e308",
    "-1e308",
    "1e-320",
    "inf",
    "nan",
    "9223372036854775807",
    "-9223372036854775808",
    "0xffffffffffffffff",
    "1e999999999",
    "true",
    "\"\"",
    "\"85%\"",
    "\"-5s\"",
    "\"99999999999999999999w\"",
    "\"0s\"",
    "\"1/h\"",
    "\"1e5/s\"",
    "\"24:00\"",
    "\"08:30\"",
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59.999999999",
    "1979-05-27T07:32:00Z",
    "08:30:00",
    "2026-03-29",
    "[]",
    "{}",
    "[[]]",
    "{ mixture = [] }",
    "{ fixed = { value = 0 } }",
    "{ fixed = { value = \"1s\" } }",
    "extends = \"x\"\n",
    "[run]\n",
    "[contacts.x]\n",
    "rate = [{ from = \"1h\", rate = \"1/s\" }, { from = \"60m\", rate = \"1/s\" }]\n",
];

/// Parses and renders; a refusal must say something, what is accepted must compile and, if it is
/// small, run.
fn answer(bytes: &[u8], overrides: &[Override]) {
    let parsed = parse(SourceText::new("day.toml", bytes), overrides, &FullFiles);
    if let Ok(parsed) = &parsed {
        use_it(&parsed.scenario);
    }
    if let Err(problems) = parsed {
        assert!(!problems.list().is_empty(), "refused without a word");
        assert!(!problems.render(true).is_empty());
        for problem in problems.list() {
            assert!(problem.place.is_some() && !problem.message.is_empty());
            assert!(!problem.message.ends_with('.'), "{}", problem.message);
        }
    }
}

/// Compiles a scenario and, if that is quickly done, runs one replication. Whether it did.
fn use_it(scenario: &Scenario) -> bool {
    let length = scenario.run.duration + scenario.run.drain;
    if length > SimSpan::from_seconds(400.0 * 86_400.0) {
        return false;
    }
    let model = Model::compile(scenario);
    let expected = model.expected_arrivals();
    assert!((0.0..=2.1e9).contains(&expected), "{expected} contacts");
    let kept = model.horizon.intervals * (model.contact_types.len() + model.groups.len() + 1);
    assert!(kept <= 150_000, "{kept} figures");
    if expected > 1e4 || kept > 2000 || length > SimSpan::from_seconds(10.0 * 86_400.0) {
        return false;
    }
    let options = Options { replications: Some(1), seed: None };
    // That memory would not do is an answer too.
    let _ = experiment::run(&model, &options, &Control::new(1));
    true
}

/// [`FULL`] with so few contacts that it is run in no time.
fn few() -> String {
    let mut text = FULL.to_owned();
    for (from, to) in [
        ("6/min", "6/h"),
        ("9000/h", "30/h"),
        ("3/s", "20/h"),
        ("daily = 5000", "daily = 100"),
        ("agents = 120", "agents = 3"),
        ("agents = 30", "agents = 1"),
        ("staff = 12", "staff = 2"),
        ("capacity = 20000", "capacity = 2"),
        ("waiting_room = 300", "waiting_room = 9"),
        ("lines = 400", "lines = 12"),
    ] {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    text
}

/// One change of a text: where, how many bytes go, what comes.
fn edit() -> impl Strategy<Value = (prop::sample::Index, usize, Vec<u8>)> {
    let token = prop::sample::select(TOKENS).prop_map(|token| token.as_bytes().to_vec());
    let bytes = prop::collection::vec(any::<u8>(), 0..3);
    let number = any::<f64>().prop_map(|number| format!("{number:?}").into_bytes());
    let come = prop_oneof![4 => token, 2 => bytes, 1 => number, 1 => Just(Vec::new())];
    (any::<prop::sample::Index>(), prop_oneof![Just(0), Just(1), 0_usize..12], come)
}

/// The byte range of the value in a random line that has one.
fn value_of_line(text: &str, index: prop::sample::Index) -> std::ops::Range<usize> {
    let lines: Vec<&str> = text.lines().filter(|line| line.contains(" = ")).collect();
    let line = index.get(&lines);
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    let equals = line.find(" = ").unwrap_or(0) + 3;
    start + equals..start + line.len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_edit_makes_the_reader_panic(edits in prop::collection::vec(edit(), 1..4)) {
        let mut bytes = FULL.as_bytes().to_vec();
        for (at, gone, come) in edits {
            let at = at.index(bytes.len() + 1);
            let end = (at + gone).min(bytes.len());
            bytes.splice(at..end, come);
        }
        answer(&bytes, &[]);
    }

    #[test]
    fn no_value_makes_the_reader_panic(
        line in any::<prop::sample::Index>(),
        value in prop::sample::select(TOKENS),
        path in "[a-z.\"0-9]{0,12}",
    ) {
        let mut text = FULL.to_owned();
        text.replace_range(value_of_line(FULL, line), value);
        answer(text.as_bytes(), &[]);
        answer(FULL.as_bytes(), &[Override::new(path, value)]);
    }

    #[test]
    fn what_is_accepted_runs(
        lines in prop::collection::vec((any::<prop::sample::Index>(), value()), 1..40),
    ) {
        // Most edits are refused: the accepted ones are kept, so that they meet each other.
        let mut text = few();
        for (line, value) in lines {
            let mut edited = text.clone();
            edited.replace_range(value_of_line(&text, line), &value);
            if parse(SourceText::new("day.toml", edited.clone()), &[], &NoFiles).is_ok() {
                text = edited;
            }
        }
        answer(text.as_bytes(), &[]);
    }
}

/// Values that many keys accept.
fn value() -> impl Strategy<Value = String> {
    let usual: &[&str] = &[
        "0",
        "1",
        "2",
        "0.5",
        "1e-9",
        "1e9",
        "\"0s\"",
        "\"1ms\"",
        "\"1s\"",
        "\"90m\"",
        "\"1d\"",
        "\"9d\"",
        "\"08:00\"",
        "\"23:59\"",
        "\"0/h\"",
        "\"100/h\"",
        "\"100%\"",
        "true",
        "false",
        "\"reject\"",
        "\"disconnect\"",
        "\"fastest\"",
        "\"random\"",
        "\"weighted\"",
        "{ generalized_c_mu = { cost = { promotion = 0 } } }",
        "{ priority_aging = { rate = \"9/s\" } }",
        "{ chats = 20 }",
        "{ chats = 2, speed = [0.001, 1000] }",
        "{ contacts = [\"promotion\"], agents = 0 }",
        "{ probability = 1, to = \"promotion\" }",
        "{ probability = 1, to = \"complaints\" }",
        "[{ after = \"1s\", groups = [\"senior\"] }]",
        "[{ from = \"20:00\", to = \"20:00\" }]",
        "[{ from = \"1h\", to = \"9h\" }, { from = \"20:00\", to = \"03:00\" }]",
        "[{ after = \"0s\", length = \"1s\" }, { after = \"1s\", length = \"1ms\", paid = false }]",
        "\"arrived\"",
        "\"Pacific/Auckland\"",
        "\"escalate\"",
        "\"linear\"",
        "\"step\"",
        "\"priority\"",
        "[0, 1e9, 0, 1e-9]",
        "[{ from = \"1h\", agents = 0 }, { from = \"08:00\", agents = 2 }]",
        "[{ from = \"1h\", rate = \"9/h\" }, { from = \"08:00\", rate = \"0/h\" }]",
        "[{ start = \"08:00\", length = \"30h\" }]",
        "{ fixed = { value = \"0s\" } }",
        "{ fixed = { value = 9 } }",
        "{ exponential = { mean = \"1ms\" } }",
        "{ lognormal = { mean = \"1h\", cv = 1000 } }",
        "{ weibull = { mean = \"1m\", shape = 0.05 } }",
        "{ hyperexponential = { mean = \"1m\", cv = 100 } }",
        "{ gamma = { mean = 3, cv = 9 } }",
        "{ probability = 1, after = { fixed = { value = \"1s\" } } }",
        "{ probability = 1, after = { exponential = { mean = \"1ms\" } }, at_most = 5 }",
    ];
    prop_oneof![4 => prop::sample::select(usual), 1 => prop::sample::select(TOKENS)]
        .prop_map(str::to_owned)
}

#[test]
fn the_small_scenario_with_every_key_is_run() {
    let parsed = parse(SourceText::new("day.toml", few()), &[], &FullFiles);
    match parsed {
        Ok(parsed) => assert!(use_it(&parsed.scenario)),
        Err(problems) => panic!("{}", problems.render(false)),
    }
}

#[test]
fn nasty_inputs_are_refused_in_time() {
    let inputs: Vec<Vec<u8>> = vec![
        Vec::new(),
        vec![0; 1000],
        (0..=255).collect(),
        b"\xff\xfe[\0r\0u\0n\0]\0".to_vec(),
        "[".repeat(10_000).into_bytes(),
        "[".repeat(1 << 20).into_bytes(),
        format!("a = {}{}", "[".repeat(10_000), "]".repeat(10_000)).into_bytes(),
        format!("a = {}1{}", "{a=".repeat(10_000), "}".repeat(10_000)).into_bytes(),
        format!("[{}a]", "a.".repeat(500_000)).into_bytes(),
        "\"".repeat(100_000).into_bytes(),
        "=\n".repeat(100_000).into_bytes(),
        "[a]\n".repeat(50_000).into_bytes(),
        "x".repeat(1 << 20).into_bytes(),
        format!("a = {}", "9".repeat(100_000)).into_bytes(),
        format!("a = 1e{}", "9".repeat(100_000)).into_bytes(),
        format!("a = \"{}\"", "\\u0000".repeat(10_000)).into_bytes(),
    ];
    for input in inputs {
        answer(&input, &[]);
    }
}

#[test]
fn mixtures_in_mixtures_end_somewhere() {
    let open = "{ mixture = [{ weight = 1, mixture = [{ weight = 1, ".repeat(4);
    let text = format!("[contacts.a]\nhandling = {open}{}", "x = 1");
    answer(text.as_bytes(), &[]);
    for depth in [7, 8, 9, 30, 38] {
        let open = "mixture = [{ weight = 1, ".repeat(depth);
        let close = "}]".repeat(depth);
        let text = FULL.replace(
            "{ lognormal = { mean = \"5m\", cv = 0.8 } }",
            &format!("{{ {open}fixed = {{ value = \"1s\" }}{close} }}"),
        );
        let outcome = parse(SourceText::new("day.toml", text), &[], &FullFiles);
        assert_eq!(outcome.is_ok(), depth <= 8, "{depth}");
    }
}

#[test]
fn many_names_are_read_in_time() {
    let contact =
        |index| format!("[contacts.c{index}]\nrate = \"1/h\"\nhandling.fixed.value = \"1m\"\n");
    let contacts: String = (0..2000).map(contact).collect();
    let names: Vec<String> = (0..2000).map(|index| format!("\"c{index}\"")).collect();
    let skills = names.join(", ");
    let text =
        format!("run.duration = \"1h\"\n{contacts}[groups.g]\nstaff = 1\nskills = [{skills}]\n");
    assert!(parse(SourceText::new("day.toml", text), &[], &NoFiles).is_ok());
}

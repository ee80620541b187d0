//! Scenarios nobody would write: whatever the bytes, the answer is a scenario or its problems.

use proptest::prelude::*;

use surgecast::scenario::{NoFiles, Override, Source, parse};

use crate::problems::FULL;

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

/// Parses and renders; a refusal must say something.
fn answer(bytes: &[u8], overrides: &[Override]) {
    if let Err(problems) = parse(Source::new("day.toml", bytes), overrides, &NoFiles) {
        assert!(!problems.list().is_empty(), "refused without a word");
        assert!(!problems.render(true).is_empty());
        for problem in problems.list() {
            assert!(problem.place.is_some() && !problem.message.is_empty());
            assert!(!problem.message.ends_with('.'), "{}", problem.message);
        }
    }
}

/// One change of a text: where, how many bytes go, what comes.
fn edit() -> impl Strategy<Value = (prop::sample::Index, usize, Vec<u8>)> {
    let token = prop::sample::select(TOKENS).prop_map(|token| token.as_bytes().to_vec());
    let bytes = prop::collection::vec(any::<u8>(), 0..3);
    let number = any::<f64>().prop_map(|number| format!("{number:?}").into_bytes());
    let come = prop_oneof![4 => token, 2 => bytes, 1 => number, 1 => Just(Vec::new())];
    (
        any::<prop::sample::Index>(),
        prop_oneof![Just(0), Just(1), 0_usize..12],
        come,
    )
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
        let outcome = parse(Source::new("day.toml", text), &[], &NoFiles);
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
    assert!(parse(Source::new("day.toml", text), &[], &NoFiles).is_ok());
}

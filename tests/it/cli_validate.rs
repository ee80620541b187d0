//! `simulate validate`: good files in a line each, all problems of the others.

use crate::support::{SMALL, Simulate};

#[test]
fn a_good_file_is_summed_up_in_a_line() {
    let ran = Simulate::new().file("s.toml", SMALL).args(["validate", "s.toml"]).ok();
    assert!(ran.stdout.starts_with("ok: s.toml: 1 contact type, 1 group, "), "{}", ran.stdout);
    assert_eq!(ran.stdout.lines().count(), 1);
    assert_eq!(ran.stderr, "");
}

#[test]
fn one_bad_file_of_several_makes_the_answer_no() {
    let ran = Simulate::new()
        .file("good.toml", SMALL)
        .file("bad.toml", "[contacts")
        .file("worse.toml", [0xff, 0x00, 0xfe])
        .args(["validate", "bad.toml", "good.toml", "worse.toml", "none.toml"])
        .run();
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.starts_with("ok: good.toml: "), "{}", ran.stdout);
    for file in ["bad.toml", "worse.toml", "none.toml"] {
        assert!(ran.stderr.contains(file), "{file}: {}", ran.stderr);
    }
}

#[test]
fn programs_get_a_list() {
    let ran = Simulate::new()
        .file("good.toml", SMALL)
        .file("bad.toml", "[contacts")
        .args(["validate", "good.toml", "bad.toml", "--json"])
        .run();
    assert_eq!(ran.code, 2);
    let list = ran.json();
    assert_eq!(list[0]["ok"], true);
    assert_eq!(list[0]["contact_types"], 1);
    assert_eq!(list[1]["ok"], false);
    assert!(list[1]["problems"][0]["message"].is_string(), "{list}");
}

#[test]
fn overrides_are_validated_too() {
    let ran = Simulate::new()
        .file("s.toml", SMALL)
        .args(["validate", "s.toml", "--set", "no.such.path=1"])
        .unusable();
    assert!(ran.stderr.contains("no"), "{}", ran.stderr);
}

#[test]
fn validate_wants_a_file() {
    Simulate::new().args(["validate"]).unusable();
}

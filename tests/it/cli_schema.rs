//! `simulate schema` and `simulate completions`.

use crate::support::Simulate;

#[test]
fn the_schema_is_json() {
    let schema = Simulate::new().args(["schema"]).ok();
    assert!(schema.json().get("$schema").is_some(), "{}", schema.stdout);
    assert!(schema.stdout.ends_with("}\n") && !schema.stdout.ends_with("\n\n"));
}

#[test]
fn the_reference_is_for_people() {
    let reference = Simulate::new().args(["schema", "--reference"]).ok();
    assert!(
        reference.stdout.contains("duration"),
        "{}",
        reference.stdout
    );
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = Simulate::new().args(["completions", shell]).ok().stdout;
        assert!(
            script.contains("simulate") && script.contains("validate"),
            "{shell}"
        );
    }
    Simulate::new().args(["completions", "tcsh"]).unusable();
}

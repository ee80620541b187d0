//! `simulate schema`. Add `mod cli_schema;` to `main.rs` when the schema is there.

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
    assert!(reference.stdout.contains("duration"), "{}", reference.stdout);
}

use super::*;
use crate::format::Problems;
use crate::format::{DeclaredKey, Files, Override, SourceText, TableKeys, ValueShape};
use crate::scenario::{Parsed, parse};

/// Every key with its path; `*` stands for a name that the user chooses, `[]` for entries of lists.
fn declared() -> Vec<(String, DeclaredKey)> {
    let mut found = Vec::new();
    below(&mut found, "", &ValueShape::Table(Scenario::KEYS));
    found
}

fn below(found: &mut Vec<(String, DeclaredKey)>, path: &str, shape: &ValueShape) {
    let table = |found: &mut Vec<(String, DeclaredKey)>, path: &str, keys: &TableKeys| {
        for key in keys.declared() {
            let dot = if path.is_empty() { "" } else { "." };
            let path = format!("{path}{dot}{}", key.name);
            found.push((path.clone(), key.clone()));
            below(found, &path, &key.shape);
        }
    };
    match shape {
        ValueShape::Table(keys) => table(found, path, keys),
        ValueShape::Named(keys) => table(found, &format!("{path}.*"), keys),
        ValueShape::List { item, .. } => below(found, &format!("{path}[]"), item),
        ValueShape::ByName(value) => below(found, &format!("{path}.*"), value),
        ValueShape::Called(_, shape) => below(found, path, shape),
        ValueShape::Either(shapes) => shapes.iter().for_each(|shape| below(found, path, shape)),
        _ => {}
    }
}

#[test]
fn the_docs_show_the_reference() {
    assert!(
        include_str!("../format.md") == reference(),
        "write it again: cargo run -- schema --reference > src/scenario/format.md"
    );
}

#[test]
fn every_key_has_a_name_and_a_meaning_of_its_own() {
    let keys = declared();
    assert!(keys.len() > 140, "{}", keys.len());
    for (at, (path, key)) in keys.iter().enumerate() {
        assert!(keys[..at].iter().all(|(other, _)| other != path), "{path}");
        assert!(!key.meaning.is_empty(), "{path}");
        assert!(key.note.lines().all(|line| line.chars().count() <= 100), "{path}");
    }
}

/// Where the path of a key leads in the scenario with every key.
fn in_every_key(path: &str) -> String {
    let names = [
        ("profiles.*", "profiles.shop_day"),
        ("contacts.*.counts", "contacts.invoices.counts"),
        ("contacts.*.recorded", "contacts.complaints.recorded"),
        ("contacts.*", "contacts.order_status"),
        ("surges.*", "surges.opening"),
        ("groups.*.skills.*", "groups.general.skills.promotion"),
        ("groups.*.shifts", "groups.night.shifts"),
        ("groups.*.timezone", "groups.night.timezone"),
        ("groups.*", "groups.general"),
        ("plan.bounds.*", "plan.bounds.general"),
        ("[]", ".0"),
    ];
    names.iter().fold(path.to_owned(), |path, (from, to)| path.replace(from, to))
}

/// The data files of the scenario with every key.
struct Data;

impl Files for Data {
    fn read(&self, _base: &str, name: &str) -> Result<(String, Vec<u8>), String> {
        let text = match name {
            "counts.csv" => include_str!("../every_key/counts.csv"),
            "log.csv" => include_str!("../every_key/log.csv"),
            _ => return Err("no such file".to_owned()),
        };
        Ok((name.to_owned(), text.into()))
    }
}

/// The scenario with every key, with one value set.
fn set(path: &str, value: &str) -> Result<Parsed, Problems> {
    let text = include_str!("../every_key.toml");
    let mut items = vec![Override::new(path, value)];
    if path.starts_with("routing.policy.") {
        items.insert(0, Override::new("routing.policy", "{}"));
    }
    parse(SourceText::new("every_key.toml", text), &items, &Data)
}

fn codes(path: &str, value: &str) -> Vec<&'static str> {
    let problems = set(path, value).err();
    problems.iter().flat_map(Problems::list).map(|problem| problem.code).collect()
}

#[test]
fn every_example_is_accepted() {
    let mut refused = Vec::new();
    for (path, key) in declared() {
        let path = in_every_key(&path);
        if key.example.is_empty() || path == "extends" {
            continue;
        }
        let found = codes(&path, key.example);
        if !found.is_empty() {
            refused.push(format!("{path} = {}: {found:?}", key.example));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn every_law_takes_its_examples() {
    for law in LAWS.declared() {
        let ValueShape::Table(keys) = law.shape else { continue };
        if keys.rules.is_empty() {
            let parameters: Vec<String> =
                keys.declared().map(|key| format!("{} = {}", key.name, key.example)).collect();
            let value = format!("{{ {} = {{ {} }} }}", law.name, parameters.join(", "));
            assert_eq!(codes("contacts.promotion.handling", &value), [""; 0], "{value}");
            assert_ne!(codes("surges.opening.factor", &value), [""; 0], "{value}");
        }
    }
}

#[test]
fn the_schema_knows_what_keys_must_be_and_what_they_exclude() {
    let schema = schema();
    let contact = &schema["properties"]["contacts"]["additionalProperties"];
    assert_eq!(contact["properties"]["priority"]["default"], 5);
    assert_eq!(contact["properties"]["priority"]["maximum"], 1_000_000);
    let entry = &contact["properties"]["rate"]["items"];
    assert_eq!(entry["required"], serde_json::json!(["from", "rate"]));
    let excluded = serde_json::json!({ "not": { "required": ["rate", "daily"] } });
    assert!(contact["allOf"].as_array().unwrap().contains(&excluded));
    let whole = &schema["then"]["properties"]["run"]["required"];
    assert_eq!(whole, &serde_json::json!(["duration"]));
    let option = &schema["properties"]["options"]["additionalProperties"]["properties"];
    assert_eq!(option["groups"]["$ref"], "#/properties/groups");
    assert!(option.get("options").is_none() && option.get("extends").is_none());
    let factor = &schema["definitions"]["factor"]["properties"];
    assert_eq!(factor["uniform"]["properties"]["low"]["type"], "number");
}

#[test]
fn every_reference_of_the_schema_leads_somewhere() {
    fn walk(value: &Value, root: &Value) {
        match value {
            Value::Object(map) => {
                if let Some(at) = map.get("$ref").and_then(Value::as_str) {
                    let found = root.pointer(at.trim_start_matches('#'));
                    assert!(found.is_some_and(Value::is_object), "{at}");
                }
                map.values().for_each(|value| walk(value, root));
            }
            Value::Array(list) => list.iter().for_each(|value| walk(value, root)),
            _ => {}
        }
    }
    let schema = schema();
    walk(&schema, &schema);
}

//! JSON Schema (draft-07), for editors. No key is `required`, since a file that `extends` another may
//! leave any of them out; and no `oneOf`, whose message editors repeat for every key: lists of types
//! do the same, because each constraint holds for one type only.

use serde_json::{Map, Value, json};

use super::{Key, Kind, LAWS, children};

/// The JSON Schema (draft-07) of the scenario format.
pub fn schema() -> Value {
    let mut schema = object("", false);
    let head = [
        ("$schema", json!("http://json-schema.org/draft-07/schema#")),
        ("title", json!("Contact-center scenario")),
    ];
    if let Value::Object(map) = &mut schema {
        for (key, value) in head {
            map.insert(key.to_owned(), value);
        }
        let definitions = json!({
            "distribution": distribution(false),
            "factor": distribution(true),
        });
        map.insert("definitions".to_owned(), definitions);
    }
    schema
}

/// A table with the keys under `pattern`; `pure` says that quantities are plain numbers.
fn object(pattern: &str, pure: bool) -> Value {
    json!({ "type": "object", "properties": properties(pattern, pure), "additionalProperties": false })
}

fn properties(pattern: &str, pure: bool) -> Value {
    let keys = children(pattern);
    let described = keys.map(|(name, key)| (name.to_owned(), described(key, pure)));
    // The laws are no keys of the top.
    Value::Object(described.filter(|(name, _)| name != "DISTRIBUTION").collect::<Map<_, _>>())
}

/// The value of a key, with what an editor shows.
fn described(key: &Key, pure: bool) -> Value {
    let mut schema = value(key, pure);
    let Value::Object(map) = &mut schema else {
        return schema;
    };
    let note = match key.default {
        None => " (required)".to_owned(),
        Some("none") => String::new(),
        Some(default) => format!(" (default: {default})"),
    };
    map.insert("description".to_owned(), json!(format!("{}{note}", key.meaning)));
    if let Some(Ok(default)) = key.default.map(serde_json::from_str::<Value>) {
        map.insert("default".to_owned(), default);
    }
    if let Ok(example) = serde_json::from_str::<Value>(key.example)
        && !(pure && example.is_string())
    {
        map.insert("examples".to_owned(), json!([example]));
    }
    schema
}

fn value(key: &Key, pure: bool) -> Value {
    let entries = || object(&format!("{}[]", key.path), pure);
    match key.kind {
        Kind::Table => object(key.path, pure),
        Kind::Named => json!({
            "type": "object",
            "additionalProperties": object(&format!("{}.*", key.path), pure),
        }),
        Kind::Options => json!({ "type": "object", "additionalProperties": option() }),
        Kind::Tables => json!({ "type": "array", "items": entries() }),
        Kind::Text | Kind::Moment | Kind::Date => json!({ "type": "string" }),
        Kind::Duration => duration(),
        Kind::Rate => rate(),
        Kind::Share => share(),
        Kind::Number => number(),
        Kind::Whole => json!({ "type": "integer", "minimum": 0 }),
        Kind::Boolean => json!({ "type": "boolean" }),
        // Beside `$ref` draft-07 ignores everything, so that the meaning would be lost.
        Kind::Distribution => json!({ "allOf": [{ "$ref": "#/definitions/distribution" }] }),
        Kind::Factor => json!({ "allOf": [{ "$ref": "#/definitions/factor" }] }),
        Kind::Choice(choices) => json!({ "type": "string", "enum": choices }),
        Kind::RateSteps => or_list(rate(), &entries()),
        Kind::ShareSteps => or_list(share(), &entries()),
        Kind::AgentSteps => or_list(json!({ "type": "integer", "minimum": 0 }), &entries()),
        Kind::Names => {
            json!({ "type": "array", "items": { "type": "string" }, "minItems": 1, "uniqueItems": true })
        }
        Kind::Expressions => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Numbers => json!({ "type": "array", "items": number(), "minItems": 1 }),
        Kind::Skills => skills(key.path),
        Kind::RetryProbability => with(
            share(),
            json!({
                "type": ["number", "string", "object"],
                "properties": properties(key.path, pure),
                "additionalProperties": false,
            }),
        ),
        Kind::DistributionByType => by_type(&json!({ "$ref": "#/definitions/distribution" })),
        Kind::NumberByType => by_type(&number()),
        Kind::RateByType => {
            with(rate(), json!({ "type": ["string", "object"], "additionalProperties": rate() }))
        }
        Kind::Policy(names) => json!({
            "type": ["string", "object"],
            "pattern": format!("^({})$", names.join("|")),
            "properties": properties(key.path, pure),
            "additionalProperties": false,
            "minProperties": 1,
            "maxProperties": 1,
        }),
        Kind::Quantity => quantity(pure),
        Kind::Quantities => json!({ "type": "array", "items": quantity(pure), "minItems": 1 }),
        Kind::Mixture => mixture(pure),
    }
}

/// A scenario within a scenario: the keys of the top, by reference.
fn option() -> Value {
    let keys = children("").filter(|(_, key)| key.kind != Kind::Options);
    let names = keys.map(|(name, _)| name);
    let reference = |name: &str| {
        let at = format!("#/properties/{name}");
        (name.to_owned(), json!({ "$ref": at }))
    };
    let properties: Map<String, Value> =
        names.filter(|name| !["DISTRIBUTION", "extends"].contains(name)).map(reference).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// A table of contact types, each with such a value.
fn by_type(value: &Value) -> Value {
    json!({ "type": "object", "additionalProperties": value })
}

fn quantity(pure: bool) -> Value {
    if pure { number() } else { duration() }
}

fn number() -> Value {
    json!({ "type": "number", "minimum": 0 })
}

fn duration() -> Value {
    let unit = r"[0-9]+(\.[0-9]*)? *(ms|s|min|m|h|d|w)";
    json!({ "type": "string", "pattern": format!(r"^ *({unit} *)+$") })
}

fn rate() -> Value {
    json!({ "type": "string", "pattern": r"^ *[0-9]+(\.[0-9]*)? */ *(s|min|h|d) *$" })
}

fn share() -> Value {
    json!({
        "type": ["number", "string"],
        "minimum": 0,
        "maximum": 1,
        "pattern": r"^ *(100(\.0*)?|[0-9]{1,2}(\.[0-9]*)?) *%? *$",
    })
}

/// The keys of `more` laid over those of `schema`.
fn with(mut schema: Value, more: Value) -> Value {
    if let (Value::Object(map), Value::Object(more)) = (&mut schema, more) {
        for (key, value) in more {
            map.insert(key, value);
        }
    }
    schema
}

/// A single value or a list of entries.
fn or_list(single: Value, entries: &Value) -> Value {
    let mut types = match &single["type"] {
        Value::Array(types) => types.clone(),
        one => vec![one.clone()],
    };
    types.push(json!("array"));
    with(single, json!({ "type": types, "items": entries, "minItems": 1 }))
}

fn skills(path: &str) -> Value {
    json!({
        "type": ["object", "array"],
        "items": { "type": "string" },
        "minItems": 1,
        "minProperties": 1,
        "additionalProperties": {
            "type": ["number", "object"],
            "exclusiveMinimum": 0,
            "properties": properties(&format!("{path}.*"), false),
            "additionalProperties": false,
        },
    })
}

/// A table with one law; where `pure`, a number as well.
fn distribution(pure: bool) -> Value {
    let types = if pure { json!(["number", "object"]) } else { json!("object") };
    json!({
        "type": types,
        "minimum": 0,
        "properties": properties("DISTRIBUTION", pure),
        "additionalProperties": false,
        "minProperties": 1,
        "maxProperties": 1,
    })
}

fn mixture(pure: bool) -> Value {
    let this = if pure { "factor" } else { "distribution" };
    let law = |law: &&str| {
        let at = format!("#/definitions/{this}/properties/{law}");
        ((*law).to_owned(), json!({ "$ref": at }))
    };
    let mut properties: Map<String, Value> = LAWS.iter().map(law).collect();
    properties.insert("weight".to_owned(), number());
    json!({
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "properties": properties,
            "required": ["weight"],
            "additionalProperties": false,
            "minProperties": 2,
            "maxProperties": 2,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn supported_keys_are_there_and_others_are_not() {
        let schema = schema();
        let contact = &schema["properties"]["contacts"]["additionalProperties"]["properties"];
        assert_eq!(contact["priority"]["default"], 5);
        assert_eq!(contact["hours"]["items"]["properties"]["to"]["type"], "string");
        let option = &schema["properties"]["options"]["additionalProperties"]["properties"];
        assert_eq!(option["groups"]["$ref"], "#/properties/groups");
        assert!(option.get("options").is_none() && option.get("extends").is_none());
        assert_eq!(
            schema["definitions"]["factor"]["properties"]["uniform"]["properties"]["low"]["type"],
            "number"
        );
        let laws = schema["definitions"]["distribution"]["properties"].as_object().unwrap();
        assert_eq!(laws.len(), LAWS.len());
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn walk(value: &Value, root: &Value) {
            match value {
                Value::Object(map) => {
                    if let Some(at) = map.get("$ref").and_then(Value::as_str) {
                        assert!(root.pointer(at.trim_start_matches('#')).is_some(), "{at}");
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
}

//! JSON Schema (draft-07) of a format, for editors: made of the declarations of its keys.
//!
//! No `oneOf`: editors repeat its message for every key. Lists of types do the same, because each
//! constraint holds for one type only. What a file must have it may have from one that it `extends`,
//! and an option has but what it changes: what is required stands apart, and holds for files that
//! extend none.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::shape::{Absent, DeclaredKey, KeyRule, ShareLimits, SpanLimits, TableKeys, ValueShape};

/// Decimal numbers without sign.
const DECIMAL: &str = r"[0-9]+(\.[0-9]*)?";

/// The schema of documents with these keys.
pub(crate) fn schema(title: &str, root: &'static TableKeys) -> Value {
    let mut builder = Builder { root, definitions: BTreeMap::new() };
    let mut schema = builder.table(root);
    let whole = builder.complete_table(root);
    let head = [
        ("$schema", json!("http://json-schema.org/draft-07/schema#")),
        ("title", json!(title)),
        ("if", json!({ "not": { "required": ["extends"] } })),
        ("then", json!(whole)),
        ("definitions", json!(builder.definitions)),
    ];
    for (key, value) in head {
        schema.insert(key.to_owned(), value);
    }
    Value::Object(schema)
}

/// Collects what stands once.
struct Builder {
    root: &'static TableKeys,
    definitions: BTreeMap<String, Value>,
}

impl Builder {
    /// A table with these keys.
    fn table(&mut self, keys: &'static TableKeys) -> Map<String, Value> {
        let properties: Map<String, Value> =
            keys.declared().map(|key| (key.name.to_owned(), self.described(&key))).collect();
        let mut table = object(json!({
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
        }));
        let mut excluded = Vec::new();
        let pair = |a: &str, b: &str| json!({ "not": { "required": [a, b] } });
        for rule in keys.rules {
            match rule {
                KeyRule::OneOf { keys, .. } => {
                    for (at, one) in keys.iter().enumerate() {
                        excluded.extend(keys[at + 1..].iter().map(|other| pair(one, other)));
                    }
                }
                KeyRule::Excludes(one, others, _) => {
                    excluded.extend(others.iter().map(|other| pair(one, other)));
                }
                KeyRule::Single { beside, .. } => {
                    table.insert("minProperties".to_owned(), json!(1 + beside.len()));
                    table.insert("maxProperties".to_owned(), json!(1 + beside.len()));
                }
                KeyRule::Needs(..) => {}
            }
        }
        if !excluded.is_empty() {
            table.insert("allOf".to_owned(), json!(excluded));
        }
        table
    }

    /// The value of a key, with what an editor shows.
    fn described(&mut self, key: &DeclaredKey) -> Value {
        let mut value = self.value(&key.shape);
        // Beside `$ref` draft-07 ignores everything, so that the meaning would be lost.
        if value.contains_key("$ref") {
            value = object(json!({ "allOf": [value] }));
        }
        let note = match key.absent {
            Absent::Required => " (required)".to_owned(),
            Absent::Value(default) | Absent::Words(default) => format!(" (default: {default})"),
            Absent::Nothing => String::new(),
        };
        value.insert("description".to_owned(), json!(format!("{}{note}", key.meaning)));
        if let Absent::Value(default) = key.absent
            && let Ok(default) = serde_json::from_str::<Value>(default)
        {
            value.insert("default".to_owned(), default);
        }
        if let Ok(example) = serde_json::from_str::<Value>(key.example)
            && !(example.is_string() && matches!(key.shape, ValueShape::Number(..)))
        {
            value.insert("examples".to_owned(), json!([example]));
        }
        Value::Object(value)
    }

    /// What a value may be.
    fn value(&mut self, shape: &ValueShape) -> Map<String, Value> {
        let schema = match shape {
            ValueShape::Text => json!({ "type": "string" }),
            ValueShape::Name => json!({ "type": "string", "pattern": r"\S" }),
            ValueShape::Date => json!({ "type": "string", "pattern": format!("^{DATE}$") }),
            ValueShape::Flag => json!({ "type": "boolean" }),
            ValueShape::Whole(least, most) => {
                json!({ "type": "integer", "minimum": least, "maximum": most })
            }
            ValueShape::Number(least, most) => number(*least, *most),
            ValueShape::Share(limits) => share(*limits),
            ValueShape::Duration(limits) => duration(*limits),
            ValueShape::Rate => {
                let pattern = format!(r"^ *{DECIMAL}([eE][+-]?[0-9]+)? */ *(s|min|h|d) *$");
                json!({ "type": "string", "pattern": pattern })
            }
            ValueShape::Moment { midnight } => moment(*midnight),
            ValueShape::Choice(words) => json!({ "type": "string", "enum": words }),
            ValueShape::List { item, least, distinct } => {
                let items = self.entry(item);
                json!({
                    "type": "array",
                    "items": items,
                    "minItems": least,
                    "uniqueItems": distinct,
                })
            }
            ValueShape::Table(keys) => return self.table(keys),
            ValueShape::Named(keys) => {
                json!({ "type": "object", "additionalProperties": self.table(keys) })
            }
            ValueShape::Documents => {
                json!({ "type": "object", "additionalProperties": self.option() })
            }
            ValueShape::ByName(value) => {
                json!({ "type": "object", "additionalProperties": self.value(value) })
            }
            ValueShape::Steps { value, .. } => return self.steps(shape, value),
            ValueShape::StepEntry(value, key) => {
                let from = self.value(&ValueShape::Moment { midnight: false });
                let value = self.value(value);
                json!({
                    "type": "object",
                    "properties": { "from": from, (*key): value },
                    "required": ["from", key],
                    "additionalProperties": false,
                })
            }
            ValueShape::Either(shapes) => {
                let mut all = shapes.iter().map(|shape| self.value(shape)).collect::<Vec<_>>();
                let first = all.remove(0);
                return all.into_iter().fold(first, either);
            }
            ValueShape::Shared(name, shape) => {
                if !self.definitions.contains_key(*name) {
                    // What refers to itself finds this one.
                    self.definitions.insert((*name).to_owned(), Value::Null);
                    let schema = self.value(&shape());
                    self.definitions.insert((*name).to_owned(), Value::Object(schema));
                }
                json!({ "$ref": format!("#/definitions/{name}") })
            }
            ValueShape::Called(_, shape) => return self.value(shape),
        };
        object(schema)
    }

    /// One value, or a list of those that hold from a moment.
    fn steps(&mut self, shape: &ValueShape, value: &ValueShape) -> Map<String, Value> {
        let one = self.value(value);
        let entry = shape.child("0", self.root).map(|entry| self.value(&entry));
        either(one, object(json!({ "type": "array", "items": entry, "minItems": 1 })))
    }

    /// An entry of a list: files replace lists whole, so that each has what it must have.
    fn entry(&mut self, item: &ValueShape) -> Map<String, Value> {
        let mut schema = self.value(item);
        if schema.contains_key("$ref") {
            schema = object(json!({ "allOf": [schema] }));
        }
        if let Some(whole) = self.complete(item) {
            let all = schema.entry("allOf").or_insert_with(|| json!([]));
            all.as_array_mut().expect("it is a list").push(Value::Object(whole));
        }
        schema
    }

    /// A scenario within a scenario: the keys of the top, by reference.
    fn option(&self) -> Value {
        let keys = self.root.declared();
        let within =
            keys.filter(|key| !matches!(key.shape, ValueShape::Documents) && key.name != "extends");
        let reference = |key: DeclaredKey| {
            let at = format!("#/properties/{}", key.name);
            (key.name.to_owned(), json!({ "$ref": at }))
        };
        let properties: Map<String, Value> = within.map(reference).collect();
        json!({ "type": "object", "properties": properties, "additionalProperties": false })
    }

    /// What must be there in a value that no other file completes.
    fn complete(&mut self, shape: &ValueShape) -> Option<Map<String, Value>> {
        let below = |key: &str, whole: Option<Map<String, Value>>| {
            whole.map(|whole| object(json!({ key: whole })))
        };
        match shape {
            ValueShape::Table(keys) => self.complete_table(keys),
            ValueShape::Named(keys) => below("additionalProperties", self.complete_table(keys)),
            ValueShape::ByName(value) => below("additionalProperties", self.complete(value)),
            ValueShape::Called(_, shape) => self.complete(shape),
            ValueShape::Either(shapes) => {
                shapes.iter().filter_map(|shape| self.complete(shape)).reduce(either)
            }
            ValueShape::Shared(name, shape) => {
                let name = format!("complete_{name}");
                if !self.definitions.contains_key(&name) {
                    let whole = self.complete(&shape())?;
                    self.definitions.insert(name.clone(), Value::Object(whole));
                }
                Some(object(json!({ "$ref": format!("#/definitions/{name}") })))
            }
            _ => None,
        }
    }

    /// The keys that a table must have, and what they must have.
    fn complete_table(&mut self, keys: &'static TableKeys) -> Option<Map<String, Value>> {
        let mut whole = Map::new();
        let required: Vec<&str> =
            keys.declared().filter(DeclaredKey::is_required).map(|key| key.name).collect();
        let mut rules = Vec::new();
        for rule in keys.rules {
            match rule {
                KeyRule::OneOf { keys, needed: true, .. } => {
                    let one = keys.iter().map(|key| json!({ "required": [key] }));
                    rules.push(json!({ "anyOf": one.collect::<Vec<_>>() }));
                }
                KeyRule::Needs(one, other, ..) => {
                    rules.push(json!({ "dependencies": { (*one): [other] } }));
                }
                _ => {}
            }
        }
        let below = keys.declared().filter_map(|key| {
            let whole = self.complete(&key.shape)?;
            Some((key.name.to_owned(), Value::Object(whole)))
        });
        let below: Map<String, Value> = below.collect();
        if !required.is_empty() {
            whole.insert("required".to_owned(), json!(required));
        }
        if !rules.is_empty() {
            whole.insert("allOf".to_owned(), json!(rules));
        }
        if !below.is_empty() {
            whole.insert("properties".to_owned(), json!(below));
        }
        (!whole.is_empty()).then_some(whole)
    }
}

/// The object that a literal is.
fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => Map::from_iter([("const".to_owned(), other)]),
    }
}

/// What one or the other schema allows, where they are of different types.
fn either(mut one: Map<String, Value>, other: Map<String, Value>) -> Map<String, Value> {
    let words = one.get("enum").and_then(Value::as_array).map(|words| {
        let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        format!("^({})$", words.join("|"))
    });
    if let Some(pattern) = words {
        one.remove("enum");
        one.insert("pattern".to_owned(), json!(pattern));
    }
    let list = |value: Value| match value {
        Value::Array(list) => list,
        single => vec![single],
    };
    for (key, value) in other {
        let both = matches!(key.as_str(), "type" | "allOf").then(|| one.remove(&key)).flatten();
        let value = match both {
            Some(first) => json!([list(first), list(value)].concat()),
            None => value,
        };
        one.insert(key, value);
    }
    one
}

/// Numbers between two limits; one that no one meets is left out.
fn number(least: f64, most: f64) -> Value {
    let mut schema = json!({ "type": "number", "minimum": short(least) });
    if most < f64::MAX {
        schema["maximum"] = short(most);
    }
    schema
}

/// A number as JSON, whole where it is.
fn short(number: f64) -> Value {
    serde_json::from_str(&format!("{number}")).unwrap_or(json!(number))
}

/// Numbers and strings that are shares within limits.
fn share(limits: ShareLimits) -> Value {
    let ShareLimits { least, with_least, with_one } = limits;
    let half = least >= 0.5;
    let (percent, plain) =
        if half { ("[5-9][0-9]", r"0?\.[5-9][0-9]*") } else { ("0*[0-9]{1,2}", r"0+(\.[0-9]*)?") };
    let one = if with_one { r"|0*100(\.0*)? *%|0*1(\.0*)?" } else { "" };
    let pattern = format!(r"^ *({percent}(\.[0-9]*)? *%|{plain}{one}) *$");
    let (low, high) = (
        if with_least { "minimum" } else { "exclusiveMinimum" },
        if with_one { "maximum" } else { "exclusiveMaximum" },
    );
    let mut schema = json!({
        "type": ["number", "string"],
        (low): short(least),
        (high): 1,
        "pattern": pattern,
    });
    if !with_least {
        schema["allOf"] = json!([{ "pattern": "[1-9]" }]);
    }
    schema
}

/// Durations with each unit at most once, large ones first; without the ends of the text.
fn spans() -> String {
    let part = |unit: &str| format!(r"({DECIMAL} *{unit} *)?");
    let units = ["w", "d", "h", "m(in)?", "s", "ms"].map(part);
    format!(" *{}", units.concat())
}

/// Strings that are durations; how long they are no pattern tells, but for 0.
fn duration(limits: SpanLimits) -> Value {
    let digit = if limits.with_zero { "[0-9]" } else { "[1-9]" };
    json!({ "type": "string", "pattern": format!("^{}$", spans()), "allOf": [{ "pattern": digit }] })
}

/// Local date-times; TOML has them without quotes, which schemas take for strings.
const DATE: &str = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?";

/// Strings that are moments.
fn moment(midnight: bool) -> Value {
    let clock = r"([01]?[0-9]|2[0-3])(:[0-5]?[0-9]){1,2}";
    let end = if midnight { "|24:00" } else { "" };
    let pattern = format!("^({}|{clock}{end}|{DATE})$", spans());
    json!({ "type": "string", "pattern": pattern, "allOf": [{ "pattern": "[0-9]" }] })
}

//! JSON Schema.

use serde_json::Value;

/// The JSON Schema (draft-07) of the scenario format.
pub fn schema() -> Value {
    Value::Null
}

//! The comparison for programs.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::compare::{Comparison, Difference};
use crate::report::Origin;
use crate::report::json::{fragment, number};

/// Writes the comparison as one JSON object that ends with a line feed; `origins` belong to its
/// options.
///
/// # Errors
/// Those of the writer.
pub fn json(comparison: &Comparison, origins: &[Origin], out: &mut impl Write) -> io::Result<()> {
    write!(out, "{{\"compare\":1,\n\"options\":[")?;
    for (at, (option, origin)) in comparison.options.iter().zip(origins).enumerate() {
        let comma = if at == 0 { "" } else { "," };
        write!(out, "{comma}\n{{\"name\":{},\n\"report\":", json!(option.name))?;
        fragment(&option.summary, origin, out)?;
        write!(out, ",\n\"differences\":{{")?;
        for (at, difference) in option.differences.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(out, "{comma}\n{}:{}", json!(difference.path), member(difference))?;
        }
        write!(out, "}}}}")?;
    }
    write!(out, "],\n\"best\":{}", best(comparison))?;
    if let Some(pick) = comparison.pick {
        write!(out, ",\n\"pick\":{}", json!(comparison.options[pick].name))?;
    }
    writeln!(out, "}}")
}

fn member(difference: &Difference) -> Value {
    let estimate = difference.estimate;
    json!({
        "value": number(estimate.value),
        "low": number(estimate.low),
        "high": number(estimate.high),
        "verdict": difference.standing.word(),
    })
}

fn best(comparison: &Comparison) -> Value {
    let names = |best: &Vec<usize>| -> Vec<&str> {
        let name = |option: &usize| comparison.options[*option].name.as_str();
        best.iter().map(name).collect()
    };
    let best = comparison.best.iter();
    let best: Map<String, Value> =
        best.map(|(path, best)| (path.clone(), json!(names(best)))).collect();
    Value::Object(best)
}

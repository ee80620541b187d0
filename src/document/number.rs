//! Numbers of a document.

use serde::{Deserialize, Serialize, Serializer};

use crate::time::SimSpan;

/// A number that reads back as the same: whole ones are written without a fraction, unknown ones
/// as `null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Number(pub Option<f64>);

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self(Some(value))
    }
}

impl From<Option<f64>> for Number {
    fn from(value: Option<f64>) -> Self {
        Self(value)
    }
}

impl From<SimSpan> for Number {
    fn from(span: SimSpan) -> Self {
        Self(Some(span.as_seconds()))
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            None => to.serialize_unit(),
            Some(value) => match whole(value) {
                Some(whole) => to.serialize_i64(whole),
                None => to.serialize_f64(value),
            },
        }
    }
}

fn whole(value: f64) -> Option<i64> {
    // Up to here every whole number has an exact place in both types.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole and small, as just tested")]
    let whole = (value.fract() == 0.0 && value.abs() < EXACT).then_some(value as i64);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_as_the_same() {
        for (value, text) in [
            (Some(0.1), "0.1"),
            (Some(1.0 / 3.0), "0.3333333333333333"),
            (Some(108_000.0), "108000"),
            (Some(-0.0), "0"),
            (Some(9e15), "9000000000000000"),
            (Some(1e300), "1e+300"),
            (Some(5e-324), "5e-324"),
            (None, "null"),
        ] {
            let written = serde_json::to_string(&Number(value)).unwrap();
            assert_eq!(written, text);
            assert_eq!(serde_json::from_str::<Number>(&written).unwrap().0, value);
        }
        assert_eq!(serde_json::to_string(&Number(Some(f64::NAN))).unwrap(), "null");
    }
}

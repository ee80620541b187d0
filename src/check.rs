//! Expectations and regressions: what the results are held against, and the verdicts.
//!
//! - [`expression`]: `wait.p95 <= 15s in every 30m` as text, checked against the figures a model
//!   has;
//! - [`evaluate`]: an expression and a [`Summary`](crate::experiment::Summary) give a verdict.
//!
//! A verdict is `holds` or `fails` only beyond what chance explains; what is unknown is undecided,
//! with the reason, and never holds.

pub mod evaluate;
pub mod expression;

pub use evaluate::{Certainty, evaluate};
pub use expression::{Expression, ExpressionError, Setting};

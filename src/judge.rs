//! Targets, guards and differences: what results are held against, and the verdicts.
//!
//! - [`expression`]: `wait.p95 <= 15s in every 30m` as text, checked against the figures a model
//!   has;
//! - [`target`]: a target and a [`Summary`](crate::experiment::Summary) give a verdict;
//! - [`guard`]: a guard, the present figure and that of the baseline give one;
//! - [`paired`]: differences between two runs on the same customers;
//! - [`baseline`]: what is stored of a run; [`attribution`]: what got worse, for whom, and where
//!   first;
//! - [`certainty`]: when to look, and how sure a verdict has to be;
//! - [`inspection`]: looks, and looks again at more replications while something is undecided.
//!
//! A verdict is `holds` or `fails` only beyond what chance explains; what is unknown is undecided,
//! with the reason, and never holds.
//!
//! # How often the gate is wrong
//!
//! `cargo run --release --example gate_rates` measures it on two hours of a team of five with days
//! that differ. Runs under different seeds do not share their customers, so chance moves their
//! figures far more than those of a check against its baseline, and the stated rate is tested
//! hardest; at those numbers of replications they mostly cannot be told apart, rightly. The
//! equivalent policy is the same team in two groups that serve alike. In the last line agents take
//! longer, and the guard allows half of what that costs in service level. Its output:
//!
//! ```text
//! 1000 checks each, looks at [50, 100, 200] replications, stated rate 1 %
//!
//!                                               fails  holds  undecided
//! unchanged, other seeds, default guards            3     27        970
//! unchanged, other seeds, no loss allowed           7      0        993
//! equivalent, same seed, no loss allowed            0   1000          0
//! 6 % slower, margin 1.68 points                 1000      0          0
//! ```

pub mod attribution;
pub mod baseline;
pub mod certainty;
pub mod expression;
pub mod guard;
pub mod inspection;
pub mod paired;
pub mod target;

pub use baseline::{Baseline, BaselineError};
pub use certainty::Certainty;
pub use expression::{ExpressionError, Guard, Target};
pub use inspection::{Agenda, Findings, Inspection};
pub use target::evaluate;

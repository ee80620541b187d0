//! The scenario: what a user wrote, checked and immutable.
//!
//! [`parse`] turns text into a [`Scenario`] or into *all* its [`Problem`](crate::format::Problem)s.
//! Every value here has been validated: shares lie in 0 to 1, lengths are not negative, names
//! resolve. Clock times are still clock times; `model` turns them into instants.
//!
//! Each file is a table of the format: the type that it means, its keys, each declared once, and
//! how they make the type. Out of the same declarations come [`schema`] and [`reference()`], which
//! the docs show as [`format`](mod@format). The readers are not derived with serde: serde stops at the
//! first wrong value and loses the places of values that come from several texts.

use crate::format::Located;

mod bots;
pub mod codes;
mod contacts;
mod data;
mod demand;
mod distribution;
pub mod format;
mod groups;
mod hours;
mod limits;
mod names;
mod plan;
mod policy;
mod profiles;
mod quantity;
mod read;
mod recorded;
mod reference;
mod route;
mod run;
mod shifts;
mod surges;
mod together;

pub(crate) use crate::format::instant;
pub use crate::format::{Moment, Steps};
pub use bots::{
    BotCapacity, ContactBot, FalseResolution, Misroute, Outage, UrgentEscalation, WhenFull,
};
pub use contacts::{ContactSection, Retry};
pub use demand::Demand;
pub use groups::{Concurrency, GroupSection, Reserve, Rounding, SkillSection, Staffing};
pub use hours::{AtClose, Hours, WhenClosed};
pub use plan::{Bounds, Plan, PlanShift};
pub use policy::{AgentChoice, PolicyChoice, Routing};
pub use profiles::{Profile, ProfileShape};
pub use quantity::{NumberAt, NumberKind, quantity};
pub use read::{Parsed, parse, parse_every, parse_option};
pub use recorded::Recorded;
pub use reference::{reference, schema};
pub use route::Stage;
pub use run::{Formula, MOST_REPLICATIONS, MOST_SEED, Replications, Run, ServiceLevel};
pub use shifts::{Break, Shift};
pub use surges::{SurgeDecay, SurgeSection};

/// A checked scenario. Lists keep the order of the file: it is the order of listing.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The title, if the file has one.
    pub title: Option<String>,
    /// Sixteen hex digits over the resolved content (after `extends` and `--set`), independent of
    /// comments, spacing and key order.
    pub digest: String,
    /// `[run]`.
    pub run: Run,
    /// `[contacts.*]`, at least one.
    pub contacts: Vec<ContactSection>,
    /// `[bot]`.
    pub bot: BotCapacity,
    /// `[surges.*]`.
    pub surges: Vec<SurgeSection>,
    /// `[groups.*]`.
    pub groups: Vec<GroupSection>,
    /// `[routing]`.
    pub routing: Routing,
    /// `[service_level]`: what holds for all contacts together; types have their own resolved copy.
    pub service_level: ServiceLevel,
    /// `expect` and `[check]`.
    pub checks: Checks,
    /// `[plan]`.
    pub plan: Option<Plan>,
}

/// What the results are held against. The expressions are read when the figures of the report are
/// known; here they are texts.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    /// `expect`, in file order.
    pub expect: Vec<Located<String>>,
    /// `[check] guard`, in file order.
    pub guard: Vec<Located<String>>,
}

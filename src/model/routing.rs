//! Who may serve what, in which order, after which delay.
//!
//! Contacts wait in classes: one for each contact type, and one more for each kind of contact that
//! triage has put first. A class is a queue whose longest waiting contact comes first, so a free
//! agent looks only at the first contact of each class. Which of them is taken is the [`Policy`].
//!
//! | policy | takes the first contact of the class with | per choice |
//! |---|---|---|
//! | [`Fcfs`] | the longest wait | classes of the group |
//! | [`Priority`] | the lowest priority number | classes, up to the first rank with a contact |
//! | [`PriorityAging`] | the lowest priority number less gain × wait | classes of the group |
//! | [`LongestQueue`] | the most waiting contacts of its type | classes of the group |
//! | [`Weighted`] | the largest weight × wait | classes of the group |
//! | [`GeneralizedCMu`] | the largest cost × wait ÷ mean agent time | classes of the group |
//!
//! Ties go to the contact that has waited longest since it first joined a human queue, and of those
//! that joined at one instant to the one that joined first.

use std::fmt::Debug;

use super::{AgentChoice, ClassId, ContactTypeId, GroupId, Model};
use crate::time::SimSpan;

/// A human queue.
#[derive(Clone, Debug)]
pub struct Class {
    /// The type as which its contacts wait and are served.
    pub contact_type: ContactTypeId,
    /// The priority that triage has given to its contacts; it goes before all others.
    pub urgent: Option<u32>,
    /// Groups that may serve it, in order of the route.
    pub route: Vec<Reach>,
    /// When later stages of the route begin, from joining the queue; in order, each more than 0.
    pub stages: Vec<SimSpan>,
    /// Which free agent a contact takes.
    pub agents: AgentChoice,
}

/// A group that may serve a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The group.
    pub group: GroupId,
    /// How long a contact waits before it may go there.
    pub after: SimSpan,
    /// Agents that the group holds back from this class.
    pub reserve: u32,
}

/// A class that a group serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// The class.
    pub class: ClassId,
    /// How long a contact waits before this group may take it.
    pub after: SimSpan,
    /// Agents that the group holds back from this class.
    pub reserve: u32,
    /// Place in the group's order of preference, from 0; equals share one.
    pub rank: u32,
}

/// The longest waiting contact of a class, as a free agent sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offer {
    /// The agent's group.
    pub group: GroupId,
    /// The type as which the contact waits.
    pub contact_type: ContactTypeId,
    /// Its priority in this group: of triage, of the group, or of the type; 1 is most urgent.
    pub priority: u32,
    /// Time since it first joined a human queue.
    pub wait: SimSpan,
    /// Waiting contacts of its type.
    pub waiting: u32,
    /// Mean agent time, in seconds, that this group needs for a contact of the type.
    pub agent_time: f64,
}

/// Which waiting contact a free agent takes: of those it may serve, the first of their class, the
/// one with the greatest urgency.
///
/// A team can run its own: implement this, and give it to [`Model::with_policy`].
///
/// ```
/// # use std::sync::Arc;
/// # use surgecast::experiment::{self, Control, Options};
/// # use surgecast::format::{NoFiles, SourceText};
/// # use surgecast::scenario;
/// use surgecast::model::{Model, Policy, routing::Offer};
/// use surgecast::time::SimSpan;
///
/// /// By priority, but whoever has waited for two minutes comes before all others.
/// #[derive(Debug)]
/// struct Promise;
///
/// impl Policy for Promise {
///     fn urgency(&self, offer: &Offer) -> f64 {
///         let is_late = offer.wait >= SimSpan::MINUTE + SimSpan::MINUTE;
///         if is_late { f64::INFINITY } else { -f64::from(offer.priority) }
///     }
/// }
/// # let text = r#"
/// # run = { duration = "4h", replications = 20 }
/// # contacts.gold = { rate = "60/h", priority = 1, handling = { exponential = { mean = "4m" } } }
/// # contacts.rest = { rate = "60/h", priority = 2, handling = { exponential = { mean = "4m" } } }
/// # groups.team = { skills = ["gold", "rest"], staff = 9 }
/// # "#;
/// # let parsed = scenario::parse(SourceText::new("x.toml", text), &[], &NoFiles)
/// #     .map_err(|problems| problems.render(false))?;
/// # let run = |model: &Model| experiment::run(model, &Options::default(), &Control::new(1));
/// let model = Model::compile(&parsed.scenario);
/// let priority = run(&model)?;
/// let promise = run(&model.with_policy(Arc::new(Promise)))?;
/// // The same customers: those who came last under `priority` are better off.
/// let last = "contacts.rest.wait.p99";
/// let of = |summary: &experiment::Summary| summary.figure(last).and_then(|f| f.estimate.value);
/// assert!(of(&promise) < of(&priority));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Policy: Debug + Send + Sync {
    /// How urgent an offer is; the greatest is taken. Not a number comes last. Must depend on the
    /// offer alone: the same offer, the same urgency.
    fn urgency(&self, offer: &Offer) -> f64;

    /// Whether the urgency depends on neither wait nor queue length. Then the order is computed
    /// once, when the model is made.
    fn is_fixed(&self) -> bool {
        false
    }
}

/// First come, first served over all classes.
#[derive(Clone, Copy, Debug)]
pub struct Fcfs;

impl Policy for Fcfs {
    fn urgency(&self, _offer: &Offer) -> f64 {
        0.0
    }

    fn is_fixed(&self) -> bool {
        true
    }
}

/// Strict priority.
#[derive(Clone, Copy, Debug)]
pub struct Priority;

impl Policy for Priority {
    fn urgency(&self, offer: &Offer) -> f64 {
        -f64::from(offer.priority)
    }

    fn is_fixed(&self) -> bool {
        true
    }
}

/// Priority that grows with the wait: accumulating priority (Kleinrock 1964, "A delay dependent
/// queue discipline", Naval Research Logistics Quarterly 11; Stanford, Taylor, Ziedins 2014,
/// Queueing Systems 77).
#[derive(Clone, Debug)]
pub struct PriorityAging {
    /// Priority levels gained per second of wait, by contact type.
    pub gain: Vec<f64>,
}

impl Policy for PriorityAging {
    fn urgency(&self, offer: &Offer) -> f64 {
        self.gain[offer.contact_type.index()] * offer.wait.as_seconds() - f64::from(offer.priority)
    }
}

/// The type of which most contacts wait.
#[derive(Clone, Copy, Debug)]
pub struct LongestQueue;

impl Policy for LongestQueue {
    fn urgency(&self, offer: &Offer) -> f64 {
        f64::from(offer.waiting)
    }
}

/// The longest wait, weighted by contact type.
#[derive(Clone, Debug)]
pub struct Weighted {
    /// Weight by contact type.
    pub weight: Vec<f64>,
}

impl Policy for Weighted {
    fn urgency(&self, offer: &Offer) -> f64 {
        self.weight[offer.contact_type.index()] * offer.wait.as_seconds()
    }
}

/// The generalized cμ rule: with the delay cost c · w² / 2 of each contact, the first contact of
/// the class with the largest c · w · μ, where μ is one over the mean agent time in the agent's
/// group (Mandelbaum, Stolyar 2004, "Scheduling flexible servers with convex delay costs",
/// Operations Research 52).
#[derive(Clone, Debug)]
pub struct GeneralizedCMu {
    /// Cost by contact type.
    pub cost: Vec<f64>,
}

impl Policy for GeneralizedCMu {
    fn urgency(&self, offer: &Offer) -> f64 {
        let cost = self.cost[offer.contact_type.index()] * offer.wait.as_seconds();
        // Who takes no time at all is served first.
        if offer.agent_time > 0.0 { cost / offer.agent_time } else { f64::INFINITY }
    }
}

impl Model {
    /// The same model under another policy.
    #[must_use]
    pub fn with_policy(mut self, policy: std::sync::Arc<dyn Policy>) -> Self {
        self.policy = policy;
        for group in 0..self.groups.len() {
            let served = self.served(GroupId::new(group));
            self.groups[group].order = self.ranked(GroupId::new(group), served);
        }
        self
    }

    /// What a free agent of `group` sees of the first contact of `class`, which has waited for
    /// `wait`, with `waiting` contacts of its type.
    pub fn offer(&self, group: GroupId, class: ClassId, wait: SimSpan, waiting: u32) -> Offer {
        let Class { contact_type, urgent, .. } = self.classes[class.index()];
        let skill = self.groups[group.index()].skills[contact_type.index()].as_ref();
        Offer {
            group,
            contact_type,
            priority: urgent.or(skill.map(|skill| skill.priority)).unwrap_or(0),
            wait,
            waiting,
            agent_time: skill.map_or(0.0, |skill| skill.agent_time),
        }
    }

    /// The classes that a group serves, in order of listing.
    fn served(&self, group: GroupId) -> Vec<Served> {
        let classes = self.classes.iter().enumerate();
        let served = classes.filter_map(|(index, class)| {
            let reach = class.route.iter().find(|reach| reach.group == group)?;
            Some(Served {
                class: ClassId::new(index),
                after: reach.after,
                reserve: reach.reserve,
                rank: 0,
            })
        });
        served.collect()
    }

    /// Ranks of equal urgency, the most urgent first, where that is known beforehand.
    fn ranked(&self, group: GroupId, mut served: Vec<Served>) -> Vec<Served> {
        if !self.policy.is_fixed() {
            return served;
        }
        let urgency = |served: &Served| {
            let offer = self.offer(group, served.class, SimSpan::ZERO, 0);
            self.policy.urgency(&offer)
        };
        served.sort_by(|a, b| urgency(b).total_cmp(&urgency(a)));
        for place in 1..served.len() {
            let (before, own) = (served[place - 1], served[place]);
            let is_equal = urgency(&before).total_cmp(&urgency(&own)).is_eq();
            served[place].rank = before.rank + u32::from(!is_equal);
        }
        served
    }
}

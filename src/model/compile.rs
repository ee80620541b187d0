//! Scenario to model. Cannot fail: whatever could be wrong was a problem of the scenario.

use std::sync::Arc;

use super::civil::Civil;
use super::classes::{class_of, classes, policy};
use super::routing::Class;
use super::surge::{Decay, Shape, Surge};
use super::{
    Bot, Change, ClassId, Closing, ContactType, ContactTypeId, Escalated, Group, GroupId, Horizon,
    Limits, Model, Shrinkage, Skill, Source, SourceKind, StepTable, SurgeId, Team, TypeBot, Urgent,
};
use super::{demand, roster};
use crate::random::arrivals::{RateTable, Schedule};
use crate::random::{Distribution, NameKey};
use crate::scenario::{self, AtClose, Demand, Scenario, WhenClosed};
use crate::time::SimTime;

impl Model {
    /// Compiles a scenario.
    pub fn compile(scenario: &Scenario) -> Self {
        let civil = Civil::new(&scenario.run);
        let duration = SimTime::START + scenario.run.duration;
        let end = duration + scenario.run.drain;
        let surges: Vec<Surge> =
            scenario.surges.iter().map(|surge| compile_surge(surge, &civil, duration)).collect();
        let channels = channels(scenario);
        let classes = classes(scenario);
        let contact_types = (0..scenario.contacts.len())
            .map(|index| compile_type(scenario, index, (&surges, &channels), &classes, &civil))
            .collect();
        let (groups, staff) = groups(scenario, &classes, &civil, end);
        let model = Self {
            title: scenario.title.clone(),
            digest: scenario.digest.clone(),
            seed: scenario.run.seed,
            replications: scenario.run.replications.clone(),
            horizon: horizon(scenario, &civil, &surges),
            busyness: scenario.run.busyness,
            contact_types,
            channels,
            service_level: scenario.service_level,
            bot: Bot { capacity: limit(scenario.bot.capacity), when_full: scenario.bot.when_full },
            surges,
            groups,
            classes,
            policy: policy(&scenario.routing.policy),
            limits: Limits {
                waiting_room: limit(scenario.routing.waiting_room),
                lines: limit(scenario.routing.lines),
            },
            changes: changes(scenario, staff, &civil, end),
        };
        let policy = Arc::clone(&model.policy);
        model.with_policy(policy)
    }
}

fn limit(limit: Option<u32>) -> u32 {
    limit.unwrap_or(u32::MAX)
}

fn channels(scenario: &Scenario) -> Vec<String> {
    let mut channels: Vec<String> = Vec::new();
    for contact in &scenario.contacts {
        if !channels.contains(&contact.channel) {
            channels.push(contact.channel.clone());
        }
    }
    channels
}

fn horizon(scenario: &Scenario, civil: &Civil, surges: &[Surge]) -> Horizon {
    let run = &scenario.run;
    let duration = SimTime::START + run.duration;
    let interval = run.interval.as_micros();
    let intervals =
        duration.as_micros().div_euclid(interval) + i64::from(duration.as_micros() % interval != 0);
    let hold_end = surges
        .iter()
        .flat_map(|surge| &surge.shapes)
        .map(|shape| SimTime::from_seconds(shape.hold_end()))
        .max();
    let clocks: Option<Vec<String>> =
        (0..intervals).map(|i| civil.clock(SimTime::from_micros(i * interval))).collect();
    Horizon {
        warm_up: SimTime::START + run.warm_up,
        duration,
        end: duration + run.drain,
        interval: run.interval,
        intervals: usize::try_from(intervals).expect("at most 100,000"),
        first_interval: usize::try_from(run.warm_up.as_micros() / interval).expect("not negative"),
        clear_from: hold_end
            .map_or(duration, |at| at.clamp(SimTime::START + run.warm_up, duration)),
        clocks,
    }
}

fn compile_surge(surge: &scenario::SurgeSection, civil: &Civil, duration: SimTime) -> Surge {
    let decay = match surge.decay {
        scenario::SurgeDecay::Linear(length) => Decay::Linear(length.as_seconds()),
        scenario::SurgeDecay::HalfLife(half) => Decay::HalfLife(half.as_seconds()),
    };
    let starts = civil.occurrences(surge.start, duration);
    let shapes = starts.into_iter().filter(|at| *at < duration).map(|at| Shape {
        start: at.as_seconds(),
        ramp: surge.ramp.as_seconds(),
        hold: surge.hold.as_seconds(),
        decay,
    });
    Surge {
        name: surge.name.clone(),
        key: NameKey::new(&["surge", &surge.name]),
        factor: surge.factor.clone(),
        deflection_factor: surge.deflection_factor,
        shapes: shapes.collect(),
    }
}

fn compile_type(
    scenario: &Scenario,
    index: usize,
    (surges, channels): (&[Surge], &[String]),
    classes: &[Class],
    civil: &Civil,
) -> ContactType {
    let contact = &scenario.contacts[index];
    let touching: Vec<usize> = (0..surges.len())
        .filter(|surge| scenario.surges[*surge].contacts.contains(&index))
        .collect();
    let log = match &contact.demand {
        Demand::Recorded(log) => Some(Arc::clone(log)),
        _ => None,
    };
    let handling = contact.handling.clone();
    let handling = handling.unwrap_or_else(|| recorded_handling(log.as_deref()));
    let saving = contact.bot.as_ref().map_or(0.0, |bot| bot.context_saving);
    let escalated = contact.bot.as_ref().and_then(|bot| bot.escalation_handling.clone());
    let taken_for = contact.bot.as_ref().and_then(|bot| bot.misroute);
    let served_as = [Some(index), taken_for.map(|misroute| misroute.to)];
    let mut groups: Vec<GroupId> = served_as
        .into_iter()
        .flatten()
        .flat_map(|served_as| &classes[served_as].route)
        .map(|reach| reach.group)
        .collect();
    groups.sort_unstable();
    groups.dedup();
    ContactType {
        name: contact.name.clone(),
        key: NameKey::new(&["contacts", &contact.name]),
        channel: channels.iter().position(|c| *c == contact.channel).unwrap_or(0),
        sources: sources(scenario, index, &touching, surges, civil),
        surges: touching.iter().map(|surge| SurgeId::new(*surge)).collect(),
        busyness: contact.busyness,
        priority: contact.priority,
        patience: contact.patience.clone(),
        escalation_handling: Escalated {
            handling: escalated.unwrap_or_else(|| handling.clone()),
            factor: 1.0 - saving,
        },
        handling,
        wrap_up: contact.wrap_up.clone(),
        retry: contact.retry.clone(),
        queue_limit: limit(contact.queue_limit),
        hours: contact.hours.as_ref().map(|hours| Closing {
            rejects: hours.when_closed == WhenClosed::Reject,
            disconnects: hours.at_close == AtClose::Disconnect,
        }),
        log,
        service_level: contact.service_level,
        bot: contact
            .bot
            .as_ref()
            .map(|bot| compile_bot(scenario, (index, bot), &touching, classes, civil)),
        class: ClassId::new(index),
        groups,
    }
}

/// What stands in for contacts whose handling a log does not tell: those that it tells.
fn recorded_handling(log: Option<&scenario::Recorded>) -> Distribution {
    let told = log.and_then(|log| log.handling.as_ref());
    let told = told.into_iter().flatten().flatten();
    let seconds: Vec<f64> = told.map(|handling| handling.as_seconds()).collect();
    Distribution::empirical(seconds).or_else(|_| Distribution::fixed(0.0)).expect("0 is a length")
}

/// Those who wait at the start, the base demand, then one source for each occurrence of each surge.
fn sources(
    scenario: &Scenario,
    index: usize,
    touching: &[usize],
    surges: &[Surge],
    civil: &Civil,
) -> Vec<Source> {
    let contact = &scenario.contacts[index];
    let duration = SimTime::START + scenario.run.duration;
    let base = demand::base(contact, civil, duration);
    let schedule = match &contact.demand {
        Demand::Recorded(log) => Schedule::Listed(log.times.clone()),
        _ => Schedule::Rates(RateTable::new(base.clone())),
    };
    let mut sources = vec![Source {
        key: NameKey::new(&["contacts", &contact.name, "base"]),
        schedule,
        kind: SourceKind::Base,
    }];
    if contact.initial_backlog > 0 {
        sources.push(Source {
            key: NameKey::new(&["contacts", &contact.name, "backlog"]),
            schedule: Schedule::Listed(vec![SimTime::START; contact.initial_backlog as usize]),
            kind: SourceKind::Backlog,
        });
    }
    for surge in touching {
        for (occurrence, shape) in surges[*surge].shapes.iter().enumerate() {
            let parts = ["contacts", &contact.name, "surge", &surges[*surge].name];
            let occurrence = occurrence.to_string();
            let key = NameKey::new(&[&parts[..], &[occurrence.as_str()]].concat());
            let from = base.partition_point(|piece| piece.start + piece.length <= shape.start);
            let rates = RateTable::new(demand::product(&base[from..], &demand::strength(shape)));
            if rates.total() > 0.0 {
                sources.push(Source {
                    key,
                    schedule: Schedule::Rates(rates),
                    kind: SourceKind::Surge(SurgeId::new(*surge)),
                });
            }
        }
    }
    sources
}

fn compile_bot(
    scenario: &Scenario,
    (index, bot): (usize, &scenario::ContactBot),
    touching: &[usize],
    classes: &[Class],
    civil: &Civil,
) -> TypeBot {
    let end = SimTime::START + scenario.run.duration + scenario.run.drain;
    let steps = civil.expand(&bot.deflection, 0.0, end);
    TypeBot {
        deflection: StepTable::new(steps[0].1, steps[1..].iter().copied()),
        surges: touching
            .iter()
            .filter(|surge| (scenario.surges[**surge].deflection_factor - 1.0).abs() > 0.0)
            .map(|surge| SurgeId::new(*surge))
            .collect(),
        session: bot.session.clone(),
        escalation_session: bot.escalation_session.clone(),
        opt_out: bot.opt_out,
        abandonment: bot.abandonment,
        false_resolution: bot.false_resolution.clone(),
        misroute: bot
            .misroute
            .map(|misroute| (misroute.probability, class_of(classes, misroute.to, None))),
        urgent: bot.urgent.map(|urgent| {
            let class = |served_as| class_of(classes, served_as, Some(urgent.priority));
            Urgent {
                probability: urgent.probability,
                class: class(index),
                misrouted: bot.misroute.map(|misroute| class(misroute.to)),
            }
        }),
    }
}

/// The groups, and when their staff changes.
fn groups(
    scenario: &Scenario,
    classes: &[Class],
    civil: &Civil,
    end: SimTime,
) -> (Vec<Group>, Vec<(SimTime, Change)>) {
    let mut changes = Vec::new();
    let compile = |(index, group): (usize, &scenario::GroupSection)| {
        let id = GroupId::new(index);
        let chooses = |class: &Class| {
            class.route.len() > 1 && class.route.iter().any(|reach| reach.group == id)
        };
        let is_ordered = classes.iter().any(chooses);
        let (team, staff) = roster::staff((id, group), is_ordered, civil, end);
        changes.extend(staff);
        compile_group(scenario, group, team)
    };
    let groups = scenario.groups.iter().enumerate().map(compile).collect();
    (groups, changes)
}

fn compile_group(scenario: &Scenario, group: &scenario::GroupSection, team: Team) -> Group {
    let mut skills: Vec<Option<Skill>> = vec![None; scenario.contacts.len()];
    for skill in &group.skills {
        let contact = &scenario.contacts[skill.contact];
        let handling = match (&skill.handling, &contact.handling) {
            (Some(own), _) => own.mean(),
            (None, Some(handling)) => handling.mean() / skill.speed,
            (None, None) => {
                let log = match &contact.demand {
                    Demand::Recorded(log) => Some(log.as_ref()),
                    _ => None,
                };
                recorded_handling(log).mean() / skill.speed
            }
        };
        let wrap_up = contact.wrap_up.as_ref().map_or(0.0, Distribution::mean);
        skills[skill.contact] = Some(Skill {
            speed: skill.speed,
            handling: skill.handling.clone(),
            priority: skill.priority.unwrap_or(contact.priority),
            pace: 1.0 / handling.max(f64::MIN_POSITIVE),
            agent_time: handling + wrap_up,
        });
    }
    Group {
        name: group.name.clone(),
        skills,
        team,
        shrinkage: Shrinkage::of(group),
        speeds: group.concurrency.as_ref().map(|concurrency| concurrency.speeds.clone()),
        // Filled by `with_policy`, which needs the whole model.
        order: Vec::new(),
        cost_per_hour: group.cost_per_hour,
    }
}

/// All that changes at a given instant, in order of time and of the tie rule.
fn changes(
    scenario: &Scenario,
    mut changes: Vec<(SimTime, Change)>,
    civil: &Civil,
    end: SimTime,
) -> Vec<(SimTime, Change)> {
    for (index, contact) in scenario.contacts.iter().enumerate() {
        if let Some(hours) = &contact.hours {
            changes.extend(roster::hours(ContactTypeId::new(index), hours, civil, end));
        }
    }
    changes.extend(roster::bot(&scenario.bot, civil, end));
    changes.retain(|(at, _)| *at <= end);
    changes.sort_by_key(|(at, change)| (*at, change.rank()));
    changes
}

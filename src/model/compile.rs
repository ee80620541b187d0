//! Scenario to model. Cannot fail: whatever could be wrong was a problem of the scenario.

use super::civil::Civil;
use super::demand;
use super::surge::{Decay, Shape, Surge};
use super::{
    Bot, Change, ContactType, ContactTypeId, Escalated, Group, GroupId, Horizon, Limits, Model,
    Source, StepTable, SurgeId, TypeBot,
};
use crate::random::NameKey;
use crate::random::arrivals::{RateTable, Schedule};
use crate::scenario::{self, Policy, Scenario};
use crate::time::SimTime;

impl Model {
    /// Compiles a scenario.
    pub fn compile(scenario: &Scenario) -> Self {
        let civil = Civil::new(&scenario.run);
        let duration = SimTime::START + scenario.run.duration;
        let end = duration + scenario.run.drain;
        let surges: Vec<Surge> = scenario
            .surges
            .iter()
            .map(|surge| compile_surge(surge, &civil, duration))
            .collect();
        let channels = channels(scenario);
        let contact_types = (0..scenario.contacts.len())
            .map(|index| compile_type(scenario, index, &surges, &channels, &civil))
            .collect();
        Self {
            title: scenario.title.clone(),
            digest: scenario.digest.clone(),
            seed: scenario.run.seed,
            replications: scenario.run.replications.clone(),
            horizon: horizon(scenario, &civil, &surges),
            busyness: scenario.run.busyness,
            contact_types,
            channels,
            service_level: scenario.service_level,
            bot: Bot {
                capacity: limit(scenario.bot.capacity),
                when_full: scenario.bot.when_full,
            },
            surges,
            groups: scenario
                .groups
                .iter()
                .map(|group| compile_group(scenario, group))
                .collect(),
            limits: Limits {
                waiting_room: limit(scenario.routing.waiting_room),
                lines: limit(scenario.routing.lines),
            },
            changes: changes(scenario, &civil, end),
        }
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
    let clocks: Option<Vec<String>> = (0..intervals)
        .map(|i| civil.clock(SimTime::from_micros(i * interval)))
        .collect();
    Horizon {
        warm_up: SimTime::START + run.warm_up,
        duration,
        end: duration + run.drain,
        interval: run.interval,
        intervals: usize::try_from(intervals).expect("at most 100,000"),
        first_interval: usize::try_from(run.warm_up.as_micros() / interval).expect("not negative"),
        clear_from: hold_end.map_or(duration, |at| {
            at.clamp(SimTime::START + run.warm_up, duration)
        }),
        clocks,
    }
}

fn compile_surge(surge: &scenario::Surge, civil: &Civil, duration: SimTime) -> Surge {
    let decay = match surge.decay {
        scenario::Decay::Linear(length) => Decay::Linear(length.as_seconds()),
        scenario::Decay::HalfLife(half) => Decay::HalfLife(half.as_seconds()),
    };
    let starts = civil.occurrences(surge.start, duration);
    let shapes = starts
        .into_iter()
        .filter(|at| *at < duration)
        .map(|at| Shape {
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
    surges: &[Surge],
    channels: &[String],
    civil: &Civil,
) -> ContactType {
    let contact = &scenario.contacts[index];
    let touching: Vec<usize> = (0..surges.len())
        .filter(|surge| scenario.surges[*surge].contacts.contains(&index))
        .collect();
    let handling = contact
        .handling
        .clone()
        .expect("a scenario without handling for a type that agents serve is refused");
    let saving = contact.bot.as_ref().map_or(0.0, |bot| bot.context_saving);
    let escalated = contact
        .bot
        .as_ref()
        .and_then(|bot| bot.escalation_handling.clone());
    let groups = scenario.groups.iter().enumerate();
    ContactType {
        name: contact.name.clone(),
        key: NameKey::new(&["contacts", &contact.name]),
        channel: channels
            .iter()
            .position(|c| *c == contact.channel)
            .unwrap_or(0),
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
        service_level: contact.service_level,
        bot: contact
            .bot
            .as_ref()
            .map(|bot| compile_bot(scenario, bot, &touching, civil)),
        groups: groups
            .filter(|(_, group)| group.skills.iter().any(|skill| skill.contact == index))
            .map(|(group, _)| GroupId::new(group))
            .collect(),
    }
}

/// The base demand, then one source for each occurrence of each surge.
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
    let mut sources = vec![Source {
        key: NameKey::new(&["contacts", &contact.name, "base"]),
        schedule: Schedule::Rates(RateTable::new(base.clone())),
        surge: None,
    }];
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
                    surge: Some(SurgeId::new(*surge)),
                });
            }
        }
    }
    sources
}

fn compile_bot(
    scenario: &Scenario,
    bot: &scenario::TypeBot,
    touching: &[usize],
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
    }
}

fn compile_group(scenario: &Scenario, group: &scenario::Group) -> Group {
    let mut speeds = vec![0.0; scenario.contacts.len()];
    let mut ranked: Vec<(u32, ContactTypeId)> = Vec::new();
    for skill in &group.skills {
        speeds[skill.contact] = skill.speed;
        let rank = match scenario.routing.policy {
            Policy::Fcfs => 0,
            _ => skill
                .priority
                .unwrap_or(scenario.contacts[skill.contact].priority),
        };
        ranked.push((rank, ContactTypeId::new(skill.contact)));
    }
    ranked.sort_unstable();
    let order = ranked.chunk_by(|a, b| a.0 == b.0);
    let elsewhere = |contact: usize| {
        let others = scenario
            .groups
            .iter()
            .filter(|other| other.name != group.name);
        others
            .flat_map(|other| &other.skills)
            .any(|skill| skill.contact == contact)
    };
    Group {
        name: group.name.clone(),
        speeds,
        order: order
            .map(|equal| equal.iter().map(|(_, id)| *id).collect())
            .collect(),
        shares_contacts: group.skills.iter().any(|skill| elsewhere(skill.contact)),
        cost_per_hour: group.cost_per_hour,
    }
}

/// Agents present of those scheduled: the rest after shrinkage, rounded down to whole agents. The
/// small addition keeps 10 × (1 − 0.3) at 7 in floating point.
pub fn present(scheduled: u32, shrinkage: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to scheduled"
    )]
    let present = (f64::from(scheduled) * (1.0 - shrinkage) + 1e-9).floor() as u32;
    present.min(scheduled)
}

fn changes(scenario: &Scenario, civil: &Civil, end: SimTime) -> Vec<(SimTime, Change)> {
    let mut changes = Vec::new();
    for (index, group) in scenario.groups.iter().enumerate() {
        let scenario::Staffing::HeadCount(staff) = &group.staffing else {
            continue;
        };
        for (at, scheduled) in civil.expand(staff, 0, end) {
            let present = present(scheduled, group.shrinkage);
            changes.push((
                at,
                Change::Staff {
                    group: GroupId::new(index),
                    scheduled,
                    present,
                },
            ));
        }
    }
    changes.extend(bot_changes(&scenario.bot, civil, end));
    changes.retain(|(at, _)| *at <= end);
    changes.sort_by_key(|(at, _)| *at);
    changes
}

/// What the bot can do from when on: the least capacity and the product of the factors of all
/// outages in progress.
fn bot_changes(bot: &scenario::BotCapacity, civil: &Civil, end: SimTime) -> Vec<(SimTime, Change)> {
    let mut outages: Vec<(SimTime, SimTime, &scenario::Outage)> = Vec::new();
    for outage in &bot.outages {
        for start in civil.occurrences(outage.start, end) {
            outages.push((start, start + outage.length, outage));
        }
    }
    let mut instants: Vec<SimTime> = outages
        .iter()
        .flat_map(|(start, stop, _)| [*start, *stop])
        .map(|at| at.max(SimTime::START))
        .chain([SimTime::START])
        .collect();
    instants.sort_unstable();
    instants.dedup();
    let state = |at: SimTime| {
        let mut capacity = limit(bot.capacity);
        let mut deflection_factor = 1.0;
        for (_, _, outage) in outages
            .iter()
            .filter(|(start, stop, _)| *start <= at && at < *stop)
        {
            capacity = capacity.min(limit(outage.capacity));
            deflection_factor *= outage.deflection_factor;
        }
        (
            at,
            Change::Bot {
                capacity,
                deflection_factor,
            },
        )
    };
    instants.into_iter().map(state).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinkage_rounds_down_to_whole_agents_and_no_further() {
        assert_eq!(present(10, 0.3), 7);
        assert_eq!(present(120, 0.12), 105);
        assert_eq!(present(100, 0.0), 100);
        assert_eq!(present(1, 0.5), 0);
        for scheduled in 0..2000 {
            for percent in 0..100u32 {
                let exact = scheduled * (100 - percent) / 100;
                assert_eq!(present(scheduled, f64::from(percent) / 100.0), exact);
            }
        }
    }
}

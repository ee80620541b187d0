//! Agents with several contacts open: limited processor sharing.
//!
//! An agent with k contacts open works on each at `speed[k]`, wrap-up included; whenever one joins
//! or leaves, the others go on at the new speed. Work is counted in microseconds at speed 1. Each
//! agent has one pending event, the end of the handling or wrap-up that is done first, in a
//! [`Tournament`]: it is moved, never left behind.

use super::calendar::{Keys, NOTHING};
use super::kept::Slot;
use super::tournament::Tournament;
use crate::model::{GroupId, Model, Team};
use crate::time::{SimSpan, SimTime};

/// A contact that an agent has open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chat {
    /// Where the contact is kept.
    pub(super) slot: Slot,
    /// When it was answered.
    pub(super) answered_at: SimTime,
    /// When the customer left; `None`: not yet.
    pub(super) left_at: Option<SimTime>,
    /// Work until the end of the handling, then of the wrap-up.
    left: f64,
    /// Work of the wrap-up.
    wrap_up: f64,
}

/// An agent at work.
#[derive(Clone, Copy, Debug)]
struct Desk {
    group: GroupId,
    /// Place among the agents of the group.
    agent: u32,
    /// Up to when the work is counted.
    counted_to: SimTime,
    /// The place of the first open contact, and how many there are.
    first: usize,
    open: usize,
}

/// What an agent's event is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Finished {
    /// The customer leaves; there is wrap-up to do.
    Handling(Chat),
    /// The agent is done with the contact; the customer leaves now if there was no wrap-up.
    All(Chat),
}

/// All agents of groups with concurrency.
#[derive(Debug)]
pub(super) struct Chats {
    desks: Vec<Desk>,
    /// Open contacts: of each desk as many places as its agent may have open, up to the last desk
    /// that had one. On places that are empty an infinite work is left: whoever looks for the least
    /// looks at all places, which is quicker than to guess how many are open.
    open: Vec<Chat>,
    /// By group: the desk of its first agent.
    first: Vec<usize>,
    /// By group: speed while 1, 2, … are open.
    speeds: Vec<Vec<f64>>,
    /// By desk: the key of its event.
    events: Tournament,
    /// The desk whose event is over, with the order of the next: until [`Chats::settle`], or until its
    /// agent takes another contact.
    unplanned: Option<(usize, u64)>,
    scheduled: u64,
    keys: Keys,
    /// As [`Keys::kind`] has it.
    kind: u64,
}

impl Chats {
    /// `kind` is the rank of these events among those of one instant.
    pub(super) fn new(model: &Model, keys: Keys, kind: u64) -> Self {
        let mut desks = Vec::new();
        let mut first_of_group = Vec::new();
        let mut places = 0;
        for (index, group) in model.groups.iter().enumerate() {
            first_of_group.push(desks.len());
            let (agents, most) = match (&group.speeds, group.team) {
                (Some(speeds), Team::Heads(agents) | Team::Shifts(agents)) => {
                    (agents, speeds.len())
                }
                _ => (0, 0),
            };
            desks.extend((0..agents).map(|agent| Desk {
                group: GroupId::new(index),
                agent,
                counted_to: SimTime::START,
                first: places + agent as usize * most,
                open: 0,
            }));
            places += agents as usize * most;
        }
        let speeds = model.groups.iter().map(|group| group.speeds.clone());
        Self {
            open: Vec::new(),
            first: first_of_group,
            speeds: speeds.map(Option::unwrap_or_default).collect(),
            events: Tournament::new(desks.len()),
            unplanned: None,
            desks,
            scheduled: 0,
            keys,
            kind: keys.kind(kind),
        }
    }

    /// The key of the next end of a handling or wrap-up; [`NOTHING`] if there is none.
    #[inline(always)]
    pub(super) fn head(&self) -> u64 {
        self.events.least()
    }

    /// An agent takes a contact with so much work.
    pub(super) fn begin(
        &mut self,
        (group, agent): (GroupId, u32),
        now: SimTime,
        slot: Slot,
        (handling, wrap_up): (SimSpan, SimSpan),
    ) {
        let at = self.first[group.index()] + agent as usize;
        let desk = &mut self.desks[at];
        let speeds = &self.speeds[group.index()];
        let chat = Chat {
            slot,
            answered_at: now,
            left_at: None,
            left: handling.as_micros() as f64,
            wrap_up: wrap_up.as_micros() as f64,
        };
        let end = desk.first + speeds.len();
        if self.open.len() < end {
            self.open.resize(end, Chat { left: f64::INFINITY, ..chat });
        }
        let places = &mut self.open[desk.first..end];
        let (_, least) = desk.count_work(places, speeds, now);
        places[desk.open] = chat;
        desk.open += 1;
        let speed = speeds[desk.open - 1];
        if self.unplanned.is_some_and(|(desk, _)| desk == at) {
            self.unplanned = None;
        }
        let order = self.next_order();
        self.plan(at, now, (least.min(chat.left), speed), order);
    }

    /// The next event, which is now: whose, and what ends. Until `settle` follows, the head is still
    /// that of the event that is over.
    pub(super) fn pop(&mut self, now: SimTime) -> (GroupId, u32, Finished) {
        let at = self.events.winner();
        let desk = &mut self.desks[at];
        let speeds = &self.speeds[desk.group.index()];
        let places = &mut self.open[desk.first..desk.first + speeds.len()];
        let (first, _) = desk.count_work(places, speeds, now);
        let chat = &mut places[first];
        let is_wrapping = chat.left_at.is_some();
        let ended = if is_wrapping || chat.wrap_up == 0.0 {
            let ended = Finished::All(*chat);
            for place in 0..places.len() - 1 {
                places[place] = places[place + usize::from(place >= first)];
            }
            desk.open -= 1;
            places[desk.open].left = f64::INFINITY;
            ended
        } else {
            chat.left_at = Some(now);
            chat.left = chat.wrap_up;
            Finished::Handling(*chat)
        };
        let (group, agent) = (desk.group, desk.agent);
        let order = self.next_order();
        self.unplanned = Some((at, order));
        (group, agent, ended)
    }

    /// Plans the event of the desk whose last is over, unless its agent has taken another contact.
    pub(super) fn settle(&mut self, now: SimTime) {
        let Some((at, order)) = self.unplanned.take() else {
            return;
        };
        let desk = &self.desks[at];
        if desk.open == 0 {
            return self.events.set(at, NOTHING);
        }
        let speeds = &self.speeds[desk.group.index()];
        let places = &self.open[desk.first..desk.first + speeds.len()];
        let left = places.iter().map(|chat| chat.left);
        let least = left.fold(f64::INFINITY, f64::min);
        let speed = speeds[desk.open - 1];
        self.plan(at, now, (least, speed), order);
    }

    fn next_order(&mut self) -> u64 {
        self.scheduled += 1;
        self.scheduled - 1
    }

    /// All open contacts, with the group that has each.
    pub(super) fn open(&self) -> impl Iterator<Item = (GroupId, &Chat)> {
        let desks = self.desks.iter().filter(|desk| desk.open > 0);
        desks.flat_map(|desk| {
            let open = &self.open[desk.first..desk.first + desk.open];
            open.iter().map(|chat| (desk.group, chat))
        })
    }

    /// Plans the event of a desk where `left` is the least work left on a contact.
    fn plan(&mut self, desk: usize, now: SimTime, (left, speed): (f64, f64), order: u64) {
        let span = (left / speed).min(SimSpan::LONGEST.as_micros() as f64);
        #[expect(clippy::cast_possible_truncation, reason = "cut just before")]
        let whole = span as i64;
        // To the nearest, halves away from zero.
        let rest = span - whole as f64;
        let span = SimSpan::from_micros(whole + i64::from(rest >= 0.5));
        let key = self.keys.key(now + span, self.kind, order);
        self.events.set(desk, key);
    }
}

impl Desk {
    /// Takes off the work done since it was last counted. The contact with the least work left, the
    /// first of such, and how much that is; infinite if none is open.
    fn count_work(&mut self, places: &mut [Chat], speeds: &[f64], now: SimTime) -> (usize, f64) {
        let elapsed = (now - self.counted_to).as_micros() as f64;
        self.counted_to = now;
        let speed = speeds[self.open.max(1) - 1];
        let (mut first, mut least) = (0, f64::INFINITY);
        for (place, chat) in places.iter_mut().enumerate() {
            chat.left = (chat.left - elapsed * speed).max(0.0);
            if chat.left < least {
                (first, least) = (place, chat.left);
            }
        }
        (first, least)
    }
}

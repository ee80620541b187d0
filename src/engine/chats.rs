//! Agents with several contacts open: limited processor sharing.
//!
//! An agent with k contacts open works on each at `speed[k]`, wrap-up included; whenever one joins
//! or leaves, the others go on at the new speed. Work is counted in microseconds at speed 1. Each
//! agent has one pending event, the end of the handling or wrap-up that is done first, in a heap
//! that knows where each agent stands: it is moved, never left behind.

use super::calendar::{Entry, Keys, NOTHING};
use super::contact::Slot;
use crate::model::{GroupId, Model, Team};
use crate::time::{SimSpan, SimTime};

/// Not in the heap.
const NOWHERE: u32 = u32::MAX;
/// Children per node of the heap.
const ARITY: usize = 4;

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
#[derive(Clone, Debug)]
struct Desk {
    group: GroupId,
    /// Place among the agents of the group.
    agent: u32,
    /// Up to when the work is counted.
    counted_to: SimTime,
    chats: Vec<Chat>,
    /// Place in the heap.
    place: u32,
}

/// What an agent's event is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ended {
    /// The customer leaves; there is wrap-up to do.
    Handling(Chat),
    /// The agent is done with the contact; the customer leaves now if there was no wrap-up.
    All(Chat),
}

/// All agents of groups with concurrency.
#[derive(Debug)]
pub(super) struct Chats {
    desks: Vec<Desk>,
    /// By group: the desk of its first agent.
    first: Vec<usize>,
    /// By group: speed while 1, 2, … are open.
    speeds: Vec<Vec<f64>>,
    /// Pending events, a heap; the payload is the desk.
    heap: Vec<Entry>,
    head: u64,
    scheduled: u64,
    keys: Keys,
    /// As [`Keys::kind`] has it.
    kind: u64,
}

impl Chats {
    /// `kind` is the rank of these events among those of one instant.
    pub(super) fn new(model: &Model, keys: Keys, kind: u64) -> Self {
        let mut chats = Self {
            desks: Vec::new(),
            first: Vec::new(),
            speeds: Vec::new(),
            heap: Vec::new(),
            head: NOTHING,
            scheduled: 0,
            keys,
            kind: keys.kind(kind),
        };
        for (index, group) in model.groups.iter().enumerate() {
            chats.first.push(chats.desks.len());
            chats.speeds.push(group.speeds.clone().unwrap_or_default());
            let agents = match (&group.speeds, group.team) {
                (Some(_), Team::Heads(agents) | Team::Shifts(agents)) => agents,
                _ => 0,
            };
            chats.desks.extend((0..agents).map(|agent| Desk {
                group: GroupId::new(index),
                agent,
                counted_to: SimTime::START,
                chats: Vec::new(),
                place: NOWHERE,
            }));
        }
        chats
    }

    /// The key of the next end of a handling or wrap-up; [`NOTHING`] if there is none.
    #[inline(always)]
    pub(super) fn head(&self) -> u64 {
        self.head
    }

    fn look(&mut self) {
        let first = self.heap.first();
        self.head = first.map_or(NOTHING, |first| first.key);
    }

    /// An agent takes a contact with so much work.
    pub(super) fn begin(
        &mut self,
        (group, agent): (GroupId, u32),
        now: SimTime,
        slot: Slot,
        (handling, wrap_up): (SimSpan, SimSpan),
    ) {
        let desk = self.first[group.index()] + agent as usize;
        self.count_work(desk, now);
        self.desks[desk].chats.push(Chat {
            slot,
            answered_at: now,
            left_at: None,
            left: handling.as_micros() as f64,
            wrap_up: wrap_up.as_micros() as f64,
        });
        self.plan(desk, now);
    }

    /// The next event, which is now: whose, and what ends.
    pub(super) fn pop(&mut self, now: SimTime) -> Option<(GroupId, u32, Ended)> {
        let at = self.heap.first()?.payload as usize;
        self.count_work(at, now);
        let desk = &mut self.desks[at];
        let mut first = 0;
        let mut least = f64::INFINITY;
        for (place, chat) in desk.chats.iter().enumerate() {
            if chat.left < least {
                (first, least) = (place, chat.left);
            }
        }
        let chat = &mut desk.chats[first];
        let is_wrapping = chat.left_at.is_some();
        let ended = if is_wrapping || chat.wrap_up == 0.0 {
            Ended::All(desk.chats.remove(first))
        } else {
            chat.left_at = Some(now);
            chat.left = chat.wrap_up;
            Ended::Handling(*chat)
        };
        let (group, agent) = (desk.group, desk.agent);
        self.plan(at, now);
        Some((group, agent, ended))
    }

    /// Where contacts whose handling goes on are kept.
    pub(super) fn in_handling(&self) -> impl Iterator<Item = Slot> + '_ {
        let open = self.desks.iter().flat_map(|desk| &desk.chats);
        open.filter(|chat| chat.left_at.is_none())
            .map(|chat| chat.slot)
    }

    fn speed(&self, desk: &Desk) -> f64 {
        let speeds = &self.speeds[desk.group.index()];
        speeds[desk.chats.len() - 1]
    }

    /// Takes off the work done since it was last counted.
    fn count_work(&mut self, desk: usize, now: SimTime) {
        let at = &self.desks[desk];
        let elapsed = (now - at.counted_to).as_micros() as f64;
        let speed = if at.chats.is_empty() {
            0.0
        } else {
            self.speed(at)
        };
        let at = &mut self.desks[desk];
        at.counted_to = now;
        for chat in &mut at.chats {
            chat.left = (chat.left - elapsed * speed).max(0.0);
        }
    }

    /// Plans the event of a desk anew.
    fn plan(&mut self, desk: usize, now: SimTime) {
        let at = &self.desks[desk];
        if at.chats.is_empty() {
            self.remove(desk);
        } else {
            let left = at.chats.iter().map(|chat| chat.left);
            let left = left.fold(f64::INFINITY, f64::min);
            let span = (left / self.speed(at)).min(SimSpan::LONGEST.as_micros() as f64);
            #[expect(clippy::cast_possible_truncation, reason = "cut just before")]
            let whole = span as i64;
            // To the nearest, halves away from zero.
            let rest = span - whole as f64;
            let span = SimSpan::from_micros(whole + i64::from(rest >= 0.5));
            self.set(desk, now + span);
        }
        self.look();
    }

    fn set(&mut self, desk: usize, at: SimTime) {
        let payload = u32::try_from(desk).expect("agents are fewer than 2^32");
        let key = self.keys.key(at, self.kind, self.scheduled);
        let entry = Entry { key, payload };
        self.scheduled += 1;
        let place = self.desks[desk].place;
        if place == NOWHERE {
            self.heap.push(entry);
            self.rise(self.heap.len() - 1);
        } else {
            self.heap[place as usize] = entry;
            self.rise(place as usize);
            self.sink(self.desks[desk].place as usize);
        }
    }

    fn remove(&mut self, desk: usize) {
        let place = std::mem::replace(&mut self.desks[desk].place, NOWHERE);
        if place == NOWHERE {
            return;
        }
        let place = place as usize;
        let last = self.heap.pop().expect("the desk is in it");
        if place < self.heap.len() {
            self.put(place, last);
            self.rise(place);
            self.sink(self.desks[last.payload as usize].place as usize);
        }
    }

    fn put(&mut self, node: usize, entry: Entry) {
        self.heap[node] = entry;
        let desk = &mut self.desks[entry.payload as usize];
        desk.place = u32::try_from(node).expect("agents are fewer than 2^32");
    }

    fn rise(&mut self, mut node: usize) {
        let entry = self.heap[node];
        while node > 0 {
            let parent = (node - 1) / ARITY;
            if self.heap[parent].key <= entry.key {
                break;
            }
            self.put(node, self.heap[parent]);
            node = parent;
        }
        self.put(node, entry);
    }

    fn sink(&mut self, mut node: usize) {
        let entry = self.heap[node];
        loop {
            let first = node * ARITY + 1;
            let mut least = first;
            let Some(mut key) = self.heap.get(first).map(|child| child.key) else {
                break;
            };
            let end = (first + ARITY).min(self.heap.len());
            for (child, other) in (first..end).zip(&self.heap[first..end]) {
                if other.key < key {
                    (least, key) = (child, other.key);
                }
            }
            if entry.key <= key {
                break;
            }
            self.put(node, self.heap[least]);
            node = least;
        }
        self.put(node, entry);
    }
}

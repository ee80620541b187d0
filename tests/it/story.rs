//! Days of a handful of contacts, traced by hand, with ties on purpose.

use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;

use surgecast::engine::{
    self, Answer, Cause, Contact, Ended, How, Observer, Service, SessionEnd, Staff,
};
use surgecast::model::{GroupId, Model, SourceKind};
use surgecast::random::arrivals::Schedule;
use surgecast::random::{NameKey, Streams};
use surgecast::time::{SimSpan, SimTime};

use crate::support::scenario_with;

mod agents;
mod bot;
mod chats;
mod hours;
mod logs;
mod policies;
mod queue;
mod rooms;
mod routes;
mod shifts;
mod transfers;

/// Writes what the engine tells, one line an event: seconds, then what, then which contact.
#[derive(Default)]
struct Log {
    text: String,
    /// Ends of sessions that were told at their beginning, in no order.
    coming: Vec<(SimTime, String)>,
    /// By group: who should be there, and who stays on.
    staff: Vec<Option<(u32, u32)>>,
}

impl Log {
    fn line(&mut self, at: SimTime, text: &str) {
        // Of one instant, releases and staff come before the ends of sessions.
        let goes_before = text.starts_with("released") || text.starts_with("staff");
        self.pass(|end| end < at || end == at && !goes_before);
        self.write(at, text);
    }

    /// Writes the ends of sessions that are due.
    fn pass(&mut self, is_due: impl Fn(SimTime) -> bool) {
        self.coming.sort_by_key(|(end, _)| *end);
        let due = self.coming.partition_point(|(end, _)| is_due(*end));
        for (end, text) in self.coming.drain(..due).collect::<Vec<_>>() {
            self.write(end, &text);
        }
    }

    fn write(&mut self, at: SimTime, text: &str) {
        writeln!(self.text, "{} {text}", at.as_seconds()).unwrap();
    }

    fn contact(&mut self, at: SimTime, what: &str, contact: &Contact) {
        self.line(at, &of_contact(what, contact));
    }
}

fn of_contact(what: &str, contact: &Contact) -> String {
    let name = char::from(b'a' + u8::try_from(contact.number).unwrap());
    let attempt = "'".repeat(contact.attempt as usize);
    format!("{what} {name}{attempt}")
}

fn of_session(end: SessionEnd) -> &'static str {
    match end {
        SessionEnd::Resolved => "resolved",
        SessionEnd::FalselyResolved => "seemingly",
        SessionEnd::Abandoned => "left-bot",
        SessionEnd::Escalated => "escalated",
    }
}

impl Observer for Log {
    fn on_arrival(&mut self, at: SimTime, contact: &Contact) {
        self.contact(at, "arrives", contact);
    }
    fn on_opted_out(&mut self, at: SimTime, contact: &Contact) {
        self.contact(at, "opts-out", contact);
    }
    fn on_bot_full(&mut self, at: SimTime, contact: &Contact, waits: bool) {
        self.contact(at, if waits { "waits-for-bot" } else { "bot-full" }, contact);
    }
    fn on_session(&mut self, at: SimTime, contact: &Contact, end: Option<(SessionEnd, SimSpan)>) {
        self.contact(at, "session", contact);
        if let Some((end, length)) = end {
            let text = of_contact(of_session(end), contact);
            self.coming.push((at + length, text));
        }
    }
    fn on_session_end(&mut self, at: SimTime, contact: &Contact, end: SessionEnd, _: SimSpan) {
        self.contact(at, of_session(end), contact);
    }
    fn on_queued(&mut self, at: SimTime, contact: &Contact, waits: bool) {
        if waits {
            self.contact(at, "waits", contact);
        }
    }
    fn on_answered(&mut self, at: SimTime, contact: &Contact, answer: Answer) {
        let group = answer.group.index();
        let name = char::from(b'a' + u8::try_from(contact.number).unwrap());
        let attempt = "'".repeat(contact.attempt as usize);
        let how = match answer.service {
            Some(service) => format!("for {}", service.handling.as_seconds()),
            None => format!("beside {}", answer.open),
        };
        self.line(at, &format!("answered {name}{attempt} by {group} {how}"));
    }
    fn on_served(&mut self, at: SimTime, contact: &Contact, service: Service) {
        let (handling, wrap_up) = (service.handling, service.wrap_up);
        let text = format!("served({}s and {}s)", handling.as_seconds(), wrap_up.as_seconds());
        self.contact(at, &text, contact);
    }
    fn on_transferred(&mut self, at: SimTime, contact: &Contact, waits: bool) {
        self.contact(at, "transferred", contact);
        if waits {
            self.contact(at, "waits", contact);
        }
    }
    fn on_ended(&mut self, at: SimTime, contact: &Contact, ended: &Ended) {
        match ended.how {
            How::Blocked => self.contact(at, "blocked", contact),
            How::Abandoned => self.contact(at, "abandons", contact),
            How::Unfinished { queued } => {
                let what = if queued { "unfinished" } else { "unfinished-at-bot" };
                self.pass(|_| true);
                self.contact(SimTime::START, what, contact);
            }
            // Told with the session, or with the answer.
            How::Resolved | How::FalselyResolved | How::LeftBot | How::Answered(_) => {}
        }
        if ended.again == Some(Cause::Retry) {
            self.contact(at, "will-retry", contact);
        }
    }
    fn on_released(&mut self, at: SimTime, group: GroupId, open: u32) {
        let of = match open {
            1 => String::new(),
            _ => format!(" of {open}"),
        };
        self.line(at, &format!("released {}{of}", group.index()));
    }
    fn on_staff(&mut self, at: SimTime, group: GroupId, staff: Staff) {
        let group = group.index();
        assert_eq!(staff.staffed, staff.present + staff.overtime);
        self.staff.resize(self.staff.len().max(group + 1), None);
        let told = (staff.present, staff.overtime);
        if self.staff[group].replace(told) == Some(told) {
            return;
        }
        let over = match staff.overtime {
            0 => String::new(),
            over => format!(" and {over} over"),
        };
        self.line(at, &format!("staff {group} is {}{over}", staff.present));
    }
    fn on_left_waiting(&mut self, at: SimTime, contact: &Contact, work: SimSpan) {
        self.contact(at, &format!("left-waiting({}s)", work.as_seconds()), contact);
    }
    fn on_end(&mut self, _at: SimTime) {
        self.pass(|_| true);
    }
}

/// Runs a scenario with these arrivals, in seconds, for each contact type in order of listing (types
/// beyond the list keep their own), and compares what the engine tells with `expected`, one event a
/// line, up to the last that is not an agent's release.
#[track_caller]
fn story(text: &str, arrivals: &[&[f64]], expected: &str) {
    story_with(&[], text, arrivals, expected);
}

/// The same for a scenario that names files.
#[track_caller]
fn story_with(files: &[(&str, &str)], text: &str, arrivals: &[&[f64]], expected: &str) {
    let mut model = Model::compile(&scenario_with(files, text));
    for (kind, instants) in model.contact_types.iter_mut().zip(arrivals) {
        let instants = instants.iter().map(|at| SimTime::from_seconds(*at));
        kind.sources.retain(|source| !matches!(source.kind, SourceKind::Surge(_)));
        kind.sources[0].schedule = Schedule::Listed(instants.collect());
        kind.sources[0].key = NameKey::new(&[&kind.name]);
    }
    let mut log = Log::default();
    let stop = AtomicBool::new(false);
    engine::replicate(&model, Streams::new(1, 0), &mut log, &stop).unwrap();
    let mut told: Vec<&str> = log.text.lines().collect();
    while told.last().is_some_and(|line| line.contains("released")) {
        told.pop();
    }
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    assert_eq!(told, expected, "\n{}", log.text);
}

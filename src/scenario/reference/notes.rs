//! What takes more than a line to say, by the path of the key that it belongs to; Markdown.

/// Notes of the reference.
pub(super) const NOTES: &[(&str, &str)] = &[
    (
        "contacts.*.counts",
        "Row 1 of the file is the interval from the start of the run, row 2 the next one, whatever the\n\
         other columns say. Each is an expected number, spread evenly over its interval: `6.5` is fine.\n\
         After the last row nobody comes; rows after the end of the run do not count. `busyness` and\n\
         surges work on counts as on a rate.",
    ),
    (
        "contacts.*.recorded",
        "Every replication has the contacts of the log, at their times, whatever their order in the\n\
         file; all else is drawn. A time is a number of seconds from the start, a duration such as\n\
         `1h 30m`, or a date-time such as `2026-11-10 20:00:03.5`, with `T` or a space between date and\n\
         time. Date-times need `run.start`; they are local times of `run.timezone` unless they carry an\n\
         offset such as `+08:00` or `Z`. A local time that clocks show twice counts as the first. Rows\n\
         outside of the run, before its start or from its end on, are left out and not read further.\n\
         Where a log knows the handling of a contact, groups divide it by their speed, as they do with\n\
         what is drawn; a blank is drawn from `handling`. A blank patience waits for ever. A retry keeps\n\
         what the log says. Surges and busyness leave logs as they are: a surge that names such a type is\n\
         a problem, and one that names no types (with its `deflection_factor`) passes over it.",
    ),
    (
        "contacts.*.hours",
        "Hours are those of humans: arrivals and the bot go on, and contacts in service are finished.\n\
         Moments are in `run.timezone`. Two clock times repeat daily, and `to` is the next one after\n\
         `from`: `{ from = \"22:00\", to = \"06:00\" }` spans midnight, and from a time to the same is a\n\
         whole day. Two offsets or dates happen once, and may prolong a daily window. `when_closed` says\n\
         what happens to those who reach humans outside of the hours, `at_close` to those who wait when\n\
         the hours end; both need `hours`.",
    ),
    (
        "contacts.*.route",
        "Stages add up: a contact that nobody has answered when a stage begins may from then on be served\n\
         by its groups as well. `after` counts from the stage before it, so that `30s` and then `30s` is a\n\
         minute after joining the queue. Every group of a route needs the skill for the type; a group\n\
         with the skill that no stage names never serves it. Order matters for `agents = \"listed\"`.",
    ),
    (
        "contacts.*.agents",
        "`longest_idle`: who has been idle for the longest time; never busy yet goes before, in order of\n\
         listing. `least_busy`, `most_busy`: who has the fewest, the most contacts open, of those who can\n\
         take one more. `fastest`: who would serve it in the shortest time. `listed`: of the group that\n\
         stands first in the route, or in the file. `random`: any, with equal probability.",
    ),
    (
        "groups.*.shifts",
        "A group has `staff` or `shifts`. `staff` is a head count: when it falls, the surplus take no further\n\
         contact, finish what they have and leave, and the others go on. The surplus are those with the\n\
         fewest contacts open; of agents with one contact at a time, those who are done first. `shifts` are\n\
         named people: whoever is idle at the end of the shift leaves at once, whoever is busy finishes\n\
         contact and wrap-up (overtime) while the others go on. A break begins when it is due and the agent\n\
         is free, and lasts its length. Clock times and dates are in the group's `timezone`; a shift may\n\
         span midnight. An unpaid break is no scheduled time: it costs nothing.",
    ),
    (
        "groups.*.shrinkage",
        "Shrinkage takes its share of all people of the group who are scheduled at a moment, over all\n\
         shifts and steps together; who is on a break is not counted. 36 people at 12 % are 31.68: 31 are\n\
         there, and one more for 68 % of the time, drawn for each replication and period of\n\
         `shrinkage_every`, the same in all options. `rounding` makes whole agents of it instead. Who is\n\
         lost to shrinkage is scheduled and paid.",
    ),
    (
        "groups.*.concurrency",
        "`speed = [1.0, 0.9, 0.8]` says how fast each contact goes while 1, 2 or 3 are open: an agent with\n\
         three works off each of them at 0.8 of the pace of a single one, and the pace changes as others\n\
         come and go. Wrap-up counts as an open contact. All contact types of the group count together.",
    ),
    (
        "groups.*.reserve",
        "`{ contacts = [\"refund\"], agents = 5 }`: while 5 or fewer agents of the group could take a\n\
         contact, they take only refunds. The others wait, even though an agent is free.",
    ),
    (
        "routing.policy",
        "Each looks at the contacts that the agent may serve. `fcfs`: the longest waiting. `priority`: the\n\
         lowest priority number; that of an urgent escalation goes before that of the group, and that\n\
         before the type's. `priority_aging`: the same, but a contact loses `rate` from its number as it\n\
         waits, so that at `1/min` one of priority 5 that has waited 4 minutes equals one of priority 1\n\
         that has just come. `longest_queue`: of the type of which most wait. `weighted`: the largest\n\
         weight × wait. `generalized_c_mu`: the largest cost × wait ÷ mean agent time (van Mieghem 1995,\n\
         for costs that grow with the square of the wait). The last three have no regard for priority. A\n\
         policy with parameters is written `policy = { weighted = { weight = { refund = 3.0 } } }`.",
    ),
];

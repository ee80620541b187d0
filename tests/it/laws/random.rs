//! Scenarios that nobody chose: each number of a list picks one of a few possibilities, the first
//! of which is the plainest, so that a failing list shrinks to a plain scenario.

use std::fmt::Write as _;

use surgecast::scenario::Scenario;

use crate::support::scenario_with;

/// The files that the scenarios name: a log with ties, blanks and arrivals at the start, and
/// expected counts.
const FILES: &[(&str, &str)] =
    &[("log.csv", LOG), ("counts.csv", "hour,calls\n0,40\n1,0\n2,90\n3,20\n")];

const LOG: &str = "at,took,stayed\n0,100,\n0,30,5\n0,0,0\n60,200,90\n60,,60\n75.5,400,\n75.5,20,1\n\
    300,250,30\n301,250,30\n302,250,30\n303,250,30\n900,,\n1200,10,10\n1800,600,300\n1800,600,300\n\
    2700,50,\n3000,1e3,20\n3600,120,120\n3600,120,120\n3600,120,0.5\n5400,90,\n5401,80,\n5402,70,\n\
    5403,60,\n5404,50,\n5405,40,7\n7200,300,200\n7199,300,200\n7201,300,200\n9000,1,1\n11999,200,50\n";

struct Choices<'w> {
    words: std::iter::Cycle<std::slice::Iter<'w, u16>>,
}

impl Choices<'_> {
    fn below(&mut self, limit: usize) -> usize {
        usize::from(*self.words.next().expect("the list is not empty")) % limit
    }

    fn pick<'o>(&mut self, options: &[&'o str]) -> &'o str {
        options[self.below(options.len())]
    }

    fn law(&mut self, mean: u32) -> String {
        let law = self.below(8);
        let inner = match law {
            0 => format!("exponential = {{ mean = \"{mean}s\" }}"),
            1 => format!("fixed = {{ value = \"{mean}s\" }}"),
            2 => format!("lognormal = {{ mean = \"{mean}s\", cv = 1.3 }}"),
            3 => format!("gamma = {{ mean = \"{mean}s\", cv = 0.6 }}"),
            4 => format!("uniform = {{ low = \"0s\", high = \"{}s\" }}", 2 * mean),
            5 => format!("weibull = {{ mean = \"{mean}s\", shape = 0.7 }}"),
            6 => format!("hyperexponential = {{ mean = \"{mean}s\", cv = 1.8 }}"),
            _ => format!(
                "mixture = [{{ weight = 0.3, fixed = {{ value = \"0s\" }} }}, \
                 {{ weight = 0.7, erlang = {{ mean = \"{mean}s\", stages = 3 }} }}]"
            ),
        };
        format!("{{ {inner} }}")
    }
}

/// The scenario of a text of [`text`].
#[track_caller]
pub(crate) fn scenario(text: &str) -> Scenario {
    scenario_with(FILES, text)
}

/// The text of a scenario.
pub(crate) fn text(words: &[u16]) -> String {
    let mut choices = Choices { words: words.iter().cycle() };
    let mut text = String::from("[run]\nduration = \"3h20m\"\n");
    text += choices.pick(&["", "warm_up = \"45m\"\n", "warm_up = \"30m\"\n"]);
    text += choices.pick(&["", "drain = \"0s\"\n", "drain = \"20m\"\n"]);
    text += choices.pick(&["", "interval = \"30m\"\n", "interval = \"1h\"\n"]);
    text += choices.pick(&["", "busyness = 0.3\n"]);
    text += choices.pick(&["", "start = 2026-11-11T22:30:00\ntimezone = \"Asia/Shanghai\"\n"]);
    text += "[profiles.p]\ninterval = \"1h\"\nweights = [0.5, 1, 2, 1, 0, 1, 1, 1, 1, 1, 1, 1, \
             1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1]\n";
    text += choices.pick(&["", "shape = \"linear\"\n"]);
    let types = 1 + choices.below(3);
    // The first group serves all types, so that no type is left without agents; another the first
    // so many.
    let more = choices.below(3);
    let served: Vec<usize> =
        std::iter::once(types).chain((0..more).map(|_| 1 + choices.below(types))).collect();
    for index in 0..types {
        contact(&mut text, &mut choices, (index, types), &served);
    }
    text += "[bot]\n";
    text += choices.pick(&["", "capacity = 3\n", "capacity = 10\n", "enabled = false\n"]);
    text += choices.pick(&["", "when_full = \"queue\"\n", "when_full = \"reject\"\n"]);
    text += choices.pick(&[
        "",
        "outages = [{ start = \"40m\", length = \"30m\", capacity = 0 }]\n",
        "outages = [{ start = \"1h\", length = \"1h\", capacity = 1, deflection_factor = 0.5 }]\n",
        "outages = [{ start = \"1h\", length = \"1h\", capacity = 4, deflection_factor = 0.5 }, \
         { start = \"90m\", length = \"1h\", capacity = 9, deflection_factor = 0.6 }]\n",
    ]);
    surge(&mut text, &mut choices);
    for (index, served) in served.iter().enumerate() {
        group(&mut text, &mut choices, index, *served);
    }
    routing(&mut text, &mut choices);
    text
}

fn surge(text: &mut String, choices: &mut Choices<'_>) {
    let surge = choices.pick(&[
        "",
        "[surges.s]\nstart = \"1h\"\nramp = \"10m\"\nhold = \"20m\"\ndecay = \"30m\"\n\
         factor = { triangular = { low = 1, mode = 3, high = 4 } }\ndeflection_factor = 0.6\n",
        "[surges.s]\nstart = \"50m\"\nhold = \"20m\"\nhalf_life = \"15m\"\nfactor = 3.0\n",
        "[surges.s]\nstart = \"1h\"\nhold = \"1h\"\nfactor = 0.2\n",
        "[surges.s]\nstart = \"40m\"\nhold = \"1h\"\nfactor = 3.0\ndeflection_factor = 0.7\n\
         [surges.t]\nstart = \"1h\"\nhold = \"1h\"\ndecay = \"20m\"\nfactor = 0.4\ndeflection_factor = 0.8\n",
        "[surges.s]\nstart = \"30m\"\nramp = \"20m\"\nhold = \"1h\"\nfactor = 0.1\n\
         [surges.t]\nstart = \"50m\"\nhold = \"1h\"\nhalf_life = \"20m\"\nfactor = 0.5\n\
         [surges.u]\nstart = \"1h\"\nhold = \"30m\"\nfactor = 2.5\n",
    ]);
    // A surge needs a type that no log replays.
    if text.contains("rate = ") || text.contains("counts = ") {
        *text += surge;
    }
}

fn routing(text: &mut String, choices: &mut Choices<'_>) {
    *text += "[routing]\n";
    *text += choices.pick(&[
        "",
        "policy = \"fcfs\"\n",
        "policy = { priority_aging = { rate = { c0 = \"2/min\" } } }\n",
        "policy = \"longest_queue\"\n",
        "policy = { weighted = { weight = { c0 = 3.0 } } }\n",
        "policy = { generalized_c_mu = { cost = { c0 = 0.4 } } }\n",
    ]);
    *text += choices.pick(&[
        "",
        "agents = \"least_busy\"\n",
        "agents = \"most_busy\"\n",
        "agents = \"fastest\"\n",
        "agents = \"listed\"\n",
        "agents = \"random\"\n",
    ]);
    *text += choices.pick(&["", "waiting_room = 6\n", "waiting_room = 0\n"]);
    *text += choices.pick(&["", "", "lines = 12\n", "lines = 5\n"]);
}

fn contact(
    text: &mut String,
    choices: &mut Choices<'_>,
    (index, types): (usize, usize),
    served: &[usize],
) {
    let demand = choices.pick(&[
        "rate = \"60/h\"\n",
        "rate = \"150/h\"\n",
        "rate = [{ from = \"0s\", rate = \"40/h\" }, { from = \"1h30m\", rate = \"200/h\" }]\n",
        "counts = { file = \"counts.csv\", column = \"calls\", interval = \"1h\" }\n",
        "recorded = { file = \"log.csv\", time = \"at\", handling = \"took\", patience = \"stayed\" }\n",
        "recorded = { file = \"log.csv\", time = \"at\" }\n",
    ]);
    writeln!(text, "[contacts.c{index}]\n{demand}").unwrap();
    let (profile, busyness) = (choices.below(2), choices.below(2));
    if profile > 0 && demand.starts_with("rate") {
        *text += "profile = \"p\"\n";
    }
    if busyness > 0 && !demand.starts_with("recorded") {
        *text += "busyness = 0.4\n";
    }
    *text += choices.pick(&["", "channel = \"voice\"\n"]);
    *text += choices.pick(&["", "priority = 1\n", "priority = 2\n"]);
    *text += choices.pick(&["", "queue_limit = 4\n", "queue_limit = 0\n"]);
    *text += choices.pick(&["", "", "initial_backlog = 7\n"]);
    *text += choices.pick(&["", "", "agents = \"listed\"\n", "agents = \"random\"\n"]);
    hours(text, choices);
    route(text, choices, index, served);
    writeln!(text, "handling = {}", choices.law(150)).unwrap();
    if choices.below(3) > 0 {
        writeln!(text, "patience = {}", choices.law(120)).unwrap();
    }
    if choices.below(2) > 0 {
        writeln!(text, "wrap_up = {}", choices.law(30)).unwrap();
    }
    let retry = choices.pick(&[
        "",
        "probability = 0.6",
        "probability = 1.0, at_most = 2",
        "probability = { abandoned = 0.5, blocked = 0.8 }, keep_draws = true",
    ]);
    if !retry.is_empty() {
        let after = choices.law(400).replace("0s", "1s");
        writeln!(text, "retry = {{ {retry}, after = {after} }}").unwrap();
    }
    if choices.below(2) > 0 {
        bot(text, choices, (index, types));
    }
}

fn hours(text: &mut String, choices: &mut Choices<'_>) {
    let hours = choices.pick(&[
        "",
        "",
        "",
        "hours = [{ from = \"20m\", to = \"2h10m\" }]\n",
        "hours = [{ from = \"23:00\", to = \"01:00\" }]\n",
        "hours = [{ from = \"10m\", to = \"1h\" }, { from = \"1h\", to = \"90m\" }, \
         { from = \"2h\", to = \"4h\" }]\n",
    ]);
    let when_closed = choices.pick(&["", "when_closed = \"reject\"\n"]);
    let at_close = choices.pick(&["", "at_close = \"disconnect\"\n"]);
    if !hours.is_empty() {
        *text += hours;
        *text += when_closed;
        *text += at_close;
    }
}

/// Groups that have the skill, at once or one after the other.
fn route(text: &mut String, choices: &mut Choices<'_>, index: usize, served: &[usize]) {
    let able = served.iter().enumerate().filter(|(_, types)| **types > index);
    let mut able: Vec<String> = able.map(|(group, _)| format!("\"g{group}\"")).collect();
    match choices.below(4) {
        0 | 1 => {}
        2 => {
            able.reverse();
            let all = able.join(", ");
            writeln!(text, "route = [{{ groups = [{all}] }}]").unwrap();
        }
        _ => {
            let first = choices.pick(&["0s", "20s"]);
            let next = choices.pick(&["45s", "0s", "2m"]);
            let stages = able.iter().enumerate().map(|(stage, group)| {
                let after = if stage == 0 { first } else { next };
                format!("{{ after = \"{after}\", groups = [{group}] }}")
            });
            let stages: Vec<String> = stages.collect();
            writeln!(text, "route = [{}]", stages.join(", ")).unwrap();
        }
    }
}

fn bot(text: &mut String, choices: &mut Choices<'_>, (index, types): (usize, usize)) {
    let session = choices.law(100);
    writeln!(text, "[contacts.c{index}.bot]\nsession = {session}").unwrap();
    *text += choices.pick(&[
        "deflection = 0.6\n",
        "deflection = 0.0\n",
        "deflection = [{ from = \"0s\", deflection = 0.3 }, { from = \"2h\", deflection = 0.7 }]\n",
    ]);
    *text += choices.pick(&["", "opt_out = 0.1\n"]);
    *text += choices.pick(&["", "abandonment = 0.1\n"]);
    *text += choices.pick(&["", "context_saving = 0.3\n"]);
    *text += choices.pick(&[
        "",
        "urgent = { probability = 0.3, priority = 1 }\n",
        "urgent = { probability = 0.5, priority = 3 }\n",
    ]);
    let misroute = choices.pick(&["", "0.4", "1.0"]);
    if types > 1 && !misroute.is_empty() {
        let to = (index + 1) % types;
        writeln!(text, "misroute = {{ probability = {misroute}, to = \"c{to}\" }}").unwrap();
    }
    if choices.below(2) > 0 {
        writeln!(text, "escalation_session = {}", choices.law(60)).unwrap();
        writeln!(text, "escalation_handling = {}", choices.law(200)).unwrap();
    }
    if choices.below(2) > 0 {
        let law = choices.law(900);
        writeln!(text, "false_resolution = {{ probability = 0.4, recontact_after = {law} }}")
            .unwrap();
    }
}

fn group(text: &mut String, choices: &mut Choices<'_>, index: usize, served: usize) {
    let staff = choices.pick(&[
        "staff = 3",
        "staff = 8",
        "staff = [{ from = \"0s\", agents = 6 }, { from = \"1h\", agents = 2 }, { from = \"2h\", agents = 9 }]",
        "staff = [{ from = \"20m\", agents = 4 }, { from = \"3h\", agents = 0 }]",
        "shifts = [{ start = \"0s\", length = \"2h\", agents = 3, breaks = [{ after = \"30m\", length = \"15m\" }] }, \
         { start = \"90m\", length = \"3h\", agents = 2 }, { start = \"2h\", length = \"1h\", agents = 3 }]",
        "shifts = [{ start = \"22:00\", length = \"8h\", agents = 4, breaks = [{ after = \"40m\", length = \"20m\" }, \
         { after = \"140m\", length = \"20m\" }, { after = \"160m\", length = \"10m\", paid = false }] }]",
        "shifts = [{ start = \"00:30\", length = \"90m\", agents = 5 }, { start = \"23:45\", length = \"24h\", agents = 2, \
         breaks = [{ after = \"1h\", length = \"5m\" }] }]",
    ]);
    writeln!(text, "[groups.g{index}]\n{staff}").unwrap();
    *text += choices.pick(&[
        "",
        "shrinkage = 0.3\n",
        "",
        "shrinkage = 0.15\nshrinkage_every = \"7m\"\n",
        "shrinkage = 0.3\nrounding = \"down\"\n",
        "shrinkage = 0.4\nrounding = \"nearest\"\n",
        "shrinkage = 0.1\nrounding = \"up\"\n",
    ]);
    *text += choices.pick(&["", "cost_per_hour = 20.0\n"]);
    *text += choices.pick(&[
        "",
        "",
        "concurrency = { chats = 2, speed = [1.0, 0.6] }\n",
        "concurrency = { chats = 3, speed = [1.0, 0.9, 0.7] }\n",
        "concurrency = { chats = 2, speed = [0.5, 0.8] }\n",
    ]);
    *text += choices.pick(&[
        "",
        "",
        "reserve = { contacts = [\"c0\"], agents = 2 }\n",
        "reserve = { contacts = [\"c0\"], agents = 1 }\n",
    ]);
    if choices.below(4) == 3 {
        writeln!(text, "handling = {{ c0 = {} }}", choices.law(110)).unwrap();
    }
    let skills: Vec<String> = (0..served)
        .map(|kind| {
            let skill =
                choices.pick(&["1.0", "0.7", "{ speed = 1.2, priority = 3 }", "{ priority = 1 }"]);
            format!("c{kind} = {skill}")
        })
        .collect();
    writeln!(text, "skills = {{ {} }}", skills.join(", ")).unwrap();
}

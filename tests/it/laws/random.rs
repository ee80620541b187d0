//! Scenarios that nobody chose: each number of a list picks one of a few possibilities, the first
//! of which is the plainest, so that a failing list shrinks to a plain scenario.

use std::fmt::Write as _;

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

/// The text of a scenario.
pub(super) fn scenario(words: &[u16]) -> String {
    let mut choices = Choices {
        words: words.iter().cycle(),
    };
    let mut text = String::from("[run]\nduration = \"3h20m\"\n");
    text += choices.pick(&["", "warm_up = \"45m\"\n", "warm_up = \"30m\"\n"]);
    text += choices.pick(&["", "drain = \"0s\"\n", "drain = \"20m\"\n"]);
    text += choices.pick(&["", "interval = \"30m\"\n", "interval = \"1h\"\n"]);
    text += choices.pick(&["", "busyness = 0.3\n"]);
    text += choices.pick(&[
        "",
        "start = 2026-11-11T22:30:00\ntimezone = \"Asia/Shanghai\"\n",
    ]);
    text += "[profiles.p]\ninterval = \"1h\"\nweights = [0.5, 1, 2, 1, 0, 1, 1, 1, 1, 1, 1, 1, \
             1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1]\n";
    text += choices.pick(&["", "shape = \"linear\"\n"]);
    let types = 1 + choices.below(3);
    for index in 0..types {
        contact(&mut text, &mut choices, index);
    }
    text += "[bot]\n";
    text += choices.pick(&["", "capacity = 3\n", "capacity = 10\n", "enabled = false\n"]);
    text += choices.pick(&["", "when_full = \"queue\"\n", "when_full = \"reject\"\n"]);
    text += choices.pick(&[
        "",
        "outages = [{ start = \"40m\", length = \"30m\", capacity = 0 }]\n",
        "outages = [{ start = \"1h\", length = \"1h\", capacity = 1, deflection_factor = 0.5 }]\n",
    ]);
    text += choices.pick(&[
        "",
        "[surges.s]\nstart = \"1h\"\nramp = \"10m\"\nhold = \"20m\"\ndecay = \"30m\"\n\
         factor = { triangular = { low = 1, mode = 3, high = 4 } }\ndeflection_factor = 0.6\n",
        "[surges.s]\nstart = \"50m\"\nhold = \"20m\"\nhalf_life = \"15m\"\nfactor = 3.0\n",
        "[surges.s]\nstart = \"1h\"\nhold = \"1h\"\nfactor = 0.2\n",
    ]);
    groups(&mut text, &mut choices, types);
    text += "[routing]\n";
    text += choices.pick(&["", "policy = \"fcfs\"\n"]);
    text += choices.pick(&["", "waiting_room = 6\n", "waiting_room = 0\n"]);
    text += choices.pick(&["", "lines = 12\n", "lines = 5\n"]);
    text
}

fn contact(text: &mut String, choices: &mut Choices<'_>, index: usize) {
    let rate = choices.pick(&[
        "\"60/h\"",
        "\"150/h\"",
        "[{ from = \"0s\", rate = \"40/h\" }, { from = \"1h30m\", rate = \"200/h\" }]",
    ]);
    writeln!(text, "[contacts.c{index}]\nrate = {rate}").unwrap();
    *text += choices.pick(&["", "profile = \"p\"\n"]);
    *text += choices.pick(&["", "channel = \"voice\"\n"]);
    *text += choices.pick(&["", "busyness = 0.4\n"]);
    *text += choices.pick(&["", "priority = 1\n", "priority = 2\n"]);
    *text += choices.pick(&["", "queue_limit = 4\n", "queue_limit = 0\n"]);
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
        writeln!(
            text,
            "retry = {{ {retry}, after = {} }}",
            choices.law(400).replace("0s", "1s")
        )
        .unwrap();
    }
    if choices.below(2) == 0 {
        return;
    }
    writeln!(
        text,
        "[contacts.c{index}.bot]\nsession = {}",
        choices.law(100)
    )
    .unwrap();
    *text += choices.pick(&[
        "deflection = 0.6\n",
        "deflection = 0.0\n",
        "deflection = [{ from = \"0s\", deflection = 0.3 }, { from = \"2h\", deflection = 0.7 }]\n",
    ]);
    *text += choices.pick(&["", "opt_out = 0.1\n"]);
    *text += choices.pick(&["", "abandonment = 0.1\n"]);
    *text += choices.pick(&["", "context_saving = 0.3\n"]);
    if choices.below(2) > 0 {
        writeln!(text, "escalation_session = {}", choices.law(60)).unwrap();
        writeln!(text, "escalation_handling = {}", choices.law(200)).unwrap();
    }
    if choices.below(2) > 0 {
        let law = choices.law(900);
        writeln!(
            text,
            "false_resolution = {{ probability = 0.4, recontact_after = {law} }}"
        )
        .unwrap();
    }
}

fn groups(text: &mut String, choices: &mut Choices<'_>, types: usize) {
    // The first group serves all types, so that no type is left without agents.
    for index in 0..=choices.below(3) {
        writeln!(text, "[groups.g{index}]").unwrap();
        let staff = choices.pick(&[
            "3",
            "8",
            "[{ from = \"0s\", agents = 6 }, { from = \"1h\", agents = 2 }, { from = \"2h\", agents = 9 }]",
            "[{ from = \"20m\", agents = 4 }, { from = \"3h\", agents = 0 }]",
        ]);
        writeln!(text, "staff = {staff}").unwrap();
        *text += choices.pick(&["", "shrinkage = 0.3\n"]);
        *text += choices.pick(&["", "cost_per_hour = 20.0\n"]);
        let served = if index == 0 {
            types
        } else {
            1 + choices.below(types)
        };
        let skills: Vec<String> = (0..served)
            .map(|kind| {
                let skill = choices.pick(&[
                    "1.0",
                    "0.7",
                    "{ speed = 1.2, priority = 3 }",
                    "{ priority = 1 }",
                ]);
                format!("c{kind} = {skill}")
            })
            .collect();
        writeln!(text, "skills = {{ {} }}", skills.join(", ")).unwrap();
    }
}

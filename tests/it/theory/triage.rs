//! Escalations that triage puts first, and those that are taken for another type.

use surgecast::erlang;

use super::service::cobham;
use super::steady;
use crate::support::{Comparison, simulate};

#[test]
fn urgent_escalations_wait_as_the_first_class_and_the_others_as_the_last() {
    // A bot that solves nothing sends a Poisson stream. Of x three in ten are urgent; y is between.
    let (rate_x, rate_y, share) = (18.0 / 3600.0, 10.8 / 3600.0, 0.3);
    let (x, y) = (80.0, 110.0);
    let residual = rate_x * 2.0 * x * x / 2.0 + rate_y * y * y / 2.0;
    let (load_x, load_y) = (rate_x * x, rate_y * y);
    let waits = cobham(residual, &[share * load_x, load_y, (1.0 - share) * load_x]);
    let calm = cobham(residual, &[load_y, load_x]);
    // Urgency goes before the priority of the type, and before the group's own.
    for (own, skills) in [
        ("priority = 5\n", "[\"x\", \"y\"]"),
        ("", "{ x = { priority = 9 }, y = { priority = 3 } }"),
    ] {
        let text = format!(
            "[contacts.x]\nrate = \"18/h\"\n{own}\
             handling = {{ exponential = {{ mean = \"100s\" }} }}\n\
             [contacts.x.bot]\ndeflection = 0\nsession = {{ exponential = {{ mean = \"60s\" }} }}\n\
             context_saving = 0.2\nurgent = {{ probability = 0.3, priority = 1 }}\n\
             [contacts.y]\nrate = \"10.8/h\"\npriority = 3\n\
             handling = {{ fixed = {{ value = \"110s\" }} }}\n\
             [groups.g]\nskills = {skills}\nstaff = 1"
        );
        let summary = simulate(&steady(1500, 40, &text));
        Comparison::new(&summary)
            .of("contacts.y.wait.mean", waits[1])
            .of("contacts.x.wait.mean", share * waits[0] + (1.0 - share) * waits[2])
            .of("groups.g.occupancy", load_x + load_y)
            .of("contacts.x.handling.mean", x)
            .holds();
        Comparison::new(&summary).of("contacts.y.wait.mean", calm[0]).is_refuted();
    }
}

#[test]
fn a_misroute_costs_the_time_of_both_groups() {
    // So many agents that nobody waits. One x in four first takes 96 s and 30 s of wrap-up of the
    // others; at home it takes 200 · 0.9 / 0.8 s and 20 s of wrap-up.
    let summary = simulate(&steady(
        60,
        40,
        "[contacts.x]\nrate = \"120/h\"\nhandling = { fixed = { value = \"1s\" } }\n\
         wrap_up = { fixed = { value = \"20s\" } }\n\
         [contacts.x.bot]\ndeflection = 0\nsession = { exponential = { mean = \"60s\" } }\n\
         escalation_handling = { gamma = { mean = \"200s\", cv = 0.5 } }\ncontext_saving = 0.1\n\
         misroute = { probability = 0.25, to = \"y\" }\n\
         [contacts.y]\nrate = \"80/h\"\nhandling = { lognormal = { mean = \"120s\", cv = 0.7 } }\n\
         wrap_up = { exponential = { mean = \"30s\" } }\n\
         [groups.gx]\nskills = { x = 0.8 }\nstaff = 60\n\
         [groups.gy]\nskills = { y = 1.25 }\nstaff = 60",
    ));
    let (other, home, share) = (120.0 / 1.25, 200.0 * 0.9 / 0.8, 0.25);
    let counted = 120.0 * 54.0;
    let agent_time = share * (other + 30.0) + home + 20.0;
    let service = share * other + home;
    Comparison::new(&summary)
        .of("contacts.x.queued", counted)
        .of("contacts.x.answered", counted)
        .of("contacts.x.handled_by.gy", share * counted)
        .of("contacts.x.handled_by.gx", counted)
        .of("contacts.x.handling.mean", agent_time)
        .of("contacts.x.service.mean", service)
        .of("contacts.x.sojourn.mean", 60.0 + service)
        .of("contacts.x.time_to_human.mean", 60.0)
        .of("contacts.x.wait.mean", 0.0)
        .of("contacts.y.handling.mean", other + 30.0)
        .of("groups.gx.occupancy", 120.0 / 3600.0 * (home + 20.0) / 60.0)
        .of("groups.gy.occupancy", (80.0 + share * 120.0) / 3600.0 * (other + 30.0) / 60.0)
        .holds();
}

#[test]
fn urgent_misrouted_contacts_are_first_in_the_queue_of_the_others_too() {
    // Nobody waits at home. With the others, of equal exponential handling, they are Cobham's first
    // class, and those who are not urgent one class with y.
    let (rate_x, rate_y, share, urgent) = (60.0 / 3600.0, 50.0 / 3600.0, 0.5, 0.4);
    let y = 70.0;
    let load = (rate_y + share * rate_x) * y;
    let residual = erlang::delay_probability(load, 2) * y / 2.0;
    let first = share * urgent * rate_x * y;
    let waits = cobham(residual, &[first / 2.0, (load - first) / 2.0]);
    let summary = simulate(&steady(
        400,
        40,
        "[contacts.x]\nrate = \"60/h\"\npriority = 4\n\
         handling = { lognormal = { mean = \"90s\", cv = 1.0 } }\n\
         [contacts.x.bot]\ndeflection = 0\nsession = { exponential = { mean = \"60s\" } }\n\
         misroute = { probability = 0.5, to = \"y\" }\nurgent = { probability = 0.4, priority = 1 }\n\
         [contacts.y]\nrate = \"50/h\"\npriority = 3\nhandling = { exponential = { mean = \"70s\" } }\n\
         [groups.gx]\nskills = [\"x\"]\nstaff = 60\n\
         [groups.gy]\nskills = [\"y\"]\nstaff = 2",
    ));
    let mixed = urgent * waits[0] + (1.0 - urgent) * waits[1];
    Comparison::new(&summary)
        .of("contacts.y.wait.mean", waits[1])
        .of("contacts.x.wait.mean", share * mixed)
        .of("contacts.x.backlog.mean", rate_x * share * mixed)
        .of("groups.gy.occupancy", load / 2.0)
        .holds();
}

#[test]
fn urgent_contacts_are_so_at_home_after_a_transfer_too() {
    // Nobody waits with the others. At home they go before z, and the rest of x after it.
    let (rate_x, rate_z, urgent, handling) = (40.0 / 3600.0, 25.0 / 3600.0, 0.4, 80.0);
    let loads = [urgent * rate_x, rate_z, (1.0 - urgent) * rate_x].map(|rate| rate * handling);
    let all: f64 = loads.iter().sum();
    let residual = erlang::delay_probability(all, 2) * handling / 2.0;
    let waits = cobham(residual, &loads.map(|load| load / 2.0));
    let summary = simulate(&steady(
        500,
        40,
        "[contacts.x]\nrate = \"40/h\"\npriority = 4\n\
         handling = { exponential = { mean = \"80s\" } }\n\
         [contacts.x.bot]\ndeflection = 0\nsession = { exponential = { mean = \"60s\" } }\n\
         misroute = { probability = 0.7, to = \"y\" }\nurgent = { probability = 0.4, priority = 1 }\n\
         [contacts.y]\nrate = \"1/h\"\nhandling = { gamma = { mean = \"90s\", cv = 0.5 } }\n\
         [contacts.z]\nrate = \"25/h\"\npriority = 3\nhandling = { exponential = { mean = \"80s\" } }\n\
         [groups.home]\nskills = [\"x\", \"z\"]\nstaff = 2\n\
         [groups.others]\nskills = [\"y\"]\nstaff = 40",
    ));
    Comparison::new(&summary)
        .of("contacts.z.wait.mean", waits[1])
        .of("contacts.x.wait.mean", urgent * waits[0] + (1.0 - urgent) * waits[2])
        .of("groups.home.occupancy", all / 2.0)
        .holds();
}

#[test]
fn misrouted_contacts_wait_in_two_queues_of_a_jackson_network() {
    // The streams between the queues are Poisson (Jackson 1957, "Networks of waiting lines",
    // Operations Research 5): x waits in the other queue with probability 0.4, then in its own,
    // where its older age moves the waits of some to others but not their mean.
    let (rate_x, rate_y, share) = (60.0 / 3600.0, 40.0 / 3600.0, 0.4);
    let (x, y) = (90.0, 70.0);
    let text = |group: &str| {
        steady(
            400,
            40,
            &format!(
                "[contacts.x]\nrate = \"60/h\"\nhandling = {{ exponential = {{ mean = \"90s\" }} }}\n\
                 [contacts.x.bot]\ndeflection = 0\nsession = {{ exponential = {{ mean = \"60s\" }} }}\n\
                 misroute = {{ probability = {share}, to = \"y\" }}\n\
                 [contacts.y]\nrate = \"40/h\"\nhandling = {{ exponential = {{ mean = \"70s\" }} }}\n\
                 [groups.gx]\nskills = [\"x\"]\nstaff = 2\n\
                 [groups.gy]\nskills = {group}"
            ),
        )
    };
    let load_y = (rate_y + share * rate_x) * y;
    let own = erlang::mean_wait(rate_x * x, 2, x).unwrap();
    let other = erlang::mean_wait(load_y, 2, y).unwrap();
    let summary = simulate(&text("[\"y\"]\nstaff = 2"));
    Comparison::new(&summary)
        .of("contacts.y.wait.mean", other)
        .of("contacts.x.wait.mean", share * other + own)
        .of("contacts.x.backlog.mean", rate_x * (share * other + own))
        .of("contacts.y.backlog.mean", rate_y * other)
        .of("contacts.x.service.mean", share * y + x)
        .of("contacts.x.sojourn.mean", 60.0 + share * (other + y) + own + x)
        .of("groups.gx.occupancy", rate_x * x / 2.0)
        .of("groups.gy.occupancy", load_y / 2.0)
        .holds();
    // One agent twice as fast who shares the time between up to three chats: M/M/1 in number.
    let chats = "{ y = 2.0 }\nstaff = 1\n\
                 concurrency = { chats = 3, speed = [1.0, 0.5, 0.3333333333333333] }";
    let summary = simulate(&text(chats));
    let stay = 1.0 / (2.0 / y - load_y / y);
    Comparison::new(&summary)
        .of("contacts.y.sojourn.mean", stay)
        .of("contacts.x.sojourn.mean", 60.0 + share * stay + own + x)
        .of("groups.gy.occupancy", load_y / 2.0)
        .holds();
}

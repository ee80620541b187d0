//! Routes with timed stages, where they can be solved exactly.

use surgecast::erlang;

use super::steady;
use crate::support::{Comparison, simulate};

/// `first` agents at once, and `later` agents of another group after 30 s.
fn staged(rate: f64, contact: &str, first: u32, later: u32) -> String {
    format!(
        "[service_level]\nanswer_within = \"30s\"\n\
         [contacts.x]\nrate = \"{}/h\"\nhandling = {{ exponential = {{ mean = \"100s\" }} }}\n\
         route = [{{ groups = [\"first\"] }}, {{ after = \"30s\", groups = [\"later\"] }}]\n{contact}\n\
         [groups.first]\nskills = [\"x\"]\nstaff = {first}\n\
         [groups.later]\nskills = [\"x\"]\nstaff = {later}",
        rate * 3600.0
    )
}

#[test]
fn where_nobody_is_in_the_first_group_all_wait_for_the_second_stage() {
    // The arrivals shifted by 30 s are Poisson too: after the stage it is M/M/n, and M/M/n+M with
    // those whose patience has lasted, who are as patient as before.
    let (rate, handling, stage) = (0.075, 100.0, 30.0);
    let summary = simulate(&steady(100, 40, &staged(rate, "", 0, 9)));
    let load = rate * handling;
    let delayed = erlang::delay_probability(load, 9);
    let wait = erlang::mean_wait(load, 9, handling).unwrap();
    let scale = handling / (9.0 - load);
    let deviation = (2.0 * delayed * scale * scale - wait * wait).sqrt();
    Comparison::new(&summary)
        .of("delay_probability", 1.0)
        .of("wait.mean", stage + wait)
        .of("wait.sd", deviation)
        .of("service_level", 1.0 - delayed)
        .of("wait.p95", stage + scale * (delayed / 0.05).ln())
        .of("backlog.mean", rate * (stage + wait))
        .of("groups.later.occupancy", load / 9.0)
        .holds();
    let patience = 60.0;
    let left = (-stage / patience).exp();
    let contact = "patience = { exponential = { mean = \"60s\" } }";
    let summary = simulate(&steady(100, 40, &staged(rate, contact, 0, 5)));
    let after = erlang::exponential_patience(rate * left, 5, handling, patience, 30.0);
    let answered = left * (1.0 - after.abandoned);
    Comparison::new(&summary)
        .of("abandonment_rate", 1.0 - answered)
        .of("service_levels.strict", left * after.no_wait)
        .of("groups.later.occupancy", rate * handling * answered / 5.0)
        .of("backlog.mean", rate * patience * (1.0 - answered))
        .holds();
}

#[test]
fn who_goes_to_the_second_group_is_lost_to_the_first_like_whoever_runs_out_of_patience() {
    // Nobody waits in the second group, so the first is M/M/n+D with a patience of one stage; with
    // exponential patience besides, M/M/n+G with the shorter of both. Of those who leave, the
    // impatient ones leave at their rate times the backlog.
    let (rate, handling, stage) = (0.065, 100.0, 30.0);
    for patience in [None, Some(80.0)] {
        let lasting = |t: f64| patience.map_or(1.0, |mean: f64| (-t / mean).exp());
        let survival = |t: f64| if t < stage { lasting(t) } else { 0.0 };
        let at =
            |threshold| erlang::general_patience(rate, 6, handling, survival, threshold).unwrap();
        let exact = at(stage);
        let step = 0.1;
        let waited: f64 = (0..300)
            .map(|k| {
                let within = at((f64::from(k) + 0.5) * step);
                step * (1.0 - within.answered_within - within.abandoned_within)
            })
            .sum();
        let abandoned = patience.map_or(0.0, |mean| waited / mean);
        let gone_on = exact.abandoned - abandoned;
        let contact = patience.map_or(String::new(), |mean| {
            format!("patience = {{ exponential = {{ mean = \"{mean}s\" }} }}")
        });
        let summary = simulate(&steady(60, 40, &staged(rate, &contact, 6, 60)));
        let counted = rate * 54.0 * 3600.0;
        Comparison::new(&summary)
            .of("delay_probability", 1.0 - exact.no_wait)
            .of("wait_all.mean", waited)
            .of("abandonment_rate", abandoned)
            .of("contacts.x.handled_by.later", counted * gone_on)
            .of("contacts.x.handled_by.first", counted * (1.0 - exact.abandoned))
            .of("service_levels.strict", 1.0 - abandoned)
            .of("groups.later.occupancy", rate * handling * gone_on / 60.0)
            .holds();
    }
}

#[test]
fn a_stage_that_is_never_reached_changes_nothing_and_one_at_once_is_no_stage() {
    let contact = "patience = { exponential = { mean = \"80s\" } }";
    let text = staged(0.065, contact, 4, 2);
    let of = |text: &str| {
        let summary = simulate(&steady(20, 10, text));
        (summary.run.contacts, format!("{:?} {:?}", summary.overall, summary.groups))
    };
    let alone = of(&text.replace("}, { after = \"30s\", groups = [\"later\"] }", "}"));
    assert!(alone == of(&text.replace("30s\", groups", "100h\", groups")));
    let both = text.replace(
        "groups = [\"first\"] }, { after = \"30s\", groups = [\"later\"] }",
        "groups = [\"first\", \"later\"] }",
    );
    assert!(of(&both) == of(&text.replace("30s\", groups", "0s\", groups")));
    assert!(of(&text) != of(&both) && of(&text) != alone);
}

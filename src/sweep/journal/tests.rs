use super::*;
use crate::sweep::Varied;

fn sweep() -> (Points, Vec<ShownFigure>) {
    let varied = |path: &str, values: [&str; 2]| Varied {
        path: path.to_owned(),
        values: values.map(str::to_owned).to_vec(),
    };
    let varied = [varied("groups.a.staff", ["3", "4"]), varied("x", ["\"a,b\"", "2 "])];
    let shown = ["wait.mean", "wait.p95"].map(ShownFigure::new).to_vec();
    (Points::cross(&varied).unwrap(), shown)
}

fn row(at: usize) -> PointRow {
    let value = 1.25 + at as f64;
    let known = Estimate { value: Some(value), low: Some(value - 0.5), high: Some(value + 0.5) };
    PointRow {
        figures: vec![known, Estimate::UNKNOWN],
        replications: 40,
        seed: 7,
        digest: format!("{at:016x}"),
        warnings: Vec::new(),
    }
}

fn written(points: &Points, shown: &[ShownFigure]) -> Vec<u8> {
    let mut text = Vec::new();
    table::write(&mut text, &header(points, shown)).unwrap();
    for (at, values) in points.points().iter().enumerate() {
        table::write(&mut text, &record(values, &row(at))).unwrap();
    }
    text
}

#[test]
fn what_was_written_is_read_back() {
    let (points, shown) = sweep();
    let text = written(&points, &shown);
    let read = read(&text, &points, &shown).unwrap();
    assert_eq!(read.sound, text);
    assert_eq!(read.damaged, []);
    let rows: Vec<PointRow> = read.rows.into_values().map(|kept| kept.row).collect();
    assert_eq!(rows, [0, 1, 2, 3].map(row));
}

#[test]
fn a_changed_byte_never_becomes_a_result() {
    let (points, shown) = sweep();
    let text = written(&points, &shown);
    let mut accepted = 0;
    for at in 0..text.len() {
        for byte in *b"0123456789,.\n\r\"- xN\xff\x00" {
            if text[at] == byte {
                continue;
            }
            let mut changed = text.clone();
            changed[at] = byte;
            let Ok(read) = read(&changed, &points, &shown) else {
                continue;
            };
            accepted += 1;
            for (point, kept) in &read.rows {
                assert_eq!(kept.row, row(*point), "byte {at} became {byte}");
            }
            // Only the last line may be taken for one that was torn.
            let is_torn = at + 1 == text.len();
            assert!(is_torn || !read.damaged.is_empty(), "byte {at} became {byte}");
        }
    }
    assert!(accepted > 1000, "rows beside the damaged one are good: {accepted}");
}

#[test]
fn numbers_that_are_none_are_refused_whatever_their_checksum() {
    let (points, shown) = sweep();
    for number in ["NaN", "inf", "-inf", "1e999"] {
        let mut record = record(&points.points()[0], &row(0));
        record.pop();
        record[2] = number.to_owned();
        record.push(checksum(&record));
        let mut text = Vec::new();
        table::write(&mut text, &header(&points, &shown)).unwrap();
        table::write(&mut text, &record).unwrap();
        let why = read(&text, &points, &shown).unwrap_err();
        assert_eq!(why, format!("line 2 has `{number}` where a number belongs"));
    }
}

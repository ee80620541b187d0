//! What is written around figures: the same for every interval, so found out once.

use serde_json::Value;

/// What is written around the figures of some paths, nested along the dots.
#[derive(Debug)]
pub(super) struct Shape {
    paths: Vec<&'static str>,
    /// What goes before a figure, and which one it is; in the order in which they are written.
    pub(super) parts: Vec<(String, usize)>,
    /// What goes after the last.
    pub(super) end: String,
}

/// All shapes so far: few, since all contact types have the same figures.
#[derive(Debug, Default)]
pub(super) struct Shapes(Vec<Shape>);

impl Shapes {
    /// The shape of figures with these paths.
    pub(super) fn of(&mut self, paths: &[&'static str]) -> &Shape {
        // The paths stand in tables: where they are the same, they are at the same place.
        let is_same = |known: &Shape| {
            let mut both = known.paths.iter().zip(paths);
            known.paths.len() == paths.len() && both.all(|(a, b)| std::ptr::eq(*a, *b))
        };
        let place = self.0.iter().position(is_same).unwrap_or_else(|| {
            self.0.push(Shape::new(paths));
            self.0.len() - 1
        });
        &self.0[place]
    }
}

impl Shape {
    fn new(paths: &[&'static str]) -> Self {
        let mut shape = Self {
            paths: paths.to_vec(),
            parts: Vec::with_capacity(paths.len()),
            end: String::new(),
        };
        let figures = paths.iter().enumerate();
        shape.members(figures.map(|(place, path)| (*path, place)).collect());
        shape
    }

    /// What stands between the braces, words in the order in which they are first used.
    fn members(&mut self, figures: Vec<(&str, usize)>) {
        let mut members: Vec<(&str, Member<'_>)> = Vec::with_capacity(figures.len());
        for (path, place) in figures {
            let Some((word, rest)) = path.split_once('.') else {
                members.push((path, Member::Figure(place)));
                continue;
            };
            match members.iter_mut().rev().find(|(known, _)| *known == word) {
                Some((_, Member::Below(below))) => below.push((rest, place)),
                _ => members.push((word, Member::Below(vec![(rest, place)]))),
            }
        }
        for (at, (word, member)) in members.into_iter().enumerate() {
            if at > 0 {
                self.end.push(',');
            }
            if !is_place(word) {
                self.end.push_str(&Value::from(word).to_string());
                self.end.push(':');
            }
            match member {
                Member::Figure(place) => self.parts.push((std::mem::take(&mut self.end), place)),
                Member::Below(below) => self.nested(below),
            }
        }
    }

    /// A list where numbers stand for the places in it, else an object.
    fn nested(&mut self, figures: Vec<(&str, usize)>) {
        let is_list = figures.first().is_some_and(|(path, _)| is_place(path));
        self.end.push(if is_list { '[' } else { '{' });
        self.members(figures);
        self.end.push(if is_list { ']' } else { '}' });
    }
}

/// A figure, or all those whose paths begin with the same word.
enum Member<'f> {
    Figure(usize),
    Below(Vec<(&'f str, usize)>),
}

fn is_place(path: &str) -> bool {
    path.starts_with(|first: char| first.is_ascii_digit())
}

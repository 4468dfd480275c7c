//! The places of the full district's students before anybody has a name: grade, school, family, form of the name.

use super::dice::Dice;
use super::names::Origin;
use super::schools::{GRADES, Level, STUDENTS, Seat};
use super::tags::{self, FORMS, Tag, Tags};

/// A place for a student, before the student has a row.
#[derive(Clone, Debug)]
pub struct Draft {
    pub grade: usize,
    pub seat: Seat,
    pub origin: Origin,
    pub form: Option<Tag>,
    pub tags: Tags,
    pub parent: Option<usize>,
    pub leading_zero: bool,
}

/// Students who belong together, and why.
#[derive(Debug)]
pub struct Group {
    pub members: Vec<usize>,
    pub tag: Option<Tag>,
}

/// Every place of the full district: schools get the same number of each of their grades, but for the special ones.
pub fn seats() -> Vec<Draft> {
    let mut drafts = Vec::with_capacity(STUDENTS);
    for (grade, (_, count)) in GRADES.iter().enumerate() {
        let level = Level::of_grade(grade);
        for at in 0..*count {
            let seat = if grade >= 7 && at % 97 == 3 {
                (Level::Special, 0)
            } else if at % 211 == 5 {
                (Level::Special, 1)
            } else {
                (level, at % level.schools())
            };
            drafts.push(Draft {
                grade,
                seat: Seat {
                    level: seat.0,
                    rank: seat.1,
                },
                origin: Origin::English,
                form: None,
                tags: Tags::default(),
                parent: None,
                leading_zero: false,
            });
        }
    }
    drafts
}

/// Places that are still free, in a random order, by school and grade.
pub struct Pool {
    /// Free places of each cohort (school and grade).
    cohorts: Vec<(Seat, usize, Vec<usize>)>,
    dice: Dice,
}

impl Pool {
    pub fn new(seed: u64, drafts: &[Draft]) -> Self {
        let mut dice = Dice::new(seed, "student-groups", 0);
        let mut order: Vec<usize> = (0..drafts.len()).collect();
        dice.shuffle(&mut order);
        let mut by_cohort = std::collections::BTreeMap::<(Seat, usize), Vec<usize>>::new();
        for at in order {
            if let Some(draft) = drafts.get(at) {
                by_cohort
                    .entry((draft.seat, draft.grade))
                    .or_default()
                    .push(at);
            }
        }
        let cohorts = by_cohort
            .into_iter()
            .map(|((seat, grade), free)| (seat, grade, free))
            .collect();
        Self { cohorts, dice }
    }

    /// Takes `count` free places of one random cohort that is no special school's.
    fn take_of_one(&mut self, count: usize) -> Vec<usize> {
        loop {
            let at = self.dice.place(self.cohorts.len());
            if let Some((seat, _, free)) = self.cohorts.get_mut(at)
                && seat.level != Level::Special
                && free.len() > count + 10
            {
                return free.split_off(free.len() - count);
            }
        }
    }

    /// Takes a free place of a random cohort that `fits`, beside `other`.
    fn partner(&mut self, fits: impl Fn(Seat, usize) -> bool) -> Option<usize> {
        for _ in 0..10_000 {
            let at = self.dice.place(self.cohorts.len());
            if let Some((seat, grade, free)) = self.cohorts.get_mut(at)
                && seat.level != Level::Special
                && free.len() > 10
                && fits(*seat, *grade)
            {
                return free.pop();
            }
        }
        None
    }

    /// Twins, triplets, namesakes, brothers and sisters, students of two schools.
    pub fn groups(&mut self, drafts: &[Draft]) -> Vec<Group> {
        let mut groups = Vec::new();
        let mut push = |members, tag| {
            groups.push(Group {
                members,
                tag: Some(tag),
            });
        };
        for _ in 0..tags::TRIPLETS {
            push(self.take_of_one(3), Tag::Triplet);
        }
        for _ in 0..tags::TWINS {
            push(self.take_of_one(2), Tag::Twin);
        }
        for (count, tag) in [
            (tags::SAME_NAME_SCHOOL.0, Tag::SameNameSchool),
            (tags::SAME_NAME_DISTRICT.0 / 2, Tag::SameNameDistrict),
            (tags::SIBLINGS / 2, Tag::Sibling),
        ] {
            for _ in 0..count {
                push(self.pair(drafts, tag), tag);
            }
        }
        for _ in 0..tags::TWO_SCHOOLS.0 {
            push(self.take_of_one(1), Tag::TwoSchools);
        }
        groups
    }

    /// Two students of different grades in one school, or of different schools.
    fn pair(&mut self, drafts: &[Draft], tag: Tag) -> Vec<usize> {
        let mut members = self.take_of_one(1);
        let leader = members.first().and_then(|at| drafts.get(*at));
        if let Some(leader) = leader {
            members.extend(self.partner(|seat, grade| match tag {
                Tag::SameNameDistrict => seat != leader.seat,
                _ => seat == leader.seat && grade != leader.grade,
            }));
        }
        members
    }

    /// Children of employees of their school.
    pub fn parents(
        &mut self,
        parents: &[(usize, Seat)],
        drafts: &mut [Draft],
        groups: &mut Vec<Group>,
    ) {
        for (row, seat) in parents {
            let Some(at) = self.partner(|other, _| other == *seat) else {
                continue;
            };
            if let Some(draft) = drafts.get_mut(at) {
                draft.parent = Some(*row);
            }
            groups.push(Group {
                members: vec![at],
                tag: Some(Tag::ParentOnStaff),
            });
        }
    }

    /// All that are left, in a random order.
    pub fn rest(mut self) -> Vec<usize> {
        let mut rest: Vec<usize> = self
            .cohorts
            .into_iter()
            .flat_map(|(.., free)| free)
            .collect();
        self.dice.shuffle(&mut rest);
        rest
    }
}

/// Forms of names, each to the next so many.
pub fn give_forms(drafts: &mut [Draft], singles: &[usize]) {
    let mut next = singles.iter();
    for (tag, count, _) in FORMS {
        for at in next.by_ref().take(*count) {
            if let Some(draft) = drafts.get_mut(*at) {
                draft.form = Some(*tag);
                draft.tags.add(*tag);
            }
        }
    }
}

/// The origin that a form asks for, in turn.
pub fn origin_of_form(form: Tag, turn: usize) -> Option<Origin> {
    Some(match form {
        Tag::TwoFamilyNames => Origin::Spanish,
        Tag::AccentsKept | Tag::AccentsLost => match turn % 31 {
            0..=5 => Origin::Vietnamese,
            6 => Origin::French,
            _ => Origin::Spanish,
        },
        Tag::Decomposed => Origin::Vietnamese,
        Tag::Hyphenated
        | Tag::Particle
        | Tag::Apostrophe
        | Tag::CurlyApostrophe
        | Tag::SuffixInFamily
        | Tag::SuffixInGiven
        | Tag::CompoundGiven
        | Tag::ShortFamily
        | Tag::MixedScripts => Origin::English,
        _ => return None,
    })
}

/// Origins: those that forms ask for, then whatever the mixture still lacks. People of one family have one.
pub fn give_origins(drafts: &mut [Draft], groups: &[Group], singles: &[usize]) {
    let mut left: Vec<(Origin, usize)> = Origin::ALL
        .into_iter()
        .map(|origin| (origin, STUDENTS * origin.percent() / 100))
        .collect();
    let mut take = |origin: Origin, count: usize| {
        for (one, left) in &mut left {
            if *one == origin {
                *left = left.saturating_sub(count);
            }
        }
    };
    let mut open = Vec::new();
    for (turn, at) in singles.iter().enumerate() {
        let Some(draft) = drafts.get_mut(*at) else {
            continue;
        };
        match draft.form.and_then(|form| origin_of_form(form, turn)) {
            Some(origin) => {
                draft.origin = origin;
                take(origin, 1);
            }
            None => open.push(vec![*at]),
        }
    }
    for group in groups {
        match group.tag {
            Some(Tag::Twin | Tag::Triplet) => take(Origin::English, group.members.len()),
            _ => open.push(group.members.clone()),
        }
    }
    // Largest families first, so that the last places fit exactly.
    open.sort_by_key(|members| std::cmp::Reverse(members.len()));
    for (turn, members) in open.into_iter().enumerate() {
        let fits = |(_, left): &&mut (Origin, usize)| *left >= members.len();
        // In turn, weighted by what is left: the origin with the most places every other time.
        let chosen = if turn % 2 == 0 {
            left.iter_mut()
                .filter(|one| fits(one))
                .max_by_key(|(_, left)| *left)
        } else {
            let skip = turn % 5;
            left.iter_mut().filter(|one| fits(one)).cycle_once(skip)
        };
        if let Some((origin, left)) = chosen {
            *left -= members.len();
            for at in members {
                if let Some(draft) = drafts.get_mut(at) {
                    draft.origin = *origin;
                }
            }
        }
    }
}

/// An iterator's item after skipping some, from the start again if need be.
trait CycleOnce: Iterator + Sized {
    fn cycle_once(self, skip: usize) -> Option<Self::Item> {
        let mut items: Vec<Self::Item> = self.collect();
        if items.is_empty() {
            return None;
        }
        let at = skip % items.len();
        Some(items.swap_remove(at))
    }
}

impl<I: Iterator> CycleOnce for I {}

/// Missing middle names and leading zeros.
pub fn give_marks(seed: u64, drafts: &mut [Draft]) {
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    Dice::new(seed, "student-marks", 0).shuffle(&mut order);
    for at in order.iter().take(tags::NO_MIDDLE.0) {
        if let Some(draft) = drafts.get_mut(*at) {
            draft.tags.add(Tag::NoMiddle);
        }
    }
    for at in order.iter().rev().take(STUDENTS * 12 / 100) {
        if let Some(draft) = drafts.get_mut(*at) {
            draft.leading_zero = true;
        }
    }
}

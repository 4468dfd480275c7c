//! The schools of the district and the people's places in them.

/// What kind of school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// PK to 05.
    Elementary,
    /// 06 to 08.
    Middle,
    /// 09 to 12.
    High,
    /// Alternative school, and a center for special education.
    Special,
}

impl Level {
    /// All, in the order of the list of schools.
    pub const ALL: [Self; 4] = [Self::Elementary, Self::Middle, Self::High, Self::Special];

    /// Schools at full scale.
    pub const fn schools(self) -> usize {
        match self {
            Self::Elementary => 36,
            Self::Middle => 15,
            Self::High => 11,
            Self::Special => 2,
        }
    }

    /// The level of a grade.
    pub const fn of_grade(grade: usize) -> Self {
        match grade {
            0..=6 => Self::Elementary,
            7..=9 => Self::Middle,
            _ => Self::High,
        }
    }
}

/// Grades in order, with their students at full scale.
pub const GRADES: [(&str, usize); 14] = [
    ("PK", 1_340),
    ("KG", 3_490),
    ("01", 3_775),
    ("02", 3_800),
    ("03", 3_860),
    ("04", 3_900),
    ("05", 3_920),
    ("06", 3_950),
    ("07", 3_980),
    ("08", 4_010),
    ("09", 4_700),
    ("10", 4_100),
    ("11", 3_720),
    ("12", 3_455),
];

/// Students at full scale.
pub const STUDENTS: usize = 52_000;

/// The code of a grade.
pub fn grade_code(grade: usize) -> &'static str {
    GRADES.get(grade).map_or("12", |(code, _)| code)
}

/// Where somebody belongs: a level, and a rank within the full list of its schools. At a smaller scale several ranks share a
/// school, so that people who share one still do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seat {
    /// Kind of school.
    pub level: Level,
    /// Number within its kind, at full scale.
    pub rank: usize,
}

/// One school at the scale in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct School {
    /// Kind.
    pub level: Level,
    /// Number of three digits: 1 and up elementary, 2 middle, 3 high, 4 special.
    pub number: usize,
    /// Name.
    pub name: String,
}

impl School {
    /// sourcedId in 1.1.
    pub fn id(&self) -> String {
        format!("o-{}", self.number)
    }
}

/// All schools at a scale.
#[derive(Clone, Debug)]
pub struct Schools {
    list: Vec<School>,
    counts: [usize; 4],
}

const FIRST: [&str; 36] = [
    "Maple", "Cedar", "Willow", "Magnolia", "Pecan", "Dogwood", "Sycamore", "Juniper", "Laurel",
    "Hickory", "Poplar", "Birch", "Redbud", "Chestnut", "Hawthorn", "Linden", "Cypress", "Aspen",
    "Flint", "Harmony", "Liberty", "Unity", "Summit", "Heritage", "Garden", "Meadow", "Prairie",
    "Sunrise", "Stone", "Mill", "Spring", "Clear", "Silver", "Green", "North", "South",
];
const SECOND: [&str; 7] = ["Grove", "Creek", "Ridge", "Hill", "Lake", "Valley", "Point"];

impl Schools {
    /// The schools at `scale` (above 0, at most 1): at least one of each kind.
    pub fn at(scale: f64) -> Self {
        let mut list = Vec::new();
        let mut counts = [0; 4];
        for ((at, level), count) in (0..).zip(Level::ALL).zip(&mut counts) {
            *count = scaled(level.schools(), scale);
            for rank in 0..*count {
                list.push(School {
                    level,
                    number: (at + 1) * 100 + rank + 1,
                    name: name(level, rank),
                });
            }
        }
        Self { list, counts }
    }

    /// All.
    pub fn list(&self) -> &[School] {
        &self.list
    }

    /// The school of a seat, by its position.
    pub fn position(&self, seat: Seat) -> usize {
        let mut start = 0;
        for (level, count) in Level::ALL.into_iter().zip(self.counts) {
            if level == seat.level {
                return start + seat.rank % count.max(1);
            }
            start += count;
        }
        0
    }

    /// The school at a position.
    pub fn get(&self, at: usize) -> Option<&School> {
        self.list.get(at)
    }

    /// The 1.1 id of the school of a seat.
    pub fn id(&self, seat: Seat) -> String {
        self.get(self.position(seat))
            .map(School::id)
            .unwrap_or_default()
    }
}

/// So many at full scale are how many at `scale`; at least one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "counts below a million, scales from 0 to 1"
)]
pub fn scaled(count: usize, scale: f64) -> usize {
    ((count as f64 * scale).round() as usize).max(1)
}

fn name(level: Level, rank: usize) -> String {
    let offset = match level {
        Level::Elementary => 0,
        Level::Middle => 3,
        Level::High => 5,
        Level::Special => 6,
    };
    let first = FIRST
        .get((rank * 5 + offset) % FIRST.len())
        .copied()
        .unwrap_or("Oak");
    let second = SECOND
        .get((rank + offset) % SECOND.len())
        .copied()
        .unwrap_or("Hill");
    match (level, rank) {
        (Level::Elementary, _) => format!("{first} {second} Elementary"),
        (Level::Middle, _) => format!("{first} {second} Middle"),
        (Level::High, _) => format!("{first} {second} High"),
        (Level::Special, 0) => "Open Door Academy".to_owned(),
        (Level::Special, _) => "Bright Path Center".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_are_those_of_the_district() {
        assert_eq!(
            GRADES.iter().map(|(_, count)| count).sum::<usize>(),
            STUDENTS
        );
        let schools = Schools::at(1.0);
        assert_eq!(schools.list().len(), 64);
        let mut names: Vec<&str> = schools.list().iter().map(|school| &*school.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 64);
    }

    #[test]
    fn ranks_share_schools_at_a_small_scale() {
        let schools = Schools::at(0.05);
        assert_eq!(schools.list().len(), 2 + 1 + 1 + 1);
        let seat = |rank| Seat {
            level: Level::Elementary,
            rank,
        };
        assert_eq!(schools.id(seat(0)), schools.id(seat(2)));
        assert_ne!(schools.id(seat(0)), schools.id(seat(1)));
    }
}

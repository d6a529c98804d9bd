//! The three sample clients: how large they are, what they teach, and when their people are there.

use super::prng::Prng;

/// Seconds in a day.
pub(super) const DAY: i64 = 86_400;

/// What to generate. The three makers give three organisations of different kind and size.
#[derive(Clone)]
pub struct Spec {
    /// Short name: `alder`, `birch`, `cedar`.
    pub key: &'static str,
    /// Full name.
    pub name: &'static str,
    /// The same seed and `now` give the same site.
    pub seed: u64,
    /// The moment at which the site's history ends, in seconds since 1970, UTC. `Site::generate` sets it.
    pub(super) now: i64,
    pub(super) city: &'static str,
    pub(super) country: &'static str,
    pub(super) domain: &'static str,
    pub(super) learners: i64,
    pub(super) teachers: i64,
    /// How many weeks of history there are.
    pub(super) weeks: i64,
    pub(super) rhythm: Rhythm,
    pub(super) categories: &'static [&'static str],
    pub(super) subjects: &'static [Subject],
    /// Share of enrolled learners who never begin.
    pub(super) never_start: f64,
    /// How readily learners give up; 1 is usual.
    pub(super) drop_out: f64,
}

/// When people are there.
#[derive(Clone)]
pub(super) struct Rhythm {
    /// From Monday; about 1 in the mean.
    pub(super) weekday: [f64; 7],
    /// Hour of the day, UTC.
    pub(super) hour: [f64; 24],
    /// Quiet times: from and to in weeks before now (the older first), and what is left of the usual activity.
    pub(super) breaks: &'static [(i64, i64, f64)],
}

/// One course.
pub(super) struct Subject {
    pub(super) name: &'static str,
    pub(super) short: &'static str,
    /// Position in the site's categories.
    pub(super) category: usize,
    /// When it runs: start in weeks before now, length in weeks. Empty: at any time, four weeks for each learner.
    pub(super) runs: &'static [(i64, i64)],
    /// How many choose it, against the others.
    pub(super) pull: f64,
    /// 0 is usual, 1 is hard, -1 is easy.
    pub(super) hard: f64,
    /// For how many days its certificate is good, when it gives one.
    pub(super) certificate: Option<i64>,
}

const fn subject(
    name: &'static str,
    short: &'static str,
    category: usize,
    runs: &'static [(i64, i64)],
    pull: f64,
    hard: f64,
    certificate: Option<i64>,
) -> Subject {
    Subject { name, short, category, runs, pull, hard, certificate }
}

impl Rhythm {
    /// How busy a day is against a usual one.
    pub(super) fn of_day(&self, day: i64, now: i64) -> f64 {
        let weeks_ago = (now / DAY - day) / 7;
        let quiet = self.breaks.iter().find(|(from, to, _)| weeks_ago < *from && weeks_ago >= *to);
        // 1970-01-01 was a Thursday.
        let weekday = usize::try_from((day + 3) % 7).unwrap_or(0);
        self.weekday.get(weekday).copied().unwrap_or(1.0) * quiet.map_or(1.0, |(_, _, left)| *left)
    }

    /// A moment of `day`, in seconds since 1970.
    pub(super) fn moment(&self, day: i64, prng: &mut Prng) -> i64 {
        let hour = i64::try_from(prng.weighted(&self.hour)).unwrap_or(12);
        day * DAY + hour * 3_600 + prng.between(0, 3_599)
    }
}

const DAYTIME: [f64; 24] = [
    0.3, 0.15, 0.05, 0.05, 0.05, 0.1, 0.3, 1.0, 2.6, 4.5, 5.2, 5.0, 3.6, 4.2, 4.8, 4.4, 3.4, 2.6, 2.8, 3.4, 3.6, 2.8,
    1.6, 0.8,
];
const OFFICE: [f64; 24] = [
    0.02, 0.01, 0.01, 0.01, 0.02, 0.1, 0.5, 2.4, 5.2, 6.0, 5.6, 4.6, 2.4, 4.4, 5.4, 4.6, 3.0, 1.2, 0.5, 0.4, 0.4, 0.3,
    0.1, 0.05,
];
const EVENING: [f64; 24] = [
    0.4, 0.1, 0.05, 0.02, 0.02, 0.05, 0.3, 0.7, 0.9, 1.1, 1.2, 1.2, 1.5, 1.2, 1.0, 1.1, 1.6, 2.8, 4.4, 6.2, 6.4, 4.6,
    2.4, 1.0,
];

impl Spec {
    /// All three, in the order of their names.
    #[must_use]
    pub fn all() -> [Self; 3] {
        [Self::alder(), Self::birch(), Self::cedar()]
    }

    /// A large college: terms and holidays, a year of history, about nine hundred people.
    #[must_use]
    pub fn alder() -> Self {
        Self {
            key: "alder",
            name: "Alder College",
            seed: 0xA1DE_0001,
            now: 0,
            city: "Alderbrook",
            country: "GB",
            domain: "alder-college.example",
            learners: 862,
            teachers: 34,
            weeks: 52,
            rhythm: Rhythm {
                weekday: [1.25, 1.35, 1.3, 1.2, 0.9, 0.4, 0.6],
                hour: DAYTIME,
                breaks: &[(41, 38, 0.08), (26, 23, 0.1), (23, 18, 0.6), (18, 12, 0.06)],
            },
            categories: &["Sciences", "Humanities", "Computing", "Business"],
            subjects: ALDER,
            never_start: 0.05,
            drop_out: 1.0,
        }
    }

    /// A training company: people start when they are hired, work in office hours, and their certificates run out.
    #[must_use]
    pub fn birch() -> Self {
        Self {
            key: "birch",
            name: "Birch Training",
            seed: 0xB12C_0002,
            now: 0,
            city: "Birchfield",
            country: "GB",
            domain: "birch-training.example",
            learners: 168,
            teachers: 9,
            weeks: 26,
            rhythm: Rhythm {
                weekday: [1.5, 1.6, 1.5, 1.35, 0.95, 0.06, 0.04],
                hour: OFFICE,
                breaks: &[(17, 15, 0.35)],
            },
            categories: &["Health and safety", "Compliance", "Office skills"],
            subjects: BIRCH,
            never_start: 0.09,
            drop_out: 0.7,
        }
    }

    /// A small academy: adults who learn in the evening and at weekends, and often stop half way.
    #[must_use]
    pub fn cedar() -> Self {
        Self {
            key: "cedar",
            name: "Cedar Academy",
            seed: 0xCEDA_0003,
            now: 0,
            city: "Cedarholm",
            country: "IE",
            domain: "cedar-academy.example",
            learners: 94,
            teachers: 6,
            weeks: 22,
            rhythm: Rhythm { weekday: [0.9, 1.0, 0.95, 0.9, 0.6, 1.3, 1.45], hour: EVENING, breaks: &[(12, 10, 0.2)] },
            categories: &["Languages", "Arts and music"],
            subjects: CEDAR,
            never_start: 0.08,
            drop_out: 1.6,
        }
    }
}

const TERM_1: &[(i64, i64)] = &[(52, 11)];
const TERM_2: &[(i64, i64)] = &[(38, 12)];
const SUMMER: &[(i64, i64)] = &[(23, 5)];
const TERM_3: &[(i64, i64)] = &[(12, 14)];
const ALDER: &[Subject] = &[
    subject("Biology: Cells and Systems", "BIO101", 0, TERM_1, 1.3, 0.2, None),
    subject("Chemistry Foundations", "CHE101", 0, TERM_2, 1.1, 0.6, None),
    subject("Physics: Motion and Energy", "PHY101", 0, TERM_3, 0.9, 0.9, None),
    subject("Environmental Science", "ENV110", 0, TERM_3, 1.0, -0.2, None),
    subject("Laboratory Safety", "LAB010", 0, SUMMER, 1.2, -0.7, Some(365)),
    subject("Modern European History", "HIS120", 1, TERM_1, 0.9, 0.0, None),
    subject("Introduction to Philosophy", "PHI101", 1, TERM_2, 0.7, 0.4, None),
    subject("English Literature: The Novel", "LIT115", 1, TERM_3, 1.0, 0.1, None),
    subject("Academic Writing", "WRI100", 1, TERM_1, 1.6, -0.3, None),
    subject("Psychology: Mind and Behaviour", "PSY101", 1, TERM_2, 1.5, 0.1, None),
    subject("Programming with Python", "CMP101", 2, TERM_1, 1.6, 0.5, None),
    subject("Web Design", "CMP120", 2, TERM_2, 1.1, -0.1, None),
    subject("Databases and SQL", "CMP210", 2, TERM_3, 1.0, 0.5, None),
    subject("Cyber Security Essentials", "CMP130", 2, TERM_3, 1.3, 0.2, Some(730)),
    subject("Data Analysis", "CMP220", 2, TERM_2, 0.9, 0.7, None),
    subject("Business Studies", "BUS101", 3, TERM_2, 1.3, -0.2, None),
    subject("Accounting Principles", "BUS110", 3, TERM_3, 0.9, 0.6, None),
    subject("Marketing in Practice", "BUS130", 3, TERM_3, 1.1, -0.3, None),
    subject("Statistics for Managers", "BUS205", 3, TERM_1, 0.8, 0.9, None),
    subject("Study Skills Summer School", "STU001", 3, SUMMER, 1.0, -0.6, None),
];

const BIRCH: &[Subject] = &[
    subject("Fire Safety Awareness", "FIRE", 0, &[], 3.0, -0.8, Some(365)),
    subject("Manual Handling", "MANUAL", 0, &[], 2.2, -0.5, Some(365)),
    subject("First Aid at Work", "AID", 0, &[], 1.4, 0.2, Some(1_095)),
    subject("Working at Height", "HEIGHT", 0, &[], 0.9, 0.1, Some(365)),
    subject("Food Hygiene Level 2", "FOOD2", 0, &[], 1.1, 0.0, Some(730)),
    subject("Display Screen Equipment", "DSE", 0, &[], 1.5, -0.9, None),
    subject("Data Protection Essentials", "GDPR", 1, &[], 3.0, 0.1, Some(365)),
    subject("Anti-Bribery and Conduct", "ABC", 1, &[], 2.0, -0.2, Some(365)),
    subject("Equality and Inclusion", "EQUAL", 1, &[], 1.8, -0.6, None),
    subject("Information Security", "INFOSEC", 1, &[], 2.0, 0.3, Some(365)),
    subject("Spreadsheets for Analysts", "SHEETS", 2, &[], 1.2, 0.6, None),
    subject("Writing Clear Reports", "REPORT", 2, &[], 0.9, 0.2, None),
    subject("Managing Your First Team", "LEAD1", 2, &[], 1.0, 0.3, None),
    subject("Customer Conversations", "CUST", 2, &[], 1.3, -0.2, None),
    subject("Project Planning", "PLAN", 2, &[], 0.8, 0.5, None),
];

const INTAKES: &[(i64, i64)] = &[(22, 10), (10, 11)];
const CEDAR: &[Subject] = &[
    subject("Spanish for Beginners", "ES1", 0, INTAKES, 1.7, -0.1, None),
    subject("Spanish Conversation", "ES2", 0, INTAKES, 0.9, 0.4, None),
    subject("Irish: First Words", "GA1", 0, INTAKES, 1.0, 0.3, None),
    subject("German for Travellers", "DE1", 0, &[(10, 11)], 0.9, 0.2, None),
    subject("Piano: First Steps", "PIANO", 1, INTAKES, 1.2, 0.5, None),
    subject("Watercolour Basics", "WATER", 1, INTAKES, 1.3, -0.5, Some(1_825)),
    subject("Creative Writing Workshop", "WRITE", 1, INTAKES, 1.1, 0.0, None),
    subject("History of Jazz", "JAZZ", 1, &[(22, 10)], 0.7, -0.3, None),
];

//! What a site has before anybody learns: categories, courses, activities, people, roles.

use super::course::course;
use super::history::Place;
use super::people::People;
use super::prng::Prng;
use super::schema::Tables;
use super::spec::{DAY, Spec, Subject};
use super::table::Cell;

pub(super) const WEEK: i64 = 7 * DAY;
/// How many questions a quiz has.
pub(super) const QUESTIONS: i64 = 5;

/// What an activity is, with the names that the platform gives it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Module {
    Assign,
    Book,
    Forum,
    Page,
    Quiz,
    Resource,
    Url,
}

impl Module {
    pub(super) const ALL: [(Self, &'static str); 7] = [
        (Self::Assign, "assign"),
        (Self::Book, "book"),
        (Self::Forum, "forum"),
        (Self::Page, "page"),
        (Self::Quiz, "quiz"),
        (Self::Resource, "resource"),
        (Self::Url, "url"),
    ];

    pub(super) fn id(self) -> i64 {
        Self::ALL.iter().zip(1..).find(|((module, _), _)| *module == self).map_or(0, |(_, id)| id)
    }
}

/// One activity of a course.
pub(super) struct Activity {
    pub(super) module: Module,
    /// The row of its own table (`mdl_quiz`, ...).
    pub(super) instance: i64,
    pub(super) place: Place,
    /// The course module's id.
    pub(super) id: i64,
    /// Its line in the grade book.
    pub(super) item: Option<i64>,
    /// For a quiz: its questions and how hard each is.
    pub(super) questions: Vec<(i64, f64)>,
}

/// One course.
pub(super) struct Course {
    pub(super) id: i64,
    pub(super) subject: &'static Subject,
    pub(super) place: Place,
    pub(super) activities: Vec<Activity>,
    /// The two ways in: by a teacher, by oneself.
    pub(super) ways_in: [i64; 2],
    /// The course total's line in the grade book.
    pub(super) total: i64,
    pub(super) teachers: Vec<i64>,
    pub(super) forum: i64,
    pub(super) badge: Option<i64>,
}

/// One learner.
pub(super) struct Learner {
    pub(super) id: i64,
    /// When the account was made.
    pub(super) since: i64,
    /// About normal.
    pub(super) ability: f64,
    /// About 1: how regularly somebody works.
    pub(super) diligence: f64,
    /// The category most of the courses come from.
    pub(super) programme: usize,
    /// When the account was closed.
    pub(super) until: Option<i64>,
}

/// What the rest is built on.
pub(super) struct Plan {
    pub(super) courses: Vec<Course>,
    pub(super) learners: Vec<Learner>,
}

/// The student role's id; roles are numbered as the platform numbers them.
pub(super) const STUDENT: i64 = 5;
pub(super) const EDITING_TEACHER: i64 = 3;
pub(super) const TEACHER: i64 = 4;
const MANAGER: i64 = 1;

/// Everything, into `tables`.
pub(super) fn make(spec: &Spec, tables: &mut Tables) -> Plan {
    let start = spec.now - (spec.weeks + 4) * WEEK;
    ground(spec, tables, start);
    let mut people = People::new(spec, 1);
    let teachers: Vec<i64> = (0..spec.teachers).map(|_| people.account(tables, start, "Staff", false).0).collect();
    let categories: Vec<(i64, i64)> = spec.categories.iter().map(|name| category(name, tables, start)).collect();
    let mut prng = Prng::new(spec.seed, 2);
    let courses = spec.subjects.iter().enumerate();
    let courses = courses
        .map(|(number, subject)| course(spec, subject, number, &categories, &teachers, tables, &mut prng))
        .collect();
    let learners = (0..spec.learners).map(|_| people.learner(tables, start)).collect();
    Plan { courses, learners }
}

/// The site itself: its context, its front page, its roles, its kinds of activities, its first two accounts.
fn ground(spec: &Spec, tables: &mut Tables, start: i64) {
    context(tables, 10, 0, "");
    tables.course.add([
        0.into(),
        1.into(),
        spec.name.into(),
        spec.key.into(),
        "".into(),
        Cell::Null,
        "site".into(),
        0.into(),
        0.into(),
        1.into(),
        start.into(),
        start.into(),
        0.into(),
    ]);
    context(tables, 50, 1, "/1");
    let roles = [
        ("manager", "manager"),
        ("coursecreator", "coursecreator"),
        ("editingteacher", "editingteacher"),
        ("teacher", "teacher"),
        ("student", "student"),
        ("guest", "guest"),
        ("user", "user"),
        ("frontpage", "frontpage"),
    ];
    for ((name, archetype), order) in roles.into_iter().zip(1_i64..) {
        tables.role.add(["".into(), name.into(), "".into(), order.into(), archetype.into()]);
    }
    for (_, name) in Module::ALL {
        tables.module.add([name.into(), 0.into(), 0.into(), "".into(), 1.into()]);
    }
    let people = People::new(spec, 3);
    for (login, first, last) in [("guest", "Guest", "User"), ("admin", "Site", "Administrator")] {
        people.row(tables, start, login.to_owned(), first, last, "", 0);
    }
    tables.assignment_of_role.add(assignment(MANAGER, 1, 2, start));
}

/// Adds a context below the one with path `above`; returns its id and path.
pub(super) fn context(tables: &mut Tables, level: i64, instance: i64, above: &str) -> (i64, String) {
    let id = i64::try_from(tables.context.len()).unwrap_or(0) + 1;
    let path = format!("{above}/{id}");
    let depth = i64::try_from(path.matches('/').count()).unwrap_or(1);
    tables.context.add([level.into(), instance.into(), path.clone().into(), depth.into(), 0.into()]);
    (id, path)
}

fn category(name: &'static str, tables: &mut Tables, start: i64) -> (i64, i64) {
    let id = i64::try_from(tables.category.len()).unwrap_or(0) + 1;
    tables.category.add([
        name.into(),
        "".into(),
        0.into(),
        (id * 10_000).into(),
        0.into(),
        1.into(),
        start.into(),
        1.into(),
        format!("/{id}").into(),
    ]);
    let (context, _) = context(tables, 40, id, "/1");
    (id, context)
}

fn assignment(role: i64, context: i64, user: i64, time: i64) -> [Cell; 8] {
    [role.into(), context.into(), user.into(), time.into(), 2.into(), "".into(), 0.into(), 0.into()]
}

/// Enrols a learner or a teacher.
pub(super) fn enrol(tables: &mut Tables, course: &Course, way: usize, role: i64, user: i64, time: i64, active: bool) {
    let way = course.ways_in.get(way).copied().unwrap_or(1);
    tables.enrolment.add([
        (!active).into(),
        way.into(),
        user.into(),
        time.into(),
        0.into(),
        2.into(),
        time.into(),
        time.into(),
    ]);
    tables.assignment_of_role.add(assignment(role, course.place.context, user, time));
}

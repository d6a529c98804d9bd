//! What a site has before anybody learns: categories, courses, activities, people, roles.

use super::history::Place;
use super::names;
use super::prng::Prng;
use super::schema::Tables;
use super::spec::{DAY, Spec, Subject};
use super::table::{Cell, decimal};

const WEEK: i64 = 7 * DAY;
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
    const ALL: [(Self, &'static str); 7] = [
        (Self::Assign, "assign"),
        (Self::Book, "book"),
        (Self::Forum, "forum"),
        (Self::Page, "page"),
        (Self::Quiz, "quiz"),
        (Self::Resource, "resource"),
        (Self::Url, "url"),
    ];

    fn id(self) -> i64 {
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
const EDITING_TEACHER: i64 = 3;
const TEACHER: i64 = 4;
const MANAGER: i64 = 1;

/// Everything, into `tables`.
pub(super) fn make(spec: &Spec, tables: &mut Tables) -> Plan {
    let start = spec.now - (spec.weeks + 4) * WEEK;
    ground(spec, tables, start);
    let mut people = People { spec, prng: Prng::new(spec.seed, 1), taken: Default::default() };
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
    let people = People { spec, prng: Prng::new(spec.seed, 3), taken: Default::default() };
    for (login, first, last) in [("guest", "Guest", "User"), ("admin", "Site", "Administrator")] {
        people.row(tables, start, login.to_owned(), first, last, "", 0);
    }
    tables.assignment_of_role.add(assignment(MANAGER, 1, 2, start));
}

/// Adds a context below the one with path `above`; returns its id and path.
fn context(tables: &mut Tables, level: i64, instance: i64, above: &str) -> (i64, String) {
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

fn course(
    spec: &Spec,
    subject: &'static Subject,
    number: usize,
    categories: &[(i64, i64)],
    teachers: &[i64],
    tables: &mut Tables,
    prng: &mut Prng,
) -> Course {
    let (category, above) = categories.get(subject.category).copied().unwrap_or((1, 1));
    let begins = subject.runs.first().map_or(spec.weeks, |(weeks, _)| *weeks);
    let ends = subject.runs.last().map_or(0, |(weeks, length)| spec.now - (weeks - length) * WEEK);
    let (start, made) = (spec.now - begins * WEEK, spec.now - (begins + 3) * WEEK);
    let order = i64::try_from(number).unwrap_or(0) + 1;
    let id = tables.course.add([
        category.into(),
        (category * 10_000 + order).into(),
        subject.name.into(),
        subject.short.into(),
        "".into(),
        Cell::Null,
        "topics".into(),
        start.into(),
        ends.into(),
        1.into(),
        made.into(),
        made.into(),
        1.into(),
    ]);
    let (context, path) = context(tables, 50, id, &format!("/1/{above}"));
    let ways_in = ["manual", "self"].map(|way| {
        tables.enrol.add([
            way.into(),
            0.into(),
            id.into(),
            0.into(),
            Cell::Null,
            STUDENT.into(),
            made.into(),
            made.into(),
        ])
    });
    let total = tables.grade_item.add(item(id, None, "course", None, 0, made));
    let badge = subject.certificate.map(|days| {
        tables.badge.add([
            format!("{} certificate", subject.name).into(),
            Cell::Null,
            made.into(),
            made.into(),
            2.into(),
            2.into(),
            spec.name.into(),
            (days * DAY).into(),
            2.into(),
            id.into(),
            3.into(),
        ])
    });
    let place = Place { context, level: 50, instance: id, course: id };
    let mut course =
        Course { id, subject, place, activities: Vec::new(), ways_in, total, teachers: Vec::new(), forum: 0, badge };
    Activities { tables, prng, course: &mut course, path, made, start }.add();
    for offset in 0..=usize::from(subject.pull > 1.0) {
        let teacher = teachers.get((number + offset * 7) % teachers.len().max(1)).copied().unwrap_or(2);
        let role = if offset == 0 { EDITING_TEACHER } else { TEACHER };
        enrol(tables, &course, 0, role, teacher, made, true);
        course.teachers.push(teacher);
    }
    course
}

/// A line in the grade book.
fn item(
    course: i64,
    name: Option<String>,
    kind: &'static str,
    module: Option<&'static str>,
    instance: i64,
    made: i64,
) -> [Cell; 15] {
    let of_module = |value: i64| if module.is_some() { Cell::Int(value) } else { Cell::Null };
    let instance_of = if instance > 0 { Cell::Int(instance) } else { Cell::Int(course) };
    [
        course.into(),
        Cell::Null,
        name.into(),
        kind.into(),
        module.into(),
        instance_of,
        of_module(0),
        1.into(),
        decimal(100.0),
        decimal(0.0),
        decimal(50.0),
        1.into(),
        0.into(),
        made.into(),
        made.into(),
    ]
}

/// Fills one course with activities, unit by unit.
struct Activities<'a> {
    tables: &'a mut Tables,
    prng: &'a mut Prng,
    course: &'a mut Course,
    path: String,
    made: i64,
    start: i64,
}

impl Activities<'_> {
    fn add(mut self) {
        self.one(0, Module::Forum, "Announcements and questions".to_owned());
        let units = if self.course.subject.runs.is_empty() { 3 } else { self.prng.between(4, 5) };
        for unit in 1..=units {
            let reading = self
                .prng
                .pick(&[Some(Module::Page), Some(Module::Resource), Some(Module::Book)])
                .unwrap_or(Module::Page);
            self.one(unit, reading, format!("Unit {unit}: reading"));
            if unit % 2 == 0 || self.prng.chance(0.3) {
                self.one(unit, Module::Url, format!("Unit {unit}: video"));
            }
            if unit % 2 == 0 || unit == units {
                self.one(unit, Module::Quiz, format!("Unit {unit} quiz"));
            } else {
                self.one(unit, Module::Assign, format!("Assignment {}", (unit + 1) / 2));
            }
        }
    }

    fn one(&mut self, unit: i64, module: Module, name: String) {
        let (id, made) = (self.course.id, self.made);
        let word = Module::ALL.iter().find(|(known, _)| *known == module).map(|(_, name)| *name);
        let due = self.start + unit * 2 * WEEK;
        let instance = match module {
            Module::Quiz => self.tables.quiz.add([
                id.into(),
                name.clone().into(),
                "".into(),
                0.into(),
                0.into(),
                0.into(),
                0.into(),
                1.into(),
                decimal(5.0),
                decimal(100.0),
                made.into(),
                made.into(),
            ]),
            Module::Assign => self.tables.assign.add([
                id.into(),
                name.clone().into(),
                "".into(),
                due.into(),
                self.start.into(),
                100.into(),
                made.into(),
            ]),
            Module::Forum => {
                self.tables.forum.add([id.into(), "general".into(), name.clone().into(), "".into(), made.into()])
            }
            Module::Book | Module::Page | Module::Resource | Module::Url => self.prng.between(1, 9_999),
        };
        // The forum is not something to finish.
        let tracked = i64::from(module != Module::Forum) * 2;
        let activity = self.tables.activity.add([
            id.into(),
            module.id().into(),
            instance.into(),
            unit.into(),
            Cell::Null,
            made.into(),
            1.into(),
            tracked.into(),
            1.into(),
            0.into(),
            0.into(),
        ]);
        let (context, _) = context(self.tables, 70, activity, &self.path);
        let item = matches!(module, Module::Quiz | Module::Assign)
            .then(|| self.tables.grade_item.add(item(id, Some(name), "mod", word, instance, made)));
        let questions = if module == Module::Quiz { self.questions(unit) } else { Vec::new() };
        if module == Module::Forum {
            self.course.forum = instance;
        }
        let place = Place { context, level: 70, instance: activity, course: id };
        self.course.activities.push(Activity { module, instance, place, id: activity, item, questions });
    }

    fn questions(&mut self, unit: i64) -> Vec<(i64, f64)> {
        (1..=QUESTIONS)
            .map(|number| {
                let name = format!("{} {unit}.{number}", self.course.subject.short);
                let stamp = format!("{name} {}", self.made);
                let id = self.tables.question.add([
                    0.into(),
                    name.into(),
                    "".into(),
                    decimal(1.0),
                    "multichoice".into(),
                    stamp.into(),
                    self.made.into(),
                    self.made.into(),
                    2.into(),
                ]);
                (id, self.course.subject.hard + 0.8 * self.prng.normal())
            })
            .collect()
    }
}

/// Makes accounts with names of their own.
struct People<'s> {
    spec: &'s Spec,
    prng: Prng,
    taken: std::collections::BTreeSet<String>,
}

impl People<'_> {
    fn account(&mut self, tables: &mut Tables, since: i64, department: &'static str, suspended: bool) -> (i64, i64) {
        let (first, last) = (self.prng.pick(names::FIRST), self.prng.pick(names::LAST));
        let plain = format!("{first}.{last}").to_ascii_lowercase().replace('\'', "");
        let mut login = plain.clone();
        let mut number = 2;
        while !self.taken.insert(login.clone()) {
            login = format!("{plain}{number}");
            number += 1;
        }
        (self.row(tables, since, login, first, last, department, i64::from(suspended)), since)
    }

    #[expect(clippy::too_many_arguments, reason = "one argument for each thing that differs between accounts")]
    fn row(
        &self,
        tables: &mut Tables,
        since: i64,
        login: String,
        first: &'static str,
        last: &'static str,
        department: &'static str,
        suspended: i64,
    ) -> i64 {
        let email = format!("{login}@{}", self.spec.domain);
        let number = format!("{}{:05}", self.spec.key.get(..1).unwrap_or_default(), tables.user.len() + 1);
        tables.user.add([
            "manual".into(),
            1.into(),
            0.into(),
            suspended.into(),
            1.into(),
            login.into(),
            number.into(),
            first.into(),
            last.into(),
            email.into(),
            self.spec.name.into(),
            department.into(),
            self.spec.city.into(),
            self.spec.country.into(),
            "en".into(),
            "99".into(),
            0.into(),
            0.into(),
            0.into(),
            0.into(),
            "".into(),
            since.into(),
            since.into(),
        ])
    }

    fn learner(&mut self, tables: &mut Tables, start: i64) -> Learner {
        let programme = usize::try_from(self.prng.between(0, 99)).unwrap_or(0) % self.spec.categories.len().max(1);
        let department = self.spec.categories.get(programme).copied().unwrap_or("");
        // Two in three were there from the beginning.
        let since =
            if self.prng.chance(0.66) { start } else { start + self.prng.between(0, self.spec.weeks - 2) * WEEK };
        let closed = self.prng.chance(0.025);
        let until = closed.then(|| since + (self.spec.now - since) / 100 * self.prng.between(40, 90));
        let (id, _) = self.account(tables, since, department, closed);
        if self.prng.chance(0.01) {
            tables.user.set(id, "deleted", 1.into());
        }
        let (ability, diligence) = (self.prng.normal(), (1.0 + 0.35 * self.prng.normal()).clamp(0.25, 2.0));
        Learner { id, since, ability, diligence, programme, until }
    }
}

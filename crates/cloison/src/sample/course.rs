//! One course: its place in the site, its activities, its teachers.

use super::history::Place;
use super::plan::{Activity, Course, EDITING_TEACHER, Module, QUESTIONS, STUDENT, TEACHER, WEEK, context, enrol};
use super::prng::Prng;
use super::schema::Tables;
use super::spec::{DAY, Spec, Subject};
use super::table::{Cell, decimal};

/// Adds the course number `number` of the catalogue; its teachers come from `teachers`.
pub(super) fn course(
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
        if self.prng.chance(0.5) {
            self.unread(units);
        }
    }

    /// Something at the end that nobody has to open, and that nobody does.
    fn unread(&mut self, unit: i64) {
        self.one(unit, Module::Book, "Further reading".to_owned());
        if let Some(activity) = self.course.activities.pop() {
            self.tables.activity.set(activity.id, "completion", 0.into());
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
        // The forum, which stands above the units, is not something to finish.
        let tracked = i64::from(unit > 0) * 2;
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

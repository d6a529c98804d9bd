//! Puts a site together: the plan, everybody's studies, the discussions, the log.

use std::collections::BTreeSet;

use super::forum;
use super::history::{self, History, SITE};
use super::plan::{self, Course, Learner, Plan, STUDENT};
use super::prng::Prng;
use super::schema::Tables;
use super::spec::{DAY, Spec};
use super::study::{Progress, Record, Study, issue};
use super::table::Table;

/// One place in a course: when the learner is let in, and when they are meant to work on it.
struct Seat<'p> {
    course: &'p Course,
    enrolled: i64,
    from: i64,
    days: i64,
}

/// All tables of a site.
pub(super) fn tables(spec: &Spec) -> Vec<Table> {
    let mut tables = Tables::new();
    let plan = plan::make(spec, &mut tables);
    let (mut history, mut wishes) = (History::default(), Vec::new());
    let mut record = Record { spec, tables: &mut tables, history: &mut history, wishes: &mut wishes };
    for learner in &plan.learners {
        // A generator for each learner: one more course for somebody changes nobody else.
        let mut prng = Prng::new(spec.seed, 1_000 + learner.id.unsigned_abs());
        let mut logins = BTreeSet::new();
        for Seat { course, enrolled, from, days } in seats(spec, &plan, learner, &mut prng) {
            let way = usize::from(prng.chance(0.3));
            let active = prng.chance(0.98);
            plan::enrol(record.tables, course, way, STUDENT, learner.id, enrolled, active);
            let (prng, logins) = (&mut prng, &mut logins);
            Study { learner, course, from, days, prng, logins, progress: Progress::default() }
                .run(enrolled, &mut record);
        }
    }
    earlier_certificates(spec, &plan, &mut tables);
    teachers(spec, &plan, &mut history);
    forum::write(spec, &plan, wishes, &mut tables, &mut history);
    cohorts(spec, &plan, &mut tables);
    history.write(&mut tables);
    tables.into_vec()
}

/// Which courses somebody takes, and when.
fn seats<'p>(spec: &Spec, plan: &'p Plan, learner: &Learner, prng: &mut Prng) -> Vec<Seat<'p>> {
    let mut starts: Vec<i64> =
        plan.courses.iter().flat_map(|course| course.subject.runs).map(|(weeks, _)| *weeks).collect();
    starts.sort_unstable_by(|a, b| b.cmp(a));
    starts.dedup();
    let mut seats = Vec::new();
    let mut taken = BTreeSet::new();
    for weeks in starts {
        let begins = spec.now - weeks * 7 * DAY;
        let open = |course: &Course| course.subject.runs.iter().find(|(start, _)| *start == weeks).copied();
        if learner.since > begins + 7 * DAY || learner.until.is_some_and(|until| until < begins) {
            continue;
        }
        // Where there is little to choose from, many take nothing.
        let few = plan.courses.iter().filter(|course| open(course).is_some()).count() < 4;
        let courses = if few { u8::from(prng.chance(0.4)) } else { prng.pick(&[1_u8, 1, 2, 2, 3]) };
        for _ in 0..courses {
            let Some(course) = choose(plan, learner, &taken, |course| open(course).is_some(), prng) else { break };
            taken.insert(course.id);
            let (_, length) = open(course).unwrap_or((weeks, 10));
            // Most enrol in the fortnight before, some are late.
            let enrolled = if prng.chance(0.85) { prng.between(-14, 2) } else { prng.between(3, 24) };
            let enrolled = spec.rhythm.moment(begins / DAY + enrolled, prng).max(learner.since).min(spec.now - DAY);
            seats.push(Seat { course, enrolled, from: (enrolled / DAY).max(begins / DAY), days: length * 7 });
        }
    }
    // Where courses run at any time, people take them one after the other, the first ones in their first weeks.
    for number in 0..prng.between(5, 9) {
        let Some(course) = choose(plan, learner, &taken, |course| course.subject.runs.is_empty(), prng) else { break };
        taken.insert(course.id);
        let first = learner.since.max(spec.now - spec.weeks * 7 * DAY);
        let room = ((spec.now - first) / DAY).max(1);
        let day = first / DAY + if number < 2 { prng.between(0, 6) } else { prng.between(0, room) };
        let enrolled = spec.rhythm.moment(day, prng).max(learner.since);
        if enrolled < spec.now - DAY {
            seats.push(Seat { course, enrolled, from: enrolled / DAY, days: 28 });
        }
    }
    seats
}

/// A course that is not taken yet, rather one of the learner's own programme and rather a popular one.
fn choose<'p>(
    plan: &'p Plan,
    learner: &Learner,
    taken: &BTreeSet<i64>,
    open: impl Fn(&Course) -> bool,
    prng: &mut Prng,
) -> Option<&'p Course> {
    let weight = |course: &Course| match taken.contains(&course.id) || !open(course) {
        true => 0.0,
        false if course.subject.category == learner.programme => course.subject.pull * 2.5,
        false => course.subject.pull,
    };
    let weights: Vec<f64> = plan.courses.iter().map(weight).collect();
    if weights.iter().all(|weight| *weight <= 0.0) {
        return None;
    }
    plan.courses.get(prng.weighted(&weights))
}

/// Certificates from before the history begins, so that some have run out and some soon will.
fn earlier_certificates(spec: &Spec, plan: &Plan, tables: &mut Tables) {
    let mut prng = Prng::new(spec.seed, 4);
    let has: BTreeSet<(i64, i64)> = plan
        .courses
        .iter()
        .filter_map(|course| course.badge)
        .flat_map(|badge| plan.learners.iter().map(move |learner| (badge, learner.id)))
        .filter(|_| prng.chance(0.35))
        .collect();
    let issued: BTreeSet<(i64, i64)> = tables
        .badge_issued
        .rows()
        .filter_map(|row| match row {
            [_, super::Cell::Int(badge), super::Cell::Int(user), ..] => Some((*badge, *user)),
            _ => None,
        })
        .collect();
    for (badge, user) in has.difference(&issued) {
        let course = plan.courses.iter().find(|course| course.badge == Some(*badge));
        let days = course.and_then(|course| course.subject.certificate).unwrap_or(365);
        let ago = prng.between(spec.weeks * 7, spec.weeks * 7 + days);
        issue(tables, *badge, *user, spec.now - ago * DAY, days);
    }
}

/// Teachers look after their courses on working days.
fn teachers(spec: &Spec, plan: &Plan, history: &mut History) {
    let mut prng = Prng::new(spec.seed, 5);
    for course in &plan.courses {
        let span = course.subject.runs.first().map_or(spec.weeks, |(weeks, _)| *weeks) * 7;
        let length = course.subject.runs.iter().map(|(_, length)| length * 7).sum::<i64>();
        let days = if length == 0 { span } else { length.min(span) };
        for teacher in &course.teachers {
            for day in spec.now / DAY - span..spec.now / DAY - span + days {
                let time = spec.rhythm.moment(day, &mut prng);
                if time < spec.now && prng.chance(0.3 * spec.rhythm.of_day(day, spec.now)) {
                    history.add(time - 30, *teacher, &history::LOGGED_IN, *teacher, SITE);
                    history.add(time, *teacher, &history::COURSE_VIEWED, 0, course.place);
                }
            }
        }
    }
}

/// A cohort for each programme.
fn cohorts(spec: &Spec, plan: &Plan, tables: &mut Tables) {
    for (number, name) in spec.categories.iter().enumerate() {
        let made = spec.now - spec.weeks * 7 * DAY;
        let cohort = tables.cohort.add([
            1.into(),
            (*name).into(),
            format!("programme-{}", number + 1).into(),
            1.into(),
            "".into(),
            made.into(),
            made.into(),
        ]);
        for learner in plan.learners.iter().filter(|learner| learner.programme == number) {
            tables.cohort_member.add([cohort.into(), learner.id.into(), learner.since.into()]);
        }
    }
}

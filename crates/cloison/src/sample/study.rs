//! One learner in one course: when they come, what they do, where they stop, which marks they get.

use std::collections::BTreeSet;

use super::forum::Wish;
use super::history::{self, Event, History, SITE};
use super::plan::{Activity, Course, Learner, Module};
use super::prng::{Prng, squash};
use super::schema::Tables;
use super::spec::{DAY, Spec};
use super::table::{Cell, decimal};

/// What two attempts at a quiz take at most, in seconds: nothing may end after now.
const TWO_ATTEMPTS: i64 = 2 * (60 + 1_800);

/// What the studies of all learners write to.
pub(super) struct Record<'a> {
    pub(super) spec: &'a Spec,
    pub(super) tables: &'a mut Tables,
    pub(super) history: &'a mut History,
    pub(super) wishes: &'a mut Vec<Wish>,
}

/// One learner's study of one course.
pub(super) struct Study<'a> {
    pub(super) learner: &'a Learner,
    pub(super) course: &'a Course,
    /// The day the course begins for this learner, and for how many days it is meant to last.
    pub(super) from: i64,
    pub(super) days: i64,
    pub(super) prng: &'a mut Prng,
    /// Days on which this learner has logged in already, for whichever course.
    pub(super) logins: &'a mut BTreeSet<i64>,
    pub(super) progress: Progress,
}

/// What came of it so far.
#[derive(Default)]
pub(super) struct Progress {
    /// How many activities are done.
    next: usize,
    started: i64,
    last: i64,
    /// Marks in percent.
    quizzes: Vec<f64>,
    assignments: Vec<f64>,
}

impl Study<'_> {
    /// Lets the learner work until they finish, give up, or the history ends; then writes the results.
    pub(super) fn run(mut self, enrolled: i64, record: &mut Record<'_>) {
        let spec = record.spec;
        let never = spec.never_start * (2.0 - self.learner.diligence).max(0.2);
        if !self.prng.chance(never) {
            self.work(enrolled, record);
        }
        let done = self.progress.next >= self.course.activities.len();
        let completed = (done && self.prng.chance(0.97)).then_some(self.progress.last);
        record.tables.completion.add([
            self.learner.id.into(),
            self.course.id.into(),
            enrolled.into(),
            self.progress.started.into(),
            completed.into(),
            0.into(),
        ]);
        self.total(record);
        if let Some(time) = completed {
            record.history.add(time, self.learner.id, &history::COURSE_COMPLETED, 0, self.course.place);
            if let Some(badge) = self.course.badge {
                let days = self.course.subject.certificate.unwrap_or(365);
                issue(record.tables, badge, self.learner.id, time, days);
            }
        }
    }

    fn work(&mut self, enrolled: i64, record: &mut Record<'_>) {
        let spec = record.spec;
        // About two activities at a time; the lazy need longer, and some have time left over.
        let visits = f64::from(u16::try_from(self.course.activities.len()).unwrap_or(16)) / 2.0;
        let often = visits / f64::from(u16::try_from(self.days).unwrap_or(60)) * 1.25 * self.learner.diligence;
        // People still look in for two weeks after the end.
        for day in self.from..self.from + self.days + 14 {
            if !self.prng.chance(often * spec.rhythm.of_day(day, spec.now)) {
                continue;
            }
            let time = spec.rhythm.moment(day, self.prng).max(enrolled);
            // A visit with three quizzes takes nearly five hours.
            if time > spec.now - 5 * 3_600 || self.learner.until.is_some_and(|until| time > until) {
                return;
            }
            self.visit(day, time, record);
            let left = self.course.activities.len().saturating_sub(self.progress.next);
            if left == 0 {
                return;
            }
            // Most who give up do so early.
            let share = f64::from(u16::try_from(left).unwrap_or(0)) / (2.0 * visits);
            let give_up =
                0.07 * spec.drop_out * share * (1.7 + 0.5 * self.course.subject.hard - self.learner.diligence).max(0.1);
            if self.prng.chance(give_up) {
                return;
            }
        }
    }

    fn visit(&mut self, day: i64, mut time: i64, record: &mut Record<'_>) {
        let user = self.learner.id;
        if self.logins.insert(day) {
            record.history.add(time - self.prng.between(5, 90), user, &history::LOGGED_IN, user, SITE);
        }
        record.history.add(time, user, &history::COURSE_VIEWED, 0, self.course.place);
        if self.progress.started == 0 {
            self.progress.started = time;
        }
        let activities = &self.course.activities;
        // Look again at something known, now and then.
        if self.progress.next > 1 && self.prng.chance(0.5) {
            let again = usize::try_from(self.prng.between(0, 99)).unwrap_or(0) % self.progress.next;
            if let Some(activity) = activities.get(again) {
                time += self.prng.between(10, 120);
                record.history.add(time, user, viewed(activity.module), activity.instance, activity.place);
            }
        }
        for _ in 0..self.prng.pick(&[1_u8, 2, 2, 3, 3]) {
            let Some(activity) = activities.get(self.progress.next) else { break };
            time += self.prng.between(15, 240);
            record.history.add(time, user, viewed(activity.module), activity.instance, activity.place);
            time += self.prng.between(120, 1_500);
            if time >= record.spec.now - TWO_ATTEMPTS {
                break;
            }
            self.progress.last = time;
            if !self.finish(activity, time, record) {
                break;
            }
            self.progress.next += 1;
        }
    }

    /// Does an activity; false when it has to be done again another time.
    fn finish(&mut self, activity: &Activity, time: i64, record: &mut Record<'_>) -> bool {
        let passed = match activity.module {
            Module::Quiz => self.quiz(activity, time, record),
            Module::Assign => self.assignment(activity, time, record),
            Module::Forum => {
                if self.prng.chance(0.35) {
                    record.wishes.push(Wish { time, user: self.learner.id, course: self.course.id });
                }
                return true;
            }
            Module::Book | Module::Page | Module::Resource | Module::Url => {
                // Some come back to the forum after reading.
                if self.prng.chance(0.08) {
                    record.wishes.push(Wish { time: time + 60, user: self.learner.id, course: self.course.id });
                }
                false
            }
        };
        let state = if passed { 2 } else { 1 };
        record.tables.done.add([activity.id.into(), self.learner.id.into(), state.into(), Cell::Null, time.into()]);
        true
    }

    /// Up to two attempts; the better one counts.
    fn quiz(&mut self, activity: &Activity, time: i64, record: &mut Record<'_>) -> bool {
        let user = self.learner.id;
        let (mut best, mut end) = (0.0_f64, time);
        for attempt in 1..=2_i64 {
            let start = end + self.prng.between(5, 60);
            end = start + self.prng.between(240, 1_800);
            let fractions: Vec<f64> = activity.questions.iter().map(|(_, hard)| self.answer(*hard, attempt)).collect();
            let sum: f64 = fractions.iter().sum();
            let usage = i64::try_from(record.tables.quiz_attempt.len()).unwrap_or(0) + 1;
            let id = record.tables.quiz_attempt.add([
                activity.instance.into(),
                user.into(),
                attempt.into(),
                usage.into(),
                "1,2,3,4,5,0".into(),
                0.into(),
                0.into(),
                "finished".into(),
                start.into(),
                end.into(),
                end.into(),
                decimal(sum),
            ]);
            record.history.add(start, user, &history::ATTEMPT_STARTED, id, activity.place);
            record.history.add(end, user, &history::ATTEMPT_SUBMITTED, id, activity.place);
            for (slot, ((question, _), fraction)) in (1_i64..).zip(activity.questions.iter().zip(&fractions)) {
                answered(record.tables, usage, slot, *question, *fraction, (start, end), user);
            }
            best = best.max(100.0 * sum / f64::from(u8::try_from(fractions.len()).unwrap_or(1).max(1)));
            if best >= 60.0 || !self.prng.chance(0.55) {
                break;
            }
        }
        self.mark(activity, best, end, None, record);
        self.progress.quizzes.push(best);
        best >= 50.0
    }

    fn answer(&mut self, hard: f64, attempt: i64) -> f64 {
        let again = if attempt > 1 { 0.5 } else { 0.0 };
        let right = squash(1.5 * (self.learner.ability - hard) + 0.9 + again);
        let partly = (1.0 - right) * 0.35;
        let drawn = self.prng.unit();
        if drawn < right {
            1.0
        } else if drawn < right + partly {
            self.prng.pick(&[0.33333, 0.5, 0.66667])
        } else {
            0.0
        }
    }

    /// Handed in now, marked by a teacher some days later.
    fn assignment(&mut self, activity: &Activity, time: i64, record: &mut Record<'_>) -> bool {
        let (user, subject) = (self.learner.id, self.course.subject);
        let submission = record.tables.submission.add([
            activity.instance.into(),
            user.into(),
            time.into(),
            time.into(),
            "submitted".into(),
            0.into(),
            0.into(),
            1.into(),
        ]);
        record.history.add(time, user, &history::SUBMITTED, submission, activity.place);
        let mark = 64.0 + 11.0 * self.learner.ability + 8.0 * (self.learner.diligence - 1.0) - 7.0 * subject.hard;
        let mark = (mark + 8.0 * self.prng.normal()).round().clamp(0.0, 100.0);
        let teacher = self.prng.pick(&self.course.teachers);
        // Every teacher has a speed of their own: from a day to about ten.
        let slow = 1 + teacher * 7 % 9;
        let marked =
            record.spec.rhythm.moment(time / DAY + self.prng.between(1, 1 + slow), self.prng).max(time + 3_600);
        if marked < record.spec.now {
            let id = record.tables.assign_grade.add([
                activity.instance.into(),
                user.into(),
                marked.into(),
                marked.into(),
                teacher.into(),
                decimal(mark),
                0.into(),
            ]);
            record.history.add_about(marked, teacher, &history::GRADED, id, activity.place, user);
            self.mark(activity, mark, marked, Some(teacher), record);
            self.progress.assignments.push(mark);
        }
        mark >= 50.0
    }

    /// A line in the grade book.
    fn mark(&self, activity: &Activity, mark: f64, time: i64, by: Option<i64>, record: &mut Record<'_>) {
        if let Some(item) = activity.item {
            grade(record.tables, item, self.learner.id, Some(mark), time, by);
        }
    }

    /// The course total: assignments count a little more than quizzes; no mark yet is no grade.
    fn total(&self, record: &mut Record<'_>) {
        let mean = |marks: &[f64]| marks.iter().sum::<f64>() / f64::from(u16::try_from(marks.len()).unwrap_or(1));
        let Progress { quizzes, assignments, .. } = &self.progress;
        let total = match (quizzes.is_empty(), assignments.is_empty()) {
            (true, true) => None,
            (false, true) => Some(mean(quizzes)),
            (true, false) => Some(mean(assignments)),
            // As crooked as weighted grades are: round ones average to values like 68.05 exactly, which binary numbers
            // (SQLite's) and decimal ones round to one place differently.
            (false, false) => Some(0.43371 * mean(quizzes) + 0.56629 * mean(assignments)),
        };
        grade(record.tables, self.course.total, self.learner.id, total, self.progress.last, None);
    }
}

/// Gives a badge; `days` is how long it is good for.
pub(super) fn issue(tables: &mut Tables, badge: i64, user: i64, time: i64, days: i64) {
    let hash = format!("{badge:04x}{user:08x}{time:012x}");
    let expires = time + days * DAY;
    tables.badge_issued.add([badge.into(), user.into(), hash.into(), time.into(), expires.into(), 1.into()]);
}

fn grade(tables: &mut Tables, item: i64, user: i64, mark: Option<f64>, time: i64, by: Option<i64>) {
    let mark = mark.map_or(Cell::Null, decimal);
    let status = if mark == Cell::Null { "novalue" } else { "used" };
    let time = if time > 0 { Cell::Int(time) } else { Cell::Null };
    tables.grade.add([
        item.into(),
        user.into(),
        mark.clone(),
        decimal(100.0),
        decimal(0.0),
        by.into(),
        mark,
        0.into(),
        time.clone(),
        time,
        status.into(),
    ]);
}

/// One question of one attempt: what was asked, then how it was judged.
fn answered(
    tables: &mut Tables,
    usage: i64,
    slot: i64,
    question: i64,
    fraction: f64,
    (start, end): (i64, i64),
    user: i64,
) {
    let attempt = tables.question_attempt.add([
        usage.into(),
        slot.into(),
        "deferredfeedback".into(),
        question.into(),
        1.into(),
        decimal(1.0),
        decimal(0.0),
        decimal(1.0),
        0.into(),
        end.into(),
    ]);
    let judged = if fraction >= 1.0 {
        "gradedright"
    } else if fraction > 0.0 {
        "gradedpartial"
    } else {
        "gradedwrong"
    };
    tables.step.add([attempt.into(), 0.into(), "todo".into(), Cell::Null, start.into(), user.into()]);
    tables.step.add([attempt.into(), 1.into(), judged.into(), decimal(fraction), end.into(), user.into()]);
}

fn viewed(module: Module) -> &'static Event {
    match module {
        Module::Assign => &history::ASSIGN_VIEWED,
        Module::Book => &history::BOOK_VIEWED,
        Module::Forum => &history::FORUM_VIEWED,
        Module::Page => &history::PAGE_VIEWED,
        Module::Quiz => &history::QUIZ_VIEWED,
        Module::Resource => &history::RESOURCE_VIEWED,
        Module::Url => &history::LINK_VIEWED,
    }
}

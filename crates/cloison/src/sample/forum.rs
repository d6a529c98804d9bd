//! Discussions: learners ask and answer, teachers answer some of it, some threads stay without an answer.

use super::history::{self, History};
use super::names;
use super::plan::{Course, Module, Plan};
use super::prng::Prng;
use super::schema::Tables;
use super::spec::{DAY, Spec};
use super::table::Cell;

/// Somebody who has something to say.
pub(super) struct Wish {
    pub(super) time: i64,
    pub(super) user: i64,
    pub(super) course: i64,
}

/// Turns what people want to say into threads and answers, course by course in the order of time.
pub(super) fn write(spec: &Spec, plan: &Plan, mut wishes: Vec<Wish>, tables: &mut Tables, history: &mut History) {
    wishes.sort_by_key(|wish| (wish.time, wish.user));
    let mut prng = Prng::new(spec.seed, 6);
    for course in &plan.courses {
        // Open threads: the discussion and its first post.
        let mut threads: Vec<(i64, i64)> = Vec::new();
        for wish in wishes.iter().filter(|wish| wish.course == course.id && wish.time < spec.now) {
            let recent = threads.get(threads.len().saturating_sub(6)..).unwrap_or_default();
            let (discussion, parent) = prng.pick(recent);
            if discussion > 0 && prng.chance(0.62) {
                post(tables, history, course, (discussion, parent), wish.user, wish.time, prng.pick(names::ANSWERS));
                continue;
            }
            let thread = open(tables, history, course, wish, prng.pick(names::TOPICS));
            threads.push(thread);
            let answered = wish.time + prng.between(DAY / 12, 3 * DAY);
            if answered < spec.now && prng.chance(0.5) {
                let teacher = prng.pick(&course.teachers);
                post(tables, history, course, thread, teacher, answered, prng.pick(names::ANSWERS));
            }
        }
    }
}

fn open(tables: &mut Tables, history: &mut History, course: &Course, wish: &Wish, topic: &'static str) -> (i64, i64) {
    let (user, time) = (wish.user, wish.time);
    let discussion = tables.discussion.add([
        course.id.into(),
        course.forum.into(),
        topic.into(),
        0.into(),
        user.into(),
        (-1).into(),
        time.into(),
        user.into(),
        0.into(),
    ]);
    let first = add(tables, discussion, 0, user, time, topic, topic);
    tables.discussion.set(discussion, "firstpost", first.into());
    if let Some(forum) = course.activities.iter().find(|activity| activity.module == Module::Forum) {
        history.add(time, user, &history::THREAD_STARTED, discussion, forum.place);
    }
    (discussion, first)
}

fn post(
    tables: &mut Tables,
    history: &mut History,
    course: &Course,
    (discussion, parent): (i64, i64),
    user: i64,
    time: i64,
    message: &'static str,
) {
    let id = add(tables, discussion, parent, user, time, "Re:", message);
    tables.discussion.set(discussion, "timemodified", time.into());
    tables.discussion.set(discussion, "usermodified", user.into());
    if let Some(forum) = course.activities.iter().find(|activity| activity.module == Module::Forum) {
        history.add(time, user, &history::POSTED, id, forum.place);
    }
}

fn add(
    tables: &mut Tables,
    discussion: i64,
    parent: i64,
    user: i64,
    time: i64,
    subject: &'static str,
    message: &'static str,
) -> i64 {
    let words = i64::try_from(message.split_whitespace().count()).unwrap_or(0);
    tables.post.add([
        discussion.into(),
        parent.into(),
        user.into(),
        time.into(),
        time.into(),
        subject.into(),
        Cell::Word(message),
        0.into(),
        words.into(),
    ])
}

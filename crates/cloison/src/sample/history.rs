//! What happened, as the platform's log tells it.

use super::schema::Tables;
use super::table::Cell;

/// One kind of log entry.
pub(super) struct Event {
    name: &'static str,
    component: &'static str,
    action: &'static str,
    target: &'static str,
    table: Option<&'static str>,
    crud: &'static str,
    /// 1 teaching, 2 participating, 0 other.
    level: i64,
}

macro_rules! events {
    ($($constant:ident $name:literal $component:literal $action:literal $target:literal $table:expr, $crud:literal $level:literal;)*) => {
        $(pub(super) static $constant: Event = Event {
            name: $name, component: $component, action: $action, target: $target, table: $table, crud: $crud, level: $level,
        };)*
    };
}

events! {
    LOGGED_IN "\\core\\event\\user_loggedin" "core" "loggedin" "user" Some("user"), "r" 0;
    COURSE_VIEWED "\\core\\event\\course_viewed" "core" "viewed" "course" None, "r" 2;
    COURSE_COMPLETED "\\core\\event\\course_completed" "core" "completed" "course" Some("course_completions"), "u" 2;
    PAGE_VIEWED "\\mod_page\\event\\course_module_viewed" "mod_page" "viewed" "course_module" Some("page"), "r" 2;
    RESOURCE_VIEWED "\\mod_resource\\event\\course_module_viewed" "mod_resource" "viewed" "course_module" Some("resource"), "r" 2;
    LINK_VIEWED "\\mod_url\\event\\course_module_viewed" "mod_url" "viewed" "course_module" Some("url"), "r" 2;
    BOOK_VIEWED "\\mod_book\\event\\course_module_viewed" "mod_book" "viewed" "course_module" Some("book"), "r" 2;
    FORUM_VIEWED "\\mod_forum\\event\\course_module_viewed" "mod_forum" "viewed" "course_module" Some("forum"), "r" 2;
    THREAD_STARTED "\\mod_forum\\event\\discussion_created" "mod_forum" "created" "discussion" Some("forum_discussions"), "c" 2;
    POSTED "\\mod_forum\\event\\post_created" "mod_forum" "created" "post" Some("forum_posts"), "c" 2;
    QUIZ_VIEWED "\\mod_quiz\\event\\course_module_viewed" "mod_quiz" "viewed" "course_module" Some("quiz"), "r" 2;
    ATTEMPT_STARTED "\\mod_quiz\\event\\attempt_started" "mod_quiz" "started" "attempt" Some("quiz_attempts"), "c" 2;
    ATTEMPT_SUBMITTED "\\mod_quiz\\event\\attempt_submitted" "mod_quiz" "submitted" "attempt" Some("quiz_attempts"), "u" 2;
    ASSIGN_VIEWED "\\mod_assign\\event\\course_module_viewed" "mod_assign" "viewed" "course_module" Some("assign"), "r" 2;
    SUBMITTED "\\mod_assign\\event\\assessable_submitted" "mod_assign" "submitted" "assessable" Some("assign_submission"), "u" 2;
    GRADED "\\mod_assign\\event\\submission_graded" "mod_assign" "graded" "submission" Some("assign_grades"), "u" 1;
}

/// Where something happened.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The context's id.
    pub(super) context: i64,
    /// 10 system, 50 course, 70 activity.
    pub(super) level: i64,
    /// What the context stands for.
    pub(super) instance: i64,
    /// The course; 0 for the site itself.
    pub(super) course: i64,
}

/// The whole site.
pub(super) const SITE: Place = Place { context: 1, level: 10, instance: 0, course: 0 };

struct Entry {
    time: i64,
    user: i64,
    event: &'static Event,
    object: i64,
    about: i64,
    place: Place,
}

/// Everything that happened, in no order yet.
#[derive(Default)]
pub(super) struct History(Vec<Entry>);

impl History {
    /// `user` did something to `object` at `time`.
    pub(super) fn add(&mut self, time: i64, user: i64, event: &'static Event, object: i64, place: Place) {
        self.0.push(Entry { time, user, event, object, about: 0, place });
    }

    /// The same, about another person: a teacher grades somebody.
    pub(super) fn add_about(
        &mut self,
        time: i64,
        user: i64,
        event: &'static Event,
        object: i64,
        place: Place,
        about: i64,
    ) {
        self.0.push(Entry { time, user, event, object, about, place });
    }

    /// Writes the log in the order of time, and what follows from it: who was last seen where and when.
    pub(super) fn write(mut self, tables: &mut Tables) {
        self.0.sort_by_key(|entry| (entry.time, entry.user, entry.object));
        let mut seen = std::collections::BTreeMap::<i64, (i64, i64, i64)>::new();
        let mut courses = std::collections::BTreeMap::<(i64, i64), i64>::new();
        for entry in &self.0 {
            let Entry { time, user, event, object, about, place } = *entry;
            let login = std::ptr::eq(event, &LOGGED_IN);
            let (_, last, last_login) = seen.entry(user).or_insert((time, time, time));
            *last = time;
            if login {
                *last_login = time;
            }
            if place.course > 0 {
                courses.insert((user, place.course), time);
            }
            let some = |id: i64| if id > 0 { Cell::Int(id) } else { Cell::Null };
            let address = format!("203.0.113.{}", user % 254 + 1);
            tables.log.add([
                event.name.into(),
                event.component.into(),
                event.action.into(),
                event.target.into(),
                event.table.into(),
                some(object),
                event.crud.into(),
                event.level.into(),
                place.context.into(),
                place.level.into(),
                place.instance.into(),
                user.into(),
                place.course.into(),
                some(about),
                0.into(),
                time.into(),
                "web".into(),
                address.into(),
            ]);
        }
        for ((user, course), time) in courses {
            tables.last_access.add([user.into(), course.into(), time.into()]);
        }
        for (user, (first, last, login)) in seen {
            for (column, time) in
                [("firstaccess", first), ("lastaccess", last), ("lastlogin", login), ("currentlogin", login)]
            {
                tables.user.set(user, column, time.into());
            }
        }
    }
}

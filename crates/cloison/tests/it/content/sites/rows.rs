//! Whose which rows are, written out by hand.

/// The tables that the library reads, and how a row of each says whose it is: `{}` stands for the place and the prefix.
/// `user` and `course` name the columns; `via` is a query that leads to a course.
pub(super) const TABLES: [(&str, &str); 33] = [
    ("assign", "course"),
    ("assign_grades", "user via assignment assign.course"),
    ("assign_submission", "user via assignment assign.course"),
    ("badge", "courseid"),
    ("badge_issued", "user via badgeid badge.courseid"),
    ("cohort", "cohort"),
    ("cohort_members", "members"),
    ("context", "context"),
    ("course", "id"),
    ("course_completions", "user course"),
    ("course_modules", "course"),
    ("course_modules_completion", "user via coursemoduleid course_modules.course"),
    ("enrol", "courseid"),
    ("forum", "course"),
    ("forum_discussions", "course"),
    ("forum_posts", "user via discussion forum_discussions.course"),
    ("grade_grades", "user via itemid grade_items.courseid"),
    ("grade_items", "courseid"),
    ("logstore_standard_log", "user courseid"),
    ("modules", "shared"),
    ("question", "question"),
    ("question_attempt_steps", "step"),
    ("question_attempts", "attempt"),
    ("quiz", "course"),
    ("quiz_attempts", "user via quiz quiz.course"),
    ("role", "shared"),
    ("role_assignments", "roles"),
    ("user", "person"),
    ("user_enrolments", "user via enrolid enrol.courseid"),
    ("user_lastaccess", "user courseid"),
    ("company", "company"),
    ("company_course", "company"),
    ("company_users", "company"),
];

/// Who looks.
#[derive(Clone)]
pub(super) enum Who {
    /// The whole site.
    Manager,
    /// Some courses.
    Teacher(Vec<i64>),
    /// Own rows, in these courses.
    Student(i64, Vec<i64>),
    /// All of a company: its people in its courses.
    Company(i64),
    /// Some courses of a company.
    CompanyTeacher(i64, Vec<i64>),
}

/// What of a table is in, as plain SQL.
impl Who {
    pub(super) fn rows(&self, table: &str) -> Option<String> {
        let kind = TABLES.iter().find(|(name, _)| *name == table)?.1;
        match (self, kind) {
            (_, "company") => None,
            (Self::Manager, _) | (_, "shared") => Some("1 = 1".to_owned()),
            // What others were asked and answered, and marks that may not be released yet.
            (Self::Student(..), "question" | "step" | "attempt") => Some("1 = 0".to_owned()),
            (Self::Student(..), _) if ["assign_grades", "quiz_attempts"].contains(&table) => Some("1 = 0".to_owned()),
            _ => Some(self.of(kind)),
        }
    }

    fn of(&self, kind: &str) -> String {
        let (people, courses) = (self.people(), self.courses());
        // What happens in a teacher's course is the teacher's business, whoever does it.
        let who = match self {
            Self::Teacher(_) => "1 = 1".to_owned(),
            Self::CompanyTeacher(company, _) => format!("userid IN ({})", staff(*company)),
            _ => format!("userid IN ({people})"),
        };
        let attempted = who.replace("userid IN", "a.userid IN");
        let attempts = "SELECT a.uniqueid FROM {}quiz_attempts a JOIN {}quiz q ON q.id = a.quiz";
        let attempts = format!("{attempts} WHERE q.course IN ({courses}) AND {attempted}");
        let parts: Vec<&str> = kind.split(' ').collect();
        match parts.as_slice() {
            ["user", "via", column, lead] => {
                let (table, course) = lead.split_once('.').unwrap();
                let lead = format!("{column} IN (SELECT id FROM {{}}{table} WHERE {course} IN ({courses}))");
                format!("{who} AND {lead}")
            }
            ["user", course] => {
                // What happens in no course is a person's own.
                let nowhere = if matches!(self, Self::Student(..) | Self::Company(_)) { 1 } else { -1 };
                format!("{who} AND ({course} IN ({courses}) OR {course} <= {nowhere})")
            }
            ["cohort"] => format!("id IN (SELECT m.cohortid FROM {{}}cohort_members m WHERE m.userid IN ({people}))"),
            ["members"] => format!("userid IN ({people})"),
            ["context"] => format!("contextlevel = 50 AND instanceid IN ({courses})"),
            ["roles"] => {
                let places =
                    format!("SELECT id FROM {{}}context WHERE contextlevel = 50 AND instanceid IN ({courses})");
                format!("userid IN ({people}) AND contextid IN ({places})")
            }
            ["person"] => format!("id IN ({people})"),
            ["attempt"] => format!("questionusageid IN ({attempts})"),
            ["step"] => {
                let asked = format!("SELECT id FROM {{}}question_attempts WHERE questionusageid IN ({attempts})");
                format!("questionattemptid IN ({asked})")
            }
            ["question"] => {
                let asked = "SELECT questionid FROM {}question_attempts";
                format!("id IN ({asked} WHERE questionusageid IN ({attempts}))")
            }
            [column] => format!("{column} IN ({courses})"),
            other => panic!("{other:?}"),
        }
    }

    /// Whose rows are in, in these courses.
    fn people(&self) -> String {
        let enrolled = |courses: &[i64]| {
            let courses = list(courses);
            let enrolments = "SELECT ue.userid FROM {}user_enrolments ue JOIN {}enrol e ON e.id = ue.enrolid";
            format!("{enrolments} WHERE e.courseid IN ({courses})")
        };
        match self {
            Self::Manager => panic!("a manager's rows are all rows"),
            Self::Teacher(courses) => enrolled(courses),
            Self::Student(id, _) => id.to_string(),
            Self::Company(company) => staff(*company),
            Self::CompanyTeacher(company, courses) => {
                format!("{} AND cu.userid IN ({})", staff(*company), enrolled(courses))
            }
        }
    }

    fn courses(&self) -> String {
        let of = |company: &i64| format!("SELECT k.courseid FROM {{}}company_course k WHERE k.companyid = {company}");
        match self {
            Self::Manager => panic!("a manager's courses are all courses"),
            Self::Teacher(courses) | Self::Student(_, courses) => list(courses),
            Self::Company(company) => of(company),
            Self::CompanyTeacher(company, courses) => format!("{} AND k.courseid IN ({})", of(company), list(courses)),
        }
    }

    /// What a token says about this person: what the plugin sends.
    pub(super) fn attributes(&self) -> serde_json::Value {
        let (reach, taught, enrolled): (_, &[i64], &[i64]) = match self {
            Self::Manager | Self::Company(_) => ("site", &[], &[]),
            Self::Teacher(courses) | Self::CompanyTeacher(_, courses) => ("courses", courses, &[]),
            Self::Student(_, courses) => ("own", &[], courses),
        };
        serde_json::json!({ "reach": reach, "courses_taught": taught, "courses_enrolled": enrolled })
    }

    /// The person's number.
    pub(super) fn sub(&self) -> String {
        if let Self::Student(id, _) = self { id.to_string() } else { "2".to_owned() }
    }
}

fn staff(company: i64) -> String {
    format!("SELECT cu.userid FROM {{}}company_users cu WHERE cu.companyid = {company} AND cu.suspended = 0")
}

fn list(ids: &[i64]) -> String {
    // An empty list is no SQL.
    ids.iter().map(i64::to_string).chain(["-1".to_owned()]).collect::<Vec<_>>().join(", ")
}

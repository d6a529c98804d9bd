//! The tables and columns of a learning platform's database that dashboards read: Moodle 4.5's names and types, less
//! the columns that say nothing here, and the indexes that its own schema has for these queries.

use super::table::Table;

macro_rules! tables {
    ($($field:ident $name:literal $columns:literal $indexes:literal;)*) => {
        /// Every table of a site.
        pub(super) struct Tables { $(pub(super) $field: Table),* }

        impl Tables {
            pub(super) fn new() -> Self {
                Self { $($field: Table::new($name, $columns, $indexes)),* }
            }

            pub(super) fn into_vec(self) -> Vec<Table> {
                vec![$(self.$field),*]
            }
        }
    };
}

tables! {
    course "mdl_course" "category sortorder fullname:str254 shortname:str255 idnumber:str100 summary:text? format:str21 startdate enddate visible:small timecreated timemodified enablecompletion:small"
        "category shortname";
    category "mdl_course_categories" "name:str255 idnumber:str100? parent sortorder coursecount visible:small timemodified depth path:str255"
        "parent";
    user "mdl_user" "auth:str20 confirmed:small deleted:small suspended:small mnethostid username:str100 idnumber:str255 firstname:str100 lastname:str100 email:str100 institution:str255 department:str255 city:str120 country:str2 lang:str30 timezone:str100 firstaccess lastaccess lastlogin currentlogin lastip:str45 timecreated timemodified"
        "!mnethostid,username deleted lastaccess email";
    role "mdl_role" "name:str255 shortname:str100 description:text sortorder archetype:str30"
        "!sortorder !shortname";
    context "mdl_context" "contextlevel instanceid path:str255? depth:small locked:small"
        "!contextlevel,instanceid instanceid path";
    assignment_of_role "mdl_role_assignments" "roleid contextid userid timemodified modifierid component:str100 itemid sortorder"
        "roleid,contextid userid,contextid,roleid contextid";
    enrol "mdl_enrol" "enrol:str20 status courseid sortorder name:str255? roleid? timecreated timemodified"
        "enrol courseid";
    enrolment "mdl_user_enrolments" "status enrolid userid timestart timeend modifierid timecreated timemodified"
        "!enrolid,userid userid";
    completion "mdl_course_completions" "userid course timeenrolled timestarted timecompleted? reaggregate"
        "!userid,course course timecompleted";
    module "mdl_modules" "name:str20 cron lastcron search:str255 visible:small"
        "name";
    activity "mdl_course_modules" "course module instance section idnumber:str100? added visible:small completion:small completionview:small completionexpected deletioninprogress:small"
        "course module instance";
    done "mdl_course_modules_completion" "coursemoduleid userid completionstate:small overrideby? timemodified"
        "!userid,coursemoduleid coursemoduleid";
    last_access "mdl_user_lastaccess" "userid courseid timeaccess"
        "!userid,courseid courseid";
    grade_item "mdl_grade_items" "courseid? categoryid? itemname:str255? itemtype:str30 itemmodule:str30? iteminstance? itemnumber? gradetype:small grademax:dec10.5 grademin:dec10.5 gradepass:dec10.5 sortorder hidden timecreated? timemodified?"
        "itemtype,itemmodule,iteminstance,courseid courseid";
    grade "mdl_grade_grades" "itemid userid rawgrade:dec10.5? rawgrademax:dec10.5 rawgrademin:dec10.5 usermodified? finalgrade:dec10.5? hidden timecreated? timemodified? aggregationstatus:str10"
        "!userid,itemid itemid";
    quiz "mdl_quiz" "course name:str255 intro:text timeopen timeclose timelimit attempts grademethod:small sumgrades:dec10.5 grade:dec10.5 timecreated timemodified"
        "course";
    quiz_attempt "mdl_quiz_attempts" "quiz userid attempt uniqueid layout:text currentpage preview:small state:str16 timestart timefinish timemodified sumgrades:dec10.5?"
        "!quiz,userid,attempt !uniqueid userid";
    question "mdl_question" "parent name:str255 questiontext:text defaultmark:dec12.7 qtype:str20 stamp:str255 timecreated timemodified createdby?"
        "qtype";
    question_attempt "mdl_question_attempts" "questionusageid slot behaviour:str32 questionid variant maxmark:dec12.7 minfraction:dec12.7 maxfraction:dec12.7 flagged:small timemodified"
        "!questionusageid,slot questionid";
    step "mdl_question_attempt_steps" "questionattemptid sequencenumber state:str13 fraction:dec12.7? timecreated userid?"
        "!questionattemptid,sequencenumber";
    assign "mdl_assign" "course name:str255 intro:text duedate allowsubmissionsfromdate grade timemodified"
        "course";
    submission "mdl_assign_submission" "assignment userid timecreated timemodified status:str10? groupid attemptnumber latest:small"
        "!assignment,userid,groupid,attemptnumber userid";
    assign_grade "mdl_assign_grades" "assignment userid timecreated timemodified grader grade:dec10.5? attemptnumber"
        "!assignment,userid,attemptnumber userid";
    forum "mdl_forum" "course type:str20 name:str255 intro:text timemodified"
        "course";
    discussion "mdl_forum_discussions" "course forum name:str255 firstpost userid groupid timemodified usermodified pinned:small"
        "course forum";
    post "mdl_forum_posts" "discussion parent userid created modified subject:str255 message:text deleted:small wordcount?"
        "discussion parent created userid";
    badge "mdl_badge" "name:str255 description:text? timecreated timemodified usercreated usermodified issuername:str255 expireperiod? type:small courseid? status:small"
        "courseid";
    badge_issued "mdl_badge_issued" "badgeid userid uniquehash:text dateissued dateexpire? visible:small"
        "!badgeid,userid userid";
    cohort "mdl_cohort" "contextid name:str254 idnumber:str100? visible:small component:str100 timecreated timemodified"
        "contextid";
    cohort_member "mdl_cohort_members" "cohortid userid timeadded"
        "!cohortid,userid userid";
    log "mdl_logstore_standard_log" "eventname:str255 component:str100 action:str100 target:str100 objecttable:str50? objectid? crud:str1 edulevel:small contextid contextlevel contextinstanceid userid courseid? relateduserid? anonymous:small timecreated origin:str10? ip:str45?"
        "timecreated courseid,anonymous,timecreated userid,contextlevel,contextinstanceid,crud,edulevel,timecreated";
}

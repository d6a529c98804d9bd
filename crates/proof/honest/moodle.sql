-- name: moodle_01 [engines: postgres,mysql,sqlite]
SELECT c.shortname, count(*) AS enrolled, sum(CASE WHEN cc.timecompleted IS NULL THEN 0 ELSE 1 END) AS finished, round(100.0 * sum(CASE WHEN cc.timecompleted IS NULL THEN 0 ELSE 1 END) / count(*), 1) AS share, round(avg((cc.timecompleted - cc.timeenrolled) / 86400.0), 1) AS mean_days
FROM mdl_course c
JOIN mdl_course_completions cc ON cc.course = c.id
JOIN mdl_user u ON u.id = cc.userid
WHERE u.deleted = 0 AND u.suspended = 0
GROUP BY c.id, c.shortname

-- name: moodle_02 [engines: postgres,mysql,sqlite]
SELECT e.day, count(DISTINCT e.userid) AS people, count(*) AS events
FROM (SELECT userid, timecreated - MOD(timecreated, 86400) AS day FROM mdl_logstore_standard_log WHERE anonymous = 0 AND userid > 0) e
WHERE e.day >= (SELECT max(timecreated) - 21 * 86400 FROM mdl_logstore_standard_log)
GROUP BY e.day

-- name: moodle_03 [engines: postgres,mysql,sqlite]
SELECT c.fullname, d.decile, count(*) AS people
FROM mdl_course c
JOIN (SELECT gi.courseid, CASE WHEN gg.finalgrade >= gg.rawgrademax THEN 10 ELSE floor(10.0 * (gg.finalgrade - gg.rawgrademin) / nullif(gg.rawgrademax - gg.rawgrademin, 0)) END AS decile FROM mdl_grade_grades gg JOIN mdl_grade_items gi ON gi.id = gg.itemid AND gi.itemtype = 'course' WHERE gg.finalgrade IS NOT NULL) d ON d.courseid = c.id
GROUP BY c.fullname, d.decile

-- name: moodle_04 [engines: postgres,mysql,sqlite]
SELECT q.name, qa.slot, count(*) AS answers, round(avg(st.fraction), 3) AS facility
FROM mdl_quiz q
JOIN mdl_quiz_attempts a ON a.quiz = q.id AND a.state = 'finished' AND a.attempt = 1
JOIN mdl_question_attempts qa ON qa.questionusageid = a.uniqueid
JOIN mdl_question_attempt_steps st ON st.questionattemptid = qa.id
WHERE a.preview = 0 AND st.fraction IS NOT NULL AND st.sequencenumber = (SELECT max(later.sequencenumber) FROM mdl_question_attempt_steps later WHERE later.questionattemptid = qa.id)
GROUP BY q.id, q.name, qa.slot

-- name: moodle_05 [engines: postgres,mysql,sqlite]
SELECT q.name, count(*) AS answers
FROM mdl_quiz q
JOIN mdl_quiz_attempts a ON a.quiz = q.id
JOIN mdl_question_attempts qa ON qa.questionusageid = a.uniqueid
JOIN mdl_question_attempt_steps st ON st.questionattemptid = qa.id
WHERE NOT EXISTS (SELECT 1 FROM mdl_question_attempt_steps later WHERE later.questionattemptid = st.questionattemptid AND later.sequencenumber > st.sequencenumber)
GROUP BY q.name

-- name: moodle_06 [engines: postgres,mysql,sqlite] [ordered]
SELECT u.id, u.lastname, c.shortname, floor((latest.moment - coalesce(la.timeaccess, ue.timecreated)) / 86400) AS silent_days, round(100 * gg.finalgrade / nullif(gg.rawgrademax, 0), 0) AS grade
FROM mdl_user u
JOIN mdl_user_enrolments ue ON ue.userid = u.id AND ue.status = 0
JOIN mdl_enrol e ON e.id = ue.enrolid AND e.status = 0
JOIN mdl_course c ON c.id = e.courseid AND c.enablecompletion = 1
JOIN mdl_context x ON x.instanceid = c.id AND x.contextlevel = 50
JOIN mdl_role_assignments ra ON ra.userid = u.id AND ra.contextid = x.id
JOIN mdl_role r ON r.id = ra.roleid AND r.archetype = 'student'
CROSS JOIN (SELECT max(timecreated) AS moment FROM mdl_logstore_standard_log) latest
LEFT JOIN mdl_user_lastaccess la ON la.courseid = c.id AND la.userid = u.id
LEFT JOIN mdl_course_completions cc ON cc.course = c.id AND cc.userid = u.id
LEFT JOIN mdl_grade_items gi ON gi.courseid = c.id AND gi.itemtype = 'course'
LEFT JOIN mdl_grade_grades gg ON gg.userid = u.id AND gg.itemid = gi.id
WHERE u.deleted = 0 AND cc.timecompleted IS NULL AND (coalesce(la.timeaccess, 0) < latest.moment - 10 * 86400 OR gg.finalgrade < 0.6 * gg.rawgrademax)
ORDER BY silent_days DESC, u.id, c.id LIMIT 40

-- name: moodle_07 [engines: postgres,mysql,sqlite]
SELECT f.name, count(*) AS posts, count(DISTINCT p.userid) AS writers, sum(CASE WHEN p.parent = 0 THEN 1 ELSE 0 END) AS threads, sum(CASE WHEN p.parent = 0 AND NOT EXISTS (SELECT 1 FROM mdl_forum_posts answer WHERE answer.parent = p.id AND answer.deleted = 0) THEN 1 ELSE 0 END) AS unanswered
FROM mdl_forum f
JOIN mdl_forum_discussions d ON d.forum = f.id
JOIN mdl_forum_posts p ON p.discussion = d.id AND p.deleted = 0
GROUP BY f.id, f.name

-- name: moodle_08 [engines: postgres,mysql,sqlite]
SELECT w.shortname, w.week, w.joined, sum(w.joined) OVER (PARTITION BY w.shortname ORDER BY w.week ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running
FROM (SELECT c.shortname, ue.timecreated - MOD(ue.timecreated, 604800) AS week, count(*) AS joined FROM mdl_enrol e JOIN mdl_user_enrolments ue ON ue.enrolid = e.id JOIN mdl_course c ON c.id = e.courseid GROUP BY c.shortname, ue.timecreated - MOD(ue.timecreated, 604800)) w

-- name: moodle_09 [engines: postgres,mysql,sqlite]
WITH teachers AS (SELECT DISTINCT ra.userid FROM mdl_role_assignments ra JOIN mdl_role r ON r.id = ra.roleid AND r.archetype IN ('teacher', 'editingteacher')),
graded AS (SELECT ag.grader, count(*) AS n, avg((ag.timemodified - s.timemodified) / 86400.0) AS waited FROM mdl_assign_grades ag JOIN mdl_assign_submission s ON s.userid = ag.userid AND s.assignment = ag.assignment AND s.latest = 1 WHERE ag.grade >= 0 GROUP BY ag.grader),
days AS (SELECT userid, count(DISTINCT floor(timecreated / 86400)) AS n FROM mdl_logstore_standard_log GROUP BY userid)
SELECT u.id, u.firstname, u.lastname, coalesce(g.n, 0) AS graded, round(g.waited, 1) AS waited, coalesce(days.n, 0) AS active
FROM teachers t
JOIN mdl_user u ON u.id = t.userid
LEFT JOIN graded g ON g.grader = t.userid
LEFT JOIN days ON days.userid = t.userid
WHERE u.deleted = 0

-- name: moodle_10 [engines: postgres,mysql,sqlite] [ordered]
SELECT cm.id, m.name, coalesce(v.views, 0) AS views, coalesce(v.people, 0) AS people
FROM mdl_course_modules cm
JOIN mdl_modules m ON m.id = cm.module
LEFT JOIN (SELECT contextinstanceid, count(*) AS views, count(DISTINCT userid) AS people FROM mdl_logstore_standard_log WHERE action = 'viewed' AND target = 'course_module' AND contextlevel = 70 GROUP BY contextinstanceid) v ON v.contextinstanceid = cm.id
WHERE cm.deletioninprogress = 0
ORDER BY views DESC, cm.id LIMIT 25

-- name: moodle_11 [engines: postgres,mysql,sqlite]
SELECT b.name, count(*) AS issued, sum(CASE WHEN i.dateexpire < latest.moment THEN 1 ELSE 0 END) AS expired, sum(CASE WHEN i.dateexpire BETWEEN latest.moment AND latest.moment + 60 * 86400 THEN 1 ELSE 0 END) AS soon, sum(CASE WHEN i.dateexpire IS NULL THEN 1 ELSE 0 END) AS forever
FROM mdl_badge b
JOIN mdl_badge_issued i ON i.badgeid = b.id
JOIN mdl_user u ON u.id = i.userid AND u.deleted = 0
CROSS JOIN (SELECT max(timecreated) AS moment FROM mdl_logstore_standard_log) latest
GROUP BY b.id, b.name

-- name: moodle_12 [engines: postgres,mysql,sqlite]
SELECT MOD(timecreated + 259200, 604800) - MOD(timecreated, 86400) AS weekday, MOD(timecreated, 86400) - MOD(timecreated, 3600) AS hour, count(*) AS logins
FROM mdl_logstore_standard_log
WHERE action = 'loggedin' AND target = 'user'
GROUP BY MOD(timecreated + 259200, 604800) - MOD(timecreated, 86400), MOD(timecreated, 86400) - MOD(timecreated, 3600)

-- name: moodle_13 [engines: postgres,mysql,sqlite]
SELECT cm.course, cm.id, m.name, count(done.id) AS reached, round(100.0 * count(done.id) / enrolled.n, 1) AS share
FROM mdl_course_modules cm
JOIN mdl_modules m ON m.id = cm.module
JOIN (SELECT course, count(*) AS n FROM mdl_course_completions GROUP BY course) enrolled ON enrolled.course = cm.course
LEFT JOIN mdl_course_modules_completion done ON done.coursemoduleid = cm.id AND done.completionstate > 0
WHERE cm.completion > 0
GROUP BY cm.course, cm.id, m.name, enrolled.n

-- name: moodle_14 [engines: postgres,mysql,sqlite]
SELECT DISTINCT c.id, c.shortname
FROM mdl_role_assignments ra
JOIN mdl_role r ON r.id = ra.roleid AND r.archetype IN ('manager', 'editingteacher')
JOIN mdl_context held ON held.id = ra.contextid
JOIN mdl_context x ON x.contextlevel = 50 AND (x.path = held.path OR x.path LIKE concat(held.path, '/%'))
JOIN mdl_course c ON c.id = x.instanceid
WHERE ra.userid = (SELECT min(first.userid) FROM mdl_role_assignments first JOIN mdl_role kind ON kind.id = first.roleid AND kind.archetype = 'editingteacher')

-- name: moodle_15 [engines: postgres,mysql,sqlite]
SELECT co.name, count(DISTINCT cu.userid) AS people, sum(CASE WHEN cc.timecompleted IS NULL THEN 0 ELSE 1 END) AS finished
FROM mdl_company co
JOIN mdl_company_users cu ON cu.companyid = co.id AND cu.suspended = 0
JOIN mdl_company_course k ON k.companyid = co.id
JOIN mdl_course_completions cc ON cc.course = k.courseid AND cc.userid = cu.userid
GROUP BY co.id, co.name

-- name: moodle_16 [engines: postgres,mysql,sqlite]
WITH RECURSIVE below (id, root, depth) AS (SELECT id, id, 0 FROM mdl_course_categories WHERE parent = 0 UNION ALL SELECT child.id, below.root, below.depth + 1 FROM mdl_course_categories child JOIN below ON child.parent = below.id)
SELECT root.name, count(DISTINCT below.id) AS categories, count(c.id) AS courses
FROM below
JOIN mdl_course_categories root ON root.id = below.root
LEFT JOIN mdl_course c ON c.category = below.id
GROUP BY root.id, root.name

-- name: moodle_17 [engines: postgres,mysql,sqlite]
SELECT s.userid, s.timecreated, s.gap
FROM (SELECT userid, timecreated, timecreated - lag(timecreated) OVER (PARTITION BY userid ORDER BY timecreated, id) AS gap FROM mdl_logstore_standard_log WHERE action = 'loggedin') s
WHERE s.gap > 14 * 86400

-- name: moodle_18 [engines: postgres,mysql,sqlite]
SELECT k.name, count(DISTINCT cm.userid) AS members, count(DISTINCT CASE WHEN cc.timecompleted IS NOT NULL THEN cm.userid END) AS with_a_course
FROM mdl_cohort k
JOIN mdl_cohort_members cm ON cm.cohortid = k.id
LEFT JOIN mdl_course_completions cc ON cc.userid = cm.userid
GROUP BY k.id, k.name

-- name: moodle_19 [engines: postgres,mysql,sqlite]
SELECT a.name, count(s.id) AS handed_in, sum(CASE WHEN s.timemodified > a.duedate AND a.duedate > 0 THEN 1 ELSE 0 END) AS late, (SELECT count(*) FROM mdl_assign_grades g WHERE g.assignment = a.id AND g.grade >= 0) AS graded
FROM mdl_assign a
LEFT JOIN mdl_assign_submission s ON s.assignment = a.id AND s.latest = 1 AND s.status = 'submitted'
GROUP BY a.id, a.name

-- name: moodle_20 [engines: postgres,mysql,sqlite]
SELECT u.id, (SELECT max(l.timecreated) FROM mdl_logstore_standard_log l WHERE l.userid = u.id) AS last_seen, (SELECT count(*) FROM mdl_forum_posts p WHERE p.userid = u.id) AS posts
FROM mdl_user u
WHERE u.deleted = 0

-- Enrolled for more than 14 days, not complete, and silent for 14 days or graded below half. A course that is over is
-- nobody's risk any more.
-- "Now" is the last event in the log, so that a copy of last year's data tells the same story.
-- 0.000001: a half is rounded up by every engine. Without it binary numbers (SQLite's) and decimal ones disagree.
-- Hidden grades are left out: the card may be looked at by the one whose grade it is.
SELECT u.firstname, u.lastname, c.fullname,
       CAST((n.now_ts - COALESCE(la.timeaccess, ue.timecreated) - (n.now_ts - COALESCE(la.timeaccess, ue.timecreated)) % 86400)
            / 86400 AS INTEGER) AS days_silent,
       ROUND(100.0 * gg.finalgrade / NULLIF(gg.rawgrademax, 0) + 0.000001, 0) AS grade_pct
FROM mdl_user_enrolments ue
JOIN mdl_enrol e ON e.id = ue.enrolid AND e.status = 0
JOIN mdl_user u ON u.id = ue.userid AND u.deleted = 0 AND u.suspended = 0
JOIN mdl_course c ON c.id = e.courseid
JOIN mdl_context x ON x.contextlevel = 50 AND x.instanceid = c.id
JOIN mdl_role_assignments ra ON ra.contextid = x.id AND ra.userid = u.id
JOIN mdl_role r ON r.id = ra.roleid AND r.archetype = 'student'
CROSS JOIN (SELECT MAX(g.last) AS now_ts
            FROM (SELECT l.courseid, MAX(l.timecreated) AS last FROM mdl_logstore_standard_log l GROUP BY l.courseid) g
            LEFT JOIN mdl_course k ON k.id = g.courseid
            WHERE g.courseid IS NULL OR g.courseid <= 1 OR k.id IS NOT NULL) n
LEFT JOIN mdl_course_completions cc ON cc.userid = u.id AND cc.course = c.id
LEFT JOIN mdl_user_lastaccess la ON la.userid = u.id AND la.courseid = c.id
LEFT JOIN mdl_grade_items gi ON gi.courseid = c.id AND gi.itemtype = 'course' AND gi.hidden = 0
LEFT JOIN mdl_grade_grades gg ON gg.itemid = gi.id AND gg.userid = u.id AND gg.hidden = 0
WHERE ue.status = 0 AND cc.timecompleted IS NULL AND c.enablecompletion = 1 AND (c.enddate = 0 OR c.enddate > n.now_ts)
  AND ue.timecreated < n.now_ts - 1209600
  AND (COALESCE(la.timeaccess, 0) < n.now_ts - 1209600 OR gg.finalgrade < 0.5 * gg.rawgrademax) AND {{course}}
  [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
ORDER BY days_silent DESC, u.id, c.id
LIMIT 50

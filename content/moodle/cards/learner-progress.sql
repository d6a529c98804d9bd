-- Hidden grades are left out: the card may be looked at by the one whose grade it is.
-- 0.000001: a half is rounded up by every engine. Without it binary numbers (SQLite's) and decimal ones disagree.
SELECT u.firstname, u.lastname, c.fullname, COALESCE(d.done, 0) AS done, COALESCE(n.steps, 0) AS steps,
       ROUND(100.0 * COALESCE(d.done, 0) / NULLIF(n.steps, 0) + 0.000001, 0) AS progress_pct,
       ROUND(100.0 * (gg.finalgrade - gg.rawgrademin) / NULLIF(gg.rawgrademax - gg.rawgrademin, 0) + 0.000001, 0) AS grade_pct,
       la.timeaccess AS last_access, cc.timecompleted AS completed
FROM mdl_course_completions cc
JOIN mdl_course c ON c.id = cc.course
JOIN mdl_user u ON u.id = cc.userid AND u.deleted = 0 AND u.suspended = 0
LEFT JOIN (SELECT cm.course, COUNT(*) AS steps
           FROM mdl_course_modules cm
           WHERE cm.completion > 0 AND cm.deletioninprogress = 0
           GROUP BY cm.course) n ON n.course = c.id
LEFT JOIN (SELECT cm.course, x.userid, COUNT(*) AS done
           FROM mdl_course_modules_completion x
           JOIN mdl_course_modules cm ON cm.id = x.coursemoduleid AND cm.completion > 0 AND cm.deletioninprogress = 0
           WHERE x.completionstate IN (1, 2)
           GROUP BY cm.course, x.userid) d ON d.course = c.id AND d.userid = u.id
LEFT JOIN mdl_user_lastaccess la ON la.userid = u.id AND la.courseid = c.id
LEFT JOIN mdl_grade_items gi ON gi.courseid = c.id AND gi.itemtype = 'course' AND gi.hidden = 0
LEFT JOIN mdl_grade_grades gg ON gg.itemid = gi.id AND gg.userid = u.id AND gg.hidden = 0
WHERE {{period}} AND {{course}} [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
ORDER BY CASE WHEN cc.timecompleted IS NULL THEN 0 ELSE 1 END, progress_pct, u.id, c.id
LIMIT 200

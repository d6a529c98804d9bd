-- 0.000001: a half is rounded up by every engine. Without it binary numbers (SQLite's) and decimal ones disagree.
SELECT ROUND(100.0 * COUNT(cc.timecompleted) / NULLIF(COUNT(*), 0) + 0.000001, 1) AS completion_pct
FROM mdl_course_completions cc
JOIN mdl_course c ON c.id = cc.course
JOIN mdl_user u ON u.id = cc.userid AND u.deleted = 0 AND u.suspended = 0
WHERE {{period}} AND {{course}} [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]

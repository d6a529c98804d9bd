-- 0.000001: a half is rounded up by every engine. Without it binary numbers (SQLite's) and decimal ones disagree.
SELECT h.name AS cohort, COUNT(*) AS enrolled, COUNT(cc.timecompleted) AS completed,
       ROUND(100.0 * COUNT(cc.timecompleted) / COUNT(*) + 0.000001, 1) AS pct
FROM mdl_cohort h
JOIN mdl_cohort_members m ON m.cohortid = h.id
JOIN mdl_course_completions cc ON cc.userid = m.userid
JOIN mdl_course c ON c.id = cc.course
JOIN mdl_user u ON u.id = cc.userid AND u.deleted = 0 AND u.suspended = 0
WHERE h.visible = 1 AND {{period}} AND {{course}} AND {{cohort}}
GROUP BY h.id, h.name
ORDER BY pct DESC, h.id

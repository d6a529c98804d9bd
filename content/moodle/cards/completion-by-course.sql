-- 0.000001: a half is rounded up by every engine. Without it binary numbers (SQLite's) and decimal ones disagree.
SELECT c.fullname, COUNT(*) AS enrolled,
       COUNT(CASE WHEN cc.timestarted > 0 THEN 1 END) AS started,
       COUNT(cc.timecompleted) AS completed,
       ROUND(100.0 * COUNT(cc.timecompleted) / COUNT(*) + 0.000001, 1) AS pct,
       ROUND(AVG(cc.timecompleted - cc.timeenrolled) / 86400.0 + 0.000001, 1) AS avg_days
FROM mdl_course_completions cc
JOIN mdl_course c ON c.id = cc.course
JOIN mdl_user u ON u.id = cc.userid AND u.deleted = 0 AND u.suspended = 0
WHERE {{period}} AND {{course}} [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
GROUP BY c.id, c.fullname
ORDER BY pct DESC, c.id

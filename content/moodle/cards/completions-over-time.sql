-- Weeks begin on Monday, 00:00 UTC: 1970-01-01 was a Thursday, hence the three days (259200 seconds).
SELECT cc.timecompleted - (cc.timecompleted + 259200) % 604800 AS week_utc, COUNT(*) AS completions
FROM mdl_course_completions cc
JOIN mdl_course c ON c.id = cc.course
JOIN mdl_user u ON u.id = cc.userid AND u.deleted = 0 AND u.suspended = 0
WHERE cc.timecompleted > 0 AND {{period}} AND {{course}} [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
GROUP BY cc.timecompleted - (cc.timecompleted + 259200) % 604800
ORDER BY week_utc

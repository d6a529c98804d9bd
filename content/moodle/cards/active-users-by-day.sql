-- The log is grouped once and then joined: row by row costs seconds on a large site. Events of no course have 0 or 1 there.
SELECT d.day_utc, COUNT(DISTINCT d.userid) AS active_users, CAST(SUM(d.events) AS INTEGER) AS events
FROM (SELECT l.timecreated - l.timecreated % 86400 AS day_utc, l.userid, l.courseid, COUNT(*) AS events
      FROM mdl_logstore_standard_log l
      WHERE l.userid > 0 AND l.anonymous = 0 AND {{period}} AND {{course}}
      GROUP BY l.timecreated - l.timecreated % 86400, l.userid, l.courseid) d
JOIN mdl_user u ON u.id = d.userid
LEFT JOIN mdl_course c ON c.id = d.courseid
WHERE (d.courseid IS NULL OR d.courseid <= 1 OR c.id IS NOT NULL) [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
GROUP BY d.day_utc
ORDER BY d.day_utc

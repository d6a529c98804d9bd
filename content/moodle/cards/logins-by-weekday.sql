-- Seconds since Monday: 1970-01-01 was a Thursday, hence the three days (259200 seconds).
-- Logins belong to no course: only whoever sees the whole site sees others'.
SELECT d.weekday, COALESCE(n.logins, 0) AS logins
FROM (SELECT 0 AS s, 'Monday' AS weekday UNION ALL SELECT 86400, 'Tuesday' UNION ALL SELECT 172800, 'Wednesday'
      UNION ALL SELECT 259200, 'Thursday' UNION ALL SELECT 345600, 'Friday' UNION ALL SELECT 432000, 'Saturday'
      UNION ALL SELECT 518400, 'Sunday') d
LEFT JOIN (SELECT g.s, CAST(SUM(g.logins) AS INTEGER) AS logins
           FROM (SELECT l.userid, (l.timecreated + 259200) % 604800 - l.timecreated % 86400 AS s, COUNT(*) AS logins
                 FROM mdl_logstore_standard_log l
                 WHERE l.component = 'core' AND l.target = 'user' AND l.action = 'loggedin' AND {{period}}
                 GROUP BY l.userid, (l.timecreated + 259200) % 604800 - l.timecreated % 86400) g
           JOIN mdl_user u ON u.id = g.userid
           WHERE u.id > 0 [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
           GROUP BY g.s) n ON n.s = d.s
ORDER BY d.s

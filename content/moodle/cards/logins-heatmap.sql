-- Every hour of the week is listed. Seconds since Monday: 1970-01-01 was a Thursday, hence the three days (259200 seconds).
-- Logins belong to no course: only whoever sees the whole site sees others'.
SELECT h.hour_utc, d.weekday, COALESCE(n.logins, 0) AS logins
FROM (SELECT 0 AS s, 'Monday' AS weekday UNION ALL SELECT 86400, 'Tuesday' UNION ALL SELECT 172800, 'Wednesday'
      UNION ALL SELECT 259200, 'Thursday' UNION ALL SELECT 345600, 'Friday' UNION ALL SELECT 432000, 'Saturday'
      UNION ALL SELECT 518400, 'Sunday') d
CROSS JOIN (SELECT 0 AS s, '00' AS hour_utc UNION ALL SELECT 3600, '01' UNION ALL SELECT 7200, '02' UNION ALL SELECT 10800, '03'
      UNION ALL SELECT 14400, '04' UNION ALL SELECT 18000, '05' UNION ALL SELECT 21600, '06' UNION ALL SELECT 25200, '07'
      UNION ALL SELECT 28800, '08' UNION ALL SELECT 32400, '09' UNION ALL SELECT 36000, '10' UNION ALL SELECT 39600, '11'
      UNION ALL SELECT 43200, '12' UNION ALL SELECT 46800, '13' UNION ALL SELECT 50400, '14' UNION ALL SELECT 54000, '15'
      UNION ALL SELECT 57600, '16' UNION ALL SELECT 61200, '17' UNION ALL SELECT 64800, '18' UNION ALL SELECT 68400, '19'
      UNION ALL SELECT 72000, '20' UNION ALL SELECT 75600, '21' UNION ALL SELECT 79200, '22' UNION ALL SELECT 82800, '23') h
LEFT JOIN (SELECT g.s, CAST(SUM(g.logins) AS INTEGER) AS logins
           FROM (SELECT l.userid, (l.timecreated + 259200) % 604800 - l.timecreated % 3600 AS s, COUNT(*) AS logins
                 FROM mdl_logstore_standard_log l
                 WHERE l.component = 'core' AND l.target = 'user' AND l.action = 'loggedin' AND {{period}}
                 GROUP BY l.userid, (l.timecreated + 259200) % 604800 - l.timecreated % 3600) g
           JOIN mdl_user u ON u.id = g.userid
           WHERE u.id > 0 [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
           GROUP BY g.s) n ON n.s = d.s + h.s
ORDER BY d.s, h.s

SELECT l.timecreated - l.timecreated % 86400 AS day_utc, COUNT(DISTINCT l.userid) AS active_users, COUNT(*) AS events
FROM mdl_logstore_standard_log l
WHERE l.userid > 0 AND l.anonymous = 0 AND {{period}} AND {{course}}
GROUP BY l.timecreated - l.timecreated % 86400
ORDER BY day_utc

-- Badges of the platform itself; plugins for certificates keep their own tables of what they issued.
-- "Now" is the last event in the log, so that a copy of last year's data tells the same story.
SELECT b.name,
       COUNT(CASE WHEN bi.dateexpire < n.now_ts THEN 1 END) AS expired,
       COUNT(CASE WHEN bi.dateexpire >= n.now_ts AND bi.dateexpire <= n.now_ts + 2592000 THEN 1 END) AS next_30_days,
       COUNT(CASE WHEN bi.dateexpire > n.now_ts + 2592000 AND bi.dateexpire <= n.now_ts + 7776000 THEN 1 END) AS next_90_days,
       COUNT(CASE WHEN bi.dateexpire IS NULL OR bi.dateexpire > n.now_ts + 7776000 THEN 1 END) AS later
FROM mdl_badge_issued bi
JOIN mdl_badge b ON b.id = bi.badgeid
JOIN mdl_user u ON u.id = bi.userid AND u.deleted = 0
CROSS JOIN (SELECT MAX(timecreated) AS now_ts FROM mdl_logstore_standard_log) n
WHERE {{course}}
GROUP BY b.id, b.name
ORDER BY b.name, b.id

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
LEFT JOIN mdl_course c ON c.id = b.courseid
CROSS JOIN (SELECT MAX(g.last) AS now_ts
            FROM (SELECT l.courseid, MAX(l.timecreated) AS last FROM mdl_logstore_standard_log l GROUP BY l.courseid) g
            LEFT JOIN mdl_course k ON k.id = g.courseid
            WHERE g.courseid IS NULL OR g.courseid <= 1 OR k.id IS NOT NULL) n
WHERE (b.courseid IS NULL OR c.id IS NOT NULL) AND {{course}} [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
GROUP BY b.id, b.name
ORDER BY b.name, b.id

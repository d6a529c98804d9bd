-- Weeks begin on Monday, 00:00 UTC: 1970-01-01 was a Thursday, hence the three days (259200 seconds).
SELECT p.created - (p.created + 259200) % 604800 AS week_utc, COUNT(*) AS posts, COUNT(DISTINCT p.userid) AS posters,
       COUNT(CASE WHEN p.parent = 0 THEN 1 END) AS new_threads,
       COUNT(CASE WHEN p.parent = 0 AND a.parent IS NULL THEN 1 END) AS unanswered
FROM mdl_forum_posts p
JOIN mdl_forum_discussions d ON d.id = p.discussion
JOIN mdl_course c ON c.id = d.course
JOIN mdl_user u ON u.id = p.userid
LEFT JOIN (SELECT DISTINCT parent FROM mdl_forum_posts WHERE parent > 0) a ON a.parent = p.id
WHERE p.deleted = 0 AND {{period}} AND {{course}} [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
GROUP BY p.created - (p.created + 259200) % 604800
ORDER BY week_utc

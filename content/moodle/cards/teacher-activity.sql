-- Who teaches is told by the role's archetype: names of roles are a site's own.
-- 0.000001: a half is rounded up by every engine. Without it binary numbers (SQLite's) and decimal ones disagree.
SELECT u.firstname, u.lastname, COALESCE(g.graded, 0) AS graded, ROUND(g.wait_seconds / 86400.0 + 0.000001, 1) AS wait_days,
       COALESCE(p.posts, 0) AS posts, COALESCE(l.days, 0) AS active_days
FROM mdl_user u
JOIN (SELECT DISTINCT ra.userid
      FROM mdl_role_assignments ra
      JOIN mdl_role r ON r.id = ra.roleid
      WHERE r.archetype IN ('editingteacher', 'teacher')) t ON t.userid = u.id
LEFT JOIN (SELECT ag.grader, COUNT(*) AS graded, AVG(ag.timemodified - s.timemodified) AS wait_seconds
           FROM mdl_assign_grades ag
           JOIN mdl_assign_submission s ON s.assignment = ag.assignment AND s.userid = ag.userid AND s.latest = 1
           WHERE ag.grade >= 0 AND {{period}}
           GROUP BY ag.grader) g ON g.grader = u.id
LEFT JOIN (SELECT fp.userid, COUNT(*) AS posts
           FROM mdl_forum_posts fp
           WHERE fp.deleted = 0 [[AND fp.created >= {{period.start}}]] [[AND fp.created < {{period.end}}]]
           GROUP BY fp.userid) p ON p.userid = u.id
LEFT JOIN (SELECT ls.userid, COUNT(DISTINCT ls.timecreated - ls.timecreated % 86400) AS days
           FROM mdl_logstore_standard_log ls
           WHERE ls.userid > 0 [[AND ls.timecreated >= {{period.start}}]] [[AND ls.timecreated < {{period.end}}]]
           GROUP BY ls.userid) l ON l.userid = u.id
WHERE u.deleted = 0
ORDER BY graded DESC, u.id
LIMIT 100

-- Who teaches is told by the role's archetype (names of roles are a site's own), given in the course, in a category above it or
-- for the site. A context's path is the ancestry; two texts are compared by length, because engines join texts differently.
-- 0.000001: a half is rounded up by every engine. Without it binary numbers (SQLite's) and decimal ones disagree.
SELECT u.firstname, u.lastname, COALESCE(g.graded, 0) AS graded, ROUND(g.wait_seconds / 86400.0 + 0.000001, 1) AS wait_days,
       COALESCE(p.posts, 0) AS posts, COALESCE(d.days, 0) AS active_days
FROM mdl_user u
JOIN (SELECT ra.userid
      FROM mdl_role_assignments ra
      JOIN mdl_role r ON r.id = ra.roleid AND r.archetype IN ('editingteacher', 'teacher')
      JOIN mdl_context x ON x.id = ra.contextid AND x.contextlevel = 50
      JOIN mdl_course c ON c.id = x.instanceid
      WHERE {{course}}
      UNION
      SELECT ra.userid
      FROM mdl_role_assignments ra
      JOIN mdl_role r ON r.id = ra.roleid AND r.archetype IN ('editingteacher', 'teacher')
      JOIN mdl_context x ON x.id = ra.contextid AND x.contextlevel IN (10, 40)
      JOIN mdl_context y ON y.contextlevel = 50 AND SUBSTR(y.path, 1, LENGTH(x.path)) = x.path
                            AND SUBSTR(y.path, LENGTH(x.path) + 1, 1) = '/'
      JOIN mdl_course c ON c.id = y.instanceid
      WHERE {{course}}) t ON t.userid = u.id
LEFT JOIN (SELECT ag.grader, COUNT(*) AS graded, AVG(ag.timemodified - s.timemodified) AS wait_seconds
           FROM mdl_assign_grades ag
           JOIN mdl_assign_submission s ON s.assignment = ag.assignment AND s.userid = ag.userid AND s.latest = 1
           JOIN mdl_assign a ON a.id = ag.assignment
           JOIN mdl_course c ON c.id = a.course
           WHERE ag.grade >= 0 AND {{period}} AND {{course}}
           GROUP BY ag.grader) g ON g.grader = u.id
LEFT JOIN (SELECT fp.userid, COUNT(*) AS posts
           FROM mdl_forum_posts fp
           JOIN mdl_forum_discussions fd ON fd.id = fp.discussion
           JOIN mdl_course c ON c.id = fd.course
           WHERE fp.deleted = 0 AND {{course}} [[AND fp.created >= {{period.start}}]] [[AND fp.created < {{period.end}}]]
           GROUP BY fp.userid) p ON p.userid = u.id
LEFT JOIN (SELECT l.userid, COUNT(DISTINCT l.day_utc) AS days
           FROM (SELECT ls.userid, ls.courseid, ls.timecreated - ls.timecreated % 86400 AS day_utc
                 FROM mdl_logstore_standard_log ls
                 WHERE ls.userid > 0 [[AND ls.timecreated >= {{period.start}}]] [[AND ls.timecreated < {{period.end}}]]
                 GROUP BY ls.userid, ls.courseid, ls.timecreated - ls.timecreated % 86400) l
           LEFT JOIN mdl_course c ON c.id = l.courseid
           WHERE (l.courseid IS NULL OR l.courseid <= 1 OR c.id IS NOT NULL) AND {{course}}
           GROUP BY l.userid) d ON d.userid = u.id
WHERE u.deleted = 0
ORDER BY graded DESC, u.id
LIMIT 100

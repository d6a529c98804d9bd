-- The log is grouped once and then joined: row by row costs seconds on a large site. Events of no course have 0 or 1 there.
-- A learner is who has a learner's role in a course: where companies share people, in a course of this one.
SELECT COUNT(DISTINCT a.userid) AS active_learners
FROM (SELECT l.userid, l.courseid
      FROM mdl_logstore_standard_log l
      WHERE l.userid > 0 AND l.anonymous = 0 AND {{period}} AND {{course}}
      GROUP BY l.userid, l.courseid) a
JOIN (SELECT DISTINCT ra.userid
      FROM mdl_role_assignments ra
      JOIN mdl_role r ON r.id = ra.roleid AND r.archetype = 'student'
      JOIN mdl_context x ON x.id = ra.contextid AND x.contextlevel = 50
      JOIN mdl_course k ON k.id = x.instanceid) s ON s.userid = a.userid
JOIN mdl_user u ON u.id = a.userid AND u.deleted = 0 AND u.suspended = 0
LEFT JOIN mdl_course c ON c.id = a.courseid
WHERE (a.courseid IS NULL OR a.courseid <= 1 OR c.id IS NOT NULL) [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]

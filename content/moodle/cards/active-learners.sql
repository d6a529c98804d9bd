-- The log is made distinct before it meets the roles: a join row by row costs seconds on a large site.
SELECT COUNT(*) AS active_learners
FROM (SELECT DISTINCT l.userid
      FROM mdl_logstore_standard_log l
      WHERE l.userid > 0 AND l.anonymous = 0 AND {{period}} AND {{course}}) a
JOIN (SELECT DISTINCT ra.userid
      FROM mdl_role_assignments ra
      JOIN mdl_role r ON r.id = ra.roleid AND r.archetype = 'student') s ON s.userid = a.userid
JOIN mdl_user u ON u.id = a.userid AND u.deleted = 0 AND u.suspended = 0

SELECT COUNT(*) AS enrolments
FROM mdl_user_enrolments ue
JOIN mdl_enrol e ON e.id = ue.enrolid AND e.status = 0
JOIN mdl_course c ON c.id = e.courseid AND c.id <> 1
JOIN mdl_user u ON u.id = ue.userid AND u.deleted = 0 AND u.suspended = 0
WHERE ue.status = 0 AND {{period}} AND {{course}} [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]

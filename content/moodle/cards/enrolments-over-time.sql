-- Weeks begin on Monday, 00:00 UTC: 1970-01-01 was a Thursday, hence the three days (259200 seconds).
-- The running total counts from the first enrolment on, so the period is applied after it.
SELECT w.week_utc, w.new_enrolments, w.total
FROM (SELECT t.week_utc, t.new_enrolments, CAST(SUM(t.new_enrolments) OVER (ORDER BY t.week_utc) AS INTEGER) AS total
      FROM (SELECT ue.timecreated - (ue.timecreated + 259200) % 604800 AS week_utc, COUNT(*) AS new_enrolments
            FROM mdl_user_enrolments ue
            JOIN mdl_enrol e ON e.id = ue.enrolid
            JOIN mdl_course c ON c.id = e.courseid
            JOIN mdl_user u ON u.id = ue.userid
            WHERE c.id <> 1 AND {{course}} [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
            GROUP BY ue.timecreated - (ue.timecreated + 259200) % 604800) t) w
WHERE {{period}}
ORDER BY w.week_utc

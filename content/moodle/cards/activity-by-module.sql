-- By component and not by event name: an event name's backslashes are escapes in some engines' literals.
SELECT CASE v.component WHEN 'mod_assign' THEN 'Assignments' WHEN 'mod_quiz' THEN 'Quizzes' WHEN 'mod_forum' THEN 'Forums'
                        WHEN 'mod_page' THEN 'Pages' WHEN 'mod_book' THEN 'Books' WHEN 'mod_url' THEN 'Links' WHEN 'mod_resource' THEN 'Files'
                        ELSE SUBSTR(v.component, 5) END AS module, CAST(SUM(v.views) AS INTEGER) AS views
FROM (SELECT l.component, l.userid, l.courseid, COUNT(*) AS views
      FROM mdl_logstore_standard_log l
      WHERE l.contextlevel = 70 AND l.action = 'viewed' AND SUBSTR(l.component, 1, 4) = 'mod_' AND {{period}} AND {{course}}
      GROUP BY l.component, l.userid, l.courseid) v
JOIN mdl_user u ON u.id = v.userid
LEFT JOIN mdl_course c ON c.id = v.courseid
WHERE (v.courseid IS NULL OR v.courseid <= 1 OR c.id IS NOT NULL) [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
GROUP BY v.component
ORDER BY views DESC, v.component

-- By component and not by event name: an event name's backslashes are escapes in some engines' literals.
SELECT CASE v.component WHEN 'mod_assign' THEN 'Assignments' WHEN 'mod_quiz' THEN 'Quizzes' WHEN 'mod_forum' THEN 'Forums'
                        WHEN 'mod_page' THEN 'Pages' WHEN 'mod_book' THEN 'Books' WHEN 'mod_url' THEN 'Links' WHEN 'mod_resource' THEN 'Files'
                        ELSE SUBSTR(v.component, 5) END AS module, v.views
FROM (SELECT l.component, COUNT(*) AS views
      FROM mdl_logstore_standard_log l
      WHERE l.contextlevel = 70 AND l.action = 'viewed' AND SUBSTR(l.component, 1, 4) = 'mod_' AND {{period}} AND {{course}}
      GROUP BY l.component) v
ORDER BY v.views DESC, v.component

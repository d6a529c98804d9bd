-- The log is grouped once and then joined: no index of it begins with the activity.
SELECT COALESCE(q.name, a.name, f.name, m.name) AS activity, m.name AS module, c.fullname,
       COALESCE(v.views, 0) AS views, COALESCE(v.viewers, 0) AS viewers, v.last_view
FROM mdl_course_modules cm
JOIN mdl_modules m ON m.id = cm.module
JOIN mdl_course c ON c.id = cm.course
LEFT JOIN mdl_quiz q ON m.name = 'quiz' AND q.id = cm.instance
LEFT JOIN mdl_assign a ON m.name = 'assign' AND a.id = cm.instance
LEFT JOIN mdl_forum f ON m.name = 'forum' AND f.id = cm.instance
LEFT JOIN (SELECT l.contextinstanceid, COUNT(*) AS views, COUNT(DISTINCT l.userid) AS viewers, MAX(l.timecreated) AS last_view
           FROM mdl_logstore_standard_log l
           WHERE l.contextlevel = 70 AND l.action = 'viewed' AND l.target = 'course_module' AND {{period}}
           GROUP BY l.contextinstanceid) v ON v.contextinstanceid = cm.id
WHERE cm.deletioninprogress = 0 AND {{course}}
ORDER BY views DESC, cm.id
LIMIT 40

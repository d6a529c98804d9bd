-- The log is grouped once and then joined: no index of it begins with the activity.
SELECT COALESCE(q.name, a.name, f.name, m.name) AS activity, m.name AS module, c.fullname,
       COALESCE(w.views, 0) AS views, COALESCE(w.viewers, 0) AS viewers, w.last_view
FROM mdl_course_modules cm
JOIN mdl_modules m ON m.id = cm.module
JOIN mdl_course c ON c.id = cm.course
LEFT JOIN mdl_quiz q ON m.name = 'quiz' AND q.id = cm.instance
LEFT JOIN mdl_assign a ON m.name = 'assign' AND a.id = cm.instance
LEFT JOIN mdl_forum f ON m.name = 'forum' AND f.id = cm.instance
LEFT JOIN (SELECT v.contextinstanceid, CAST(SUM(v.views) AS INTEGER) AS views, COUNT(*) AS viewers, MAX(v.last_view) AS last_view
           FROM (SELECT l.contextinstanceid, l.userid, COUNT(*) AS views, MAX(l.timecreated) AS last_view
                 FROM mdl_logstore_standard_log l
                 WHERE l.contextlevel = 70 AND l.action = 'viewed' AND l.target = 'course_module' AND {{period}}
                 GROUP BY l.contextinstanceid, l.userid) v
           JOIN mdl_user u ON u.id = v.userid
           WHERE u.id > 0 [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
           GROUP BY v.contextinstanceid) w ON w.contextinstanceid = cm.id
WHERE cm.deletioninprogress = 0 AND cm.visible = 1 AND {{course}}
ORDER BY views DESC, cm.id
LIMIT 40

SELECT COUNT(*) AS unopened
FROM mdl_course_modules cm
JOIN mdl_course c ON c.id = cm.course AND c.visible = 1
LEFT JOIN (SELECT DISTINCT l.contextinstanceid
           FROM mdl_logstore_standard_log l
           WHERE l.contextlevel = 70 AND l.action = 'viewed' AND l.target = 'course_module' AND {{period}}) v
       ON v.contextinstanceid = cm.id
WHERE cm.deletioninprogress = 0 AND cm.visible = 1 AND v.contextinstanceid IS NULL AND {{course}}

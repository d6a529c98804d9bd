SELECT COUNT(*) AS unopened
FROM mdl_course_modules cm
JOIN mdl_course c ON c.id = cm.course AND c.visible = 1
LEFT JOIN (SELECT DISTINCT v.contextinstanceid
           FROM (SELECT l.contextinstanceid, l.userid
                 FROM mdl_logstore_standard_log l
                 WHERE l.contextlevel = 70 AND l.action = 'viewed' AND l.target = 'course_module' AND {{period}}
                 GROUP BY l.contextinstanceid, l.userid) v
           JOIN mdl_user u ON u.id = v.userid
           WHERE u.id > 0 [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]) w ON w.contextinstanceid = cm.id
WHERE cm.deletioninprogress = 0 AND cm.visible = 1 AND w.contextinstanceid IS NULL AND {{course}}

-- 0.000001: a half is rounded up by every engine. Without it binary numbers (SQLite's) and decimal ones disagree.
SELECT c.fullname, COALESCE(q.name, a.name, f.name, m.name) AS activity, m.name AS module, en.enrolled, COALESCE(d.done, 0) AS done,
       ROUND(100.0 * COALESCE(d.done, 0) / en.enrolled + 0.000001, 1) AS pct
FROM mdl_course_modules cm
JOIN mdl_modules m ON m.id = cm.module
JOIN mdl_course c ON c.id = cm.course
JOIN (SELECT cc.course, COUNT(*) AS enrolled
      FROM mdl_course_completions cc
      JOIN mdl_user u ON u.id = cc.userid
      WHERE u.deleted = 0 [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
      GROUP BY cc.course) en ON en.course = cm.course
LEFT JOIN (SELECT x.coursemoduleid, COUNT(*) AS done
           FROM mdl_course_modules_completion x
           JOIN mdl_user u ON u.id = x.userid
           WHERE x.completionstate IN (1, 2) AND u.deleted = 0 [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
           GROUP BY x.coursemoduleid) d ON d.coursemoduleid = cm.id
LEFT JOIN mdl_quiz q ON m.name = 'quiz' AND q.id = cm.instance
LEFT JOIN mdl_assign a ON m.name = 'assign' AND a.id = cm.instance
LEFT JOIN mdl_forum f ON m.name = 'forum' AND f.id = cm.instance
WHERE cm.completion > 0 AND cm.deletioninprogress = 0 AND cm.visible = 1 AND {{course}}
ORDER BY c.id, cm.section, cm.id
LIMIT 200

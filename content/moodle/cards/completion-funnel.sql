-- Where learners stop: the share of enrolled learners that completed a course's first, second, ... tracked activity.
SELECT t.step, ROUND(100.0 * SUM(t.done) / SUM(t.enrolled), 1) AS pct
FROM (SELECT ROW_NUMBER() OVER (PARTITION BY cm.course ORDER BY cm.section, cm.id) AS step, COALESCE(d.done, 0) AS done, en.enrolled
      FROM mdl_course_modules cm
      JOIN mdl_course c ON c.id = cm.course
      JOIN (SELECT course, COUNT(*) AS enrolled FROM mdl_course_completions GROUP BY course) en ON en.course = cm.course
      LEFT JOIN (SELECT coursemoduleid, COUNT(*) AS done
                 FROM mdl_course_modules_completion
                 WHERE completionstate IN (1, 2)
                 GROUP BY coursemoduleid) d ON d.coursemoduleid = cm.id
      WHERE cm.completion > 0 AND cm.deletioninprogress = 0 AND {{course}}) t
GROUP BY t.step
ORDER BY t.step

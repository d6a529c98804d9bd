-- Where learners stop: the share of enrolled learners that completed the tracked activities on each tenth of the way.
-- Tenths, because courses differ in length: counted by activity, the last steps would show the long courses only.
-- 0.000001: a half is rounded up by every engine. Without it binary numbers (SQLite's) and decimal ones disagree.
SELECT t.way_pct, ROUND(100.0 * SUM(t.done) / SUM(t.enrolled) + 0.000001, 1) AS pct
FROM (SELECT CAST(10 * (s.step * 10 + s.steps - 1 - (s.step * 10 + s.steps - 1) % s.steps) / s.steps AS INTEGER) AS way_pct,
             s.done, s.enrolled
      FROM (SELECT ROW_NUMBER() OVER (PARTITION BY cm.course ORDER BY cm.section, cm.id) AS step,
                   COUNT(*) OVER (PARTITION BY cm.course) AS steps, COALESCE(d.done, 0) AS done, en.enrolled
            FROM mdl_course_modules cm
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
            WHERE cm.completion > 0 AND cm.deletioninprogress = 0 AND {{course}}) s) t
GROUP BY t.way_pct
ORDER BY t.way_pct

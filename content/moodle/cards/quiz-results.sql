-- 0.000001: a half is rounded up by every engine. Without it binary numbers (SQLite's) and decimal ones disagree.
SELECT q.name AS quiz, c.fullname, COUNT(*) AS attempts, COUNT(DISTINCT a.userid) AS learners,
       ROUND(AVG(100.0 * a.sumgrades / NULLIF(q.sumgrades, 0)) + 0.000001, 1) AS mean_pct,
       ROUND(AVG(a.timefinish - a.timestart) / 60.0 + 0.000001, 1) AS mean_minutes
FROM mdl_quiz_attempts a
JOIN mdl_quiz q ON q.id = a.quiz
JOIN mdl_course c ON c.id = q.course
JOIN mdl_user u ON u.id = a.userid
WHERE a.state = 'finished' AND a.preview = 0 AND {{period}} AND {{course}} [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
GROUP BY q.id, q.name, c.fullname
ORDER BY mean_pct, q.id
LIMIT 40

-- Facility: the mean share of the mark that learners reach at their first finished attempt. Low is hard.
-- 0.000001: a half is rounded up by every engine. Without it binary numbers (SQLite's) and decimal ones disagree.
SELECT qu.name AS question, q.name AS quiz, c.fullname, COUNT(*) AS answers,
       ROUND(100.0 * SUM(st.fraction) / COUNT(*) + 0.000001, 1) AS facility_pct
FROM mdl_quiz_attempts a
JOIN mdl_quiz q ON q.id = a.quiz
JOIN mdl_course c ON c.id = q.course
JOIN mdl_user u ON u.id = a.userid
JOIN mdl_question_attempts qa ON qa.questionusageid = a.uniqueid
JOIN mdl_question qu ON qu.id = qa.questionid
JOIN (SELECT s.questionattemptid, MAX(s.sequencenumber) AS last
      FROM mdl_question_attempt_steps s
      GROUP BY s.questionattemptid) e ON e.questionattemptid = qa.id
JOIN mdl_question_attempt_steps st ON st.questionattemptid = qa.id AND st.sequencenumber = e.last
WHERE a.state = 'finished' AND a.preview = 0 AND a.attempt = 1 AND st.fraction IS NOT NULL AND {{period}} AND {{course}} [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
GROUP BY q.id, q.name, c.fullname, qa.slot, qu.name
ORDER BY facility_pct, q.id, qa.slot
LIMIT 20

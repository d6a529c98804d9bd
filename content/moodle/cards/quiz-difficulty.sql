-- Facility: the mean share of the mark that learners reach at their first finished attempt. Low is hard.
-- 0.000001: a half is rounded up by every engine. Without it binary numbers (SQLite's) and decimal ones disagree.
SELECT qu.name AS question, q.name AS quiz, c.fullname, COUNT(*) AS answers,
       ROUND(100.0 * SUM(st.fraction) / COUNT(*) + 0.000001, 1) AS facility_pct
FROM mdl_quiz_attempts a
JOIN mdl_quiz q ON q.id = a.quiz
JOIN mdl_course c ON c.id = q.course
JOIN mdl_question_attempts qa ON qa.questionusageid = a.uniqueid
JOIN mdl_question qu ON qu.id = qa.questionid
JOIN mdl_question_attempt_steps st ON st.questionattemptid = qa.id
 AND st.sequencenumber = (SELECT MAX(s2.sequencenumber) FROM mdl_question_attempt_steps s2 WHERE s2.questionattemptid = qa.id)
WHERE a.state = 'finished' AND a.preview = 0 AND a.attempt = 1 AND st.fraction IS NOT NULL AND {{period}} AND {{course}}
GROUP BY q.id, q.name, c.fullname, qa.slot, qu.name
ORDER BY facility_pct, q.id, qa.slot
LIMIT 20

-- Hidden grades are left out: the card may be looked at by the one whose grade it is.
-- 0.000001: a half is rounded up by every engine. Without it binary numbers (SQLite's) and decimal ones disagree.
SELECT c.fullname, COUNT(*) AS graded,
       ROUND(AVG(100.0 * (gg.finalgrade - gg.rawgrademin) / NULLIF(gg.rawgrademax - gg.rawgrademin, 0)) + 0.000001, 1) AS grade_pct
FROM mdl_grade_grades gg
JOIN mdl_grade_items gi ON gi.id = gg.itemid AND gi.itemtype = 'course' AND gi.hidden = 0
JOIN mdl_course c ON c.id = gi.courseid
JOIN mdl_user u ON u.id = gg.userid AND u.deleted = 0
WHERE gg.finalgrade IS NOT NULL AND gg.hidden = 0 AND {{period}} AND {{course}} [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]
GROUP BY c.id, c.fullname
ORDER BY grade_pct DESC, c.id

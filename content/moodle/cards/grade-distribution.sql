-- The ten bands are listed, so that an empty one is shown as empty.
-- Hidden grades are left out: the card may be looked at by the one whose grade it is.
SELECT b.band, COUNT(g.bucket) AS learners
FROM (SELECT 0 AS low, '0-9' AS band UNION ALL SELECT 1, '10-19' UNION ALL SELECT 2, '20-29' UNION ALL SELECT 3, '30-39'
      UNION ALL SELECT 4, '40-49' UNION ALL SELECT 5, '50-59' UNION ALL SELECT 6, '60-69' UNION ALL SELECT 7, '70-79'
      UNION ALL SELECT 8, '80-89' UNION ALL SELECT 9, '90-100') b
LEFT JOIN (SELECT CASE WHEN p.tenths >= 9 THEN 9 WHEN p.tenths >= 8 THEN 8 WHEN p.tenths >= 7 THEN 7 WHEN p.tenths >= 6 THEN 6
                       WHEN p.tenths >= 5 THEN 5 WHEN p.tenths >= 4 THEN 4 WHEN p.tenths >= 3 THEN 3 WHEN p.tenths >= 2 THEN 2
                       WHEN p.tenths >= 1 THEN 1 ELSE 0 END AS bucket
           FROM (SELECT 10.0 * (gg.finalgrade - gg.rawgrademin) / (gg.rawgrademax - gg.rawgrademin) AS tenths
                 FROM mdl_grade_grades gg
                 JOIN mdl_grade_items gi ON gi.id = gg.itemid AND gi.itemtype = 'course' AND gi.hidden = 0
                 JOIN mdl_course c ON c.id = gi.courseid
                 JOIN mdl_user u ON u.id = gg.userid AND u.deleted = 0
                 WHERE gg.finalgrade IS NOT NULL AND gg.hidden = 0 AND gg.rawgrademax > gg.rawgrademin AND {{period}} AND {{course}} [[AND u.id IN (SELECT m.userid FROM mdl_cohort_members m WHERE {{cohort}})]]) p) g
       ON g.bucket = b.low
GROUP BY b.low, b.band
ORDER BY b.low

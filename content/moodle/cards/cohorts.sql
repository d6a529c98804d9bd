-- The cohorts of the site, for lists to choose from.
SELECT h.id, h.name
FROM mdl_cohort h
WHERE h.visible = 1
ORDER BY h.name, h.id

-- The courses of the site, for lists to choose from. Course 1 is the site itself.
SELECT c.id, c.fullname
FROM mdl_course c
WHERE c.id <> 1 AND c.visible = 1
ORDER BY c.fullname, c.id

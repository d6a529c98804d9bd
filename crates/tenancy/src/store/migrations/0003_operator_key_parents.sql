-- The operator key that made it: a key takes those that it made with it. None for the host's own console.
ALTER TABLE operator_key ADD COLUMN parent TEXT;

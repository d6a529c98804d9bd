-- name: arrays_01 [engines: postgres]
SELECT t.tag, count(*) AS products FROM products p, unnest(string_to_array(p.tags, ',')) AS t (tag) GROUP BY t.tag

-- name: arrays_02 [engines: postgres]
SELECT id, string_to_array(tags, ',') AS tags, cardinality(string_to_array(tags, ',')) AS n FROM products WHERE tags IS NOT NULL

-- name: arrays_03 [engines: postgres]
SELECT id, name FROM products WHERE 'eco' = ANY (string_to_array(tags, ',')) OR 'pro' = ANY (string_to_array(tags, ','))

-- name: arrays_04 [engines: postgres]
SELECT id FROM products WHERE string_to_array(tags, ',') && ARRAY['sale', 'bulk'] AND NOT string_to_array(tags, ',') @> ARRAY['last']

-- name: arrays_05 [engines: postgres]
SELECT customer_id, array_agg(id ORDER BY placed_at, id) AS ids, array_length(array_agg(id), 1) AS n FROM orders GROUP BY customer_id

-- name: arrays_06 [engines: postgres]
SELECT customer_id, (array_agg(amount ORDER BY placed_at, id))[1] AS first_amount FROM orders GROUP BY customer_id

-- name: arrays_07 [engines: postgres]
SELECT status, array_to_string(array_agg(DISTINCT currency ORDER BY currency), '+') AS currencies FROM orders GROUP BY status

-- name: arrays_08 [engines: postgres]
SELECT id, status FROM orders WHERE status = ANY ('{paid,pending}'::text[]) AND currency <> ALL (ARRAY['USD', 'GBP'])

-- name: arrays_09 [engines: postgres]
SELECT u.n, u.tag FROM unnest(ARRAY['a', 'b', 'c']) WITH ORDINALITY AS u (tag, n)

-- name: arrays_10 [engines: postgres]
SELECT a.x, b.y FROM unnest(ARRAY[1, 2]) AS a (x) CROSS JOIN unnest(ARRAY['p', 'q']) AS b (y)

-- name: arrays_11 [engines: postgres]
SELECT i, (ARRAY['Jan', 'Feb', 'Mar'])[i] AS label, (SELECT count(*) FROM orders WHERE extract(month FROM placed_at) = i) AS n FROM generate_series(1, 3) AS g (i)

-- name: arrays_12 [engines: postgres]
SELECT id, array_position(string_to_array(tags, ','), 'eco') AS pos, array_remove(string_to_array(tags, ','), 'eco') AS rest FROM products WHERE tags LIKE '%eco%'

-- name: arrays_13 [engines: postgres]
SELECT generate_series(1, 5) AS n, generate_series(1, 5) * 10 AS ten

-- name: arrays_14 [engines: postgres]
SELECT array_agg(array[o.customer_id, o.id] ORDER BY o.id) AS pairs FROM orders o WHERE o.amount > 950

-- name: arrays_15 [engines: postgres]
SELECT department, array_cat(array_agg(name ORDER BY id) FILTER (WHERE salary > 5000), ARRAY['end']) AS names FROM employees GROUP BY department

-- name: arrays_16 [engines: postgres]
SELECT int4range(0, 500) @> max(amount)::int AS small, numrange(min(amount), max(amount)) AS span, status FROM orders GROUP BY status

-- name: arrays_17 [engines: postgres]
SELECT s.id, t.id AS other FROM subscriptions s JOIN subscriptions t ON s.plan = t.plan AND s.id % 10000 <= 9 AND s.id < t.id AND daterange(s.started, s.ended) && daterange(t.started, t.ended)

-- name: arrays_18 [engines: postgres]
SELECT s.id, daterange(s.started, s.ended, '[)') * daterange('2024-01-01', '2024-07-01') AS in_half FROM subscriptions s WHERE daterange(s.started, s.ended) && daterange('2024-01-01', '2024-07-01')

-- name: arrays_19 [engines: postgres]
SELECT id, (s.started, coalesce(s.ended, '2025-01-01')) OVERLAPS (DATE '2024-03-01', DATE '2024-04-01') AS in_march FROM subscriptions s

-- name: pivots_01 [engines: postgres,mysql,sqlite]
SELECT category,
  SUM(CASE WHEN active THEN 1 ELSE 0 END) AS active,
  SUM(CASE WHEN NOT active THEN 1 ELSE 0 END) AS retired
FROM products
GROUP BY category

-- name: pivots_02 [engines: postgres,mysql,sqlite]
SELECT customer_id,
  COUNT(CASE WHEN status = 'paid' THEN 1 END) AS paid,
  COUNT(CASE WHEN status = 'shipped' THEN 1 END) AS shipped,
  COUNT(CASE WHEN status NOT IN ('paid', 'shipped') THEN 1 END) AS other
FROM orders
GROUP BY customer_id

-- name: pivots_03 [engines: postgres,mysql,sqlite] [ordered]
SELECT c.year,
  SUM(CASE c.quarter WHEN 1 THEN o.amount ELSE 0 END) AS q1,
  SUM(CASE c.quarter WHEN 2 THEN o.amount ELSE 0 END) AS q2,
  SUM(CASE c.quarter WHEN 3 THEN o.amount ELSE 0 END) AS q3,
  SUM(CASE c.quarter WHEN 4 THEN o.amount ELSE 0 END) AS q4
FROM orders o JOIN calendar c ON o.placed_at >= c.day AND o.placed_at < c.next_day
GROUP BY c.year ORDER BY c.year

-- name: pivots_04 [engines: postgres,mysql,sqlite]
SELECT p.category, MAX(CASE WHEN s.warehouse_id % 10000 = 1 THEN s.total END) AS hall_1, MAX(CASE WHEN s.warehouse_id % 10000 = 2 THEN s.total END) AS hall_2
FROM (SELECT warehouse_id, product_id, sum(on_hand) AS total FROM stock GROUP BY warehouse_id, product_id) s
JOIN products p ON p.id = s.product_id
GROUP BY p.category

-- name: pivots_05 [engines: postgres,mysql,sqlite]
SELECT 'orders' AS what, count(*) AS n FROM orders
UNION ALL SELECT 'events', count(*) FROM events
UNION ALL SELECT 'sessions', count(*) FROM sessions

-- name: pivots_06 [engines: postgres,mysql,sqlite]
SELECT id, 'amount' AS field, cast(amount as char(12)) AS value FROM orders WHERE id % 10000 < 5
UNION ALL
SELECT id, 'status', cast(status as char(12)) FROM orders WHERE id % 10000 < 5

-- name: pivots_07 [engines: postgres,mysql,sqlite]
SELECT device, SUM(CASE WHEN pages <= 5 THEN 1 ELSE 0 END) few, SUM(CASE WHEN pages > 5 AND pages <= 12 THEN 1 ELSE 0 END) some_pages, SUM(CASE WHEN pages > 12 THEN 1 ELSE 0 END) many
FROM sessions GROUP BY device

-- name: pivots_08 [engines: postgres,sqlite]
SELECT country,
  count(*) FILTER (WHERE score < 34) AS low,
  count(*) FILTER (WHERE score BETWEEN 34 AND 66) AS middle,
  count(*) FILTER (WHERE score > 66) AS high,
  count(*) FILTER (WHERE score IS NULL) AS unknown
FROM customers
GROUP BY country

-- name: pivots_09 [engines: postgres,sqlite]
SELECT user_id, min(at) FILTER (WHERE kind = 'visit') AS first_visit, max(at) FILTER (WHERE kind = 'purchase') AS last_purchase FROM events GROUP BY user_id

-- name: pivots_10 [engines: postgres]
SELECT status, jsonb_object_agg(currency, total ORDER BY currency) AS by_currency
FROM (SELECT status, currency, sum(amount) AS total FROM orders GROUP BY status, currency) t
GROUP BY status

-- name: pivots_11 [engines: postgres]
SELECT o.id, u.field, u.value
FROM orders o CROSS JOIN LATERAL (VALUES ('status', o.status), ('currency', o.currency), ('amount', o.amount::text)) AS u (field, value)
WHERE o.id % 10000 <= 3

-- name: pivots_12 [engines: postgres]
SELECT o.id, unnest(ARRAY['status', 'currency']) AS field, unnest(ARRAY[o.status, o.currency]) AS value FROM orders o WHERE o.amount > 980

-- name: pivots_13 [engines: mysql]
SELECT customer_id, SUM(IF(status = 'paid', amount, 0)) AS paid, SUM(IF(status = 'pending', amount, 0)) AS pending, COUNT(IF(currency <> 'EUR', 1, NULL)) AS foreign_orders
FROM orders GROUP BY customer_id

-- name: pivots_14 [engines: mysql]
SELECT YEAR(placed_at) AS y, SUM((MONTH(placed_at) = 1) * amount) AS jan, SUM((MONTH(placed_at) = 2) * amount) AS feb, SUM(IF(MONTH(placed_at) > 2, amount, 0)) AS later FROM orders GROUP BY y

-- name: pivots_15 [engines: mysql]
SELECT ELT(FIELD(status, 'paid', 'shipped', 'pending') + 1, 'other', 'paid', 'shipped', 'pending') AS bucket, COUNT(*) AS n FROM orders GROUP BY bucket

-- name: pivots_16 [engines: sqlite]
SELECT customer_id, sum(iif(status = 'paid', amount, 0)) AS paid, sum(iif(status = 'pending', amount, 0)) AS pending FROM orders GROUP BY customer_id

-- name: pivots_17 [engines: sqlite]
SELECT strftime('%Y', placed_at) AS y, total(amount) FILTER (WHERE strftime('%m', placed_at) = '01') AS jan, total(amount) FILTER (WHERE strftime('%m', placed_at) = '02') AS feb FROM orders GROUP BY y

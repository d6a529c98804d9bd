-- name: segments_01 [engines: postgres,mysql,sqlite]
WITH v AS (SELECT product_id, sum(quantity * price) AS value FROM order_items GROUP BY product_id),
r AS (SELECT product_id, value, sum(value) OVER (ORDER BY value DESC, product_id) AS upto, sum(value) OVER () AS total FROM v)
SELECT product_id, value, CASE WHEN upto <= 0.8 * total THEN 'A' WHEN upto <= 0.95 * total THEN 'B' ELSE 'C' END AS class FROM r

-- name: segments_02 [engines: postgres,mysql,sqlite]
SELECT class, count(*) AS products, sum(value) AS value FROM (
  SELECT product_id, value, CASE WHEN sum(value) OVER (ORDER BY value DESC, product_id) <= 0.8 * (SELECT sum(quantity * price) FROM order_items) THEN 'A' ELSE 'B or C' END AS class
  FROM (SELECT product_id, sum(quantity * price) AS value FROM order_items GROUP BY product_id) v
) z GROUP BY class

-- name: segments_03 [engines: postgres,mysql,sqlite]
SELECT count(*) AS top_customers FROM (SELECT customer_id, sum(sum(amount)) OVER (ORDER BY sum(amount) DESC, customer_id) AS upto FROM orders GROUP BY customer_id) p WHERE p.upto <= (SELECT 0.8 * sum(amount) FROM orders)

-- name: segments_04 [engines: postgres,mysql,sqlite]
WITH base AS (SELECT customer_id, max(placed_at) AS last_at, count(*) AS f, sum(amount) AS m FROM orders WHERE status <> 'cancelled' GROUP BY customer_id),
s AS (SELECT customer_id, ntile(5) OVER (ORDER BY last_at, customer_id) AS rs, ntile(5) OVER (ORDER BY f, customer_id) AS fs, ntile(5) OVER (ORDER BY m, customer_id) AS ms FROM base)
SELECT rs, fs, ms, count(*) AS customers FROM s GROUP BY rs, fs, ms

-- name: segments_05 [engines: postgres,mysql,sqlite]
WITH base AS (SELECT customer_id, max(placed_at) AS last_at, count(*) AS f, sum(amount) AS m FROM orders GROUP BY customer_id)
SELECT CASE WHEN last_at >= '2024-09-01' AND f >= 3 THEN 'champion' WHEN last_at >= '2024-09-01' THEN 'recent' WHEN m > 2000 THEN 'at risk' WHEN f = 1 THEN 'once' ELSE 'asleep' END AS segment, count(*) AS n, sum(m) AS value
FROM base GROUP BY 1

-- name: segments_06 [engines: postgres,mysql,sqlite]
SELECT c.country, sum(o.amount) AS total, round(100.0 * sum(o.amount) / (SELECT sum(amount) FROM orders), 2) AS share, rank() OVER (ORDER BY sum(o.amount) DESC) AS place FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.country

-- name: segments_07 [engines: postgres,mysql,sqlite]
SELECT user_id, visit_no, count(*) AS hits, min(at) AS started
FROM (SELECT user_id, at, id, sum(CASE WHEN kind = 'visit' THEN 1 ELSE 0 END) OVER (PARTITION BY user_id ORDER BY at, id) AS visit_no FROM events) s
GROUP BY user_id, visit_no

-- name: segments_08 [engines: postgres,mysql,sqlite]
SELECT a.product_id AS p1, b.product_id AS p2, count(*) AS together FROM order_items a JOIN order_items b ON b.order_id = a.order_id AND b.product_id > a.product_id GROUP BY a.product_id, b.product_id HAVING count(*) >= 2

-- name: segments_09 [engines: postgres,mysql,sqlite]
SELECT c.id, CASE WHEN x.n IS NULL THEN 'none' WHEN x.n = 1 THEN 'one' ELSE 'many' END AS orders_band, CASE WHEN s.pages > 30 THEN 'reader' ELSE 'glancer' END AS habit
FROM customers c LEFT JOIN (SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id) x ON x.customer_id = c.id LEFT JOIN (SELECT customer_id, sum(pages) AS pages FROM sessions GROUP BY customer_id) s ON s.customer_id = c.id

-- name: segments_10 [engines: postgres]
SELECT width_bucket(rn::numeric / n, 0, 1, 5) AS decile, sum(total) FROM (SELECT sum(amount) AS total, row_number() OVER (ORDER BY sum(amount) DESC, customer_id) AS rn, count(*) OVER () AS n FROM orders GROUP BY customer_id) t GROUP BY decile

-- name: segments_11 [engines: postgres]
SELECT concat(ntile(3) OVER (ORDER BY max(placed_at), customer_id), ntile(3) OVER (ORDER BY count(*), customer_id)) AS cell, customer_id, ('2025-01-01'::date - max(placed_at)::date) AS recency FROM orders GROUP BY customer_id

-- name: segments_12 [engines: mysql]
SELECT customer_id, DATEDIFF('2025-01-01', MAX(placed_at)) AS recency, COUNT(*) AS frequency, SUM(amount) AS money, IF(COUNT(*) > 2 AND SUM(amount) > 1500, 'gold', 'other') AS tier FROM orders GROUP BY customer_id

-- name: segments_13 [engines: sqlite]
SELECT customer_id, cast(julianday('2025-01-01') - julianday(max(placed_at)) AS integer) AS recency, count(*) AS frequency, sum(amount) AS money, iif(count(*) > 2 AND sum(amount) > 1500, 'gold', 'other') AS tier FROM orders GROUP BY customer_id

-- name: cohorts_01 [engines: postgres,mysql,sqlite] [ordered]
WITH firsts AS (SELECT customer_id, substr(cast(min(placed_at) as char(19)), 1, 7) AS cohort FROM orders GROUP BY customer_id),
acts AS (SELECT DISTINCT customer_id, substr(cast(placed_at as char(19)), 1, 7) AS month FROM orders)
SELECT f.cohort, a.month, COUNT(*) AS customers
FROM firsts f JOIN acts a ON a.customer_id = f.customer_id
GROUP BY f.cohort, a.month
ORDER BY f.cohort, a.month

-- name: cohorts_02 [engines: postgres,mysql,sqlite]
SELECT cohort_year, cohort_quarter, COUNT(*) AS size, SUM(again) AS returned, ROUND(100.0 * SUM(again) / COUNT(*), 1) AS retention
FROM (
  SELECT f.customer_id, c.year AS cohort_year, c.quarter AS cohort_quarter,
    CASE WHEN EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = f.customer_id AND o.placed_at > f.first_at) THEN 1 ELSE 0 END AS again
  FROM (SELECT customer_id, MIN(placed_at) AS first_at FROM orders GROUP BY customer_id) f
  JOIN calendar c ON f.first_at >= c.day AND f.first_at < c.next_day
) x
GROUP BY cohort_year, cohort_quarter

-- name: cohorts_03 [engines: postgres,mysql,sqlite]
SELECT count(DISTINCT CASE WHEN kind = 'visit' THEN user_id END) AS visited,
       count(DISTINCT CASE WHEN kind = 'view' THEN user_id END) AS viewed,
       count(DISTINCT CASE WHEN kind = 'cart' THEN user_id END) AS carted,
       count(DISTINCT CASE WHEN kind = 'purchase' THEN user_id END) AS bought
FROM events

-- name: cohorts_04 [engines: postgres,mysql,sqlite]
WITH v AS (SELECT user_id, min(at) AS t FROM events WHERE kind = 'visit' GROUP BY user_id),
c AS (SELECT e.user_id, min(e.at) AS t FROM events e JOIN v ON v.user_id = e.user_id AND e.at > v.t WHERE e.kind = 'cart' GROUP BY e.user_id),
p AS (SELECT e.user_id, min(e.at) AS t FROM events e JOIN c ON c.user_id = e.user_id AND e.at > c.t WHERE e.kind = 'purchase' GROUP BY e.user_id)
SELECT 'visit' AS step, count(*) AS users FROM v
UNION ALL SELECT 'cart', count(*) FROM c
UNION ALL SELECT 'purchase', count(*) FROM p

-- name: cohorts_05 [engines: postgres,mysql,sqlite]
SELECT s.plan, count(*) AS started, sum(CASE WHEN s.ended IS NOT NULL THEN 1 ELSE 0 END) AS churned
FROM subscriptions s
GROUP BY s.plan

-- name: cohorts_06 [engines: postgres,mysql,sqlite]
SELECT substr(cast(c.signed_up as char(10)), 1, 7) AS cohort, count(DISTINCT c.id) AS signed, count(DISTINCT o.customer_id) AS ordered
FROM customers c LEFT JOIN orders o ON o.customer_id = c.id
GROUP BY 1

-- name: cohorts_07 [engines: postgres,mysql,sqlite]
SELECT n_orders, COUNT(*) AS customers FROM (SELECT c.id, COUNT(o.id) AS n_orders FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id) t GROUP BY n_orders

-- name: cohorts_08 [engines: postgres,mysql,sqlite]
WITH m AS (SELECT DISTINCT o.customer_id, c.year * 12 + c.month AS mon FROM orders o JOIN calendar c ON o.placed_at >= c.day AND o.placed_at < c.next_day)
SELECT a.mon, count(*) AS active, count(b.customer_id) AS kept
FROM m a LEFT JOIN m b ON b.customer_id = a.customer_id AND b.mon = a.mon + 1
GROUP BY a.mon

-- name: cohorts_09 [engines: postgres,mysql,sqlite]
WITH m AS (SELECT o.customer_id, c.year * 12 + c.month AS mon FROM orders o JOIN calendar c ON o.placed_at >= c.day AND o.placed_at < c.next_day GROUP BY 1, 2),
f AS (SELECT customer_id, min(mon) AS start FROM m GROUP BY customer_id)
SELECT f.start AS cohort,
  SUM(CASE WHEN m.mon - f.start = 0 THEN 1 ELSE 0 END) AS m0,
  SUM(CASE WHEN m.mon - f.start BETWEEN 1 AND 3 THEN 1 ELSE 0 END) AS m1_to_3,
  SUM(CASE WHEN m.mon - f.start > 3 THEN 1 ELSE 0 END) AS later
FROM m JOIN f ON f.customer_id = m.customer_id
GROUP BY f.start

-- name: cohorts_10 [engines: postgres,mysql,sqlite]
SELECT last_kind, COUNT(*) AS users
FROM (SELECT user_id, kind AS last_kind, ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY at DESC, id DESC) AS rn FROM events) z
WHERE rn = 1
GROUP BY last_kind

-- name: cohorts_11 [engines: postgres,mysql,sqlite]
SELECT kind, next_kind, COUNT(*) AS n
FROM (SELECT kind, LEAD(kind) OVER (PARTITION BY user_id ORDER BY at, id) AS next_kind FROM events) s
WHERE next_kind IS NOT NULL
GROUP BY kind, next_kind

-- name: cohorts_12 [engines: postgres]
SELECT date_trunc('quarter', first_at)::date AS cohort, extract(year FROM age(placed_at, first_at)) * 12 + extract(month FROM age(placed_at, first_at)) AS month_no, count(DISTINCT customer_id)
FROM (SELECT customer_id, placed_at, min(placed_at) OVER (PARTITION BY customer_id) AS first_at FROM orders) o
GROUP BY 1, 2

-- name: cohorts_13 [engines: postgres]
SELECT count(*) FILTER (WHERE kinds @> ARRAY['visit']) AS visited, count(*) FILTER (WHERE kinds @> ARRAY['visit', 'cart']) AS carted, count(*) FILTER (WHERE 'purchase' = ANY (kinds)) AS bought
FROM (SELECT user_id, array_agg(DISTINCT kind) AS kinds FROM events GROUP BY user_id) t

-- name: cohorts_14 [engines: postgres]
WITH s AS (
  SELECT user_id, at, kind, sum(brk) OVER (PARTITION BY user_id ORDER BY at, id) AS session_no
  FROM (SELECT *, (at - lag(at) OVER (PARTITION BY user_id ORDER BY at, id) > interval '30 min' IS NOT FALSE)::int AS brk FROM events) e
)
SELECT user_id, session_no, min(at) AS started, max(at) - min(at) AS length, count(*) AS hits, bool_or(kind = 'purchase') AS converted
FROM s
GROUP BY user_id, session_no

-- name: cohorts_15 [engines: mysql]
SELECT DATE_FORMAT(f.first_at, '%Y-%m') AS cohort, TIMESTAMPDIFF(MONTH, f.first_at, o.placed_at) AS month_no, COUNT(DISTINCT o.customer_id) AS n
FROM orders o JOIN (SELECT customer_id, MIN(placed_at) AS first_at FROM orders GROUP BY customer_id) f USING (customer_id)
GROUP BY cohort, month_no

-- name: cohorts_16 [engines: mysql]
WITH s AS (
  SELECT user_id, at, kind, SUM(brk) OVER (PARTITION BY user_id ORDER BY at, id) AS session_no
  FROM (SELECT e.*, IFNULL(TIMESTAMPDIFF(MINUTE, LAG(at) OVER (PARTITION BY user_id ORDER BY at, id), at) > 30, 1) AS brk FROM events e) x
)
SELECT user_id, session_no, MIN(at) AS started, TIMEDIFF(MAX(at), MIN(at)) AS len, COUNT(*) AS hits, MAX(kind = 'purchase') AS converted
FROM s
GROUP BY user_id, session_no

-- name: cohorts_17 [engines: sqlite]
WITH s AS (
  SELECT user_id, at, kind, sum(brk) OVER (PARTITION BY user_id ORDER BY at, id) AS session_no
  FROM (SELECT *, coalesce(strftime('%s', at) - strftime('%s', lag(at) OVER (PARTITION BY user_id ORDER BY at, id)) > 1800, 1) AS brk FROM events)
)
SELECT user_id, session_no, min(at) AS started, count(*) AS hits, max(kind = 'purchase') AS converted
FROM s
GROUP BY user_id, session_no

-- name: cohorts_18 [engines: sqlite]
SELECT strftime('%Y-%m', first_at) AS cohort, (strftime('%Y', placed_at) - strftime('%Y', first_at)) * 12 + strftime('%m', placed_at) - strftime('%m', first_at) AS month_no, count(DISTINCT customer_id) AS n
FROM (SELECT customer_id, placed_at, min(placed_at) OVER (PARTITION BY customer_id) AS first_at FROM orders)
GROUP BY 1, 2

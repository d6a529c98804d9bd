-- name: windows_01 [engines: postgres,mysql,sqlite] [ordered]
SELECT id, placed_at, amount, SUM(amount) OVER (ORDER BY placed_at, id) AS running
FROM orders
WHERE status = 'paid'
ORDER BY placed_at, id

-- name: windows_02 [engines: postgres,mysql,sqlite]
SELECT id, customer_id, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY placed_at, id) AS nth FROM orders

-- name: windows_03 [engines: postgres,mysql,sqlite]
SELECT name, category, price, RANK() OVER (PARTITION BY category ORDER BY price DESC) AS rnk, DENSE_RANK() OVER (PARTITION BY category ORDER BY price DESC) AS drnk
FROM products

-- name: windows_04 [engines: postgres,mysql,sqlite]
SELECT id, amount, AVG(amount) OVER (ORDER BY placed_at, id ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS moving_avg
FROM orders

-- name: windows_05 [engines: postgres,mysql,sqlite]
SELECT id, amount, MIN(amount) OVER w AS lo, MAX(amount) OVER w AS hi
FROM orders
WINDOW w AS (PARTITION BY customer_id)

-- name: windows_06 [engines: postgres,mysql,sqlite]
SELECT id, customer_id, LAG(placed_at) OVER (PARTITION BY customer_id ORDER BY placed_at, id) AS prev, LEAD(amount, 2) OVER (PARTITION BY customer_id ORDER BY placed_at, id) AS after_next
FROM orders

-- name: windows_07 [engines: postgres,mysql,sqlite]
SELECT DISTINCT customer_id, FIRST_VALUE(amount) OVER (PARTITION BY customer_id ORDER BY placed_at, id) AS first_amount,
  LAST_VALUE(amount) OVER (PARTITION BY customer_id ORDER BY placed_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last_amount
FROM orders

-- name: windows_08 [engines: postgres,mysql,sqlite]
SELECT NTILE(4) OVER (ORDER BY amount, id) AS quartile, id FROM orders

-- name: windows_09 [engines: postgres,mysql,sqlite]
SELECT quartile, min(amount) AS lo, max(amount) AS hi, count(*) AS n
FROM (SELECT amount, NTILE(4) OVER (ORDER BY amount, id) AS quartile FROM orders) q
GROUP BY quartile

-- name: windows_10 [engines: postgres,mysql,sqlite]
SELECT status, count(*) AS n, sum(count(*)) OVER () AS total, round(100.0 * count(*) / sum(count(*)) OVER (), 2) AS pct
FROM orders
GROUP BY status

-- name: windows_11 [engines: postgres,mysql,sqlite]
SELECT id, salary, round(salary / sum(salary) OVER (PARTITION BY department), 4) AS share FROM employees

-- name: windows_12 [engines: postgres,mysql,sqlite]
SELECT grp, min(day) AS from_day, max(day) AS to_day, count(*) AS days
FROM (
  SELECT d.day_no, d.day, d.day_no - ROW_NUMBER() OVER (ORDER BY d.day_no) AS grp
  FROM (SELECT DISTINCT c.day, (c.year - 2023) * 365 + n.n AS day_no
        FROM calendar c JOIN numbers n ON n.n = (SELECT count(*) FROM calendar b WHERE b.year = c.year AND b.day <= c.day)
        WHERE EXISTS (SELECT 1 FROM sessions s WHERE s.started_at >= c.day AND s.started_at < c.next_day)) d
) g
GROUP BY grp

-- name: windows_13 [engines: postgres,mysql,sqlite]
SELECT id, nth_value(name, 2) OVER (PARTITION BY department ORDER BY salary DESC, id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS second_best FROM employees

-- name: windows_14 [engines: postgres,mysql,sqlite]
SELECT name, score, PERCENT_RANK() OVER (ORDER BY score) AS pr, CUME_DIST() OVER (ORDER BY score) AS cd
FROM customers
WHERE score IS NOT NULL

-- name: windows_15 [engines: postgres,mysql,sqlite]
SELECT a.id, a.started, a.gap
FROM (SELECT id, customer_id, started_at AS started, CASE WHEN LAG(customer_id) OVER (ORDER BY started_at, id) = customer_id THEN 'same' ELSE 'other' END AS gap FROM sessions) a
WHERE a.gap = 'other'

-- name: windows_16 [engines: postgres,mysql,sqlite]
SELECT user_id, kind, at, COUNT(*) OVER (PARTITION BY user_id ORDER BY at, id ROWS UNBOUNDED PRECEDING) AS so_far
FROM events
WHERE kind <> 'exit'

-- name: windows_17 [engines: postgres,mysql,sqlite]
SELECT month, revenue, SUM(revenue) OVER (PARTITION BY year ORDER BY month) AS ytd
FROM (SELECT c.year, c.month, sum(o.amount) AS revenue FROM orders o JOIN calendar c ON o.placed_at >= c.day AND o.placed_at < c.next_day GROUP BY c.year, c.month) m

-- name: windows_18 [engines: postgres,mysql,sqlite]
SELECT o.id, o.amount - AVG(o.amount) OVER (PARTITION BY o.currency) AS off_mean FROM orders AS o ORDER BY off_mean DESC, o.id LIMIT 15

-- name: windows_19 [engines: postgres,mysql,sqlite]
SELECT customer_id, placed_at, amount, SUM(amount) OVER (PARTITION BY customer_id ORDER BY placed_at, id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS around
FROM orders

-- name: windows_20 [engines: postgres,mysql,sqlite]
SELECT COUNT(*) AS streaks, MAX(n) AS longest
FROM (
  SELECT status, grp, COUNT(*) AS n
  FROM (SELECT status, ROW_NUMBER() OVER (ORDER BY id) - ROW_NUMBER() OVER (PARTITION BY status ORDER BY id) AS grp FROM orders) t
  GROUP BY status, grp
) s

-- name: windows_21 [engines: postgres,mysql,sqlite]
SELECT l.id, a.code, l.booked, l.amount, SUM(l.amount) OVER (PARTITION BY l.account_id ORDER BY l.booked, l.id) AS balance
FROM ledger l
JOIN accounts a ON l.account_id = a.id

-- name: windows_22 [engines: postgres,mysql,sqlite]
SELECT * FROM (SELECT id, name, salary, MAX(salary) OVER (PARTITION BY department) AS best FROM employees) e WHERE e.salary = e.best

-- name: windows_23 [engines: postgres,mysql,sqlite]
SELECT customer_id, SUM(CASE WHEN rn = 1 THEN amount END) AS newest, SUM(CASE WHEN rn = 2 THEN amount END) AS before_that
FROM (SELECT customer_id, amount, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY placed_at DESC, id DESC) AS rn FROM orders) t
WHERE rn <= 2
GROUP BY customer_id

-- name: windows_24 [engines: postgres,sqlite]
SELECT id, lag(amount, 1, 0) OVER (ORDER BY placed_at, id) AS before, lead(amount, 1, amount) OVER (ORDER BY placed_at, id) AS after FROM orders

-- name: windows_25 [engines: postgres,sqlite]
SELECT id, sum(amount) FILTER (WHERE status = 'paid') OVER (ORDER BY placed_at, id) AS paid_so_far FROM orders

-- name: windows_26 [engines: postgres,sqlite]
SELECT id, score, rank() OVER (ORDER BY score DESC NULLS LAST) AS rnk FROM customers

-- name: windows_27 [engines: postgres,sqlite]
SELECT id, sum(amount) OVER (ORDER BY amount GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) AS near FROM orders

-- name: windows_28 [engines: postgres,sqlite]
SELECT id, count(*) OVER (ORDER BY score RANGE BETWEEN 5 PRECEDING AND 5 FOLLOWING EXCLUDE TIES) AS peers FROM customers WHERE score IS NOT NULL

-- name: windows_29 [engines: postgres,sqlite]
SELECT id, rank() OVER w1, sum(price) OVER (w1 ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS upto
FROM products
WINDOW w1 AS (PARTITION BY category ORDER BY price, id)

-- name: windows_30 [engines: postgres]
SELECT id, count(*) OVER (ORDER BY placed_at RANGE BETWEEN INTERVAL '30 days' PRECEDING AND CURRENT ROW) AS in_30_days, avg(amount) OVER (ORDER BY placed_at RANGE BETWEEN '7 days' PRECEDING AND '7 days' FOLLOWING) AS week_avg FROM orders

-- name: windows_31 [engines: postgres]
SELECT user_id, sum(fresh) AS visits
FROM (SELECT user_id, CASE WHEN at - lag(at) OVER (PARTITION BY user_id ORDER BY at, id) < interval '30 minutes' THEN 0 ELSE 1 END AS fresh FROM events) t
GROUP BY user_id

-- name: windows_32 [engines: postgres]
SELECT DISTINCT ON (grp) grp, min(booked) OVER (PARTITION BY grp), max(booked) OVER (PARTITION BY grp), count(*) OVER (PARTITION BY grp)
FROM (SELECT booked, booked - (dense_rank() OVER (ORDER BY booked))::int AS grp FROM (SELECT DISTINCT booked FROM ledger) b) t
ORDER BY grp

-- name: windows_33 [engines: mysql]
SELECT id, amount, ROUND(MEDIAN(amount) OVER (PARTITION BY status), 2) AS median FROM orders

-- name: windows_34 [engines: mysql]
SELECT id, TIMESTAMPDIFF(HOUR, LAG(placed_at) OVER (PARTITION BY customer_id ORDER BY placed_at, id), placed_at) AS hours_since FROM orders

-- name: windows_35 [engines: mysql]
SELECT user_id, SUM(fresh) AS visits
FROM (SELECT user_id, IF(TIMESTAMPDIFF(MINUTE, LAG(at) OVER (PARTITION BY user_id ORDER BY at, id), at) < 30, 0, 1) AS fresh FROM events) t
GROUP BY user_id

-- name: windows_36 [engines: mysql]
SELECT MIN(booked) AS lo, MAX(booked) AS hi, COUNT(*) AS days
FROM (SELECT booked, DATE_SUB(booked, INTERVAL DENSE_RANK() OVER (ORDER BY booked) DAY) AS grp FROM (SELECT DISTINCT booked FROM ledger) b) t
GROUP BY grp

-- name: windows_37 [engines: sqlite]
SELECT min(booked) AS lo, max(booked) AS hi, count(*) AS days
FROM (SELECT booked, date(booked, '-' || row_number() OVER (ORDER BY booked) || ' days') AS grp FROM (SELECT DISTINCT booked FROM ledger))
GROUP BY grp

-- name: windows_38 [engines: sqlite]
SELECT id, round(julianday(placed_at) - julianday(lag(placed_at) OVER (PARTITION BY customer_id ORDER BY placed_at, id)), 2) AS days_since FROM orders

-- name: windows_39 [engines: sqlite]
SELECT id, group_concat(id) OVER (PARTITION BY customer_id ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS trail FROM orders

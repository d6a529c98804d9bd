-- name: timeseries_01 [engines: postgres,mysql,sqlite] [ordered]
SELECT c.year, c.month, COUNT(o.id) AS orders, COALESCE(SUM(o.amount), 0) AS revenue
FROM calendar c
LEFT JOIN orders o ON o.placed_at >= c.day AND o.placed_at < c.next_day
GROUP BY c.year, c.month
ORDER BY c.year, c.month

-- name: timeseries_02 [engines: postgres,mysql,sqlite] [ordered]
SELECT c.day, COUNT(o.id) AS orders
FROM calendar c
LEFT JOIN orders o ON o.placed_at >= c.day AND o.placed_at < c.next_day AND o.status <> 'cancelled'
WHERE c.day BETWEEN '2024-02-20' AND '2024-03-10'
GROUP BY c.day
ORDER BY c.day

-- name: timeseries_03 [engines: postgres,mysql,sqlite]
SELECT substr(cast(placed_at as char(19)), 1, 7) AS month, SUM(amount) AS revenue
FROM orders
GROUP BY substr(cast(placed_at as char(19)), 1, 7)

-- name: timeseries_04 [engines: postgres,mysql,sqlite]
SELECT c.weekday, COUNT(*) AS n, SUM(o.amount) AS revenue
FROM orders o
JOIN calendar c ON o.placed_at >= c.day AND o.placed_at < c.next_day
GROUP BY c.weekday

-- name: timeseries_05 [engines: postgres,mysql,sqlite] [ordered]
SELECT c.year, c.quarter, SUM(CASE WHEN c.is_weekend THEN o.amount ELSE 0 END) AS weekend, SUM(o.amount) AS total
FROM orders o INNER JOIN calendar c ON o.placed_at >= c.day AND o.placed_at < c.next_day
GROUP BY c.year, c.quarter
ORDER BY 1, 2

-- name: timeseries_06 [engines: postgres,mysql,sqlite]
SELECT count(*) FROM orders WHERE placed_at >= '2024-01-01' AND placed_at < '2025-01-01'

-- name: timeseries_07 [engines: postgres,mysql,sqlite]
SELECT x.month, x.revenue, x.revenue - LAG(x.revenue) OVER (ORDER BY x.month) AS change_to_before
FROM (
  SELECT substr(cast(placed_at as char(19)), 1, 7) AS month, SUM(amount) AS revenue
  FROM orders
  WHERE status IN ('paid', 'shipped')
  GROUP BY 1
) x
ORDER BY x.month

-- name: timeseries_08 [engines: postgres,mysql,sqlite] [ordered]
WITH daily AS (
  SELECT c.day, COALESCE(SUM(l.amount), 0) AS amount
  FROM calendar c LEFT JOIN ledger l ON l.booked = c.day
  WHERE c.year = 2024 AND c.month <= 3
  GROUP BY c.day
)
SELECT day, amount, SUM(amount) OVER (ORDER BY day) AS balance
FROM daily
ORDER BY day

-- name: timeseries_09 [engines: postgres,mysql,sqlite]
SELECT c.day
FROM calendar c
WHERE c.year = 2024 AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.placed_at >= c.day AND o.placed_at < c.next_day)
ORDER BY c.day
LIMIT 20

-- name: timeseries_10 [engines: postgres,mysql,sqlite] [ordered]
SELECT c.year, c.month, COUNT(DISTINCT s.customer_id) AS active_subscribers, SUM(s.mrr) AS mrr
FROM calendar c
JOIN subscriptions s ON s.started <= c.day AND (s.ended IS NULL OR s.ended > c.day)
WHERE c.day_of_month = 1
GROUP BY c.year, c.month
ORDER BY c.year, c.month

-- name: timeseries_11 [engines: postgres]
SELECT date_trunc('month', placed_at) AS month, count(*), sum(amount)
FROM orders
GROUP BY 1
ORDER BY 1

-- name: timeseries_12 [engines: postgres] [ordered]
SELECT date_trunc('week', placed_at)::date AS week, count(*) AS n
FROM app.orders
WHERE placed_at >= DATE '2024-01-01'
GROUP BY date_trunc('week', placed_at)
ORDER BY week

-- name: timeseries_13 [engines: postgres] [ordered]
SELECT d::date AS day, count(o.id) AS n, coalesce(sum(o.amount), 0) AS amount
FROM generate_series(timestamp '2024-05-01', timestamp '2024-05-31', interval '1 day') AS d
LEFT JOIN orders o ON o.placed_at >= d AND o.placed_at < d + interval '1 day'
GROUP BY d
ORDER BY d

-- name: timeseries_14 [engines: postgres]
SELECT to_char(placed_at, 'YYYY-MM') AS month, to_char(sum(amount), 'FM999G990D00') AS revenue
FROM orders
GROUP BY to_char(placed_at, 'YYYY-MM')

-- name: timeseries_15 [engines: postgres]
SELECT extract(isodow FROM placed_at) AS weekday, extract(hour FROM placed_at) AS hour, count(*)
FROM orders
GROUP BY 1, 2

-- name: timeseries_16 [engines: postgres]
SELECT date_bin('6 hours', at, timestamp '2024-03-01') AS slot, count(*) AS n
FROM events
GROUP BY slot

-- name: timeseries_17 [engines: postgres]
WITH bounds AS (SELECT min(placed_at)::date AS lo, max(placed_at)::date AS hi FROM orders),
days AS (SELECT generate_series(lo, hi, interval '1 month')::date AS first FROM bounds)
SELECT d.first, (SELECT count(*) FROM orders o WHERE o.placed_at >= d.first AND o.placed_at < d.first + interval '1 month') AS n
FROM days d

-- name: timeseries_18 [engines: postgres]
SELECT date_part('year', placed_at) AS y, date_part('week', placed_at) AS w, sum(amount) AS total
FROM orders
GROUP BY y, w
HAVING count(*) > 1

-- name: timeseries_19 [engines: mysql] [ordered]
SELECT DATE_FORMAT(placed_at, '%Y-%m') AS month, COUNT(*) AS n, SUM(amount) AS revenue
FROM orders
GROUP BY month
ORDER BY month

-- name: timeseries_20 [engines: mysql]
SELECT YEARWEEK(placed_at, 3) AS week, COUNT(*) AS n
FROM orders
WHERE placed_at >= '2024-01-01'
GROUP BY YEARWEEK(placed_at, 3)

-- name: timeseries_21 [engines: mysql] [ordered]
WITH RECURSIVE days (d) AS (
  SELECT CAST('2024-05-01' AS DATE)
  UNION ALL
  SELECT d + INTERVAL 1 DAY FROM days WHERE d < '2024-05-31'
)
SELECT d, COUNT(o.id) AS n, COALESCE(SUM(o.amount), 0) AS amount
FROM days
LEFT JOIN orders o ON DATE(o.placed_at) = d
GROUP BY d
ORDER BY d

-- name: timeseries_22 [engines: mysql]
SELECT DAYNAME(placed_at) AS weekday, HOUR(placed_at) DIV 6 AS part_of_day, COUNT(*) AS n
FROM orders
GROUP BY DAYNAME(placed_at), HOUR(placed_at) DIV 6

-- name: timeseries_23 [engines: mysql]
SELECT LAST_DAY(placed_at) AS month_end, SUM(amount) AS total, QUARTER(MIN(placed_at)) AS quarter
FROM orders
GROUP BY LAST_DAY(placed_at)

-- name: timeseries_24 [engines: mysql]
SELECT FROM_UNIXTIME(UNIX_TIMESTAMP(at) - UNIX_TIMESTAMP(at) % 21600) AS slot, COUNT(*) AS n
FROM events
GROUP BY slot

-- name: timeseries_25 [engines: mysql]
SELECT EXTRACT(YEAR_MONTH FROM placed_at) AS ym, COUNT(*) AS n FROM orders GROUP BY ym

-- name: timeseries_26 [engines: sqlite] [ordered]
SELECT strftime('%Y-%m', placed_at) AS month, count(*) AS n, sum(amount) AS revenue
FROM orders
GROUP BY month
ORDER BY month

-- name: timeseries_27 [engines: sqlite]
SELECT date(placed_at, 'weekday 0', '-6 days') AS week, count(*) AS n
FROM orders
WHERE placed_at >= '2024-01-01'
GROUP BY 1

-- name: timeseries_28 [engines: sqlite] [ordered]
WITH RECURSIVE days(d) AS (
  SELECT '2024-05-01'
  UNION ALL
  SELECT date(d, '+1 day') FROM days WHERE d < '2024-05-31'
)
SELECT d, count(o.id) AS n, coalesce(sum(o.amount), 0) AS amount
FROM days LEFT JOIN orders o ON date(o.placed_at) = d
GROUP BY d
ORDER BY d

-- name: timeseries_29 [engines: sqlite]
SELECT CASE cast(strftime('%w', placed_at) AS integer) WHEN 0 THEN 'Sunday' WHEN 6 THEN 'Saturday' ELSE 'weekday' END AS day_kind, count(*) AS n
FROM orders
GROUP BY day_kind

-- name: timeseries_30 [engines: sqlite]
SELECT datetime(cast(strftime('%s', at) AS integer) / 21600 * 21600, 'unixepoch') AS slot, count(*) AS n
FROM events
GROUP BY slot

-- name: timeseries_31 [engines: sqlite]
SELECT date(placed_at, 'start of month', '+1 month', '-1 day') AS month_end, sum(amount) AS total
FROM orders
GROUP BY month_end

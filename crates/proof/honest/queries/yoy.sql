-- name: yoy_01 [engines: postgres,mysql,sqlite] [ordered]
SELECT month, SUM(CASE WHEN year = 2023 THEN amount ELSE 0 END) AS y2023, SUM(CASE WHEN year = 2024 THEN amount ELSE 0 END) AS y2024
FROM (SELECT c.year, c.month, o.amount FROM orders o JOIN calendar c ON o.placed_at >= c.day AND o.placed_at < c.next_day) t
GROUP BY month ORDER BY month

-- name: yoy_02 [engines: postgres,mysql,sqlite]
WITH m AS (SELECT c.year, c.month, sum(o.amount) AS revenue FROM orders o JOIN calendar c ON o.placed_at >= c.day AND o.placed_at < c.next_day GROUP BY c.year, c.month)
SELECT a.year, a.month, a.revenue, b.revenue AS year_before, round(100.0 * (a.revenue - b.revenue) / b.revenue, 1) AS growth
FROM m a LEFT JOIN m b ON b.year = a.year - 1 AND b.month = a.month

-- name: yoy_03 [engines: postgres,mysql,sqlite]
WITH m AS (SELECT c.year * 100 + c.month AS ym, sum(o.amount) AS revenue FROM orders o JOIN calendar c ON o.placed_at >= c.day AND o.placed_at < c.next_day GROUP BY 1)
SELECT ym, revenue, lag(revenue, 12) OVER (ORDER BY ym) AS year_before, revenue - lag(revenue, 1) OVER (ORDER BY ym) AS vs_last_month FROM m

-- name: yoy_04 [engines: postgres,mysql,sqlite]
WITH q AS (SELECT c.year, c.quarter, count(*) AS n FROM orders o JOIN calendar c ON o.placed_at >= c.day AND o.placed_at < c.next_day GROUP BY c.year, c.quarter)
SELECT n.quarter, n.n AS now_n, p.n AS before_n, CASE WHEN n.n > p.n THEN 'up' WHEN n.n < p.n THEN 'down' ELSE 'flat' END AS trend FROM q n JOIN q p ON p.quarter = n.quarter AND p.year = n.year - 1

-- name: yoy_05 [engines: postgres,mysql,sqlite]
SELECT p.category, sum(CASE WHEN o.placed_at < '2024-01-01' THEN i.quantity * i.price END) AS before_2024, sum(CASE WHEN o.placed_at >= '2024-01-01' THEN i.quantity * i.price END) AS since_2024
FROM order_items i JOIN orders o ON o.id = i.order_id JOIN products p ON p.id = i.product_id GROUP BY p.category

-- name: yoy_06 [engines: postgres,mysql,sqlite]
SELECT c.day_of_month, count(CASE WHEN c.year = 2023 THEN 1 END) AS a, count(CASE WHEN c.year = 2024 THEN 1 END) AS b FROM orders o INNER JOIN calendar c ON o.placed_at >= c.day AND o.placed_at < c.next_day GROUP BY c.day_of_month

-- name: yoy_07 [engines: postgres]
SELECT extract(month FROM placed_at)::int AS m, sum(amount) FILTER (WHERE extract(year FROM placed_at) = 2023) AS y23, sum(amount) FILTER (WHERE extract(year FROM placed_at) = 2024) AS y24 FROM orders GROUP BY 1

-- name: yoy_08 [engines: postgres]
WITH m AS (SELECT date_trunc('month', placed_at) AS mo, sum(amount) AS r FROM orders GROUP BY 1) SELECT a.mo, a.r, round((a.r / b.r - 1) * 100, 1) AS pct FROM m a JOIN m b ON b.mo = a.mo - interval '1 year'

-- name: yoy_09 [engines: mysql]
WITH m AS (SELECT YEAR(placed_at) AS y, MONTH(placed_at) AS m, SUM(amount) AS r FROM orders GROUP BY 1, 2) SELECT a.y, a.m, CONCAT(ROUND((a.r / b.r - 1) * 100, 1), ' %') AS growth FROM m a LEFT JOIN m b ON (b.y, b.m) = (a.y - 1, a.m)

-- name: yoy_10 [engines: sqlite]
WITH m AS (SELECT strftime('%Y', placed_at) AS y, strftime('%m', placed_at) AS m, sum(amount) AS r FROM orders GROUP BY 1, 2) SELECT a.y, a.m, printf('%.1f %%', (a.r / b.r - 1) * 100) AS growth FROM m a LEFT JOIN m b ON (b.y, b.m) = (a.y - 1, a.m) AND b.y IS NOT NULL

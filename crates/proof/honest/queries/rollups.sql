-- name: rollups_01 [engines: postgres,mysql,sqlite]
SELECT country, NULL AS plan, count(*) AS n FROM customers GROUP BY country
UNION ALL
SELECT NULL, plan, count(*) FROM subscriptions GROUP BY plan
UNION ALL
SELECT 'all', 'all', (SELECT count(*) FROM customers)

-- name: rollups_02 [engines: postgres,mysql,sqlite]
SELECT status, currency, sum(amount) AS total FROM orders GROUP BY status, currency
UNION ALL
SELECT status, 'all', sum(amount) FROM orders GROUP BY status
UNION ALL
SELECT 'all', 'all', sum(amount) FROM orders

-- name: rollups_03 [engines: postgres]
SELECT status, currency, sum(amount) FROM orders GROUP BY ROLLUP (status, currency)

-- name: rollups_04 [engines: postgres]
SELECT coalesce(status, 'all') AS status, coalesce(currency, 'all') AS currency, count(*) AS n, GROUPING(status, currency) AS g
FROM orders
GROUP BY CUBE (status, currency)

-- name: rollups_05 [engines: postgres]
SELECT status, currency, date_trunc('year', placed_at) AS y, count(*)
FROM orders
GROUP BY GROUPING SETS ((status), (currency), (date_trunc('year', placed_at)), ())

-- name: rollups_06 [engines: postgres]
SELECT o.status, c.country, sum(o.amount) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY o.status, ROLLUP (c.country) HAVING sum(o.amount) > 500

-- name: rollups_07 [engines: postgres]
SELECT CASE WHEN grouping(department) = 1 THEN 'company' ELSE department END AS unit, sum(salary) AS payroll FROM employees GROUP BY ROLLUP (department, (manager_id, hired)) HAVING grouping(manager_id) = 1

-- name: rollups_08 [engines: postgres]
SELECT GROUPING(category) AS g, category, avg(price)::numeric(10, 2) FROM products GROUP BY GROUPING SETS (category, ()) ORDER BY g, category

-- name: rollups_09 [engines: mysql]
SELECT status, currency, SUM(amount) AS total FROM orders GROUP BY status, currency WITH ROLLUP

-- name: rollups_10 [engines: mysql]
SELECT IFNULL(category, 'all') AS category, COUNT(*) AS n, AVG(price) AS mean FROM products GROUP BY category WITH ROLLUP

-- name: rollups_11 [engines: mysql]
SELECT YEAR(placed_at) AS y, QUARTER(placed_at) AS q, SUM(amount) AS total FROM orders GROUP BY y, q WITH ROLLUP

-- name: rollups_12 [engines: mysql]
SELECT * FROM (SELECT department, COUNT(*) AS heads, SUM(salary) AS payroll FROM employees GROUP BY department WITH ROLLUP) t WHERE department IS NULL

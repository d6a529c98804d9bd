-- name: percentiles_01 [engines: postgres,mysql,sqlite]
SELECT avg(amount) AS median
FROM (SELECT amount, ROW_NUMBER() OVER (ORDER BY amount, id) AS rn, COUNT(*) OVER () AS n FROM orders) t
WHERE rn BETWEEN n / 2.0 AND n / 2.0 + 1

-- name: percentiles_02 [engines: postgres,mysql,sqlite]
SELECT status, avg(amount) AS median
FROM (SELECT status, amount, ROW_NUMBER() OVER (PARTITION BY status ORDER BY amount, id) AS rn, COUNT(*) OVER (PARTITION BY status) AS n FROM orders) t
WHERE rn * 2 IN (n, n + 1, n + 2)
GROUP BY status

-- name: percentiles_03 [engines: postgres,mysql,sqlite]
SELECT min(CASE WHEN cd >= 0.5 THEN amount END) AS p50, min(CASE WHEN cd >= 0.9 THEN amount END) AS p90, min(CASE WHEN cd >= 0.99 THEN amount END) AS p99
FROM (SELECT amount, CUME_DIST() OVER (ORDER BY amount) AS cd FROM orders) x

-- name: percentiles_04 [engines: postgres,mysql,sqlite]
SELECT tile, MAX(duration_ms) AS upto FROM (SELECT duration_ms, NTILE(10) OVER (ORDER BY duration_ms) AS tile FROM events WHERE duration_ms IS NOT NULL) d GROUP BY tile

-- name: percentiles_05 [engines: postgres,mysql,sqlite]
SELECT a.amount FROM orders a JOIN orders b ON b.amount <= a.amount GROUP BY a.id, a.amount HAVING count(*) = 100

-- name: percentiles_06 [engines: postgres,mysql,sqlite]
SELECT amount FROM orders ORDER BY amount, id LIMIT 1 OFFSET 100

-- name: percentiles_07 [engines: postgres]
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) AS median, percentile_disc(0.9) WITHIN GROUP (ORDER BY amount) AS p90 FROM orders

-- name: percentiles_08 [engines: postgres]
SELECT status, percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY amount::float8) AS quartiles FROM orders GROUP BY status

-- name: percentiles_09 [engines: postgres]
SELECT department, percentile_disc(0.5) WITHIN GROUP (ORDER BY salary) FILTER (WHERE hired < '2020-01-01') AS early_median
FROM employees GROUP BY department

-- name: percentiles_10 [engines: postgres]
SELECT rank(500) WITHIN GROUP (ORDER BY amount) AS would_be_at, dense_rank(500) WITHIN GROUP (ORDER BY amount), round(percent_rank(500) WITHIN GROUP (ORDER BY amount)::numeric, 4) AS pr FROM orders

-- name: percentiles_11 [engines: postgres]
SELECT kind, percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms) AS p95 FROM events WHERE duration_ms IS NOT NULL GROUP BY kind HAVING count(*) > 10

-- name: percentiles_12 [engines: mysql]
SELECT DISTINCT status, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY amount) OVER (PARTITION BY status) AS median FROM orders

-- name: percentiles_13 [engines: mysql]
SELECT DISTINCT MEDIAN(salary) OVER (PARTITION BY department) AS median, department FROM employees

-- name: percentiles_14 [engines: mysql]
SELECT DISTINCT kind, PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY duration_ms) OVER (PARTITION BY kind) AS p90 FROM events WHERE duration_ms IS NOT NULL

-- name: percentiles_15 [engines: mysql]
SELECT SUBSTRING_INDEX(SUBSTRING_INDEX(GROUP_CONCAT(amount ORDER BY amount SEPARATOR ','), ',', CEIL(COUNT(*) * 0.9)), ',', -1) AS p90 FROM orders

-- name: percentiles_16 [engines: sqlite]
SELECT amount FROM orders ORDER BY amount, id LIMIT 1 OFFSET (SELECT (count(*) - 1) * 9 / 10 FROM orders)

-- name: percentiles_17 [engines: sqlite]
SELECT avg(amount) AS median FROM (SELECT amount FROM orders ORDER BY amount LIMIT 2 - (SELECT count(*) FROM orders) % 2 OFFSET (SELECT (count(*) - 1) / 2 FROM orders))

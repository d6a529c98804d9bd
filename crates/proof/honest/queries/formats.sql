-- name: formats_01 [engines: postgres,mysql,sqlite]
SELECT id, amount, CASE WHEN amount >= 800 THEN 'red' WHEN amount >= 400 THEN 'amber' ELSE 'green' END AS colour FROM orders

-- name: formats_02 [engines: postgres,mysql,sqlite]
SELECT name, score, CASE WHEN score IS NULL THEN 'n/a' WHEN score >= 75 THEN '***' WHEN score >= 50 THEN '**' WHEN score >= 25 THEN '*' ELSE '-' END AS stars FROM customers

-- name: formats_03 [engines: postgres,mysql,sqlite]
SELECT status, CASE status WHEN 'paid' THEN 1 WHEN 'shipped' THEN 2 ELSE 9 END AS sort_key, count(*) AS n FROM orders GROUP BY status, 2 ORDER BY sort_key, status

-- name: formats_04 [engines: postgres,mysql,sqlite]
SELECT p.name, CASE WHEN coalesce(x.sold, 0) = 0 THEN 'never' WHEN x.sold < 40 THEN CASE WHEN p.active THEN 'slow' ELSE 'retired' END ELSE 'fast' END AS speed
FROM products p LEFT JOIN (SELECT product_id, sum(quantity) AS sold FROM order_items GROUP BY product_id) x ON x.product_id = p.id

-- name: formats_05 [engines: postgres,mysql,sqlite]
SELECT round(100.0 * sum(CASE WHEN shipped_at IS NULL THEN 1 ELSE 0 END) / nullif(count(*), 0), 1) AS unshipped_pct, currency FROM orders GROUP BY currency

-- name: formats_06 [engines: postgres,mysql,sqlite]
SELECT a.name, sum(l.amount) AS total, CASE WHEN sum(l.amount) < 0 THEN 'negative' WHEN sum(l.amount) > 0 THEN 'positive' ELSE 'zero' END AS sign FROM accounts a JOIN ledger l ON l.account_id = a.id GROUP BY a.name

-- name: formats_07 [engines: postgres,mysql,sqlite]
SELECT id, COALESCE(note, CASE WHEN amount > 500 THEN 'big, no note' END, '-') AS note FROM orders

-- name: formats_08 [engines: postgres,mysql,sqlite]
SELECT CAST(sum(amount) AS DECIMAL(14,2)) AS total, CAST(count(*) AS CHAR(10)) AS n, CAST('12' AS DECIMAL(5,1)) + 1 AS thirteen FROM orders

-- name: formats_09 [engines: postgres,mysql]
SELECT status, greatest(min(amount), 50) AS lo, least(max(amount), 900) AS hi, ceiling(avg(amount)) AS up, floor(avg(amount)) AS down, sign(avg(amount) - 500) AS s FROM orders GROUP BY status

-- name: formats_10 [engines: postgres]
SELECT id, amount::text || ' ' || currency AS price, amount::int AS whole, (amount > 500)::text AS big, CAST(meta AS text) LIKE '%web%' AS web FROM orders

-- name: formats_11 [engines: postgres]
SELECT to_char(amount, '999G999D99') AS a, to_char(id, 'FM00000') AS b, round(amount, -2) AS hundreds, trunc(amount) AS t, num_nulls(note, shipped_at) AS empty FROM orders

-- name: formats_12 [engines: postgres]
SELECT quote_literal(note) AS q, nullif(note, '') IS NULL AS blank, note IS NOT DISTINCT FROM 'gift' AS gift, amount BETWEEN SYMMETRIC 500 AND 100 AS mid FROM orders

-- name: formats_13 [engines: mysql]
SELECT id, IF(amount > 500, 'big', 'small') AS size, IFNULL(note, '-') AS note, NULLIF(currency, 'EUR') AS foreign_currency, INTERVAL(amount, 100, 500, 900) AS step FROM orders

-- name: formats_14 [engines: mysql]
SELECT id, CAST(amount AS SIGNED) AS whole, CONVERT(amount, CHAR) AS t, amount DIV 100 AS hundreds, TRUNCATE(amount, -1) AS tens, NVL(note, 'none') AS n, amount MOD 7 AS m FROM orders

-- name: formats_15 [engines: sqlite]
SELECT id, iif(amount > 500, 'big', 'small') AS size, ifnull(note, '-') AS note, typeof(amount) AS t, cast(amount AS integer) AS whole, max(amount, 500) AS floor_500, min(id, 3) AS cap FROM orders

-- name: histograms_01 [engines: postgres,mysql,sqlite] [ordered]
SELECT floor(amount / 100) * 100 AS bucket, count(*) AS n FROM orders GROUP BY floor(amount / 100) * 100 ORDER BY bucket

-- name: histograms_02 [engines: postgres,mysql,sqlite]
SELECT b.lo, b.hi, count(o.id) AS n
FROM (SELECT (n - 1) * 250 AS lo, n * 250 AS hi FROM numbers WHERE n <= 10) b LEFT JOIN orders o ON o.amount >= b.lo AND o.amount < b.hi
GROUP BY b.lo, b.hi

-- name: histograms_03 [engines: postgres,mysql,sqlite]
SELECT CASE WHEN score < 20 THEN '0-19' WHEN score < 40 THEN '20-39' WHEN score < 60 THEN '40-59' WHEN score < 80 THEN '60-79' WHEN score IS NULL THEN '?' ELSE '80+' END AS band, count(*) AS n FROM customers GROUP BY 1

-- name: histograms_04 [engines: postgres,mysql,sqlite]
SELECT pages, count(*) AS n, sum(count(*)) OVER (ORDER BY pages) AS upto FROM sessions GROUP BY pages

-- name: histograms_05 [engines: postgres,mysql,sqlite]
SELECT (x.amount - x.lo) * 10 / (x.hi - x.lo) AS position, x.id FROM (SELECT o.id, o.amount, s.lo, s.hi FROM orders o CROSS JOIN (SELECT min(amount) AS lo, max(amount) AS hi FROM orders) s) x WHERE x.amount > x.hi - 100

-- name: histograms_06 [engines: postgres,mysql,sqlite]
SELECT bin, count(*) AS n FROM (SELECT floor((o.amount - s.lo) * 8 / (s.hi - s.lo + 1)) AS bin FROM orders o, (SELECT min(amount) AS lo, max(amount) AS hi FROM orders) s) b GROUP BY bin

-- name: histograms_07 [engines: postgres,mysql,sqlite]
SELECT order_size, count(*) AS orders FROM (SELECT order_id, count(*) AS order_size FROM order_items GROUP BY order_id) z GROUP BY order_size

-- name: histograms_08 [engines: postgres]
SELECT width_bucket(amount, 0, 2500, 10) AS bucket, count(*), min(amount), max(amount) FROM orders GROUP BY bucket

-- name: histograms_09 [engines: postgres]
SELECT width_bucket(score, ARRAY[20, 40, 60, 80]) AS band, count(*) FROM customers WHERE score IS NOT NULL GROUP BY 1

-- name: histograms_10 [engines: mysql]
SELECT amount DIV 100 AS bucket, COUNT(*) AS n, RPAD('', COUNT(*), '#') AS bar FROM orders GROUP BY bucket

-- name: histograms_11 [engines: sqlite]
SELECT cast(amount / 100 AS integer) * 100 AS bucket, count(*) AS n, replace(hex(zeroblob(count(*))), '00', '#') AS bar FROM orders GROUP BY bucket

-- name: topn_01 [engines: postgres,mysql,sqlite] [ordered]
SELECT id, amount FROM orders ORDER BY amount DESC, id LIMIT 10

-- name: topn_02 [engines: postgres,mysql,sqlite] [ordered]
SELECT id, amount FROM orders ORDER BY amount DESC, id LIMIT 10 OFFSET 20

-- name: topn_03 [engines: postgres,mysql,sqlite]
SELECT * FROM (SELECT o.id, o.customer_id, o.amount, ROW_NUMBER() OVER (PARTITION BY o.customer_id ORDER BY o.amount DESC, o.id) AS rn FROM orders o) t WHERE rn <= 3

-- name: topn_04 [engines: postgres,mysql,sqlite]
SELECT p.category, p.name, p.price FROM products p WHERE (SELECT count(*) FROM products q WHERE q.category = p.category AND q.price > p.price) < 2

-- name: topn_05 [engines: postgres,mysql,sqlite]
SELECT c.country, c.name, t.total FROM customers c JOIN (SELECT customer_id, sum(amount) AS total FROM orders GROUP BY customer_id) t ON t.customer_id = c.id
WHERE t.total = (SELECT max(u.total) FROM (SELECT o.customer_id, sum(o.amount) AS total FROM orders o GROUP BY o.customer_id) u JOIN customers d ON d.id = u.customer_id WHERE d.country = c.country)

-- name: topn_06 [engines: postgres,mysql,sqlite]
SELECT e.department, e.name, e.salary FROM employees e LEFT JOIN employees f ON f.department = e.department AND (f.salary > e.salary OR (f.salary = e.salary AND f.id < e.id)) WHERE f.id IS NULL

-- name: topn_07 [engines: postgres,mysql,sqlite]
SELECT email, min(id) AS keep, count(*) - 1 AS surplus FROM customers WHERE email IS NOT NULL GROUP BY email HAVING count(*) > 1

-- name: topn_08 [engines: postgres,mysql,sqlite]
SELECT id, name, email FROM (SELECT id, name, email, ROW_NUMBER() OVER (PARTITION BY email ORDER BY id) AS copy FROM customers WHERE email IS NOT NULL) d WHERE copy > 1

-- name: topn_09 [engines: postgres,mysql,sqlite]
SELECT c.* FROM customers c WHERE c.id = (SELECT min(d.id) FROM customers d WHERE lower(d.email) = lower(c.email))

-- name: topn_10 [engines: postgres,mysql,sqlite]
SELECT DISTINCT customer_id, currency FROM orders

-- name: topn_11 [engines: postgres,mysql,sqlite]
SELECT reason, count(*) AS n FROM returns WHERE reason IS NOT NULL GROUP BY reason ORDER BY count(*) DESC, reason LIMIT 2

-- name: topn_12 [engines: postgres,mysql,sqlite]
WITH ranked AS (SELECT product_id, sum(quantity) AS q, rank() OVER (ORDER BY sum(quantity) DESC) AS r FROM order_items GROUP BY product_id)
SELECT p.name, r.q, r.r FROM ranked r JOIN products p ON p.id = r.product_id WHERE r.r <= 5

-- name: topn_13 [engines: postgres,mysql,sqlite]
SELECT CASE WHEN r <= 5 THEN name ELSE 'others' END AS label, sum(total) AS total
FROM (SELECT c.name, c.id, sum(o.amount) AS total, row_number() OVER (ORDER BY sum(o.amount) DESC, c.id) AS r FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id, c.name) t
GROUP BY 1

-- name: topn_14 [engines: postgres] [ordered]
SELECT DISTINCT ON (customer_id) customer_id, id, placed_at, amount FROM orders ORDER BY customer_id, placed_at DESC, id DESC

-- name: topn_15 [engines: postgres]
SELECT DISTINCT ON (o.currency, o.status) o.currency, o.status, o.id, c.name
FROM orders o JOIN customers c ON c.id = o.customer_id
ORDER BY o.currency, o.status, o.amount DESC, o.id

-- name: topn_16 [engines: postgres]
SELECT c.id, c.name, last.id AS order_id, last.amount
FROM customers c LEFT JOIN LATERAL (SELECT o.id, o.amount FROM orders o WHERE o.customer_id = c.id ORDER BY o.placed_at DESC, o.id DESC LIMIT 2) last ON true
WHERE c.score >= 70

-- name: topn_17 [engines: postgres]
SELECT p.category, t.name, t.price
FROM (SELECT DISTINCT category FROM products) p, LATERAL (SELECT name, price FROM products q WHERE q.category = p.category ORDER BY price DESC, id FETCH FIRST 2 ROWS ONLY) t

-- name: topn_18 [engines: postgres]
SELECT id, price FROM products ORDER BY price DESC FETCH FIRST 3 ROWS WITH TIES

-- name: topn_19 [engines: postgres]
SELECT name, (array_agg(amount ORDER BY amount DESC))[1:3] AS top3 FROM customers JOIN orders ON orders.customer_id = customers.id GROUP BY customers.id, name

-- name: topn_20 [engines: mysql,sqlite] [ordered]
SELECT id, amount FROM orders ORDER BY amount DESC, id LIMIT 20, 10

-- name: topn_21 [engines: mysql]
SELECT id, price FROM products ORDER BY price DESC OFFSET 0 ROWS FETCH FIRST 3 ROWS WITH TIES

-- name: topn_22 [engines: mysql]
SELECT DISTINCTROW status FROM orders ORDER BY status

-- name: topn_23 [engines: mysql]
SELECT c.id, SUBSTRING_INDEX(GROUP_CONCAT(o.id ORDER BY o.amount DESC, o.id), ',', 3) AS top3 FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id

-- name: topn_24 [engines: sqlite]
SELECT id, name, score FROM customers ORDER BY score DESC NULLS LAST, id LIMIT 5

-- name: topn_25 [engines: sqlite]
SELECT rowid, status FROM orders ORDER BY rowid LIMIT 5

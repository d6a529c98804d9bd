-- name: sets_01 [engines: postgres,mysql,sqlite]
SELECT customer_id FROM orders INTERSECT SELECT customer_id FROM sessions

-- name: sets_02 [engines: postgres,mysql,sqlite]
SELECT id FROM customers EXCEPT SELECT customer_id FROM orders

-- name: sets_03 [engines: postgres,mysql,sqlite]
SELECT country FROM customers UNION SELECT country FROM suppliers UNION SELECT country FROM warehouses ORDER BY 1

-- name: sets_04 [engines: postgres,mysql,sqlite] [ordered]
SELECT id, name, 'customer' AS what FROM customers WHERE name LIKE 'A%'
UNION ALL
SELECT id, name, 'employee' FROM employees WHERE name LIKE 'A%'
ORDER BY what, id

-- name: sets_05 [engines: postgres,mysql,sqlite]
SELECT count(*) FROM (SELECT customer_id FROM orders UNION ALL SELECT user_id FROM events UNION ALL SELECT customer_id FROM sessions) activity

-- name: sets_06 [engines: postgres,mysql,sqlite]
SELECT who, count(*) AS n, sum(v) AS value FROM (SELECT customer_id AS who, amount AS v FROM orders UNION ALL SELECT customer_id, mrr FROM subscriptions) u GROUP BY who HAVING count(*) > 2

-- name: sets_07 [engines: postgres,mysql,sqlite]
SELECT x.id FROM (SELECT id FROM products EXCEPT SELECT product_id FROM order_items) x ORDER BY x.id

-- name: sets_08 [engines: postgres,mysql,sqlite]
SELECT status FROM orders WHERE amount > 500 UNION SELECT kind FROM events WHERE duration_ms > 4000 ORDER BY status LIMIT 5

-- name: sets_09 [engines: postgres,mysql,sqlite]
SELECT c.id FROM customers c WHERE c.id IN (SELECT customer_id FROM orders UNION SELECT customer_id FROM subscriptions) AND c.id NOT IN (SELECT customer_id FROM sessions)

-- name: sets_10 [engines: postgres,mysql,sqlite]
WITH both_kinds AS (SELECT customer_id FROM subscriptions WHERE plan = 'pro' INTERSECT SELECT customer_id FROM subscriptions WHERE plan = 'basic') SELECT count(*) AS n FROM both_kinds

-- name: sets_11 [engines: postgres,mysql,sqlite]
SELECT at AS moment, 'event' AS source, id FROM events WHERE user_id % 10000 = 14 UNION ALL SELECT placed_at, 'order', id FROM orders WHERE customer_id % 10000 = 31 UNION ALL SELECT started_at, 'session', id FROM sessions WHERE customer_id % 10000 = 23

-- name: sets_12 [engines: postgres,mysql]
(SELECT id, amount FROM orders ORDER BY amount DESC, id LIMIT 3) UNION ALL (SELECT id, amount FROM orders ORDER BY amount, id LIMIT 3)

-- name: sets_13 [engines: postgres,mysql]
(SELECT customer_id FROM orders EXCEPT SELECT customer_id FROM sessions) UNION (SELECT customer_id FROM sessions EXCEPT SELECT customer_id FROM orders) ORDER BY customer_id

-- name: sets_14 [engines: postgres]
SELECT currency FROM orders INTERSECT ALL SELECT code FROM currencies

-- name: sets_15 [engines: postgres,mysql]
SELECT customer_id FROM orders EXCEPT ALL SELECT customer_id FROM sessions

-- name: sets_16 [engines: postgres]
TABLE regions ORDER BY id LIMIT 2

-- name: sets_17 [engines: postgres]
SELECT name FROM regions UNION VALUES ('Nowhere'), ('Everywhere') ORDER BY name DESC

-- name: sets_18 [engines: postgres]
((SELECT id FROM products WHERE price > 90) UNION (SELECT id FROM products WHERE category = 'Toys')) INTERSECT (SELECT product_id FROM supplies) ORDER BY 1 OFFSET 2 ROWS FETCH NEXT 5 ROWS ONLY

-- name: sets_19 [engines: mysql]
WITH wanted (v) AS (VALUES ('paid'), ('late'))
SELECT w.v, COUNT(o.id) AS n FROM wanted w LEFT JOIN orders o ON o.status = w.v GROUP BY w.v

-- name: sets_20 [engines: sqlite]
SELECT * FROM (SELECT id, amount FROM orders ORDER BY amount DESC, id LIMIT 3) UNION ALL SELECT * FROM (SELECT id, amount FROM orders ORDER BY amount, id LIMIT 3)

-- name: sets_21 [engines: sqlite]
SELECT column1 AS label, column2 * 10 AS bound FROM (VALUES ('a', 1), ('b', 2)) UNION ALL SELECT 'top', max(amount) FROM orders

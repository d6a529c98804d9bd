-- name: subqueries_01 [engines: postgres,mysql,sqlite]
SELECT id, amount FROM orders WHERE amount > (SELECT avg(amount) FROM orders)

-- name: subqueries_02 [engines: postgres,mysql,sqlite]
SELECT name FROM customers WHERE id IN (SELECT customer_id FROM orders WHERE amount > 950)

-- name: subqueries_03 [engines: postgres,mysql,sqlite]
SELECT name FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE customer_id IS NOT NULL)

-- name: subqueries_04 [engines: postgres,mysql,sqlite]
SELECT c.id, c.name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.status = 'refunded')

-- name: subqueries_05 [engines: postgres,mysql,sqlite]
SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT NULL FROM sessions s WHERE s.customer_id = c.id)

-- name: subqueries_06 [engines: postgres,mysql,sqlite]
SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) AS orders, (SELECT max(placed_at) FROM orders o WHERE o.customer_id = c.id) AS last_order
FROM customers c

-- name: subqueries_07 [engines: postgres,mysql,sqlite]
SELECT o.* FROM orders o WHERE o.amount = (SELECT max(x.amount) FROM orders x WHERE x.customer_id = o.customer_id)

-- name: subqueries_08 [engines: postgres,mysql,sqlite]
SELECT p.id, p.name, p.price FROM products p WHERE p.price > (SELECT avg(q.price) * 1.25 FROM products q WHERE q.category = p.category)

-- name: subqueries_09 [engines: postgres,mysql,sqlite]
SELECT t.month, t.n FROM (SELECT substr(cast(placed_at as char(19)), 1, 7) AS month, count(*) AS n FROM orders GROUP BY 1) AS t WHERE t.n > (SELECT avg(u.n) FROM (SELECT count(*) AS n FROM orders GROUP BY substr(cast(placed_at as char(19)), 1, 7)) AS u)

-- name: subqueries_10 [engines: postgres,mysql,sqlite]
SELECT department, sum(salary) AS payroll
FROM employees
GROUP BY department
HAVING sum(salary) >= (SELECT avg(s) FROM (SELECT sum(salary) AS s FROM employees GROUP BY department) d)

-- name: subqueries_11 [engines: postgres,mysql,sqlite]
SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM customers) AS customers, (SELECT sum(amount) FROM ledger) AS ledger

-- name: subqueries_12 [engines: postgres,mysql,sqlite]
SELECT id FROM orders WHERE (customer_id, currency) IN (SELECT customer_id, currency FROM orders GROUP BY customer_id, currency HAVING count(*) > 1)

-- name: subqueries_13 [engines: postgres,mysql,sqlite]
SELECT o.id FROM orders o WHERE 2 <= (SELECT count(*) FROM order_items i WHERE i.order_id = o.id AND i.quantity > (SELECT avg(quantity) FROM order_items))

-- name: subqueries_14 [engines: postgres,mysql,sqlite]
SELECT x.customer_id, x.total, x.total / (SELECT sum(amount) FROM orders) AS share
FROM (SELECT customer_id, sum(amount) AS total FROM orders GROUP BY customer_id) x
WHERE x.total > 1500

-- name: subqueries_15 [engines: postgres,mysql,sqlite]
SELECT e.name, e.salary FROM employees e WHERE e.salary > (SELECT avg(f.salary) FROM employees f WHERE f.department = e.department AND f.id <> e.id)

-- name: subqueries_16 [engines: postgres,mysql,sqlite]
SELECT CASE WHEN EXISTS (SELECT 1 FROM orders WHERE status = 'lost') THEN 'some lost' ELSE 'none lost' END AS verdict

-- name: subqueries_17 [engines: postgres,mysql,sqlite]
SELECT o.id, CASE WHEN o.customer_id IN (SELECT id FROM customers WHERE country = 'DE') THEN 'home' ELSE 'abroad' END AS market
FROM orders o

-- name: subqueries_18 [engines: postgres,mysql,sqlite]
SELECT * FROM (SELECT * FROM (SELECT id, name, price FROM products) AS a WHERE price > 20) AS b WHERE name LIKE '%a%'

-- name: subqueries_19 [engines: postgres,mysql,sqlite]
SELECT orders.id, orders.amount FROM (SELECT * FROM orders WHERE amount > 500) orders WHERE orders.currency = 'EUR'

-- name: subqueries_20 [engines: postgres,mysql,sqlite]
SELECT c.name FROM customers c WHERE (SELECT sum(o.amount) FROM orders o WHERE o.customer_id = c.id) > 2000 ORDER BY (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) DESC, c.id

-- name: subqueries_21 [engines: postgres,mysql,sqlite]
SELECT count(*) FROM orders o WHERE o.placed_at > (SELECT min(s.started_at) FROM sessions s) AND o.placed_at < (SELECT max(e.at) FROM events e)

-- name: subqueries_22 [engines: postgres,mysql,sqlite]
SELECT p.name, (SELECT s.name FROM suppliers s JOIN supplies x ON x.supplier_id = s.id WHERE x.product_id = p.id ORDER BY x.cost, s.id LIMIT 1) AS cheapest
FROM products p

-- name: subqueries_23 [engines: postgres,mysql,sqlite]
SELECT i.id FROM order_items i WHERE i.product_id IN (SELECT id FROM products WHERE category IN ('Books', 'Safety')) AND i.order_id IN (SELECT id FROM orders WHERE status = 'paid' AND customer_id IN (SELECT id FROM customers WHERE score > 50))

-- name: subqueries_24 [engines: postgres,mysql,sqlite]
SELECT c.country FROM customers c GROUP BY c.country HAVING NOT EXISTS (SELECT 1 FROM warehouses w WHERE w.country = c.country)

-- name: subqueries_25 [engines: postgres,mysql,sqlite]
SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND NOT EXISTS (SELECT 1 FROM order_items i WHERE i.order_id = o.id AND i.quantity >= 2)) AND EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)

-- name: subqueries_26 [engines: postgres,mysql,sqlite]
SELECT max(n) - min(n) AS spread FROM (SELECT count(*) AS n FROM events GROUP BY user_id) t

-- name: subqueries_27 [engines: postgres,mysql,sqlite]
SELECT CASE WHEN amount > (SELECT avg(amount) FROM orders) THEN 'above' ELSE 'below' END AS side, count(*) AS n
FROM orders
GROUP BY 1

-- name: subqueries_28 [engines: postgres,mysql,sqlite]
SELECT s.name, s.balance FROM suppliers s WHERE s.id IN (SELECT x.supplier_id FROM supplies x GROUP BY x.supplier_id HAVING avg(x.cost) > (SELECT avg(cost) FROM supplies))

-- name: subqueries_29 [engines: postgres,mysql,sqlite]
SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.customer_id AND c.id IN (SELECT s.customer_id FROM subscriptions s WHERE s.plan = 'team') WHERE c.id IS NULL AND o.amount > 990

-- name: subqueries_30 [engines: postgres,mysql]
SELECT name, price FROM products WHERE price >= ALL (SELECT price FROM products)

-- name: subqueries_31 [engines: postgres,mysql]
SELECT id, amount FROM orders WHERE amount > ANY (SELECT amount FROM orders WHERE status = 'refunded') AND status = 'pending'

-- name: subqueries_32 [engines: postgres,mysql]
SELECT id FROM customers WHERE id = SOME (SELECT customer_id FROM subscriptions WHERE plan = 'pro')

-- name: subqueries_33 [engines: postgres]
SELECT c.id, ARRAY(SELECT o.id FROM orders o WHERE o.customer_id = c.id ORDER BY o.id) AS order_ids
FROM customers c
WHERE c.score > 80

-- name: subqueries_34 [engines: postgres]
SELECT status, amount FROM orders o WHERE ROW(o.customer_id, o.amount) = (SELECT x.customer_id, max(x.amount) FROM orders x WHERE x.customer_id = o.customer_id GROUP BY 1)

-- name: subqueries_35 [engines: postgres]
SELECT id, name FROM customers WHERE (country, score) > (SELECT 'DE', avg(score)::int FROM customers) AND id <> ALL (ARRAY(SELECT referred_by FROM customers WHERE referred_by IS NOT NULL))

-- name: subqueries_36 [engines: mysql]
SELECT id, amount FROM orders WHERE (SELECT COUNT(*) FROM orders x WHERE x.amount > orders.amount) < 5

-- name: subqueries_37 [engines: sqlite]
SELECT id, (SELECT name FROM customers WHERE customers.id = orders.customer_id) AS who FROM orders WHERE id IN (SELECT order_id FROM order_items WHERE quantity = 1) LIMIT (SELECT count(*) / 1000 + 500 FROM customers)

-- name: joins_01 [engines: postgres,mysql,sqlite]
SELECT o.id, c.name, o.amount
FROM orders o
INNER JOIN customers c ON c.id = o.customer_id
WHERE o.amount > 900

-- name: joins_02 [engines: postgres,mysql,sqlite]
SELECT c.id, c.name, o.id AS order_id
FROM customers c
LEFT JOIN orders o ON o.customer_id = c.id AND o.status = 'pending'
WHERE c.id <= 10030

-- name: joins_03 [engines: postgres,mysql,sqlite]
SELECT c.id, c.name
FROM customers c
LEFT OUTER JOIN orders o ON o.customer_id = c.id
WHERE o.id IS NULL

-- name: joins_04 [engines: postgres,mysql,sqlite]
SELECT r.name AS region, count(c.id) AS customers
FROM customers c
RIGHT JOIN countries k ON k.code = c.country
RIGHT JOIN regions r ON r.id = k.region_id
GROUP BY r.name

-- name: joins_05 [engines: postgres,mysql,sqlite]
SELECT c.name AS category_owner, p.name, sum(i.quantity) AS sold
FROM order_items i
JOIN orders o ON o.id = i.order_id
JOIN customers c ON c.id = o.customer_id
JOIN products p ON p.id = i.product_id
WHERE p.category = 'Garden' OR p.category = 'Tools'
GROUP BY c.name, p.name
HAVING sum(i.quantity) > 5

-- name: joins_06 [engines: postgres,mysql,sqlite]
SELECT a.id, b.id AS other, a.amount
FROM orders a, orders b
WHERE a.amount BETWEEN b.amount - 1 AND b.amount + 1 AND a.id < b.id AND a.customer_id <> b.customer_id

-- name: joins_07 [engines: postgres,mysql,sqlite]
SELECT e.name AS employee, m.name AS manager
FROM employees e
LEFT JOIN employees m ON m.id = e.manager_id

-- name: joins_08 [engines: postgres,mysql,sqlite]
SELECT e.name, m.name AS boss, e.salary - m.salary AS more
FROM employees e JOIN employees m ON e.manager_id = m.id AND e.salary > m.salary

-- name: joins_09 [engines: postgres,mysql,sqlite]
SELECT r.name, k.code
FROM regions r
CROSS JOIN currencies k

-- name: joins_10 [engines: postgres,mysql,sqlite]
SELECT w.name, p.sku, s.on_hand
FROM stock s
JOIN warehouses w ON w.id = s.warehouse_id
JOIN products p ON p.id = s.product_id
WHERE s.counted_on = '2024-03-01' AND s.on_hand < 10

-- name: joins_11 [engines: postgres,mysql,sqlite]
SELECT order_id, count(*) AS line_count
FROM order_items
JOIN (SELECT id AS order_id, status FROM orders WHERE status = 'shipped') o USING (order_id)
GROUP BY order_id

-- name: joins_12 [engines: postgres,mysql,sqlite]
SELECT o.id, o.placed_at, s.device, s.pages
FROM orders o
JOIN sessions s ON s.customer_id = o.customer_id AND s.started_at BETWEEN '2024-01-01' AND o.placed_at
WHERE o.placed_at < '2024-04-01'

-- name: joins_13 [engines: postgres,mysql,sqlite]
SELECT p.name, s.name AS supplier, x.cost, p.price - x.cost AS margin
FROM products p
JOIN supplies x ON x.product_id = p.id
JOIN suppliers s ON s.id = x.supplier_id
WHERE x.cost < p.price

-- name: joins_14 [engines: postgres,mysql,sqlite]
SELECT p.id, p.name, coalesce(t.sold, 0) AS sold, coalesce(t.sold, 0) * p.price AS at_list_price
FROM products p
LEFT JOIN (
  SELECT product_id, sum(quantity) AS sold
  FROM order_items
  GROUP BY product_id
) t ON t.product_id = p.id

-- name: joins_15 [engines: postgres,mysql,sqlite]
SELECT c.name, r.name AS referred_by_name, k.name AS country_name
FROM customers c
LEFT JOIN customers r ON r.id = c.referred_by
LEFT JOIN countries k ON k.code = c.country
WHERE c.referred_by IS NOT NULL

-- name: joins_16 [engines: postgres,mysql,sqlite]
SELECT i.order_id, p.category, t.reason
FROM order_items AS i
LEFT JOIN returns AS t ON t.order_item_id = i.id
JOIN products AS p ON p.id = i.product_id
WHERE t.id IS NOT NULL

-- name: joins_17 [engines: postgres,mysql,sqlite]
SELECT count(*) FROM (orders o JOIN customers c ON c.id = o.customer_id) JOIN countries k ON k.code = c.country WHERE k.region_id = 1

-- name: joins_18 [engines: postgres,mysql,sqlite]
SELECT o1.customer_id, o1.id AS first_id, o2.id AS second_id
FROM orders o1
JOIN orders o2 ON o2.customer_id = o1.customer_id AND o2.placed_at > o1.placed_at
WHERE NOT EXISTS (SELECT * FROM orders o3 WHERE o3.customer_id = o1.customer_id AND o3.placed_at > o1.placed_at AND o3.placed_at < o2.placed_at)

-- name: joins_19 [engines: postgres,mysql,sqlite]
select c.country, count(distinct c.id) as customers, count(o.id) as orders, sum(o.amount) as total
from customers c left join orders o on (o.customer_id = c.id)
group by c.country

-- name: joins_20 [engines: postgres,mysql,sqlite]
SELECT acc.code, acc.name, par.name AS parent, SUM(l.amount) AS total
FROM ledger l
JOIN accounts acc ON acc.id = l.account_id
LEFT JOIN accounts par ON par.id = acc.parent_id
GROUP BY acc.code, acc.name, par.name

-- name: joins_21 [engines: postgres,mysql,sqlite]
SELECT * FROM regions NATURAL JOIN (SELECT id, code FROM (SELECT region_id AS id, code FROM countries) y) z

-- name: joins_22 [engines: postgres,mysql,sqlite]
SELECT a.device, b.kind, COUNT(*) AS n
FROM sessions a
JOIN events b ON b.user_id = a.customer_id
GROUP BY a.device, b.kind

-- name: joins_23 [engines: postgres,sqlite]
SELECT c.id AS customer, o.id AS order_id
FROM (SELECT id FROM customers WHERE score > 60) c
FULL OUTER JOIN (SELECT id, customer_id FROM orders WHERE amount > 800) o ON o.customer_id = c.id

-- name: joins_24 [engines: postgres,sqlite]
SELECT coalesce(a.country, b.country) AS country, a.n AS customers, b.n AS suppliers
FROM (SELECT country, count(*) AS n FROM customers GROUP BY country) a
FULL JOIN (SELECT country, count(*) AS n FROM suppliers GROUP BY country) b USING (country)

-- name: joins_25 [engines: postgres]
SELECT o.id, x.n, x.total
FROM app.orders AS o
CROSS JOIN LATERAL (SELECT count(*) AS n, sum(i.quantity * i.price) AS total FROM app.order_items AS i WHERE i.order_id = o.id) AS x
WHERE o.status = 'paid'

-- name: joins_26 [engines: postgres]
SELECT c.id, j.customer_id, j.n
FROM customers c JOIN (orders o JOIN order_items i ON i.order_id = o.id) ON o.customer_id = c.id
JOIN (SELECT customer_id, count(*) n FROM orders GROUP BY 1) j ON j.customer_id = c.id
WHERE i.quantity = 5

-- name: joins_27 [engines: postgres]
SELECT o.id, c.code, v.label
FROM orders o
JOIN currencies c ON c.code = o.currency
JOIN (VALUES ('paid', 'Paid in full'), ('shipped', 'On its way')) AS v (status, label) ON v.status = o.status

-- name: joins_28 [engines: mysql]
SELECT STRAIGHT_JOIN c.name, COUNT(*) AS n
FROM customers c JOIN orders o ON o.customer_id = c.id
GROUP BY c.name

-- name: joins_29 [engines: mysql]
SELECT c.id, o.id AS order_id
FROM (customers AS c, countries AS k) LEFT JOIN orders AS o ON o.customer_id = c.id
WHERE k.code = c.country AND k.region_id = 3

-- name: joins_30 [engines: mysql]
SELECT o.id, c.name FROM orders o JOIN customers c ON c.id <=> o.customer_id AND c.email <=> NULL

-- name: joins_31 [engines: sqlite]
SELECT o.id, c.name FROM main.orders AS o, main.customers AS c WHERE o.customer_id = c.id AND c.email IS NULL

-- name: joins_32 [engines: sqlite]
SELECT o.id, i.id AS item FROM orders o JOIN order_items i ON i.order_id == o.id WHERE o.status IS NOT 'cancelled' AND i.quantity == 4

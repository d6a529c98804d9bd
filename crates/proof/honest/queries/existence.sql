-- name: existence_01 [engines: postgres,mysql,sqlite]
SELECT c.id, c.name FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.placed_at >= '2024-01-01')

-- name: existence_02 [engines: postgres,mysql,sqlite]
SELECT p.sku FROM products p WHERE NOT EXISTS (SELECT 1 FROM order_items i JOIN orders o ON o.id = i.order_id WHERE i.product_id = p.id AND o.status = 'shipped')

-- name: existence_03 [engines: postgres,mysql,sqlite]
SELECT DISTINCT o.customer_id FROM orders o WHERE EXISTS (SELECT 1 FROM orders p WHERE p.customer_id = o.customer_id AND p.currency <> o.currency)

-- name: existence_04 [engines: postgres,mysql,sqlite]
SELECT s.id, s.plan FROM subscriptions s WHERE s.ended IS NULL AND EXISTS (SELECT * FROM orders o WHERE o.customer_id = s.customer_id AND o.status = 'cancelled')

-- name: existence_05 [engines: postgres,mysql,sqlite]
SELECT e.id FROM employees e WHERE NOT EXISTS (SELECT 'x' FROM employees s WHERE s.manager_id = e.id)

-- name: existence_06 [engines: postgres,mysql,sqlite]
SELECT a.code FROM accounts a WHERE a.id NOT IN (SELECT account_id FROM ledger WHERE amount > 900)

-- name: existence_07 [engines: postgres,mysql,sqlite]
SELECT w.name FROM warehouses w WHERE EXISTS (SELECT 1 FROM stock s WHERE s.warehouse_id = w.id AND s.on_hand = 0) OR NOT EXISTS (SELECT 1 FROM stock s WHERE s.warehouse_id = w.id)

-- name: existence_08 [engines: postgres,mysql,sqlite]
SELECT user_id FROM events e WHERE kind = 'cart' AND NOT EXISTS (SELECT 1 FROM events f WHERE f.user_id = e.user_id AND f.kind = 'purchase' AND f.at > e.at) GROUP BY user_id

-- name: existence_09 [engines: postgres,mysql,sqlite]
SELECT o.id FROM orders o WHERE NOT EXISTS (SELECT 1 FROM order_items i WHERE i.order_id = o.id AND i.product_id NOT IN (SELECT id FROM products WHERE price < 60 OR category = 'Tools'))

-- name: existence_10 [engines: postgres,mysql,sqlite]
SELECT k.code, k.name FROM countries k WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.country = k.code)

-- name: existence_11 [engines: postgres,mysql,sqlite]
SELECT i.id FROM order_items i WHERE EXISTS (SELECT 1 FROM returns t WHERE t.order_item_id = i.id AND t.quantity >= i.quantity)

-- name: existence_12 [engines: postgres,mysql,sqlite]
SELECT count(*) FROM customers c WHERE c.id IN (SELECT o.customer_id FROM orders o) AND EXISTS (SELECT 1 FROM sessions s WHERE s.customer_id = c.id AND s.device = 'phone') AND c.id NOT IN (SELECT x.customer_id FROM subscriptions x)

-- name: existence_13 [engines: postgres,mysql,sqlite]
SELECT r.name, CASE WHEN EXISTS (SELECT 1 FROM customers c JOIN countries k ON k.code = c.country WHERE k.region_id = r.id) THEN 'yes' ELSE 'no' END AS has_customers FROM regions r

-- name: existence_14 [engines: postgres,mysql,sqlite]
SELECT s.name FROM suppliers s WHERE NOT EXISTS (SELECT 1 FROM products p WHERE p.category = 'Books' AND NOT EXISTS (SELECT 1 FROM supplies x WHERE x.product_id = p.id AND x.supplier_id = s.id) AND p.price > 95)

-- name: tpch_01 [engines: postgres,mysql,sqlite]
SELECT o.status, o.currency, sum(i.quantity) AS sum_quantity, sum(i.price) AS sum_price, sum(i.price * i.quantity) AS sum_charge, avg(i.quantity) AS avg_quantity, avg(i.price) AS avg_price, count(*) AS count_items
FROM order_items i, orders o
WHERE i.order_id = o.id AND o.placed_at <= '2024-10-01'
GROUP BY o.status, o.currency
ORDER BY o.status, o.currency

-- name: tpch_02 [engines: postgres,mysql,sqlite]
SELECT s.balance, s.name, r.name AS region, p.id, p.sku, x.cost
FROM products p, suppliers s, supplies x, countries k, regions r
WHERE p.id = x.product_id AND s.id = x.supplier_id AND s.country = k.code AND k.region_id = r.id AND p.price > 20
  AND x.cost = (SELECT min(y.cost) FROM supplies y, suppliers t, countries l WHERE p.id = y.product_id AND t.id = y.supplier_id AND t.country = l.code AND l.region_id = r.id)
ORDER BY s.balance DESC, p.id LIMIT 50

-- name: tpch_03 [engines: postgres,mysql,sqlite]
SELECT i.order_id, sum(i.price * i.quantity) AS revenue, o.placed_at
FROM customers c, orders o, order_items i
WHERE c.country IN ('DE', 'US') AND c.id = o.customer_id AND i.order_id = o.id AND o.placed_at < '2024-06-15' AND (o.shipped_at > '2024-03-15' OR o.shipped_at IS NULL)
GROUP BY i.order_id, o.placed_at
ORDER BY revenue DESC, o.placed_at, i.order_id
LIMIT 10

-- name: tpch_04 [engines: postgres,mysql,sqlite] [ordered]
SELECT o.currency, count(*) AS order_count
FROM orders o
WHERE o.placed_at >= '2023-07-01' AND o.placed_at < '2024-07-01'
  AND EXISTS (SELECT * FROM order_items i WHERE i.order_id = o.id AND i.quantity > 3)
GROUP BY o.currency
ORDER BY o.currency

-- name: tpch_05 [engines: postgres,mysql,sqlite]
SELECT k.name, sum(i.price * i.quantity) AS revenue
FROM customers c, orders o, order_items i, supplies x, suppliers s, countries k, regions r
WHERE c.id = o.customer_id AND i.order_id = o.id AND x.product_id = i.product_id AND s.id = x.supplier_id AND c.country = s.country AND s.country = k.code AND k.region_id = r.id AND r.name IN ('Europe', 'Americas')
GROUP BY k.name
ORDER BY revenue DESC

-- name: tpch_06 [engines: postgres,mysql,sqlite]
SELECT sum(i.price * i.quantity * 0.25) AS revenue
FROM order_items i JOIN orders o ON o.id = i.order_id
WHERE o.placed_at >= '2024-01-01' AND o.placed_at < '2025-01-01' AND i.price BETWEEN 20 AND 180 AND i.quantity < 4

-- name: tpch_07 [engines: postgres,mysql,sqlite]
SELECT supp_country, cust_country, year, sum(volume) AS revenue
FROM (
  SELECT s.country AS supp_country, c.country AS cust_country, d.year, i.price * i.quantity AS volume
  FROM suppliers s, supplies x, order_items i, orders o, customers c, calendar d
  WHERE s.id = x.supplier_id AND x.product_id = i.product_id AND o.id = i.order_id AND c.id = o.customer_id AND o.placed_at >= d.day AND o.placed_at < d.next_day
    AND ((s.country = 'DE' AND c.country = 'FR') OR (s.country = 'FR' AND c.country = 'DE') OR (s.country = 'US' AND c.country = 'CA'))
) shipping
GROUP BY supp_country, cust_country, year
ORDER BY supp_country, cust_country, year

-- name: tpch_08 [engines: postgres,mysql,sqlite]
SELECT year, sum(CASE WHEN nation IN ('DE', 'US') THEN volume ELSE 0 END) / sum(volume) AS share
FROM (
  SELECT d.year, i.price * i.quantity AS volume, s.country AS nation
  FROM products p, suppliers s, supplies x, order_items i, orders o, customers c, countries k, calendar d
  WHERE p.id = i.product_id AND x.product_id = p.id AND s.id = x.supplier_id AND i.order_id = o.id AND o.customer_id = c.id AND c.country = k.code AND k.region_id < 3
    AND o.placed_at >= d.day AND o.placed_at < d.next_day AND p.category <> 'Toys'
) all_nations
GROUP BY year
ORDER BY year

-- name: tpch_09 [engines: postgres,mysql,sqlite]
SELECT nation, year, sum(profit) AS sum_profit
FROM (
  SELECT s.country AS nation, d.year, (i.price - x.cost) * i.quantity AS profit
  FROM products p, suppliers s, order_items i, supplies x, orders o, calendar d
  WHERE s.id = x.supplier_id AND x.product_id = i.product_id AND p.id = i.product_id AND o.id = i.order_id AND o.placed_at >= d.day AND o.placed_at < d.next_day AND p.name LIKE '%e%'
) AS profits
GROUP BY nation, year
ORDER BY nation, year DESC

-- name: tpch_10 [engines: postgres,mysql,sqlite]
SELECT c.id, c.name, sum(i.price * i.quantity) AS revenue, c.score, k.name AS country
FROM customers c, orders o, order_items i, countries k, returns t
WHERE c.id = o.customer_id AND i.order_id = o.id AND t.order_item_id = i.id AND c.country = k.code
GROUP BY c.id, c.name, c.score, k.name
ORDER BY revenue DESC, c.id
LIMIT 20

-- name: tpch_11 [engines: postgres,mysql,sqlite]
SELECT x.product_id, sum(x.cost * x.available) AS value
FROM supplies x, suppliers s
WHERE x.supplier_id = s.id AND s.balance > 0
GROUP BY x.product_id
HAVING sum(x.cost * x.available) > (SELECT sum(y.cost * y.available) * 0.01 FROM supplies y, suppliers t WHERE y.supplier_id = t.id AND t.balance > 0)
ORDER BY value DESC, x.product_id

-- name: tpch_12 [engines: postgres,mysql,sqlite]
SELECT CASE WHEN o.shipped_at IS NULL THEN 'none' ELSE 'sent' END AS mode, sum(CASE WHEN o.status = 'paid' OR o.status = 'shipped' THEN 1 ELSE 0 END) AS high_count, sum(CASE WHEN o.status <> 'paid' AND o.status <> 'shipped' THEN 1 ELSE 0 END) AS low_count
FROM orders o, order_items i
WHERE o.id = i.order_id AND o.placed_at >= '2023-01-01' AND o.placed_at < '2024-01-01'
GROUP BY 1

-- name: tpch_13 [engines: postgres,mysql,sqlite]
SELECT c_count, count(*) AS custdist
FROM (SELECT c.id, count(o.id) AS c_count FROM customers c LEFT OUTER JOIN orders o ON c.id = o.customer_id AND (o.note IS NULL OR o.note NOT LIKE '%call%first%') GROUP BY c.id) c_orders
GROUP BY c_count
ORDER BY custdist DESC, c_count DESC

-- name: tpch_14 [engines: postgres,mysql,sqlite]
SELECT 100.00 * sum(CASE WHEN p.tags LIKE '%sale%' OR p.tags LIKE '%bulk%' THEN i.price * i.quantity ELSE 0 END) / sum(i.price * i.quantity) AS promo
FROM order_items i, products p, orders o
WHERE i.product_id = p.id AND o.id = i.order_id AND o.placed_at >= '2024-03-01' AND o.placed_at < '2024-09-01'

-- name: tpch_15 [engines: postgres,mysql,sqlite]
WITH revenue (supplier_no, total_revenue) AS (
  SELECT x.supplier_id, sum(i.price * i.quantity) FROM order_items i JOIN supplies x ON x.product_id = i.product_id JOIN orders o ON o.id = i.order_id WHERE o.placed_at >= '2024-01-01' AND o.placed_at < '2024-04-01' GROUP BY x.supplier_id
)
SELECT s.id, s.name, s.country, r.total_revenue
FROM suppliers s, revenue r
WHERE s.id = r.supplier_no AND r.total_revenue = (SELECT max(total_revenue) FROM revenue)

-- name: tpch_16 [engines: postgres,mysql,sqlite]
SELECT p.category, p.active, count(DISTINCT x.supplier_id) AS supplier_count
FROM supplies x, products p
WHERE p.id = x.product_id AND p.category <> 'Books' AND p.name NOT LIKE 'Large%' AND p.price > 10
  AND x.supplier_id NOT IN (SELECT s.id FROM suppliers s WHERE s.balance < -1000)
GROUP BY p.category, p.active

-- name: tpch_17 [engines: postgres,mysql,sqlite]
SELECT sum(i.price * i.quantity) / 7.0 AS avg_yearly
FROM order_items i, products p
WHERE p.id = i.product_id AND p.category IN ('Garden', 'Tools') AND i.quantity < (SELECT 0.9 * avg(j.quantity) FROM order_items j WHERE j.product_id = p.id)

-- name: tpch_18 [engines: postgres,mysql,sqlite]
SELECT c.name, c.id, o.id AS order_id, o.placed_at, o.amount, sum(i.quantity) AS total_quantity
FROM customers c, orders o, order_items i
WHERE o.id IN (SELECT order_id FROM order_items GROUP BY order_id HAVING sum(quantity) > 12) AND c.id = o.customer_id AND o.id = i.order_id
GROUP BY c.name, c.id, o.id, o.placed_at, o.amount
ORDER BY o.amount DESC, o.placed_at, o.id
LIMIT 100

-- name: tpch_19 [engines: postgres,mysql,sqlite]
SELECT sum(i.price * i.quantity) AS revenue
FROM order_items i, products p
WHERE (p.id = i.product_id AND p.category = 'Toys' AND i.quantity >= 1 AND i.quantity <= 3 AND p.price BETWEEN 1 AND 60)
   OR (p.id = i.product_id AND p.category IN ('Kitchen', 'Safety') AND i.quantity >= 2 AND i.quantity <= 5 AND p.price BETWEEN 20 AND 190)
   OR (p.id = i.product_id AND p.category = 'Office' AND i.quantity >= 4 AND p.active)

-- name: tpch_20 [engines: postgres,mysql,sqlite]
SELECT s.name, s.country
FROM suppliers s, countries k
WHERE s.id IN (
    SELECT x.supplier_id FROM supplies x
    WHERE x.product_id IN (SELECT p.id FROM products p WHERE p.name LIKE 'S%' OR p.name LIKE 'Q%')
      AND x.available > (SELECT 0.5 * sum(i.quantity) FROM order_items i, orders o WHERE i.product_id = x.product_id AND o.id = i.order_id AND o.placed_at >= '2024-01-01')
  ) AND s.country = k.code
ORDER BY s.name

-- name: tpch_21 [engines: postgres,mysql,sqlite]
SELECT s.name, count(*) AS numwait
FROM suppliers s, supplies x1, order_items i1, orders o
WHERE s.id = x1.supplier_id AND x1.product_id = i1.product_id AND o.id = i1.order_id AND o.status = 'shipped'
  AND EXISTS (SELECT * FROM order_items i2 WHERE i2.order_id = i1.order_id AND i2.product_id <> i1.product_id)
  AND NOT EXISTS (SELECT * FROM order_items i3, returns t WHERE i3.order_id = i1.order_id AND t.order_item_id = i3.id)
GROUP BY s.name
ORDER BY numwait DESC, s.name
LIMIT 100

-- name: tpch_22 [engines: postgres,mysql,sqlite]
SELECT code, count(*) AS numcust, sum(score) AS total_score
FROM (
  SELECT substring(c.email, 1, 4) AS code, c.score
  FROM customers c
  WHERE substring(c.email, 1, 4) IN ('Info', 'user') AND c.score > (SELECT avg(d.score) FROM customers d WHERE d.score > 0.00 AND substring(d.email, 1, 4) IN ('Info', 'user'))
    AND NOT EXISTS (SELECT * FROM orders o WHERE o.customer_id = c.id)
) AS quiet
GROUP BY code
ORDER BY code

-- name: tpch_23 [engines: postgres]
SELECT l.status, l.currency, sum(i.quantity)::bigint, avg(i.price)::numeric(12, 4), count(*) AS n
FROM app.order_items i INNER JOIN app.orders l ON (l.id = i.order_id)
WHERE l.placed_at::date <= date '2024-12-01' - interval '90' day
GROUP BY l.status, l.currency

-- name: tpch_24 [engines: postgres]
SELECT extract(year FROM o.placed_at) AS o_year, sum(i.price * i.quantity) FILTER (WHERE s.country = 'DE' OR s.country = 'US') / sum(i.price * i.quantity) AS share
FROM orders o JOIN order_items i ON i.order_id = o.id JOIN supplies x USING (product_id) JOIN suppliers s ON s.id = x.supplier_id
GROUP BY o_year ORDER BY o_year

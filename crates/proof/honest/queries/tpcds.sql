-- name: tpcds_01 [engines: postgres,mysql,sqlite]
WITH customer_total_return AS (
  SELECT o.customer_id AS ctr_customer, p.category AS ctr_category, sum(t.quantity * i.price) AS ctr_total
  FROM returns t, order_items i, orders o, products p
  WHERE t.order_item_id = i.id AND i.order_id = o.id AND p.id = i.product_id
  GROUP BY o.customer_id, p.category
)
SELECT c.id, c.name
FROM customer_total_return ctr1, customers c
WHERE ctr1.ctr_total > (SELECT avg(ctr_total) * 1.2 FROM customer_total_return ctr2 WHERE ctr1.ctr_category = ctr2.ctr_category) AND ctr1.ctr_customer = c.id
ORDER BY c.id
LIMIT 100

-- name: tpcds_02 [engines: postgres,mysql,sqlite]
WITH moves AS (
  SELECT placed_at AS t, amount AS v FROM orders UNION ALL SELECT started_at, pages FROM sessions
), weekly AS (
  SELECT d.year, d.weekday, sum(m.v) AS total FROM moves m, calendar d WHERE m.t >= d.day AND m.t < d.next_day GROUP BY d.year, d.weekday
)
SELECT y.weekday, y.total AS this_year, z.total AS next_year, round(y.total / z.total, 2) AS ratio
FROM weekly y, weekly z
WHERE y.weekday = z.weekday AND y.year = 2023 AND z.year = 2024
ORDER BY y.weekday

-- name: tpcds_03 [engines: postgres,mysql,sqlite]
SELECT d.year, p.category AS brand, sum(i.price * i.quantity) AS sum_agg
FROM calendar d, order_items i, products p, orders o
WHERE o.placed_at >= d.day AND o.placed_at < d.next_day AND i.order_id = o.id AND i.product_id = p.id AND d.month = 11
GROUP BY d.year, p.category
ORDER BY d.year, sum_agg DESC, brand
LIMIT 100

-- name: tpcds_04 [engines: postgres,mysql,sqlite]
WITH year_total AS (
  SELECT c.id, d.year, sum(o.amount) AS total, 's' AS sale_type FROM customers c, orders o, calendar d WHERE c.id = o.customer_id AND o.placed_at >= d.day AND o.placed_at < d.next_day GROUP BY c.id, d.year
  UNION ALL
  SELECT c.id, d.year, sum(s.pages), 'w' FROM customers c, sessions s, calendar d WHERE c.id = s.customer_id AND s.started_at >= d.day AND s.started_at < d.next_day GROUP BY c.id, d.year
)
SELECT a.id, a.total AS first_year, b.total AS second_year
FROM year_total a JOIN year_total b ON b.id = a.id AND a.sale_type = 's' AND b.sale_type = 's' AND a.year = 2023 AND b.year = 2024
WHERE a.total > 0 AND CASE WHEN a.total > 0 THEN b.total / a.total ELSE NULL END > 1
ORDER BY 1

-- name: tpcds_05 [engines: postgres]
WITH ssr AS (SELECT 'orders' AS channel, currency AS id, sum(amount) AS sales, 0 AS back FROM orders GROUP BY currency),
wsr AS (SELECT 'ledger' AS channel, memo AS id, sum(amount) FILTER (WHERE amount > 0) AS sales, sum(amount) FILTER (WHERE amount < 0) AS back FROM ledger GROUP BY memo)
SELECT channel, id, sum(sales) AS sales, sum(back) AS back FROM (SELECT * FROM ssr UNION ALL SELECT * FROM wsr) x GROUP BY ROLLUP (channel, id) ORDER BY channel, id

-- name: tpcds_06 [engines: postgres,mysql,sqlite]
SELECT c.country AS state, count(*) AS cnt
FROM customers c, orders o, order_items i, products p
WHERE c.id = o.customer_id AND o.id = i.order_id AND p.id = i.product_id AND p.price > 1.2 * (SELECT avg(j.price) FROM products j WHERE j.category = p.category)
GROUP BY c.country
HAVING count(*) >= 10
ORDER BY cnt, state

-- name: tpcds_07 [engines: postgres,mysql,sqlite]
SELECT p.sku, avg(i.quantity) AS agg1, avg(i.price) AS agg2, avg(o.amount) AS agg3
FROM order_items i, customers c, products p, orders o
WHERE i.order_id = o.id AND i.product_id = p.id AND o.customer_id = c.id AND c.score > 20 AND (c.country = 'DE' OR c.country = 'US') AND o.placed_at >= '2023-06-01'
GROUP BY p.sku
ORDER BY p.sku

-- name: tpcds_08 [engines: postgres,mysql,sqlite]
SELECT CASE WHEN (SELECT count(*) FROM order_items WHERE quantity BETWEEN 1 AND 2) > 100 THEN (SELECT avg(price) FROM order_items WHERE quantity BETWEEN 1 AND 2) ELSE (SELECT max(price) FROM order_items WHERE quantity BETWEEN 1 AND 2) END AS bucket1,
       CASE WHEN (SELECT count(*) FROM order_items WHERE quantity BETWEEN 3 AND 5) > 10000 THEN 1.5 ELSE (SELECT min(price) FROM order_items WHERE quantity > 2) END AS bucket2
FROM regions
WHERE id = 1

-- name: tpcds_09 [engines: postgres,mysql,sqlite]
SELECT c.country, c.score, count(*) AS cnt1, min(c.signed_up) AS first_one
FROM customers c
WHERE EXISTS (SELECT * FROM orders o, calendar d WHERE c.id = o.customer_id AND o.placed_at >= d.day AND o.placed_at < d.next_day AND d.year = 2024)
  AND (EXISTS (SELECT * FROM sessions s WHERE c.id = s.customer_id) OR EXISTS (SELECT * FROM subscriptions u WHERE c.id = u.customer_id))
GROUP BY c.country, c.score
ORDER BY c.country, c.score

-- name: tpcds_10 [engines: postgres,mysql,sqlite]
SELECT p.id, p.category, p.price, sum(i.price * i.quantity) AS itemrevenue, sum(i.price * i.quantity) * 100 / sum(sum(i.price * i.quantity)) OVER (PARTITION BY p.category) AS revenueratio
FROM order_items i, products p, orders o
WHERE i.product_id = p.id AND p.category IN ('Garden', 'Books', 'Tools') AND i.order_id = o.id AND o.placed_at BETWEEN '2023-02-22' AND '2024-02-22'
GROUP BY p.id, p.category, p.price
ORDER BY p.category, p.id

-- name: tpcds_11 [engines: postgres,mysql,sqlite]
WITH cross_items AS (
  SELECT product_id FROM order_items WHERE quantity >= 4
  INTERSECT
  SELECT product_id FROM supplies WHERE available > 30
  INTERSECT
  SELECT product_id FROM stock WHERE on_hand > 10
), avg_sales AS (SELECT avg(quantity * price) AS average_sales FROM order_items)
SELECT p.category, sum(i.quantity * i.price) AS sales, count(*) AS number_sales
FROM order_items i JOIN products p ON p.id = i.product_id
WHERE i.product_id IN (SELECT product_id FROM cross_items)
GROUP BY p.category
HAVING sum(i.quantity * i.price) > (SELECT average_sales FROM avg_sales)

-- name: tpcds_12 [engines: postgres,mysql,sqlite]
SELECT count(DISTINCT o1.id) AS order_count, sum(o1.amount) AS total
FROM orders o1
WHERE o1.placed_at BETWEEN '2023-03-01' AND '2024-12-01'
  AND EXISTS (SELECT * FROM order_items a WHERE o1.id = a.order_id AND EXISTS (SELECT * FROM order_items b WHERE b.order_id = a.order_id AND b.quantity <> a.quantity))
  AND NOT EXISTS (SELECT * FROM returns r, order_items x WHERE x.order_id = o1.id AND r.order_item_id = x.id)

-- name: tpcds_13 [engines: postgres,mysql,sqlite]
SELECT w.name, p.id, sum(CASE WHEN s.counted_on < '2024-04-15' THEN s.on_hand ELSE 0 END) AS inv_before, sum(CASE WHEN s.counted_on >= '2024-04-15' THEN s.on_hand ELSE 0 END) AS inv_after
FROM stock s, warehouses w, products p
WHERE p.id = s.product_id AND s.warehouse_id = w.id
GROUP BY w.name, p.id
HAVING sum(CASE WHEN s.counted_on >= '2024-04-15' THEN s.on_hand ELSE 0 END) >= 0.5 * sum(CASE WHEN s.counted_on < '2024-04-15' THEN s.on_hand ELSE 0 END)
ORDER BY w.name, p.id
LIMIT 100

-- name: tpcds_14 [engines: postgres,mysql,sqlite]
WITH frequent AS (SELECT i.product_id FROM order_items i GROUP BY i.product_id HAVING count(*) > 8),
best AS (SELECT o.customer_id FROM orders o GROUP BY o.customer_id HAVING sum(o.amount) > 0.3 * (SELECT max(csales) FROM (SELECT sum(amount) AS csales FROM orders GROUP BY customer_id) m))
SELECT sum(sales) AS total FROM (
  SELECT i.quantity * i.price AS sales FROM order_items i, orders o WHERE o.id = i.order_id AND i.product_id IN (SELECT product_id FROM frequent) AND o.customer_id IN (SELECT customer_id FROM best)
  UNION ALL
  SELECT s.mrr FROM subscriptions s WHERE s.customer_id IN (SELECT customer_id FROM best)
) y

-- name: tpcds_15 [engines: postgres,mysql,sqlite]
SELECT * FROM
  (SELECT avg(price) AS b1_avg, count(price) AS b1_cnt, count(DISTINCT price) AS b1_dist FROM order_items WHERE quantity = 1) b1,
  (SELECT avg(price) AS b2_avg, count(price) AS b2_cnt, count(DISTINCT price) AS b2_dist FROM order_items WHERE quantity = 2) b2,
  (SELECT avg(price) AS b3_avg, count(price) AS b3_cnt, count(DISTINCT price) AS b3_dist FROM order_items WHERE quantity = 3) b3

-- name: tpcds_16 [engines: postgres]
SELECT sum(i.price * i.quantity) AS total_sum, p.category, c.country, grouping(p.category) + grouping(c.country) AS lochierarchy, rank() OVER (PARTITION BY grouping(p.category) + grouping(c.country), CASE WHEN grouping(c.country) = 0 THEN p.category END ORDER BY sum(i.price * i.quantity) DESC) AS rank_within
FROM order_items i, orders o, products p, customers c
WHERE o.id = i.order_id AND p.id = i.product_id AND c.id = o.customer_id
GROUP BY ROLLUP (p.category, c.country)

-- name: tpcds_17 [engines: postgres,mysql,sqlite]
WITH v1 AS (
  SELECT p.category, d.year, d.month, sum(i.price * i.quantity) AS sum_sales,
    avg(sum(i.price * i.quantity)) OVER (PARTITION BY p.category, d.year) AS avg_monthly,
    rank() OVER (PARTITION BY p.category ORDER BY d.year, d.month) AS rn
  FROM products p, order_items i, orders o, calendar d
  WHERE i.product_id = p.id AND o.id = i.order_id AND o.placed_at >= d.day AND o.placed_at < d.next_day
  GROUP BY p.category, d.year, d.month
)
SELECT v1.category, v1.year, v1.month, v1.sum_sales, lg.sum_sales AS psum, ld.sum_sales AS nsum
FROM v1, v1 lg, v1 ld
WHERE v1.category = lg.category AND v1.category = ld.category AND v1.rn = lg.rn + 1 AND v1.rn = ld.rn - 1 AND v1.avg_monthly > 0 AND v1.year = 2024
ORDER BY v1.sum_sales - v1.avg_monthly, 3, 1
LIMIT 100

-- name: tpcds_18 [engines: postgres,mysql,sqlite]
SELECT s.name, sum(CASE WHEN t.returned_on < '2023-09-01' THEN 1 ELSE 0 END) AS early, sum(CASE WHEN t.returned_on BETWEEN '2023-09-01' AND '2024-03-31' THEN 1 ELSE 0 END) AS middle, sum(CASE WHEN t.returned_on > '2024-03-31' THEN 1 ELSE 0 END) AS late_ones
FROM returns t, order_items i, supplies x, suppliers s
WHERE t.order_item_id = i.id AND x.product_id = i.product_id AND x.supplier_id = s.id
GROUP BY s.name

-- name: tpcds_19 [engines: postgres,mysql,sqlite]
WITH web AS (SELECT day, sum(n) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS cume FROM (SELECT d.day, count(*) AS n FROM orders o, calendar d WHERE o.placed_at >= d.day AND o.placed_at < d.next_day GROUP BY d.day) w),
store AS (SELECT day, sum(n) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS cume FROM (SELECT d.day, count(*) AS n FROM sessions s, calendar d WHERE s.started_at >= d.day AND s.started_at < d.next_day GROUP BY d.day) s)
SELECT web.day, web.cume AS web_cume, store.cume AS store_cume FROM web JOIN store ON store.day = web.day WHERE web.cume > store.cume ORDER BY web.day

-- name: tpcds_20 [engines: postgres,mysql,sqlite]
SELECT r1.product_id AS best_performing, r2.product_id AS worst_performing, r1.rnk
FROM (SELECT product_id, rank() OVER (ORDER BY avg(price) DESC, product_id) AS rnk FROM order_items GROUP BY product_id) r1,
     (SELECT product_id, rank() OVER (ORDER BY avg(price), product_id) AS rnk FROM order_items GROUP BY product_id) r2
WHERE r1.rnk = r2.rnk AND r1.rnk < 11
ORDER BY r1.rnk

-- name: tpcds_21 [engines: postgres,mysql,sqlite]
SELECT promotions, total, CAST(promotions AS DECIMAL(15,4)) / CAST(total AS DECIMAL(15,4)) * 100 AS pct
FROM (SELECT sum(i.price) AS promotions FROM order_items i, products p WHERE p.id = i.product_id AND p.tags IS NOT NULL) promotional_sales,
     (SELECT sum(i.price) AS total FROM order_items i) all_sales

-- name: tpcds_22 [engines: postgres,mysql,sqlite]
SELECT c.name, c.country, a.order_id, a.amt, a.profit
FROM (SELECT i.order_id, o.customer_id, sum(i.price) AS amt, sum(i.price - x.cost) AS profit FROM order_items i, orders o, supplies x WHERE o.id = i.order_id AND x.product_id = i.product_id AND x.available > 60 AND o.status = 'paid' GROUP BY i.order_id, o.customer_id) a, customers c
WHERE a.customer_id = c.id
ORDER BY c.name, c.country, a.profit, a.order_id
LIMIT 100

-- name: tpcds_23 [engines: postgres,mysql,sqlite]
WITH inv AS (
  SELECT w_name, product_id, mean, spread FROM (
    SELECT w.name AS w_name, s.product_id, avg(s.on_hand) AS mean, max(s.on_hand) - min(s.on_hand) AS spread FROM stock s JOIN warehouses w ON w.id = s.warehouse_id GROUP BY w.name, s.product_id
  ) foo WHERE CASE mean WHEN 0 THEN 0 ELSE spread / mean END > 0.5
)
SELECT a.w_name, a.product_id, a.mean, b.mean AS other_mean FROM inv a, inv b WHERE a.product_id = b.product_id AND a.w_name < b.w_name

-- name: tpcds_24 [engines: postgres,mysql,sqlite]
SELECT 'web' AS channel, x.product_id, x.return_ratio, x.return_rank FROM (
  SELECT product_id, return_ratio, rank() OVER (ORDER BY return_ratio DESC) AS return_rank FROM (
    SELECT i.product_id, CAST(sum(coalesce(t.quantity, 0)) AS DECIMAL(15,4)) / CAST(sum(i.quantity) AS DECIMAL(15,4)) AS return_ratio FROM order_items i LEFT OUTER JOIN returns t ON t.order_item_id = i.id GROUP BY i.product_id
  ) in_web
) x
WHERE x.return_rank <= 10
ORDER BY 1, 4, 2

-- name: tpcds_25 [engines: mysql]
SELECT IFNULL(p.category, 'total') AS category, SUM(i.price * i.quantity) AS total FROM order_items i, products p, orders o WHERE i.product_id = p.id AND o.id = i.order_id AND o.placed_at BETWEEN '2024-01-01' AND DATE_ADD('2024-01-01', INTERVAL 180 DAY) GROUP BY p.category WITH ROLLUP

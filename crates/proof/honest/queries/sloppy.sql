-- name: sloppy_01 [engines: postgres,mysql,sqlite]
SELECT * FROM orders WHERE 1=1

-- name: sloppy_02 [engines: postgres,mysql,sqlite]
SELECT * FROM orders WHERE 1 = 1 AND status = 'paid' AND 1 = 1

-- name: sloppy_03 [engines: postgres,mysql,sqlite]
SELECT o.id, c.name FROM orders o, customers c WHERE o.customer_id = c.id AND c.country = 'DE'

-- name: sloppy_04 [engines: postgres,mysql,sqlite]
SELECT o.id, c.name AS customer FROM orders o, customers c WHERE c.id = o.customer_id AND o.status = 'refunded' OR c.id = o.customer_id AND o.status = 'lost'

-- name: sloppy_05 [engines: postgres,mysql,sqlite]
SELECT count(*) AS n FROM orders HAVING count(*) > 1

-- name: sloppy_06 [engines: postgres,mysql,sqlite]
SELECT sum(amount) FROM orders HAVING sum(amount) > 0 AND max(amount) < 100000

-- name: sloppy_07 [engines: postgres,mysql,sqlite]
SELECT DISTINCT status, currency FROM orders ORDER BY currency, status

-- name: sloppy_08 [engines: postgres,mysql,sqlite]
SELECT DISTINCT o.customer_id FROM orders o JOIN order_items i ON i.order_id = o.id GROUP BY o.customer_id, i.product_id

-- name: sloppy_09 [engines: postgres,mysql,sqlite]
SELECT status, currency, count(*), sum(amount) FROM orders GROUP BY 1,2 ORDER BY 4 DESC, 1, 2

-- name: sloppy_10 [engines: postgres,mysql,sqlite]
SELECT * FROM (SELECT * FROM (SELECT * FROM orders) a) b WHERE b.amount > 950

-- name: sloppy_11 [engines: postgres,mysql,sqlite]
SELECT count(*) FROM orders WHERE status = 'paid' OR status = 'shipped' OR status = 'pending' OR status = 'cancelled' OR status = 'refunded' OR status = 'lost'

-- name: sloppy_12 [engines: postgres,mysql,sqlite]
SELECT id FROM orders WHERE id IN (1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,10001,10002,10003,10004,10005,10006,10007,10008,10009,10010)

-- name: sloppy_13 [engines: postgres,mysql,sqlite]
SELECT customer_id,count(*)as n,sum(amount)as s from orders where status='paid'group by customer_id having count(*)>=2 order by s desc,customer_id limit 5

-- name: sloppy_14 [engines: postgres,mysql,sqlite]
SELECT c.name, (SELECT count(*) FROM orders WHERE orders.customer_id = c.id) a, (SELECT sum(amount) FROM orders WHERE orders.customer_id = c.id) b, (SELECT min(placed_at) FROM orders WHERE orders.customer_id = c.id) d, (SELECT max(placed_at) FROM orders WHERE orders.customer_id = c.id) e FROM customers c

-- name: sloppy_15 [engines: postgres,mysql,sqlite]
SELECT a.id, a.status FROM orders a LEFT JOIN orders b ON a.id = b.id LEFT JOIN orders c ON b.id = c.id WHERE c.amount > 700

-- name: sloppy_16 [engines: postgres,mysql,sqlite]
SELECT CASE WHEN status = 'paid' THEN CASE WHEN amount > 500 THEN CASE WHEN currency = 'EUR' THEN 'big paid euro' ELSE 'big paid' END ELSE 'paid' END ELSE 'rest' END AS what, count(*) FROM orders GROUP BY CASE WHEN status = 'paid' THEN CASE WHEN amount > 500 THEN CASE WHEN currency = 'EUR' THEN 'big paid euro' ELSE 'big paid' END ELSE 'paid' END ELSE 'rest' END

-- name: sloppy_17 [engines: postgres,mysql,sqlite]
SELECT o.* FROM orders o INNER JOIN (SELECT max(id) AS id FROM orders GROUP BY customer_id) m ON m.id = o.id

-- name: sloppy_18 [engines: postgres,mysql,sqlite]
SELECT DISTINCT count(*) FROM orders GROUP BY status

-- name: sloppy_19 [engines: postgres,mysql,sqlite]
SELECT count(DISTINCT status), count(DISTINCT currency), count(DISTINCT customer_id) FROM orders WHERE amount IS NOT NULL AND amount >= 0 AND NOT amount < 0

-- name: sloppy_20 [engines: postgres,mysql,sqlite]
SELECT sum(CASE WHEN status = 'paid' THEN amount ELSE 0 END) / sum(amount) * 100 AS "paid share" FROM orders

-- name: sloppy_21 [engines: postgres,mysql,sqlite]
SELECT t1.id, t2.id AS id2, t3.id AS id3 FROM regions t1, regions t2, regions t3 WHERE t1.id < t2.id AND t2.id < t3.id

-- name: sloppy_22 [engines: postgres,mysql,sqlite]
SELECT name FROM customers WHERE name = name AND 'a' = 'a' AND id = id + 0

-- name: sloppy_23 [engines: postgres,mysql,sqlite]
SELECT upper(lower(upper(trim(trim(coalesce(name, coalesce(name, ''))))))) AS n FROM customers ORDER BY n, id LIMIT 5

-- name: sloppy_24 [engines: mysql,sqlite]
SELECT COUNT(*) FROM orders WHERE placed_at LIKE '2024-%' AND 1 = 0 OR amount > 0

-- name: sloppy_25 [engines: mysql,sqlite]
SELECT id, placed_at FROM orders WHERE placed_at LIKE '2024-1%'

-- name: sloppy_26 [engines: mysql,sqlite]
SELECT customer_id, amount > 500 AS big, count(*) AS n FROM orders GROUP BY customer_id, big HAVING n > 1 AND big

-- name: sloppy_27 [engines: mysql,sqlite]
SELECT id, id + '1' AS plus, '10' + 5 AS fifteen FROM regions WHERE id = '2' OR name > 0

-- name: sloppy_28 [engines: mysql]
SELECT id FROM orders WHERE status = 'PAID' AND amount > 900

-- name: sloppy_29 [engines: mysql]
SELECT DISTINCT * FROM regions GROUP BY id HAVING id > 0 ORDER BY id

-- name: sloppy_30 [engines: postgres]
SELECT DISTINCT (status), (amount > 500) FROM orders WHERE (true) AND (status::text = 'paid'::text)

-- name: sloppy_31 [engines: postgres]
SELECT * FROM orders o NATURAL JOIN (SELECT id AS customer_id, score FROM customers) c WHERE o.amount > 950

-- name: sloppy_32 [engines: sqlite]
SELECT id FROM orders WHERE status LIKE 'PAID' AND amount > '900'

-- name: sloppy_33 [engines: sqlite]
SELECT status, amount FROM orders GROUP BY status HAVING amount = max(amount)

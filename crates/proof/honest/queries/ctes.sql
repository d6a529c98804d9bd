-- name: ctes_01 [engines: postgres,mysql,sqlite]
WITH paid AS (SELECT * FROM orders WHERE status = 'paid')
SELECT count(*) AS n, sum(amount) AS total FROM paid

-- name: ctes_02 [engines: postgres,mysql,sqlite]
WITH per_customer AS (
  SELECT customer_id, count(*) AS n, sum(amount) AS total FROM orders GROUP BY customer_id
), ranked AS (
  SELECT p.*, rank() OVER (ORDER BY total DESC) AS place FROM per_customer p
)
SELECT c.name, r.n, r.total, r.place
FROM ranked r JOIN customers c ON c.id = r.customer_id
WHERE r.place <= 10

-- name: ctes_03 [engines: postgres,mysql,sqlite] [ordered]
WITH RECURSIVE tree (id, name, depth, top) AS (
  SELECT id, name, 0, id FROM employees WHERE manager_id IS NULL
  UNION ALL
  SELECT e.id, e.name, t.depth + 1, t.top FROM employees e JOIN tree t ON e.manager_id = t.id
)
SELECT depth, count(*) AS heads FROM tree GROUP BY depth ORDER BY depth

-- name: ctes_04 [engines: postgres,mysql,sqlite]
WITH RECURSIVE chain AS (
  SELECT id, manager_id, salary, 1 AS level FROM employees WHERE department = 'Support' OR department = 'Logistics'
  UNION
  SELECT e.id, e.manager_id, e.salary, c.level + 1 FROM employees e INNER JOIN chain c ON c.manager_id = e.id
)
SELECT id, min(level) AS nearest, max(level) AS farthest FROM chain GROUP BY id

-- name: ctes_05 [engines: postgres,mysql,sqlite]
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)
SELECT n.i AS month, count(o.id) AS orders
FROM n LEFT JOIN (SELECT o.id, c.month FROM orders o JOIN calendar c ON o.placed_at >= c.day AND o.placed_at < c.next_day WHERE c.year = 2024) o ON o.month = n.i
GROUP BY n.i

-- name: ctes_06 [engines: postgres,mysql,sqlite]
WITH a AS (SELECT id, customer_id FROM orders WHERE amount > 700), b AS (SELECT DISTINCT customer_id FROM a), c AS (SELECT c.* FROM customers c JOIN b ON b.customer_id = c.id)
SELECT country, count(*) AS n FROM c GROUP BY country

-- name: ctes_07 [engines: postgres,mysql]
WITH orders AS (SELECT * FROM orders WHERE currency = 'EUR')
SELECT status, count(*) AS n FROM orders GROUP BY status

-- name: ctes_08 [engines: postgres,sqlite]
WITH t AS (SELECT 1 AS one), u AS (WITH t AS (SELECT 2 AS two) SELECT two FROM t)
SELECT t.one, u.two FROM t CROSS JOIN u

-- name: ctes_09 [engines: postgres,mysql,sqlite]
SELECT x.kind, x.n FROM (WITH e AS (SELECT kind, user_id FROM events WHERE duration_ms IS NOT NULL) SELECT kind, count(*) AS n FROM e GROUP BY kind) x WHERE x.n > 3

-- name: ctes_10 [engines: postgres,mysql,sqlite]
WITH RECURSIVE acc (id, root, code) AS (
  SELECT id, id, code FROM accounts WHERE parent_id IS NULL
  UNION ALL
  SELECT a.id, acc.root, a.code FROM accounts a, acc WHERE a.parent_id = acc.id
)
SELECT r.name, sum(l.amount) AS total
FROM ledger l
JOIN acc ON acc.id = l.account_id
JOIN accounts r ON r.id = acc.root
GROUP BY r.name

-- name: ctes_11 [engines: postgres,mysql,sqlite]
WITH RECURSIVE referral AS (
  SELECT id, referred_by, 0 AS hops FROM customers WHERE referred_by IS NULL
  UNION ALL
  SELECT c.id, c.referred_by, r.hops + 1 FROM customers c JOIN referral r ON r.id = c.referred_by WHERE r.hops < 10
)
SELECT hops, count(*) AS customers FROM referral GROUP BY hops

-- name: ctes_12 [engines: postgres,mysql,sqlite]
WITH first_order AS (SELECT customer_id, min(placed_at) AS first_at FROM orders GROUP BY customer_id)
SELECT count(*) AS later_orders FROM orders o JOIN first_order f ON f.customer_id = o.customer_id AND o.placed_at > f.first_at

-- name: ctes_13 [engines: postgres,mysql,sqlite]
WITH revenue AS (SELECT product_id, sum(quantity * price) AS r FROM order_items GROUP BY product_id),
     refunds AS (SELECT i.product_id, sum(t.quantity * i.price) AS r FROM returns t JOIN order_items i ON i.id = t.order_item_id GROUP BY i.product_id)
SELECT p.sku, v.r AS gross, coalesce(f.r, 0) AS returned, v.r - coalesce(f.r, 0) AS net
FROM products p
JOIN revenue v ON v.product_id = p.id
LEFT JOIN refunds f ON f.product_id = p.id

-- name: ctes_14 [engines: postgres,mysql,sqlite]
WITH s AS (SELECT customer_id, sum(pages) AS pages FROM sessions GROUP BY customer_id)
SELECT a.customer_id, b.customer_id AS twin FROM s a JOIN s b ON a.pages = b.pages AND a.customer_id < b.customer_id

-- name: ctes_15 [engines: postgres,mysql,sqlite]
WITH RECURSIVE halves (id, amount, step) AS (
  SELECT id, cast(amount as decimal(12,2)), 0 FROM orders WHERE amount > 900
  UNION ALL
  SELECT id, cast(amount / 2 as decimal(12,2)), step + 1 FROM halves WHERE step < 3
)
SELECT step, count(*) AS n, max(amount) AS top FROM halves GROUP BY step

-- name: ctes_16 [engines: postgres,sqlite]
WITH RECURSIVE path(id, name, trail) AS (
  SELECT id, name, name FROM employees WHERE manager_id IS NULL
  UNION ALL
  SELECT e.id, e.name, p.trail || ' > ' || e.name FROM path p JOIN employees e ON e.manager_id = p.id
)
SELECT id, trail FROM path

-- name: ctes_17 [engines: postgres,sqlite]
WITH spend AS MATERIALIZED (SELECT customer_id, sum(amount) AS total FROM orders GROUP BY 1),
     seen AS NOT MATERIALIZED (SELECT customer_id FROM sessions)
SELECT count(*) FROM spend WHERE customer_id IN (SELECT customer_id FROM seen)

-- name: ctes_18 [engines: postgres]
WITH RECURSIVE t(id, parent, path, depth) AS (
  SELECT id, manager_id, ARRAY[id], 1 FROM employees WHERE manager_id IS NULL
  UNION ALL
  SELECT e.id, e.manager_id, t.path || e.id, t.depth + 1 FROM employees e, t WHERE e.manager_id = t.id AND NOT e.id = ANY (t.path)
)
SELECT id, array_to_string(path, '/') AS path, depth, cardinality(path) AS len FROM t ORDER BY path

-- name: ctes_19 [engines: postgres]
WITH RECURSIVE t AS (
  SELECT id, manager_id, name FROM employees WHERE manager_id IS NULL
  UNION ALL
  SELECT e.id, e.manager_id, e.name FROM employees e JOIN t ON e.manager_id = t.id
) SEARCH DEPTH FIRST BY id SET place
SELECT id, name FROM t ORDER BY place

-- name: ctes_20 [engines: postgres]
WITH v(label, lo, hi) AS (VALUES ('low', 0, 200), ('mid', 200, 600), ('high', 600, 100000))
SELECT v.label, count(o.id) FROM v LEFT JOIN orders o ON o.amount >= v.lo AND o.amount < v.hi GROUP BY v.label

-- name: ctes_21 [engines: mysql]
WITH RECURSIVE path (id, trail) AS (
  SELECT id, CAST(name AS CHAR(500)) FROM employees WHERE manager_id IS NULL
  UNION ALL
  SELECT e.id, CONCAT(p.trail, ' > ', e.name) FROM path p JOIN employees e ON e.manager_id = p.id
)
SELECT id, trail FROM path ORDER BY trail, id

-- name: ctes_22 [engines: mysql]
WITH RECURSIVE tags (id, n, tag) AS (
  SELECT id, 1, SUBSTRING_INDEX(tags, ',', 1) FROM products WHERE tags IS NOT NULL
  UNION ALL
  SELECT t.id, t.n + 1, SUBSTRING_INDEX(SUBSTRING_INDEX(p.tags, ',', t.n + 1), ',', -1)
  FROM tags t JOIN products p ON p.id = t.id
  WHERE t.n < 1 + LENGTH(p.tags) - LENGTH(REPLACE(p.tags, ',', ''))
)
SELECT tag, COUNT(*) AS n FROM tags GROUP BY tag

-- name: ctes_23 [engines: sqlite]
WITH RECURSIVE split(id, tag, rest) AS (
  SELECT id, '', tags || ',' FROM products WHERE tags IS NOT NULL
  UNION ALL
  SELECT id, substr(rest, 1, instr(rest, ',') - 1), substr(rest, instr(rest, ',') + 1) FROM split WHERE rest <> ''
)
SELECT tag, count(*) AS n FROM split WHERE tag <> '' GROUP BY tag

-- name: ctes_24 [engines: sqlite]
WITH v(label, lo, hi) AS (VALUES ('low', 0, 200), ('mid', 200, 600), ('high', 600, 100000))
SELECT v.label, count(o.id) AS n FROM v LEFT JOIN orders o ON o.amount >= v.lo AND o.amount < v.hi GROUP BY v.label

-- name: ctes_25 [engines: sqlite]
WITH RECURSIVE tree AS (
  SELECT id, name, 0 AS depth FROM employees WHERE manager_id IS NULL
  UNION ALL
  SELECT e.id, e.name, depth + 1 FROM employees e JOIN tree ON e.manager_id = tree.id
  ORDER BY 3 DESC
)
SELECT substr('..........', 1, depth * 2) || name AS outline FROM tree

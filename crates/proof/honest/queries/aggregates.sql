-- name: aggregates_01 [engines: postgres,mysql,sqlite]
SELECT COUNT(*) FROM orders

-- name: aggregates_02 [engines: postgres,mysql,sqlite]
SELECT count(*) AS orders, sum(amount) AS revenue, avg(amount) AS mean, min(amount) AS lowest, max(amount) AS highest
FROM orders
WHERE status IN ('paid', 'shipped')

-- name: aggregates_03 [engines: postgres,mysql,sqlite] [ordered]
SELECT status, COUNT(*) AS n
FROM orders
GROUP BY status
ORDER BY n DESC, status

-- name: aggregates_04 [engines: postgres,mysql,sqlite]
SELECT currency, status, sum(amount) total
FROM orders
GROUP BY 1, 2

-- name: aggregates_05 [engines: postgres,mysql,sqlite] [ordered]
SELECT country, count(*) AS customers, count(email) AS with_email, count(DISTINCT score) AS scores
FROM customers
GROUP BY country
HAVING count(*) >= 5
ORDER BY country

-- name: aggregates_06 [engines: postgres,mysql,sqlite]
SELECT category, round(avg(price), 2) AS avg_price, max(price) - min(price) AS spread
FROM products
WHERE active
GROUP BY category

-- name: aggregates_07 [engines: postgres,mysql,sqlite]
SELECT o.currency, SUM(o.amount * c.rate) AS in_euro
FROM orders o
JOIN currencies c ON c.code = o.currency
GROUP BY o.currency

-- name: aggregates_08 [engines: postgres,mysql,sqlite]
select sum(quantity * price) as turnover, count(distinct order_id) as orders, count(distinct product_id) as products from order_items

-- name: aggregates_09 [engines: postgres,mysql,sqlite]
SELECT COUNT(DISTINCT customer_id) AS buyers,
       COUNT(*) * 1.0 / COUNT(DISTINCT customer_id) AS orders_per_buyer
FROM orders
WHERE status <> 'cancelled'

-- name: aggregates_10 [engines: postgres,mysql,sqlite]
SELECT department, min(hired) first_hired, max(hired) last_hired, sum(salary) payroll
FROM employees
GROUP BY department
HAVING sum(salary) > 10000

-- name: aggregates_11 [engines: postgres,mysql,sqlite]
SELECT kind, count(*) AS n, avg(duration_ms) AS mean_ms, sum(CASE WHEN duration_ms > 3000 THEN 1 ELSE 0 END) AS slow
FROM events
GROUP BY kind
HAVING avg(duration_ms) > 100

-- name: aggregates_12 [engines: postgres,mysql,sqlite]
SELECT device, sum(pages) AS pages, count(*) AS visits, count(*) - count(ended_at) AS open_visits
FROM sessions
GROUP BY device

-- name: aggregates_13 [engines: postgres,mysql,sqlite]
SELECT a.kind, sum(l.amount) AS balance
FROM ledger l, accounts a
WHERE a.id = l.account_id
GROUP BY a.kind

-- name: aggregates_14 [engines: postgres,mysql,sqlite]
SELECT COALESCE(memo, 'none') AS memo, COUNT(*) AS n, SUM(ABS(amount)) AS volume
FROM ledger
GROUP BY COALESCE(memo, 'none')

-- name: aggregates_15 [engines: postgres,mysql,sqlite] [ordered]
SELECT CASE WHEN amount < 100 THEN 'small' WHEN amount < 500 THEN 'medium' ELSE 'large' END AS size, COUNT(*) AS n
FROM orders
GROUP BY CASE WHEN amount < 100 THEN 'small' WHEN amount < 500 THEN 'medium' ELSE 'large' END
ORDER BY 1

-- name: aggregates_16 [engines: postgres,mysql,sqlite]
SELECT max(amount) FROM orders HAVING max(amount) > 10

-- name: aggregates_17 [engines: postgres,mysql,sqlite]
SELECT round(100.0 * sum(case when status = 'cancelled' then 1 else 0 end) / count(*), 1) AS cancelled_percent FROM orders

-- name: aggregates_18 [engines: postgres,mysql,sqlite]
SELECT plan, COUNT(*) AS subscribers, SUM(CASE WHEN ended IS NULL THEN mrr ELSE 0 END) AS running_mrr
FROM subscriptions
GROUP BY plan

-- name: aggregates_19 [engines: postgres,mysql,sqlite]
SELECT s.country, count(*) suppliers, sum(s.balance) balance
FROM suppliers AS s
GROUP BY s.country

-- name: aggregates_20 [engines: postgres,mysql,sqlite]
SELECT customer_id, count(*) AS n, sum(amount) AS total
FROM orders
GROUP BY customer_id
HAVING count(*) > (SELECT avg(x.n) FROM (SELECT count(*) AS n FROM orders GROUP BY customer_id) x)

-- name: aggregates_21 [engines: postgres]
SELECT c.id, c.name, sum(o.amount) AS total
FROM customers c
JOIN orders o ON o.customer_id = c.id
GROUP BY c.id

-- name: aggregates_22 [engines: postgres]
SELECT bool_and(active) AS all_active, bool_or(price > 90) AS any_dear, every(price > 0) AS all_positive
FROM products

-- name: aggregates_23 [engines: postgres]
SELECT category, string_agg(name, ', ' ORDER BY name, id) AS names, count(*) FILTER (WHERE active) AS active
FROM products
GROUP BY category

-- name: aggregates_24 [engines: postgres]
SELECT status, variance(amount)::numeric(20, 4) AS var, round(stddev_samp(amount), 3) AS sd
FROM orders
GROUP BY status

-- name: aggregates_25 [engines: postgres]
SELECT round(corr(salary, extract(epoch FROM hired))::numeric, 6) AS r,
       regr_count(salary, id) AS n
FROM employees

-- name: aggregates_26 [engines: postgres]
SELECT kind, mode() WITHIN GROUP (ORDER BY user_id) AS busiest FROM events GROUP BY kind

-- name: aggregates_27 [engines: mysql]
SELECT category, GROUP_CONCAT(DISTINCT name ORDER BY name SEPARATOR '; ') AS names
FROM products
GROUP BY category

-- name: aggregates_28 [engines: mysql]
SELECT COUNT(DISTINCT customer_id, currency) AS pairs, BIT_OR(customer_id) AS bits FROM orders

-- name: aggregates_29 [engines: mysql]
SELECT status, ROUND(STDDEV_SAMP(amount), 3) AS sd, ROUND(VAR_POP(amount), 3) AS v
FROM orders
GROUP BY status

-- name: aggregates_30 [engines: mysql]
SELECT SUM(status = 'paid') AS paid, SUM(status = 'pending') AS pending, SUM(shipped_at IS NULL) AS unshipped, AVG(amount > 500) AS big_share
FROM orders

-- name: aggregates_31 [engines: sqlite]
SELECT category, group_concat(name, ', ') AS names, total(price) AS total
FROM (SELECT category, name, price FROM products ORDER BY category, name, id)
GROUP BY category

-- name: aggregates_32 [engines: sqlite]
SELECT count(*) FILTER (WHERE status = 'paid') AS paid, sum(amount) FILTER (WHERE currency = 'EUR') AS euro
FROM orders

-- name: aggregates_33 [engines: sqlite]
SELECT customer_id, max(amount), id AS order_id
FROM orders
WHERE customer_id IN (10, 19, 31)
GROUP BY customer_id

-- name: aggregates_34 [engines: sqlite]
SELECT sum(status = 'paid') AS paid, avg(amount > 500) AS big_share, sum(shipped_at IS NULL) AS unshipped FROM orders

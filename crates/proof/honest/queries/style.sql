-- name: style_01 [engines: postgres,mysql,sqlite]
SELECT t.* FROM regions t

-- name: style_02 [engines: postgres,mysql,sqlite]
SELECT * FROM regions

-- name: style_03 [engines: postgres,mysql,sqlite]
SELECT r.*, r.name AS again, 1 AS one FROM regions AS r

-- name: style_04 [engines: postgres,mysql,sqlite]
select o.ID, o.Status, AMOUNT from orders AS o where CURRENCY = 'EUR' and o.Amount > 700

-- name: style_05 [engines: postgres,sqlite]
select ID, Status, AMOUNT from Orders where STATUS = 'paid' and amount<>100 order by ID

-- name: style_06 [engines: postgres,sqlite]
SeLeCt CoUnT(*) As N FrOm (SeLeCt DiStInCt StAtUs FrOm OrDeRs) X

-- name: style_07 [engines: postgres,mysql,sqlite]
SELECT o.id "order", o.amount "Total" FROM orders o WHERE ((((o.amount > 900))) AND ((o.status) = ('paid')))

-- name: style_08 [engines: postgres,mysql,sqlite]
SELECT id AS month, amount AS value, status AS type, currency AS name FROM orders WHERE NOT (status = 'paid' OR NOT amount > 600)

-- name: style_09 [engines: postgres,mysql,sqlite]
SELECT id, amount * -1 AS minus, - amount AS neg, + amount AS pos, amount - -1 AS plus_one, 2 + 3 * 4 - (5 - 1) / 2 AS calc FROM orders WHERE amount != 50 AND amount <> 60

-- name: style_10 [engines: postgres,mysql,sqlite] [ordered]
SELECT id id, status s, amount a FROM orders ORDER BY 3 DESC, 1 ASC LIMIT 7

-- name: style_11 [engines: postgres,mysql,sqlite] [ordered]
SELECT category c, count(*) n FROM products GROUP BY category ORDER BY n DESC, c ASC

-- name: style_12 [engines: postgres,mysql,sqlite]
SELECT id
     , status
     , amount
  FROM orders
 WHERE amount >= 100
   AND amount <= 110.5
    OR status IN ( 'lost' , 'refunded' )
   AND currency = 'EUR'

-- name: style_13 [engines: postgres,mysql,sqlite]
SELECT 'a; b', 'c -- d', 'e /* f */', 'g''h', '"i"', '`j`', 'k%l_m', '', ' ', 'ü ß 漢字 😀', '{{n}}', '$1', '?', ':p', '[x]' FROM regions WHERE id = 1

-- name: style_14 [engines: postgres,mysql,sqlite]
SELECT count(*) FROM orders WHERE note = 'no; such -- note' OR note IS NOT NULL

-- name: style_15 [engines: postgres,mysql,sqlite]
SELECT id FROM orders WHERE status IN ('paid') AND id NOT IN (-1, -2) AND amount BETWEEN 10 AND 10 + 200 AND amount NOT BETWEEN 50 AND 60

-- name: style_16 [engines: postgres,mysql,sqlite]
SELECT 1

-- name: style_17 [engines: postgres,mysql,sqlite]
SELECT 1 + 1 AS two, 'x' AS x, NULL AS none_at_all, 1.5e2 AS e, 0.25 AS q, .5 AS half

-- name: style_18 [engines: postgres,mysql,sqlite]
SELECT NULL IS NULL AS t, 1 = 1 AS a, 1 <> 1 AS b, NOT 1 = 2 AS c FROM regions WHERE id <= 2

-- name: style_19 [engines: postgres,mysql,sqlite]
SELECT DISTINCT currency FROM orders ORDER BY currency DESC

-- name: style_20 [engines: postgres,mysql,sqlite]
SELECT ALL status FROM orders WHERE id % 2 = 1

-- name: style_21 [engines: postgres,mysql,sqlite]
SELECT orders.id, orders.amount FROM orders WHERE orders.amount > 990 ORDER BY orders.id

-- name: style_22 [engines: postgres,mysql,sqlite]
SELECT customers.*, orders.amount FROM customers INNER JOIN orders ON orders.customer_id = customers.id WHERE orders.amount > 960

-- name: style_23 [engines: postgres,mysql,sqlite]
SELECT count(1), count(*), count(id), sum(1), max('x') FROM orders

-- name: style_24 [engines: postgres,mysql,sqlite]
SELECT c.name AS customer_name, o.* FROM orders o JOIN customers c ON (c.id = o.customer_id) WHERE (o.amount > 500 AND o.status = 'paid') OR (o.amount > 900 AND (o.status = 'shipped' OR o.status = 'pending'))

-- name: style_25 [engines: postgres,mysql,sqlite]
SELECT CASE WHEN active = TRUE THEN 'on' WHEN active = FALSE THEN 'off' END AS state, count(*) AS n FROM products WHERE active IS NOT NULL GROUP BY active

-- name: style_26 [engines: postgres,mysql,sqlite]
SELECT tenant_id, count(*) AS n FROM orders GROUP BY tenant_id

-- name: style_27 [engines: postgres,mysql,sqlite]
SELECT o.id FROM orders o WHERE o.tenant_id = 'acme'

-- name: style_28 [engines: postgres,mysql,sqlite]
SELECT o.tenant_id, c.tenant_id AS c_tenant, count(*) AS n FROM orders o JOIN customers c ON c.id = o.customer_id AND c.tenant_id = o.tenant_id GROUP BY o.tenant_id, c.tenant_id

-- name: style_29 [engines: postgres,sqlite]
SELECT "x"."id" FROM (SELECT 1 AS id) "x" WHERE 'x' = 'x'

-- name: style_30 [engines: postgres,mysql,sqlite]
SELECT x.n AS count, x.m AS max FROM (SELECT count(*) AS n, max(amount) AS m FROM orders) AS x

-- name: style_31 [engines: postgres,mysql,sqlite]
SELECT id FROM orders ORDER BY CASE WHEN status = 'pending' THEN 0 ELSE 1 END, amount DESC, id LIMIT 12

-- name: style_32 [engines: postgres,mysql,sqlite]
SELECT id, status FROM orders WHERE status LIKE '%ed' ORDER BY length(status), id LIMIT 3 OFFSET 1

-- name: style_33 [engines: postgres,mysql,sqlite]
SELECT (SELECT 1) AS one, ((2)) AS two, (SELECT max(id) FROM regions) AS three

-- name: style_34 [engines: postgres,mysql,sqlite]
SELECT o.id, i.id AS item_id FROM orders AS o JOIN order_items AS i ON i.order_id = o.id AND 1 = 1 WHERE i.quantity = 1 AND o.amount < 200

-- name: style_35 [engines: postgres,sqlite]
SELECT "o"."id" AS "Order No.", "o"."amount" AS "Amount (€)", "status" AS "select" FROM "orders" AS "o" WHERE "o"."amount" > 900 ORDER BY "Order No."

-- name: style_36 [engines: postgres,sqlite]
SELECT status AS "a ""quoted"" name", count(*) AS "group" FROM orders GROUP BY "status" ORDER BY "group" DESC, 1

-- name: style_37 [engines: postgres,sqlite]
SELECT id FROM orders WHERE (customer_id, currency) IN (SELECT customer_id, currency FROM orders ORDER BY id LIMIT 1) OR note IS DISTINCT FROM NULL

-- name: style_38 [engines: postgres]
SELECT * FROM app.orders WHERE app.orders.amount > 900

-- name: style_39 [engines: postgres]
SELECT app.orders.* FROM app.orders JOIN app.customers ON app.customers.id = app.orders.customer_id WHERE customers.score > 90

-- name: style_40 [engines: postgres]
SELECT "app"."customers"."name" FROM "app"."customers" ORDER BY "app"."customers"."name", id

-- name: style_41 [engines: postgres]
SELECT amount::numeric(10, 1), amount::float8, CAST(amount AS integer) AS i, '2024-01-01'::date AS d, date '2024-02-02' AS d2, int4 '7' AS seven, 'x'::varchar(3), 5::text || 'a' AS t FROM orders WHERE id % 100 = 1

-- name: style_42 [engines: postgres]
SELECT o FROM (SELECT id, status FROM orders WHERE amount > 980) o

-- name: style_43 [engines: postgres]
SELECT (o).id, (o).status FROM (SELECT t AS o FROM (SELECT id, status FROM orders WHERE amount > 980) t) x

-- name: style_44 [engines: postgres]
SELECT count(o) AS n, count(DISTINCT o.*) AS distinct_rows FROM regions o

-- name: style_45 [engines: postgres]
SELECT id, amount FROM orders WHERE amount > 900 IS TRUE AND (note IS NULL) IS NOT FALSE AND status !~~ 'x%' AND NOT amount < ALL ('{1,2}') ORDER BY amount USING >, id LIMIT ALL OFFSET 0

-- name: style_46 [engines: postgres]
SELECT EXISTS (SELECT FROM orders WHERE amount > 900) AS any_big, ROW(1, 2) = (SELECT 1, 2) AS same

-- name: style_47 [engines: postgres]
SELECT id "from", status "where" FROM orders WHERE amount > 950 ORDER BY "from" NULLS FIRST FETCH FIRST ROW ONLY

-- name: style_48 [engines: postgres]
SELECT n % 7 AS m, n ^ 2 AS sq, |/ n::float8 AS root, @ (-n) AS a, n & 3 AS b, n | 8 AS o, n # 5 AS x, n << 1 AS l FROM numbers WHERE n <= 6

-- name: style_49 [engines: postgres]
SELECT current_setting('server_encoding') IS NOT NULL AS has_encoding, pg_typeof(1) AS t, 1 AS "Ünï"

-- name: style_50 [engines: postgres]
SELECT sum(amount) AS total FROM ONLY orders o

-- name: style_51 [engines: postgres]
SELECT id, amount FROM orders TABLESAMPLE BERNOULLI (100) REPEATABLE (1) WHERE amount > 950

-- name: style_52 [engines: postgres]
SELECT c.name, o.id FROM customers c JOIN orders o ON o.customer_id = c.id AND o.amount > 900 WINDOW w AS (ORDER BY c.id)

-- name: style_53 [engines: postgres]
SELECT * FROM (VALUES (1, 'one'), (2, 'two')) AS v (n, word) NATURAL JOIN (SELECT id AS n, name FROM regions) r

-- name: style_54 [engines: postgres]
SELECT region_id AS "Id", k.cnt FROM regions AS r (region_id, label) LEFT JOIN (SELECT region_id, count(*) FROM countries GROUP BY 1) AS k (region_id, cnt) USING (region_id) WHERE false OR true ORDER BY 1 LIMIT 3

-- name: style_55 [engines: mysql]
SELECT `o`.`id` AS `Order No.`, `o`.`amount` AS `Amount (€)`, `status` AS `select` FROM `orders` AS `o` WHERE `o`.`amount` > 900 ORDER BY `Order No.`

-- name: style_56 [engines: mysql]
SELECT o.id 'order id', o.status "the status" FROM orders o WHERE o.status = "paid" AND o.amount > 900

-- name: style_57 [engines: mysql]
SELECT status AS `a ``quoted`` name`, COUNT(*) AS `group` FROM orders GROUP BY `status` ORDER BY `group` DESC, 1

-- name: style_58 [engines: mysql]
SELECT id, amount FROM orders WHERE NOT status = 'paid' && amount > 800 || amount > 990

-- name: style_59 [engines: mysql]
SELECT 7 DIV 2 AS d, 7 MOD 2 AS m, 7 % 2 AS p, !0 AS n, ~0 & 255 AS inv, 1 << 4 AS s, 5 ^ 1 AS x, 6 | 1 AS o, 1 XOR 0 AS xr, 0x41 AS h, x'42' AS h2, b'101' + 0 AS b

-- name: style_60 [engines: mysql]
SELECT id, status, @@version IS NULL AS never FROM orders WHERE amount > 990

-- name: style_61 [engines: mysql]
SELECT SQL_NO_CACHE id FROM orders FORCE INDEX (PRIMARY) WHERE id % 100 = 1

-- name: style_62 [engines: mysql]
SELECT COUNT(*) AS n FROM DUAL WHERE 1 = 1

-- name: style_63 [engines: mysql]
SELECT status, amount, COUNT(*) AS n FROM orders WHERE amount = 39.25 OR amount = 1269 GROUP BY status, amount ORDER BY NULL

-- name: style_64 [engines: mysql]
SELECT CAST(amount AS UNSIGNED) AS u, CAST(amount AS DOUBLE) AS d, CAST(placed_at AS CHAR) AS c, CAST('2024-01-05' AS DATETIME) AS dt, CONVERT('12', UNSIGNED INTEGER) AS i, CAST(id AS BINARY) AS b FROM orders WHERE amount > 980

-- name: style_65 [engines: mysql]
SELECT TRUE AS t, FALSE AS f, NULL AS n, id IS TRUE AS it, status IN ('paid', NULL) AS x FROM orders WHERE (status, currency) = ('paid', 'EUR') OR amount BETWEEN 0x0A AND 30

-- name: style_66 [engines: mysql]
SELECT status, amount FROM orders GROUP BY status, amount HAVING amount > 900 AND status REGEXP 'p' ORDER BY status DESC, amount

-- name: style_67 [engines: sqlite]
SELECT [o].[id] AS [Order No.], `o`.`amount` AS `Amount`, "o"."status" AS "select" FROM [orders] AS [o] WHERE o.amount > 900

-- name: style_68 [engines: sqlite]
SELECT main.orders.id, orders.status FROM main.orders WHERE main.orders.amount == 39.25 OR orders.amount >= 2000

-- name: style_69 [engines: sqlite]
SELECT x'41' AS blob_a, 0x1F AS hex, 1e3 AS thousand, 7 / 2 AS d, 7 % 2 AS m, 1 << 4 AS s, ~5 AS inv, 'a' || 1 || NULL AS n, 5 IS 5 AS same, 5 IS NOT NULL AS nn, id ISNULL AS i, id NOTNULL AS nn2 FROM regions

-- name: style_70 [engines: sqlite]
SELECT count(*) AS n FROM orders WHERE status IN (SELECT 'paid' UNION SELECT 'lost') AND +amount > 100 AND likely(currency = 'EUR')

-- name: style_71 [engines: sqlite]
SELECT cast(amount AS text) AS t, cast('12abc' AS integer) AS i, cast(amount AS real) AS r, cast(sku AS blob) = sku AS b, typeof(price) AS k FROM orders JOIN products USING (id)

-- name: style_72 [engines: sqlite]
SELECT * FROM orders NOT INDEXED WHERE amount > 980

-- name: style_73 [engines: sqlite]
SELECT id, total_changes() >= 0 AS ok, max(1, 2, 3) AS three, coalesce(note, status) AS c, nullif(1, 1) AS n, abs(-3) AS a, round(2.5) AS r, sign(-2) AS s FROM orders ORDER BY id LIMIT 3

-- name: style_74 [engines: sqlite]
SELECT * FROM (VALUES (1, 'one'), (2, 'two')) AS v JOIN regions r ON r.id = v.column1

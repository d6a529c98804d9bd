-- name: strings_01 [engines: postgres,mysql,sqlite]
SELECT upper(name) AS loud, lower(sku) AS quiet, length(name) AS len FROM products

-- name: strings_02 [engines: postgres,mysql,sqlite]
SELECT name FROM customers WHERE name LIKE 'Gr_ta%' OR name LIKE '% Smith' OR name LIKE '%O''Brien'

-- name: strings_03 [engines: postgres,mysql,sqlite]
SELECT substr(sku, 1, 2) AS prefix, count(*) AS n FROM products GROUP BY substr(sku, 1, 2)

-- name: strings_04 [engines: postgres,mysql,sqlite]
SELECT id, note FROM orders WHERE note LIKE '%50#%%' ESCAPE '#' OR note = 'gift'

-- name: strings_05 [engines: postgres,mysql,sqlite]
SELECT id, replace(replace(note, ' ', '_'), '-', '') AS slug FROM orders WHERE note IS NOT NULL

-- name: strings_06 [engines: postgres,mysql,sqlite]
SELECT id, trim(note) AS note, coalesce(nullif(trim(note), 'gift'), 'plain') AS label FROM orders

-- name: strings_07 [engines: postgres,mysql,sqlite]
SELECT substring(name, 1, 3) AS start, count(*) AS n FROM customers GROUP BY substring(name, 1, 3)

-- name: strings_08 [engines: postgres,mysql,sqlite]
SELECT count(*) AS n FROM orders WHERE note LIKE '%ünï%' OR note = 'naïve – ünïcode ✓'

-- name: strings_09 [engines: postgres,mysql,sqlite]
SELECT id, note FROM orders WHERE note LIKE '%!_%' ESCAPE '!'

-- name: strings_10 [engines: postgres,mysql,sqlite]
SELECT id, CASE WHEN note LIKE '%-- %' THEN 'comment; or not?' ELSE 'it''s "plain" /* text */' END AS remark FROM orders WHERE note IS NOT NULL

-- name: strings_11 [engines: postgres,mysql,sqlite]
SELECT lower(email) AS email, count(*) AS n FROM customers WHERE email NOT LIKE '%shop.north%' GROUP BY lower(email)

-- name: strings_12 [engines: postgres,mysql,sqlite]
SELECT name, length(name) - length(replace(name, 'a', '')) AS count_of_a FROM products ORDER BY 2 DESC, id LIMIT 8

-- name: strings_13 [engines: postgres,mysql,sqlite]
SELECT DISTINCT lower(trim(status)) AS status, 'x;y' AS semi, '%s' AS percent, '😀' AS smile FROM orders

-- name: strings_14 [engines: postgres,sqlite]
SELECT id, name || ' <' || coalesce(email, 'no mail') || '>' AS contact FROM customers

-- name: strings_15 [engines: postgres,mysql]
SELECT concat(name, ' (', country, ')') AS label, concat_ws(', ', country, email, score) AS details FROM customers

-- name: strings_16 [engines: postgres,mysql]
SELECT left(sku, 2) AS l, right(sku, 2) AS r, lpad(category, 10, '.') AS padded, reverse(category) AS mirrored FROM products

-- name: strings_17 [engines: postgres,mysql]
SELECT position('@' IN email) AS at_sign, char_length(email) AS len, count(*) AS n FROM customers WHERE email IS NOT NULL GROUP BY 1, 2

-- name: strings_18 [engines: postgres,mysql]
SELECT repeat('*', length(status)) AS bar, max(length(note)) AS longest FROM orders GROUP BY 1 HAVING count(*) > 3

-- name: strings_19 [engines: postgres]
SELECT split_part(email, '@', 2) AS domain, count(*) FROM customers WHERE email IS NOT NULL GROUP BY 1

-- name: strings_20 [engines: postgres]
SELECT name FROM customers WHERE name ~ '^[A-D].*[nr]$' AND name !~* 'smith'

-- name: strings_21 [engines: postgres]
SELECT name FROM customers WHERE name ILIKE 'k%' OR name ~~ 'Y%' OR name SIMILAR TO '%(Ito|Klein)'

-- name: strings_22 [engines: postgres]
SELECT regexp_replace(sku, '[^0-9]', '', 'g')::int AS no, (regexp_match(sku, '^([A-Z]+)-'))[1] AS prefix FROM products

-- name: strings_23 [engines: postgres]
SELECT w, count(*) FROM products p, regexp_split_to_table(lower(p.name), '\s+') AS w GROUP BY w

-- name: strings_24 [engines: postgres]
SELECT id, initcap(category), format('%s costs %s', name, price) AS line, translate(sku, 'AC', 'xy') AS t, md5(sku) AS digest FROM products

-- name: strings_25 [engines: postgres]
SELECT repeat('█', (count(*) / 4)::int) AS bar, status FROM orders GROUP BY status

-- name: strings_26 [engines: postgres]
SELECT substring(email FROM '@(.*)$') AS domain, substring(c.name FROM 1 FOR 2) AS two, overlay(sku PLACING '##' FROM 1 FOR 2) AS hidden FROM customers c JOIN products USING (id) WHERE email IS NOT NULL

-- name: strings_27 [engines: postgres]
SELECT E'tab\there' AS tabbed, 'back\slash' AS back, $$it's $1 "quoted"$$ AS dollar, $q$;--$q$ AS odd, U&'\00e9t\00e9' AS uni, note FROM orders WHERE note LIKE 'see C:\\temp%' OR note = 'bolt only'

-- name: strings_28 [engines: postgres]
SELECT strpos(name, ' ') AS gap, btrim(name, 'AO') AS cut, ascii(name) AS code, chr(65) AS letter, starts_with(name, 'A') AS a FROM customers

-- name: strings_29 [engines: postgres]
SELECT (regexp_matches(tags, '([a-z]+)', 'g'))[1] AS word, id FROM products WHERE tags IS NOT NULL

-- name: strings_30 [engines: mysql]
SELECT SUBSTRING_INDEX(email, '@', -1) AS domain, COUNT(*) AS n FROM customers WHERE email IS NOT NULL GROUP BY domain

-- name: strings_31 [engines: mysql]
SELECT name FROM customers WHERE name REGEXP '^[A-D].*[nr]$' AND name NOT RLIKE 'smith'

-- name: strings_32 [engines: mysql]
SELECT REGEXP_REPLACE(sku, '[^0-9]', '') + 0 AS no, REGEXP_SUBSTR(sku, '^[A-Z]+') AS prefix, REGEXP_INSTR(sku, '[1-9]') AS first_digit FROM products

-- name: strings_33 [engines: mysql]
SELECT FORMAT(SUM(amount), 2) AS total, CONCAT(UPPER(LEFT(status, 1)), SUBSTRING(status, 2)) AS title FROM orders GROUP BY status

-- name: strings_34 [engines: mysql]
SELECT id, note FROM orders WHERE note LIKE 'see C:\\\\temp%' OR note = 'see C:\\temp\\list'

-- name: strings_35 [engines: mysql]
SELECT 'it\'s' AS a, "double ""quoted"" text" AS b, 'tab\there' AS c, N'national' AS d, _utf8mb4'x' AS e, 'con' 'cat' AS f, COUNT(*) AS n FROM orders

-- name: strings_36 [engines: mysql]
SELECT LOCATE(' ', name) AS gap, INSTR(name, 'a') AS a, MID(name, 2, 3) AS m, STRCMP(name, 'M') AS cmp, ASCII(name) AS code, FIND_IN_SET('b', 'a,b') AS f FROM customers

-- name: strings_37 [engines: mysql]
SELECT id, name FROM products WHERE FIND_IN_SET('eco', tags) OR FIND_IN_SET('pro', tags)

-- name: strings_38 [engines: mysql]
SELECT MD5(sku) AS digest, HEX(SUBSTRING(sku, 1, 2)) AS hexed, REPEAT('*', price DIV 10) AS bar, SPACE(2) AS gap, INSERT(sku, 1, 2, '##') AS hidden FROM products

-- name: strings_39 [engines: mysql]
SELECT name COLLATE utf8mb4_bin AS n, CONVERT(sku USING utf8mb4) AS s, BINARY sku = 'ac-0001' AS same FROM products WHERE name LIKE BINARY 'E%' OR name LIKE BINARY 'S%'

-- name: strings_40 [engines: sqlite]
SELECT substr(email, instr(email, '@') + 1) AS domain, count(*) AS n FROM customers WHERE email IS NOT NULL GROUP BY domain

-- name: strings_41 [engines: sqlite]
SELECT name FROM customers WHERE name GLOB 'A*' OR name GLOB '[VW]*' ORDER BY name COLLATE NOCASE, id

-- name: strings_42 [engines: sqlite]
SELECT printf('%05d|%.2f|%s', id, price, name) AS line, hex(substr(sku, 1, 2)) AS hexed, unicode(name) AS code, char(65, 66) AS ab, quote(note) AS quoted FROM products LEFT JOIN (SELECT id, note FROM orders) USING (id)

-- name: strings_43 [engines: sqlite]
SELECT upper(substr(status, 1, 1)) || substr(status, 2) AS title, format('%,d', count(*)) AS n FROM orders GROUP BY status

-- name: strings_44 [engines: sqlite]
SELECT id FROM orders WHERE note LIKE 'see C:\temp%' OR note = 'see C:\temp\list' OR note LIKE '%TODO -- %'

-- name: strings_45 [engines: sqlite]
SELECT ltrim(sku, 'ACBO-') AS digits, rtrim(name, 'rl') AS cut, replace(name, ' ', char(10)) AS two_lines FROM products

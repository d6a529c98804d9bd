-- name: json_01 [engines: mysql,sqlite]
SELECT json_extract(meta, '$.priority') AS priority, count(*) AS n FROM orders GROUP BY json_extract(meta, '$.priority')

-- name: json_02 [engines: mysql,sqlite]
SELECT id, json_extract(meta, '$.tags[0]') AS first_tag FROM orders WHERE json_extract(meta, '$.address.city') IS NOT NULL

-- name: json_03 [engines: mysql,sqlite]
SELECT sum(json_extract(payload, '$.ms')) AS ms FROM events WHERE json_valid(payload)

-- name: json_04 [engines: mysql,sqlite]
SELECT json_array(1, 2, 3) AS three, count(*) AS n FROM orders WHERE json_extract(meta, '$.coupon') IS NOT NULL

-- name: json_05 [engines: postgres]
SELECT meta ->> 'channel' AS channel, count(*) AS n FROM orders GROUP BY 1

-- name: json_06 [engines: postgres]
SELECT meta -> 'address' ->> 'city' AS city, sum(amount) FROM orders GROUP BY meta -> 'address' ->> 'city'

-- name: json_07 [engines: postgres]
SELECT id, meta #>> '{tags,0}' AS first_tag, meta #> '{address,zip}' AS zip FROM orders WHERE meta ? 'coupon'

-- name: json_08 [engines: postgres]
SELECT id FROM orders WHERE meta @> '{"channel": "app", "gift": true}'

-- name: json_09 [engines: postgres]
SELECT id FROM orders WHERE meta ?| array['coupon', 'voucher'] AND NOT meta ?& array['coupon', 'voucher']

-- name: json_10 [engines: postgres]
SELECT t.tag, count(*) AS n FROM orders o CROSS JOIN LATERAL jsonb_array_elements_text(o.meta -> 'tags') AS t (tag) GROUP BY t.tag

-- name: json_11 [engines: postgres]
SELECT k.key, count(*) AS n FROM orders o, jsonb_object_keys(o.meta) AS k (key) GROUP BY k.key

-- name: json_12 [engines: postgres]
SELECT e.key, count(DISTINCT e.value::text) AS variants FROM events v, jsonb_each(v.payload) AS e WHERE e.value <> 'null' GROUP BY e.key

-- name: json_13 [engines: postgres]
SELECT (payload ->> 'ms')::int / 100 AS bucket, count(*) FROM events GROUP BY 1

-- name: json_14 [engines: postgres]
SELECT jsonb_build_object('status', status, 'n', count(*), 'total', sum(amount)) AS doc FROM orders GROUP BY status

-- name: json_15 [engines: postgres]
SELECT jsonb_agg(name ORDER BY name, id) AS names, json_agg(price ORDER BY id) AS prices FROM products WHERE category IN ('Toys', 'Tools')

-- name: json_16 [engines: postgres]
SELECT to_jsonb(r) AS region FROM regions r

-- name: json_17 [engines: postgres]
SELECT o.id, r.channel, r.priority FROM orders o, jsonb_to_record(o.meta) AS r (channel text, priority int) WHERE r.priority = 3

-- name: json_18 [engines: postgres]
SELECT id, jsonb_typeof(payload -> 'ref') AS kind, coalesce(payload ->> 'ref', 'direct') AS ref FROM events WHERE jsonb_array_length(payload -> 'items') = 2

-- name: json_19 [engines: postgres]
SELECT id, jsonb_path_query_first(payload, '$.items[*] ? (@ > 3)') AS big FROM events WHERE payload @? '$.items[*] ? (@ > 4)'

-- name: json_20 [engines: postgres]
SELECT x.item, count(*) FROM events e, jsonb_array_elements(e.payload -> 'items') WITH ORDINALITY AS x (item, pos) WHERE x.pos = 1 GROUP BY x.item

-- name: json_21 [engines: postgres]
SELECT jsonb_pretty(jsonb_set(meta, '{channel}', '"unknown"') - 'tags') AS doc FROM orders WHERE id % 10000 = 6

-- name: json_22 [engines: postgres]
SELECT row_to_json(t) AS line FROM (SELECT id, name, score FROM customers WHERE country = 'JP' OR country = 'CA') t

-- name: json_23 [engines: postgres]
SELECT id, jsonb_strip_nulls(payload) AS p, payload ->> 'page' AS page FROM events WHERE payload['ab'] = '"A"' AND kind = 'cart'

-- name: json_24 [engines: mysql]
SELECT JSON_UNQUOTE(JSON_EXTRACT(meta, '$.channel')) AS channel, COUNT(*) AS n FROM orders GROUP BY channel

-- name: json_25 [engines: mysql]
SELECT JSON_VALUE(meta, '$.address.city') AS city, SUM(amount) AS total FROM orders GROUP BY city

-- name: json_26 [engines: mysql]
SELECT id FROM orders WHERE JSON_CONTAINS(meta, '"t1"', '$.tags') AND JSON_EXISTS(meta, '$.coupon')

-- name: json_27 [engines: mysql]
SELECT t.tag, COUNT(*) AS n FROM orders o, JSON_TABLE(o.meta, '$.tags[*]' COLUMNS (tag VARCHAR(20) PATH '$')) AS t GROUP BY t.tag

-- name: json_28 [engines: mysql]
SELECT e.id, j.pos, j.item FROM events e JOIN JSON_TABLE(e.payload, '$.items[*]' COLUMNS (pos FOR ORDINALITY, item INT PATH '$')) j ON j.item > 5

-- name: json_29 [engines: mysql,sqlite]
SELECT JSON_OBJECT('status', status, 'n', COUNT(*)) AS doc FROM orders GROUP BY status

-- name: json_30 [engines: mysql]
SELECT category, JSON_ARRAYAGG(price ORDER BY price) AS prices FROM products GROUP BY category

-- name: json_31 [engines: mysql]
SELECT JSON_OBJECTAGG(code, rate) AS rates FROM (SELECT code, rate FROM currencies ORDER BY code) c

-- name: json_32 [engines: mysql]
SELECT JSON_LENGTH(meta, '$.tags') AS n, JSON_TYPE(JSON_EXTRACT(meta, '$.gift')) AS t, COUNT(*) AS c, JSON_KEYS(MIN(meta)) AS k FROM orders GROUP BY n, t

-- name: json_33 [engines: mysql]
SELECT id, JSON_SEARCH(meta, 'one', 'Lyon') AS where_it_is FROM orders WHERE JSON_SEARCH(meta, 'one', 'Lyon') IS NOT NULL

-- name: json_34 [engines: sqlite]
SELECT meta ->> '$.channel' AS channel, count(*) AS n FROM orders GROUP BY channel

-- name: json_35 [engines: sqlite]
SELECT meta -> 'address' ->> 'city' AS city, sum(amount) AS total FROM orders GROUP BY city

-- name: json_36 [engines: sqlite]
SELECT t.value AS tag, count(*) AS n FROM orders o, json_each(o.meta, '$.tags') t GROUP BY t.value

-- name: json_37 [engines: sqlite]
SELECT e.id, i.key AS pos, i.value AS item FROM events e JOIN json_each(e.payload, '$.items') i ON i.value > 5

-- name: json_38 [engines: sqlite]
SELECT fullkey, count(*) AS n FROM orders, json_tree(orders.meta) WHERE atom IS NOT NULL GROUP BY fullkey

-- name: json_39 [engines: sqlite]
SELECT category, json_group_array(price) AS prices FROM (SELECT category, price FROM products ORDER BY category, price, id) GROUP BY category

-- name: json_40 [engines: sqlite]
SELECT json_type(meta, '$.priority') AS t, json_array_length(meta, '$.tags') AS n, count(*) AS c FROM orders GROUP BY 1, 2

-- name: json_41 [engines: sqlite]
SELECT json_group_object(code, rate) AS rates FROM (SELECT code, rate FROM currencies ORDER BY code)

-- name: lateral_01 [engines: postgres]
SELECT c.id, l.n FROM customers c, LATERAL (SELECT count(*) AS n FROM orders o WHERE o.customer_id = c.id) l WHERE l.n > 3

-- name: lateral_02 [engines: postgres]
SELECT p.id, s.* FROM products p LEFT JOIN LATERAL (SELECT x.supplier_id, x.cost FROM supplies x WHERE x.product_id = p.id ORDER BY x.cost, x.supplier_id LIMIT 1) s ON TRUE

-- name: lateral_03 [engines: postgres]
SELECT m.month, t.status, t.n FROM generate_series(timestamp '2024-01-01', '2024-12-01', interval '1 month') AS m (month) JOIN LATERAL (SELECT o.status, count(*) AS n FROM orders o WHERE o.placed_at >= m.month AND o.placed_at < m.month + interval '1 month' GROUP BY o.status) t ON true

-- name: lateral_04 [engines: postgres]
SELECT e.id, up.name, up2.name AS boss_of_boss FROM employees e CROSS JOIN LATERAL (SELECT m.name, m.manager_id FROM employees m WHERE m.id = e.manager_id) up LEFT JOIN LATERAL (SELECT b.name FROM employees b WHERE b.id = up.manager_id) up2 ON true

-- name: lateral_05 [engines: postgres]
SELECT o.id, calc.net, calc.net * 0.25 AS tax FROM orders o CROSS JOIN LATERAL (SELECT o.amount * c.rate AS net FROM currencies c WHERE c.code = o.currency) AS calc WHERE calc.net > 800

-- name: lateral_06 [engines: postgres]
SELECT s.id, d.day::date FROM subscriptions s, generate_series(s.started::timestamp, least(s.ended, s.started + 3)::timestamp, '1 day') AS d (day) WHERE s.ended IS NOT NULL

-- name: lateral_07 [engines: postgres]
SELECT c.name, (SELECT l.total FROM LATERAL (SELECT sum(o.amount) AS total FROM orders o WHERE o.customer_id = c.id) l) AS total FROM customers c WHERE c.score < 20

-- name: lateral_08 [engines: postgres]
SELECT u.user_id, n.kind AS next_kind FROM events u JOIN LATERAL (SELECT e.kind FROM events e WHERE e.user_id = u.user_id AND e.at > u.at ORDER BY e.at, e.id LIMIT 1) n ON n.kind <> u.kind WHERE u.kind = 'cart'

-- name: dates_01 [engines: postgres,mysql,sqlite]
SELECT id, placed_at FROM orders WHERE placed_at BETWEEN '2024-02-01' AND '2024-02-29 23:59:59'

-- name: dates_02 [engines: postgres,mysql,sqlite]
SELECT count(*) FROM employees WHERE hired < '2020-01-01' AND hired >= '2016-01-01'

-- name: dates_03 [engines: postgres,mysql,sqlite]
SELECT c.year, c.month, count(*) AS hires FROM employees e JOIN calendar c ON c.month = 1 AND c.day_of_month = 1 AND e.hired < c.day GROUP BY c.year, c.month

-- name: dates_04 [engines: postgres,mysql,sqlite]
SELECT s.id, count(c.day) AS days FROM subscriptions s JOIN calendar c ON c.day >= s.started AND (s.ended IS NULL OR c.day < s.ended) WHERE c.year = 2024 GROUP BY s.id

-- name: dates_05 [engines: postgres,mysql,sqlite]
SELECT o.id FROM orders o WHERE o.shipped_at IS NOT NULL AND o.shipped_at > (SELECT min(c.day) FROM calendar c WHERE c.day > o.placed_at AND c.weekday = 1)

-- name: dates_06 [engines: postgres,mysql]
SELECT EXTRACT(YEAR FROM placed_at) AS y, EXTRACT(MONTH FROM placed_at) AS m, count(*) AS n FROM orders GROUP BY 1, 2

-- name: dates_07 [engines: postgres,mysql]
SELECT CAST(placed_at AS date) AS d, sum(amount) AS total FROM orders WHERE placed_at >= DATE '2024-06-01' GROUP BY CAST(placed_at AS date)

-- name: dates_08 [engines: postgres,mysql]
SELECT id FROM orders WHERE placed_at > TIMESTAMP '2024-11-01 12:00:00'

-- name: dates_09 [engines: postgres,mysql]
SELECT count(*) AS n FROM orders WHERE EXTRACT(HOUR FROM placed_at) BETWEEN 8 AND 17

-- name: dates_10 [engines: postgres]
SELECT id, shipped_at - placed_at AS took, extract(epoch FROM shipped_at - placed_at) / 3600 AS hours FROM orders WHERE shipped_at IS NOT NULL

-- name: dates_11 [engines: postgres]
SELECT avg(shipped_at - placed_at) AS mean_time, max(shipped_at - placed_at) AS worst FROM orders

-- name: dates_12 [engines: postgres]
SELECT id, placed_at + interval '1 month' AS due, placed_at::date + 14 AS reminder, (placed_at AT TIME ZONE 'UTC') AT TIME ZONE 'Europe/Vienna' AS local_time FROM orders WHERE status = 'pending'

-- name: dates_13 [engines: postgres]
SELECT age(date '2025-01-01', hired) AS tenure, date_part('year', age('2025-01-01'::timestamp, hired)) AS years, name FROM employees

-- name: dates_14 [engines: postgres]
SELECT to_char(placed_at, 'Dy DD Mon YYYY HH24:MI') AS nice, to_date('2024/03/05', 'YYYY/MM/DD') AS d, make_date(2024, 2, 29) AS leap FROM orders WHERE amount > 990

-- name: dates_15 [engines: postgres]
SELECT date_trunc('month', d)::date AS first, (date_trunc('month', d) + interval '1 month - 1 day')::date AS last FROM generate_series(date '2024-01-15', date '2024-06-15', '1 month') d

-- name: dates_16 [engines: postgres]
SELECT id FROM orders WHERE placed_at >= date_trunc('month', timestamp '2024-05-17') AND placed_at < date_trunc('month', timestamp '2024-05-17') + INTERVAL '1' MONTH

-- name: dates_17 [engines: postgres]
SELECT count(*) FILTER (WHERE ended_at - started_at > '1 hour') AS long, justify_interval(sum(ended_at - started_at)) AS total, to_timestamp(0) AT TIME ZONE 'UTC' AS epoch FROM sessions

-- name: dates_18 [engines: postgres]
SELECT isfinite(max(hired)) AS ok, date '2024-01-31' + interval '1 month' AS clamp, interval '1 day 02:00' * 3 AS thrice, extract(doy from max(hired)) AS doy FROM employees

-- name: dates_19 [engines: mysql]
SELECT id, DATEDIFF(shipped_at, placed_at) AS days, TIMESTAMPDIFF(HOUR, placed_at, shipped_at) AS hours, TIMEDIFF(shipped_at, placed_at) AS t FROM orders WHERE shipped_at IS NOT NULL

-- name: dates_20 [engines: mysql]
SELECT id, DATE_ADD(placed_at, INTERVAL 1 MONTH) AS due, placed_at + INTERVAL 14 DAY AS reminder, DATE_SUB(placed_at, INTERVAL '1 2' DAY_HOUR) AS before_that, ADDDATE(placed_at, 3) AS d3 FROM orders WHERE status = 'pending'

-- name: dates_21 [engines: mysql]
SELECT TIMESTAMPDIFF(YEAR, hired, '2025-01-01') AS years, COUNT(*) AS n FROM employees GROUP BY years

-- name: dates_22 [engines: mysql]
SELECT DATE_FORMAT(placed_at, '%a %d %b %Y %H:%i') AS nice, STR_TO_DATE('05.03.2024', '%d.%m.%Y') AS d, MAKEDATE(2024, 60) AS leap, MONTHNAME(placed_at) AS m FROM orders WHERE amount > 990

-- name: dates_23 [engines: mysql]
SELECT WEEK(placed_at, 1) AS w, DAYOFWEEK(placed_at) AS dow, WEEKDAY(placed_at) AS wd, DAYOFYEAR(placed_at) AS doy, TO_DAYS(placed_at) - TO_DAYS('2023-01-01') AS since FROM orders

-- name: dates_24 [engines: mysql]
SELECT YEAR(placed_at) AS y, MONTH(placed_at) AS m, DAY(placed_at) AS d, TIME(placed_at) AS t, SEC_TO_TIME(AVG(TIME_TO_SEC(TIME(placed_at)))) AS mean_time FROM orders WHERE currency = 'GBP' OR currency = 'EUR' GROUP BY y, m, d, t

-- name: dates_25 [engines: mysql]
SELECT CONVERT_TZ('2024-03-05 12:00:00', '+00:00', '+02:00') AS local_time, PERIOD_DIFF(202412, 202403) AS months, MAKETIME(1, 2, 3) AS t, COUNT(*) AS n FROM orders WHERE placed_at >= '2024-01-01' + INTERVAL 3 MONTH

-- name: dates_26 [engines: sqlite]
SELECT id, round(julianday(shipped_at) - julianday(placed_at), 3) AS days, cast((julianday(shipped_at) - julianday(placed_at)) * 24 AS integer) AS hours FROM orders WHERE shipped_at IS NOT NULL

-- name: dates_27 [engines: sqlite]
SELECT id, date(placed_at, '+1 month') AS due, datetime(placed_at, '+14 days', 'start of day') AS reminder, time(placed_at) AS t FROM orders WHERE status = 'pending'

-- name: dates_28 [engines: sqlite]
SELECT cast(strftime('%Y', '2025-01-01') - strftime('%Y', hired) AS integer) AS years, count(*) AS n FROM employees GROUP BY 1

-- name: dates_29 [engines: sqlite]
SELECT strftime('%d.%m.%Y %H:%M', placed_at) AS nice, strftime('%j', placed_at) AS doy, strftime('%W', placed_at) AS w, strftime('%s', placed_at) - strftime('%s', '2023-01-01') AS seconds FROM orders WHERE amount > 990

-- name: dates_30 [engines: sqlite]
SELECT substr('JanFebMarAprMayJunJulAugSepOctNovDec', strftime('%m', placed_at) * 3 - 2, 3) AS m, count(*) AS n FROM orders GROUP BY m

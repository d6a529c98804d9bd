-- The world of the honest queries for SQLite: two tenants, acme and bolt. Equal data on the three engines;
-- arithmetic only, and all amounts are whole quarters, so that sums are exact in binary too.

CREATE TABLE numbers (
  n integer NOT NULL,
  PRIMARY KEY (n)
);

CREATE TABLE regions (
  id integer NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE countries (
  code text NOT NULL,
  name text NOT NULL,
  region_id integer NOT NULL,
  PRIMARY KEY (code)
);

CREATE TABLE currencies (
  code text NOT NULL,
  rate numeric(12,4) NOT NULL,
  PRIMARY KEY (code)
);

CREATE TABLE calendar (
  day text NOT NULL,
  next_day text NOT NULL,
  year integer NOT NULL,
  quarter integer NOT NULL,
  month integer NOT NULL,
  day_of_month integer NOT NULL,
  weekday integer NOT NULL,
  is_weekend boolean NOT NULL,
  PRIMARY KEY (day)
);

CREATE TABLE customers (
  id integer NOT NULL,
  tenant_id text NOT NULL,
  name text NOT NULL,
  email text,
  country text NOT NULL,
  signed_up text NOT NULL,
  score integer,
  referred_by integer,
  PRIMARY KEY (id)
);

CREATE TABLE products (
  id integer NOT NULL,
  tenant_id text NOT NULL,
  sku text NOT NULL,
  name text NOT NULL,
  category text NOT NULL,
  price numeric(12,2) NOT NULL,
  tags text,
  active boolean NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE orders (
  id integer NOT NULL,
  tenant_id text NOT NULL,
  customer_id integer NOT NULL,
  status text NOT NULL,
  amount numeric(12,2) NOT NULL,
  currency text NOT NULL,
  placed_at text NOT NULL,
  shipped_at text,
  note text,
  meta text NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE order_items (
  id integer NOT NULL,
  order_id integer NOT NULL,
  product_id integer NOT NULL,
  quantity integer NOT NULL,
  price numeric(12,2) NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE returns (
  id integer NOT NULL,
  order_item_id integer NOT NULL,
  returned_on text NOT NULL,
  quantity integer NOT NULL,
  reason text,
  PRIMARY KEY (id)
);

CREATE TABLE events (
  id integer NOT NULL,
  tenant_id text NOT NULL,
  user_id integer NOT NULL,
  kind text NOT NULL,
  at text NOT NULL,
  duration_ms integer,
  payload text NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE sessions (
  id integer NOT NULL,
  tenant_id text NOT NULL,
  customer_id integer NOT NULL,
  started_at text NOT NULL,
  ended_at text,
  device text NOT NULL,
  pages integer NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE employees (
  id integer NOT NULL,
  tenant_id text NOT NULL,
  name text NOT NULL,
  manager_id integer,
  salary numeric(12,2) NOT NULL,
  hired text NOT NULL,
  department text NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE accounts (
  id integer NOT NULL,
  tenant_id text NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  parent_id integer,
  PRIMARY KEY (id)
);

CREATE TABLE ledger (
  id integer NOT NULL,
  account_id integer NOT NULL,
  booked text NOT NULL,
  amount numeric(12,2) NOT NULL,
  memo text,
  PRIMARY KEY (id)
);

CREATE TABLE subscriptions (
  id integer NOT NULL,
  tenant_id text NOT NULL,
  customer_id integer NOT NULL,
  plan text NOT NULL,
  started text NOT NULL,
  ended text,
  mrr numeric(12,2) NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE suppliers (
  id integer NOT NULL,
  tenant_id text NOT NULL,
  name text NOT NULL,
  country text NOT NULL,
  balance numeric(12,2) NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE supplies (
  product_id integer NOT NULL,
  supplier_id integer NOT NULL,
  cost numeric(12,2) NOT NULL,
  available integer NOT NULL,
  PRIMARY KEY (product_id, supplier_id)
);

CREATE TABLE warehouses (
  id integer NOT NULL,
  tenant_id text NOT NULL,
  name text NOT NULL,
  country text NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE stock (
  warehouse_id integer NOT NULL,
  product_id integer NOT NULL,
  counted_on text NOT NULL,
  on_hand integer NOT NULL,
  PRIMARY KEY (warehouse_id, product_id, counted_on)
);

INSERT INTO numbers (n)
SELECT a.d * 100 + b.d * 10 + c.d + 1
FROM (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) a
CROSS JOIN (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) b
CROSS JOIN (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) c;

INSERT INTO regions (id, name) VALUES (1, 'Europe'), (2, 'Americas'), (3, 'Asia'), (4, 'Oceania');

INSERT INTO countries (code, name, region_id) VALUES
  ('DE', 'Germany', 1), ('FR', 'France', 1), ('AT', 'Austria', 1), ('GB', 'United Kingdom', 1), ('SE', 'Sweden', 1),
  ('US', 'United States', 2), ('BR', 'Brazil', 2), ('CA', 'Canada', 2), ('MX', 'Mexico', 2),
  ('JP', 'Japan', 3), ('IN', 'India', 3), ('CI', 'Côte d''Ivoire', 1);

INSERT INTO currencies (code, rate) VALUES ('EUR', 1), ('USD', 0.875), ('GBP', 1.125), ('JPY', 0.0625);

INSERT INTO calendar (day, next_day, year, quarter, month, day_of_month, weekday, is_weekend)
SELECT date('2022-12-31', (n) || ' days'),
  date('2022-12-31', (n + 1) || ' days'),
  cast(strftime('%Y', date('2022-12-31', (n) || ' days')) as integer),
  (cast(strftime('%m', date('2022-12-31', (n) || ' days')) as integer) + 2) / 3,
  cast(strftime('%m', date('2022-12-31', (n) || ' days')) as integer),
  cast(strftime('%d', date('2022-12-31', (n) || ' days')) as integer),
  (cast(strftime('%w', date('2022-12-31', (n) || ' days')) as integer) + 6) % 7 + 1,
  (cast(strftime('%w', date('2022-12-31', (n) || ' days')) as integer) + 6) % 7 > 4
FROM numbers
WHERE n <= 731;

INSERT INTO customers (id, tenant_id, name, email, country, signed_up, score, referred_by)
SELECT n,
  'acme',
  ((CASE n % 11 WHEN 0 THEN 'Anna' WHEN 1 THEN 'Bruno' WHEN 2 THEN 'Chloé' WHEN 3 THEN 'David' WHEN 4 THEN 'Elif' WHEN 5 THEN 'Félix' WHEN 6 THEN 'Greta' WHEN 7 THEN 'Hiro' WHEN 8 THEN 'Ines' WHEN 9 THEN 'Jürgen' WHEN 10 THEN 'Kaja' END) || ' ' || (CASE n % 13 WHEN 0 THEN 'Adler' WHEN 1 THEN 'Brandt' WHEN 2 THEN 'O''Brien' WHEN 3 THEN 'Dupont' WHEN 4 THEN 'Eriksen' WHEN 5 THEN 'Fischer' WHEN 6 THEN 'García' WHEN 7 THEN 'Huber' WHEN 8 THEN 'Ito' WHEN 9 THEN 'Jansen' WHEN 10 THEN 'Klein' WHEN 11 THEN 'Lévy' WHEN 12 THEN 'Moser' END)),
  CASE WHEN n % 17 = 0 THEN NULL ELSE ((CASE WHEN (n - CASE WHEN n % 40 = 0 THEN 1 ELSE 0 END) % 3 = 0 THEN 'Info' ELSE 'user' END) || printf('%04d', (n - CASE WHEN n % 40 = 0 THEN 1 ELSE 0 END)) || '@shop.' || (CASE (n - CASE WHEN n % 40 = 0 THEN 1 ELSE 0 END) % 4 WHEN 0 THEN 'north.' ELSE '' END) || 'mail.example') END,
  CASE (n * 7) % 10 WHEN 0 THEN 'DE' WHEN 1 THEN 'FR' WHEN 2 THEN 'US' WHEN 3 THEN 'AT' WHEN 4 THEN 'GB' WHEN 5 THEN 'JP' WHEN 6 THEN 'DE' WHEN 7 THEN 'BR' WHEN 8 THEN 'DE' WHEN 9 THEN 'FR' END,
  date('2022-06-01', ((n * 9) % 600) || ' days'),
  CASE WHEN n % 13 = 0 THEN NULL ELSE (n * 37) % 101 END,
  CASE WHEN n % 4 = 0 THEN (n) / 4 END
FROM numbers
WHERE n <= 160;

INSERT INTO products (id, tenant_id, sku, name, category, price, tags, active)
SELECT n,
  'acme',
  ('AC-' || printf('%04d', n)),
  ((CASE n % 7 WHEN 0 THEN 'Red' WHEN 1 THEN 'Large' WHEN 2 THEN 'Eco' WHEN 3 THEN 'Tiny' WHEN 4 THEN 'Classic' WHEN 5 THEN 'Folding' WHEN 6 THEN 'Smart' END) || ' ' || (CASE n % 9 WHEN 0 THEN 'Chair' WHEN 1 THEN 'Lamp' WHEN 2 THEN 'Notebook' WHEN 3 THEN 'Spade' WHEN 4 THEN 'Kettle' WHEN 5 THEN 'Robot' WHEN 6 THEN 'Desk' WHEN 7 THEN 'Pan' WHEN 8 THEN 'Atlas' END)),
  CASE n % 5 WHEN 0 THEN 'Garden' WHEN 1 THEN 'Kitchen' WHEN 2 THEN 'Books' WHEN 3 THEN 'Toys' WHEN 4 THEN 'Office' END,
  ((n * 53) % 400 + 8) / 4.0,
  CASE n % 6 WHEN 0 THEN 'new,eco' WHEN 1 THEN 'sale' WHEN 2 THEN NULL WHEN 3 THEN 'eco,sale,last' WHEN 4 THEN 'new' WHEN 5 THEN 'gift,eco' END,
  n % 9 <> 0
FROM numbers
WHERE n <= 60;

INSERT INTO orders (id, tenant_id, customer_id, status, amount, currency, placed_at, shipped_at, note, meta)
SELECT n,
  'acme',
  1 + (n * n + 7 * n) % 147,
  CASE (n * 7 + (n) / 10) % 10 WHEN 0 THEN 'paid' WHEN 1 THEN 'paid' WHEN 2 THEN 'paid' WHEN 3 THEN 'shipped' WHEN 4 THEN 'shipped' WHEN 5 THEN 'paid' WHEN 6 THEN 'pending' WHEN 7 THEN 'cancelled' WHEN 8 THEN 'refunded' WHEN 9 THEN 'shipped' END,
  ((n * 137) % 4000 + 20) / 4.0,
  CASE n % 5 WHEN 0 THEN 'EUR' WHEN 1 THEN 'EUR' WHEN 2 THEN 'USD' WHEN 3 THEN 'EUR' WHEN 4 THEN 'GBP' END,
  datetime('2023-01-01 00:00:00', (n * 3280 + n % 7 * 611) || ' minutes'),
  CASE WHEN (CASE (n * 7 + (n) / 10) % 10 WHEN 0 THEN 'paid' WHEN 1 THEN 'paid' WHEN 2 THEN 'paid' WHEN 3 THEN 'shipped' WHEN 4 THEN 'shipped' WHEN 5 THEN 'paid' WHEN 6 THEN 'pending' WHEN 7 THEN 'cancelled' WHEN 8 THEN 'refunded' WHEN 9 THEN 'shipped' END) IN ('pending', 'cancelled', 'lost') OR n % 23 = 0 THEN NULL ELSE datetime(datetime('2023-01-01 00:00:00', (n * 3280 + n % 7 * 611) || ' minutes'), ((1 + n % 9) * 1440 + n % 11 * 37) || ' minutes') END,
  CASE n % 16 WHEN 0 THEN NULL WHEN 1 THEN 'gift' WHEN 2 THEN NULL WHEN 3 THEN 'call first' WHEN 4 THEN NULL WHEN 5 THEN '50% off' WHEN 6 THEN NULL WHEN 7 THEN 'customer''s wish' WHEN 8 THEN NULL WHEN 9 THEN 'see C:\temp\list' WHEN 10 THEN NULL WHEN 11 THEN 'naïve – ünïcode ✓' WHEN 12 THEN NULL WHEN 13 THEN 'TODO -- check' WHEN 14 THEN NULL WHEN 15 THEN 'under_score' END,
  ('{"channel":"' || (CASE n % 4 WHEN 0 THEN 'web' WHEN 1 THEN 'app' WHEN 2 THEN 'shop' WHEN 3 THEN 'phone' END) || '","priority":' || (n % 3 + 1) || ',"gift":' || (CASE WHEN n % 16 = 1 THEN 'true' ELSE 'false' END) || ',"tags":["t' || (n % 5) || '","u' || (n % 3) || '"],"address":{"city":"' || (CASE n % 5 WHEN 0 THEN 'Graz' WHEN 1 THEN 'Lyon' WHEN 2 THEN 'Kyoto' WHEN 3 THEN 'Bremen' WHEN 4 THEN 'Recife' END) || '","zip":"' || (8000 + n % 50) || '"}' || (CASE WHEN n % 6 = 0 THEN (',"coupon":"SAVE' || (n % 4 * 5) || '"') ELSE '' END) || '}')
FROM numbers
WHERE n <= 320;

INSERT INTO order_items (id, order_id, product_id, quantity, price)
SELECT o.n * 10 + k.n,
  o.n,
  (o.n * 3 + k.n * 11) % 56 + 1,
  1 + (o.n + k.n * 3) % 5,
  ((((o.n * 3 + k.n * 11) % 56 + 1) * 53) % 400 + 8 + k.n) / 4.0
FROM numbers o JOIN numbers k ON k.n <= 4
WHERE o.n <= 320 AND k.n <= 1 + o.n % 4;

INSERT INTO returns (id, order_item_id, returned_on, quantity, reason)
SELECT n,
  n * 60 + 1,
  date('2023-02-01', (n * 14) || ' days'),
  1 + n % 2,
  CASE n % 4 WHEN 0 THEN 'too small' WHEN 1 THEN 'broken' WHEN 2 THEN NULL WHEN 3 THEN 'late' END
FROM numbers
WHERE n <= 50;

INSERT INTO events (id, tenant_id, user_id, kind, at, duration_ms, payload)
SELECT n,
  'acme',
  1 + ((n - 1) / 5 * 13) % 40,
  CASE (n - 1) % 5 WHEN 0 THEN 'visit' WHEN 1 THEN 'view' WHEN 2 THEN CASE WHEN ((n - 1) / 5) % 3 = 0 THEN 'view' ELSE 'cart' END WHEN 3 THEN CASE WHEN ((n - 1) / 5) % 3 = 0 THEN 'search' WHEN ((n - 1) / 5) % 4 = 1 THEN 'view' ELSE 'checkout' END ELSE CASE WHEN ((n - 1) / 5) % 5 < 2 THEN 'exit' WHEN ((n - 1) / 5) % 3 = 0 THEN 'signup' ELSE 'purchase' END END,
  datetime('2024-03-01 06:00:00', (((n - 1) / 5) * 700 + (n - 1) % 5 * 9 + n % 4) || ' minutes'),
  CASE WHEN n % 11 = 0 THEN NULL ELSE (n * n * 31) % 5000 END,
  ('{"page":"/p/' || (n % 12) || '","ab":"' || (CASE WHEN n % 2 = 0 THEN 'A' ELSE 'B' END) || '","ms":' || (n * 17 % 900) || ',"items":[' || (n % 7) || ',' || (n % 3) || '],"ref":' || (CASE WHEN n % 5 = 0 THEN 'null' ELSE ('"' || (CASE n % 3 WHEN 0 THEN 'mail' WHEN 1 THEN 'ad' WHEN 2 THEN 'none' END) || '"') END) || '}')
FROM numbers
WHERE n <= 400;

INSERT INTO sessions (id, tenant_id, customer_id, started_at, ended_at, device, pages)
SELECT n,
  'acme',
  1 + (n * 11) % 130,
  datetime('2024-01-01 08:00:00', (n * 1500 + n % 13 * 47) || ' minutes'),
  CASE WHEN n % 10 = 0 THEN NULL ELSE datetime(datetime('2024-01-01 08:00:00', (n * 1500 + n % 13 * 47) || ' minutes'), (3 + n * 7 % 90) || ' minutes') END,
  CASE n % 5 WHEN 0 THEN 'phone' WHEN 1 THEN 'desktop' WHEN 2 THEN 'tablet' WHEN 3 THEN 'phone' WHEN 4 THEN 'desktop' END,
  1 + n * n % 19
FROM numbers
WHERE n <= 200;

INSERT INTO employees (id, tenant_id, name, manager_id, salary, hired, department)
SELECT n,
  'acme',
  ((CASE (n * 3) % 11 WHEN 0 THEN 'Anna' WHEN 1 THEN 'Bruno' WHEN 2 THEN 'Chloé' WHEN 3 THEN 'David' WHEN 4 THEN 'Elif' WHEN 5 THEN 'Félix' WHEN 6 THEN 'Greta' WHEN 7 THEN 'Hiro' WHEN 8 THEN 'Ines' WHEN 9 THEN 'Jürgen' WHEN 10 THEN 'Kaja' END) || ' ' || (CASE (n * 5) % 13 WHEN 0 THEN 'Adler' WHEN 1 THEN 'Brandt' WHEN 2 THEN 'O''Brien' WHEN 3 THEN 'Dupont' WHEN 4 THEN 'Eriksen' WHEN 5 THEN 'Fischer' WHEN 6 THEN 'García' WHEN 7 THEN 'Huber' WHEN 8 THEN 'Ito' WHEN 9 THEN 'Jansen' WHEN 10 THEN 'Klein' WHEN 11 THEN 'Lévy' WHEN 12 THEN 'Moser' END)),
  CASE WHEN n > 1 THEN 1 + (n - 2) / 3 END,
  ((n * 613) % 12000 + 12000 + (40000) / n) / 4.0,
  date('2015-03-01', ((n * 97) % 3200) || ' days'),
  CASE n % 4 WHEN 0 THEN 'Sales' WHEN 1 THEN 'Engineering' WHEN 2 THEN 'Support' WHEN 3 THEN 'Finance' END
FROM numbers
WHERE n <= 40;

INSERT INTO accounts (id, tenant_id, code, name, kind, parent_id)
SELECT n,
  'acme',
  ((CASE (n - 1) % 4 WHEN 0 THEN '1' WHEN 1 THEN '2' WHEN 2 THEN '3' WHEN 3 THEN '4' END) || printf('%03d', n * 10)),
  ((CASE (n - 1) % 4 WHEN 0 THEN 'Assets' WHEN 1 THEN 'Liabilities' WHEN 2 THEN 'Income' WHEN 3 THEN 'Expenses' END) || (CASE WHEN n > 4 THEN (' ' || n) ELSE '' END)),
  CASE (n - 1) % 4 WHEN 0 THEN 'asset' WHEN 1 THEN 'liability' WHEN 2 THEN 'income' WHEN 3 THEN 'expense' END,
  CASE WHEN n > 4 THEN n - 4 END
FROM numbers
WHERE n <= 16;

INSERT INTO ledger (id, account_id, booked, amount, memo)
SELECT n,
  1 + (n * 3 + (n) / 16) % 16,
  date('2024-01-01', (n * 29 % 366) || ' days'),
  ((n * 271) % 6000 - 2000) / 4.0,
  CASE n % 5 WHEN 0 THEN 'rent' WHEN 1 THEN NULL WHEN 2 THEN 'sale' WHEN 3 THEN 'fee' WHEN 4 THEN 'transfer' END
FROM numbers
WHERE n <= 250;

INSERT INTO subscriptions (id, tenant_id, customer_id, plan, started, ended, mrr)
SELECT n,
  'acme',
  1 + (n * 17) % 120,
  CASE n % 3 WHEN 0 THEN 'basic' WHEN 1 THEN 'pro' WHEN 2 THEN 'team' END,
  date('2023-01-01', ((n * 23) % 640) || ' days'),
  CASE WHEN n % 3 = 1 THEN NULL ELSE date('2023-01-01', ((n * 23) % 640 + 40 + n * 11 % 250) || ' days') END,
  (40 + n % 3 * 120) / 4.0
FROM numbers
WHERE n <= 90;

INSERT INTO suppliers (id, tenant_id, name, country, balance)
SELECT n,
  'acme',
  ('Supplier ' || char(64 + n)),
  CASE n % 10 WHEN 0 THEN 'DE' WHEN 1 THEN 'FR' WHEN 2 THEN 'US' WHEN 3 THEN 'AT' WHEN 4 THEN 'GB' WHEN 5 THEN 'JP' WHEN 6 THEN 'DE' WHEN 7 THEN 'BR' WHEN 8 THEN 'DE' WHEN 9 THEN 'FR' END,
  ((n * 877) % 8000 - 1500) / 4.0
FROM numbers
WHERE n <= 12;

INSERT INTO supplies (product_id, supplier_id, cost, available)
SELECT p.n,
  1 + (p.n + k.n * 5) % 12,
  ((p.n * 29 + k.n * 61) % 300 + 4) / 4.0,
  (p.n * 19 + k.n * 7) % 90
FROM numbers p JOIN numbers k ON k.n <= 3
WHERE p.n <= 60 AND k.n <= 3;

INSERT INTO warehouses (id, tenant_id, name, country)
SELECT n,
  'acme',
  ('Hall ' || n),
  CASE n % 3 WHEN 0 THEN 'AT' WHEN 1 THEN 'DE' WHEN 2 THEN 'FR' END
FROM numbers
WHERE n <= 3;

INSERT INTO stock (warehouse_id, product_id, counted_on, on_hand)
SELECT w.n,
  p.n,
  date('2024-01-31', (m.n * 30) || ' days'),
  (w.n * 31 + p.n * 17 + m.n * 13) % 80
FROM numbers w CROSS JOIN numbers p CROSS JOIN numbers m
WHERE w.n <= 3 AND p.n <= 20 AND m.n <= 4;

INSERT INTO customers (id, tenant_id, name, email, country, signed_up, score, referred_by)
SELECT 10000 + n,
  'bolt',
  ((CASE n % 7 WHEN 0 THEN 'Victor' WHEN 1 THEN 'Wanda' WHEN 2 THEN 'Xenia' WHEN 3 THEN 'Yusuf' WHEN 4 THEN 'Zoë' WHEN 5 THEN 'Uma' WHEN 6 THEN 'Tariq' END) || ' ' || (CASE n % 5 WHEN 0 THEN 'Smith' WHEN 1 THEN 'Patel' WHEN 2 THEN 'Nguyen' WHEN 3 THEN 'López' WHEN 4 THEN 'Brown' END)),
  CASE WHEN n % 17 = 0 THEN NULL ELSE ((CASE WHEN (n - CASE WHEN n % 40 = 0 THEN 1 ELSE 0 END) % 3 = 0 THEN 'Info' ELSE 'user' END) || printf('%04d', (n - CASE WHEN n % 40 = 0 THEN 1 ELSE 0 END)) || '@' || (CASE (n - CASE WHEN n % 40 = 0 THEN 1 ELSE 0 END) % 4 WHEN 0 THEN 'north.' ELSE '' END) || 'post.example') END,
  CASE (n * 21) % 7 WHEN 0 THEN 'US' WHEN 1 THEN 'CA' WHEN 2 THEN 'MX' WHEN 3 THEN 'IN' WHEN 4 THEN 'US' WHEN 5 THEN 'DE' WHEN 6 THEN 'US' END,
  date('2022-06-01', ((n * 23) % 600) || ' days'),
  CASE WHEN n % 13 = 0 THEN NULL ELSE (n * 111) % 101 END,
  CASE WHEN n % 4 = 0 THEN 10000 + (n) / 4 END
FROM numbers
WHERE n <= 120;

INSERT INTO products (id, tenant_id, sku, name, category, price, tags, active)
SELECT 10000 + n,
  'bolt',
  ('BO-' || printf('%04d', n)),
  ((CASE n % 4 WHEN 0 THEN 'Heavy' WHEN 1 THEN 'Steel' WHEN 2 THEN 'Quick' WHEN 3 THEN 'Blue' END) || ' ' || (CASE n % 5 WHEN 0 THEN 'Bolt' WHEN 1 THEN 'Drill' WHEN 2 THEN 'Wrench' WHEN 3 THEN 'Clamp' WHEN 4 THEN 'Saw' END)),
  CASE n % 3 WHEN 0 THEN 'Tools' WHEN 1 THEN 'Fixings' WHEN 2 THEN 'Safety' END,
  ((n * 159) % 400 + 400) / 4.0,
  CASE n % 6 WHEN 0 THEN 'pro' WHEN 1 THEN 'pro,bulk' WHEN 2 THEN NULL WHEN 3 THEN 'bulk' WHEN 4 THEN 'new,pro' WHEN 5 THEN 'import' END,
  n % 9 <> 0
FROM numbers
WHERE n <= 45;

INSERT INTO orders (id, tenant_id, customer_id, status, amount, currency, placed_at, shipped_at, note, meta)
SELECT 10000 + n,
  'bolt',
  10000 + 1 + (n * n + 21 * n) % 107,
  CASE (n * 7 + (n) / 10) % 10 WHEN 0 THEN 'shipped' WHEN 1 THEN 'paid' WHEN 2 THEN 'shipped' WHEN 3 THEN 'pending' WHEN 4 THEN 'shipped' WHEN 5 THEN 'paid' WHEN 6 THEN 'lost' WHEN 7 THEN 'cancelled' WHEN 8 THEN 'shipped' WHEN 9 THEN 'paid' END,
  ((n * 411) % 4000 + 5000) / 4.0,
  CASE n % 3 WHEN 0 THEN 'USD' WHEN 1 THEN 'USD' WHEN 2 THEN 'EUR' END,
  datetime('2023-01-01 00:00:00', (n * 4700 + n % 7 * 611) || ' minutes'),
  CASE WHEN (CASE (n * 7 + (n) / 10) % 10 WHEN 0 THEN 'shipped' WHEN 1 THEN 'paid' WHEN 2 THEN 'shipped' WHEN 3 THEN 'pending' WHEN 4 THEN 'shipped' WHEN 5 THEN 'paid' WHEN 6 THEN 'lost' WHEN 7 THEN 'cancelled' WHEN 8 THEN 'shipped' WHEN 9 THEN 'paid' END) IN ('pending', 'cancelled', 'lost') OR n % 23 = 0 THEN NULL ELSE datetime(datetime('2023-01-01 00:00:00', (n * 4700 + n % 7 * 611) || ' minutes'), ((1 + n % 9) * 1440 + n % 11 * 37) || ' minutes') END,
  CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN 'bolt only' WHEN 2 THEN NULL WHEN 3 THEN 'gift' END,
  ('{"channel":"' || (CASE n % 4 WHEN 0 THEN 'web' WHEN 1 THEN 'app' WHEN 2 THEN 'shop' WHEN 3 THEN 'phone' END) || '","priority":' || (n % 3 + 1) || ',"gift":' || (CASE WHEN n % 16 = 1 THEN 'true' ELSE 'false' END) || ',"tags":["t' || (n % 5) || '","u' || (n % 3) || '"],"address":{"city":"' || (CASE n % 2 WHEN 0 THEN 'Austin' WHEN 1 THEN 'Pune' END) || '","zip":"' || (8000 + n % 50) || '"}' || (CASE WHEN n % 6 = 0 THEN (',"coupon":"SAVE' || (n % 4 * 5) || '"') ELSE '' END) || '}')
FROM numbers
WHERE n <= 220;

INSERT INTO order_items (id, order_id, product_id, quantity, price)
SELECT 100000 + o.n * 10 + k.n,
  10000 + o.n,
  10000 + (o.n * 9 + k.n * 11) % 41 + 1,
  1 + (o.n + k.n * 3) % 5,
  ((((o.n * 9 + k.n * 11) % 41 + 1) * 159) % 400 + 400 + k.n) / 4.0
FROM numbers o JOIN numbers k ON k.n <= 4
WHERE o.n <= 220 AND k.n <= 1 + o.n % 4;

INSERT INTO returns (id, order_item_id, returned_on, quantity, reason)
SELECT 10000 + n,
  100000 + n * 9 * 10 + 1,
  date('2023-02-01', (n * 30) || ' days'),
  1 + n % 2,
  CASE n % 4 WHEN 0 THEN 'too small' WHEN 1 THEN 'broken' WHEN 2 THEN NULL WHEN 3 THEN 'late' END
FROM numbers
WHERE n <= 20;

INSERT INTO events (id, tenant_id, user_id, kind, at, duration_ms, payload)
SELECT 10000 + n,
  'bolt',
  10000 + 1 + ((n - 1) / 5 * 5) % 30,
  CASE (n - 1) % 5 WHEN 0 THEN 'visit' WHEN 1 THEN 'view' WHEN 2 THEN CASE WHEN ((n - 1) / 5) % 3 = 0 THEN 'view' ELSE 'cart' END WHEN 3 THEN CASE WHEN ((n - 1) / 5) % 3 = 0 THEN 'search' WHEN ((n - 1) / 5) % 4 = 1 THEN 'view' ELSE 'checkout' END ELSE CASE WHEN ((n - 1) / 5) % 5 < 1 THEN 'exit' WHEN ((n - 1) / 5) % 3 = 0 THEN 'signup' ELSE 'purchase' END END,
  datetime('2024-03-01 06:00:00', (((n - 1) / 5) * 950 + (n - 1) % 5 * 9 + n % 4) || ' minutes'),
  CASE WHEN n % 11 = 0 THEN NULL ELSE (n * n * 93) % 5000 END,
  ('{"page":"/p/' || (n % 12) || '","ab":"' || (CASE WHEN n % 2 = 0 THEN 'A' ELSE 'B' END) || '","ms":' || (n * 17 % 900) || ',"items":[' || (n % 7) || ',' || (n % 3) || '],"ref":' || (CASE WHEN n % 5 = 0 THEN 'null' ELSE ('"' || (CASE n % 3 WHEN 0 THEN 'mail' WHEN 1 THEN 'ad' WHEN 2 THEN 'none' END) || '"') END) || '}')
FROM numbers
WHERE n <= 300;

INSERT INTO sessions (id, tenant_id, customer_id, started_at, ended_at, device, pages)
SELECT 10000 + n,
  'bolt',
  10000 + 1 + (n * 33) % 90,
  datetime('2024-01-01 08:00:00', (n * 1900 + n % 13 * 47) || ' minutes'),
  CASE WHEN n % 10 = 0 THEN NULL ELSE datetime(datetime('2024-01-01 08:00:00', (n * 1900 + n % 13 * 47) || ' minutes'), (3 + n * 7 % 90) || ' minutes') END,
  CASE n % 5 WHEN 0 THEN 'phone' WHEN 1 THEN 'desktop' WHEN 2 THEN 'tablet' WHEN 3 THEN 'phone' WHEN 4 THEN 'desktop' END,
  1 + n * n % 19
FROM numbers
WHERE n <= 150;

INSERT INTO employees (id, tenant_id, name, manager_id, salary, hired, department)
SELECT 10000 + n,
  'bolt',
  ((CASE (n * 3) % 7 WHEN 0 THEN 'Victor' WHEN 1 THEN 'Wanda' WHEN 2 THEN 'Xenia' WHEN 3 THEN 'Yusuf' WHEN 4 THEN 'Zoë' WHEN 5 THEN 'Uma' WHEN 6 THEN 'Tariq' END) || ' ' || (CASE (n * 5) % 5 WHEN 0 THEN 'Smith' WHEN 1 THEN 'Patel' WHEN 2 THEN 'Nguyen' WHEN 3 THEN 'López' WHEN 4 THEN 'Brown' END)),
  CASE WHEN n > 1 THEN 10000 + 1 + (n - 2) / 3 END,
  ((n * 1839) % 12000 + 12000 + (40000) / n) / 4.0,
  date('2015-03-01', ((n * 291) % 3200) || ' days'),
  CASE n % 3 WHEN 0 THEN 'Plant' WHEN 1 THEN 'Sales' WHEN 2 THEN 'Logistics' END
FROM numbers
WHERE n <= 30;

INSERT INTO accounts (id, tenant_id, code, name, kind, parent_id)
SELECT 10000 + n,
  'bolt',
  ((CASE (n - 1) % 4 WHEN 0 THEN '1' WHEN 1 THEN '2' WHEN 2 THEN '3' WHEN 3 THEN '4' END) || printf('%03d', n * 10)),
  ((CASE (n - 1) % 4 WHEN 0 THEN 'Assets' WHEN 1 THEN 'Liabilities' WHEN 2 THEN 'Income' WHEN 3 THEN 'Expenses' END) || (CASE WHEN n > 4 THEN (' ' || n) ELSE '' END)),
  CASE (n - 1) % 4 WHEN 0 THEN 'asset' WHEN 1 THEN 'liability' WHEN 2 THEN 'income' WHEN 3 THEN 'expense' END,
  CASE WHEN n > 4 THEN 10000 + n - 4 END
FROM numbers
WHERE n <= 16;

INSERT INTO ledger (id, account_id, booked, amount, memo)
SELECT 10000 + n,
  10000 + 1 + (n * 9 + (n) / 16) % 16,
  date('2024-01-01', (n * 87 % 366) || ' days'),
  ((n * 813) % 6000 - 2000) / 4.0,
  CASE n % 5 WHEN 0 THEN 'rent' WHEN 1 THEN NULL WHEN 2 THEN 'sale' WHEN 3 THEN 'fee' WHEN 4 THEN 'transfer' END
FROM numbers
WHERE n <= 200;

INSERT INTO subscriptions (id, tenant_id, customer_id, plan, started, ended, mrr)
SELECT 10000 + n,
  'bolt',
  10000 + 1 + (n * 51) % 80,
  CASE n % 3 WHEN 0 THEN 'basic' WHEN 1 THEN 'pro' WHEN 2 THEN 'team' END,
  date('2023-01-01', ((n * 69) % 640) || ' days'),
  CASE WHEN n % 3 = 1 THEN NULL ELSE date('2023-01-01', ((n * 69) % 640 + 40 + n * 11 % 250) || ' days') END,
  (60 + n % 3 * 200) / 4.0
FROM numbers
WHERE n <= 60;

INSERT INTO suppliers (id, tenant_id, name, country, balance)
SELECT 10000 + n,
  'bolt',
  ('Supplier ' || char(64 + n)),
  CASE n % 7 WHEN 0 THEN 'US' WHEN 1 THEN 'CA' WHEN 2 THEN 'MX' WHEN 3 THEN 'IN' WHEN 4 THEN 'US' WHEN 5 THEN 'DE' WHEN 6 THEN 'US' END,
  ((n * 2631) % 8000 - 1500) / 4.0
FROM numbers
WHERE n <= 10;

INSERT INTO supplies (product_id, supplier_id, cost, available)
SELECT 10000 + p.n,
  10000 + 1 + (p.n + k.n * 3) % 10,
  ((p.n * 87 + k.n * 61) % 300 + 4) / 4.0,
  (p.n * 19 + k.n * 7) % 90
FROM numbers p JOIN numbers k ON k.n <= 3
WHERE p.n <= 45 AND k.n <= 3;

INSERT INTO warehouses (id, tenant_id, name, country)
SELECT 10000 + n,
  'bolt',
  ('Hall ' || n),
  CASE n % 3 WHEN 0 THEN 'US' WHEN 1 THEN 'CA' WHEN 2 THEN 'MX' END
FROM numbers
WHERE n <= 2;

INSERT INTO stock (warehouse_id, product_id, counted_on, on_hand)
SELECT 10000 + w.n,
  10000 + p.n,
  date('2024-01-31', (m.n * 30) || ' days'),
  (w.n * 31 + p.n * 51 + m.n * 13) % 80
FROM numbers w CROSS JOIN numbers p CROSS JOIN numbers m
WHERE w.n <= 2 AND p.n <= 25 AND m.n <= 4;

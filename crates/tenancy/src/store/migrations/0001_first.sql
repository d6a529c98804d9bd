-- One text for SQLite and PostgreSQL: TEXT, BIGINT and the blob type that `{blob}` stands for.
-- Times are microseconds since the epoch. Structured fields are JSON in TEXT columns named `body`.

-- The one writer's ticket: every change takes the next number first, which serialises writers on both
-- engines, so a reader that has seen `seq` n has seen every change up to n.
CREATE TABLE change_counter (only_row BIGINT PRIMARY KEY CHECK (only_row = 1), seq BIGINT NOT NULL);
INSERT INTO change_counter (only_row, seq) VALUES (1, 0);

CREATE TABLE audit (
  seq BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  tenant TEXT,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX audit_by_tenant ON audit (tenant, seq);

-- An owner of content: the operator's library, or a tenant.
CREATE TABLE space (id TEXT PRIMARY KEY);
INSERT INTO space (id) VALUES ('library');

CREATE TABLE tenant (
  id TEXT PRIMARY KEY REFERENCES space (id) ON DELETE CASCADE,
  slug TEXT NOT NULL UNIQUE,
  number BIGINT NOT NULL UNIQUE,
  parent TEXT REFERENCES tenant (id),
  status TEXT NOT NULL,
  body TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX tenant_by_parent ON tenant (parent);

CREATE TABLE source (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  number BIGINT NOT NULL UNIQUE,
  body TEXT NOT NULL,
  sealed {blob},
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE placement (
  tenant TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  source TEXT NOT NULL REFERENCES source (id),
  body TEXT NOT NULL,
  sealed {blob},
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, source)
);
CREATE INDEX placement_by_source ON placement (source);

-- A digest of a location or of a login: one tenant's at most, whatever the data source.
CREATE TABLE placement_claim (
  claim TEXT PRIMARY KEY,
  tenant TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE
);
CREATE INDEX placement_claim_by_tenant ON placement_claim (tenant);

CREATE TABLE collection (
  owner TEXT NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  number BIGINT NOT NULL,
  slug TEXT,
  collection TEXT,
  body TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (owner, id),
  UNIQUE (owner, slug),
  UNIQUE (owner, number),
  FOREIGN KEY (owner, collection) REFERENCES collection (owner, id)
);

CREATE TABLE card (
  owner TEXT NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  number BIGINT NOT NULL,
  slug TEXT,
  collection TEXT,
  source TEXT NOT NULL REFERENCES source (id),
  body TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (owner, id),
  UNIQUE (owner, slug),
  UNIQUE (owner, number),
  FOREIGN KEY (owner, collection) REFERENCES collection (owner, id)
);
CREATE INDEX card_by_source ON card (source);
CREATE INDEX card_by_collection ON card (owner, collection);

CREATE TABLE dashboard (
  owner TEXT NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  number BIGINT NOT NULL,
  slug TEXT,
  collection TEXT,
  body TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (owner, id),
  UNIQUE (owner, slug),
  UNIQUE (owner, number),
  FOREIGN KEY (owner, collection) REFERENCES collection (owner, id)
);
CREATE INDEX dashboard_by_collection ON dashboard (owner, collection);

CREATE TABLE dashboard_card (
  owner TEXT NOT NULL,
  dashboard TEXT NOT NULL,
  card TEXT NOT NULL,
  PRIMARY KEY (owner, dashboard, card),
  FOREIGN KEY (owner, dashboard) REFERENCES dashboard (owner, id) ON DELETE CASCADE,
  FOREIGN KEY (owner, card) REFERENCES card (owner, id)
);
CREATE INDEX dashboard_card_by_card ON dashboard_card (owner, card);

CREATE TABLE snippet (
  owner TEXT NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  number BIGINT NOT NULL,
  slug TEXT,
  collection TEXT,
  body TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (owner, id),
  UNIQUE (owner, slug),
  UNIQUE (owner, number),
  FOREIGN KEY (owner, collection) REFERENCES collection (owner, id)
);

-- `owner` is always the library: the composite keys then refuse anything else.
CREATE TABLE publication (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL DEFAULT 'library' CHECK (owner = 'library'),
  collection TEXT,
  dashboard TEXT,
  card TEXT,
  body TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  FOREIGN KEY (owner, collection) REFERENCES collection (owner, id) ON DELETE CASCADE,
  FOREIGN KEY (owner, dashboard) REFERENCES dashboard (owner, id) ON DELETE CASCADE,
  FOREIGN KEY (owner, card) REFERENCES card (owner, id) ON DELETE CASCADE
);

CREATE TABLE api_key (
  tenant TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE,
  digest {blob} NOT NULL UNIQUE,
  parent TEXT,
  body TEXT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT,
  last_used_at BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, parent) REFERENCES api_key (tenant, id)
);

CREATE TABLE operator_key (
  id TEXT PRIMARY KEY,
  digest {blob} NOT NULL UNIQUE,
  body TEXT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT,
  last_used_at BIGINT,
  created_at BIGINT NOT NULL
);

CREATE TABLE embed_key (
  tenant TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,
  sealed {blob},
  parent TEXT,
  revoked_at BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, parent) REFERENCES api_key (tenant, id)
);

-- Answers to creations that carried an Idempotency-Key, sealed because some hold a secret shown once.
CREATE TABLE idempotency (
  principal TEXT NOT NULL,
  request TEXT NOT NULL,
  digest {blob} NOT NULL,
  sealed {blob} NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (principal, request)
);
CREATE INDEX idempotency_by_time ON idempotency (at);

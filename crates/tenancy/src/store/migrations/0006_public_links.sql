-- A public link: a credential of one tenant and of one thing. Of its UUID only a digest is kept, as of keys.
CREATE TABLE public_link (
  tenant TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE,
  digest {blob} NOT NULL UNIQUE,
  parent TEXT,
  body TEXT NOT NULL,
  revoked_at BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, parent) REFERENCES api_key (tenant, id)
);

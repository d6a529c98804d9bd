-- A host name is one tenant's: an address of it, as its slug is. What is written about the tenant says it too.
CREATE TABLE tenant_host (
  host TEXT PRIMARY KEY,
  tenant TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE
);

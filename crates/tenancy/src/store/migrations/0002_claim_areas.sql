-- The database that a claim lies in. Who has a whole database shares it with nobody. Schemas of one database may
-- belong to different tenants.
ALTER TABLE placement_claim ADD COLUMN area TEXT;
ALTER TABLE placement_claim ADD COLUMN whole BIGINT;
CREATE INDEX placement_claim_by_area ON placement_claim (area);

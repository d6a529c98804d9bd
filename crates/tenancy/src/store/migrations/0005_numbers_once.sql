-- Numbers were an owner's own, and now they are the instance's, as entity ids are.
CREATE UNIQUE INDEX collection_by_number ON collection (number);
CREATE UNIQUE INDEX collection_by_entity_id ON collection (entity_id);
CREATE UNIQUE INDEX card_by_number ON card (number);
CREATE UNIQUE INDEX card_by_entity_id ON card (entity_id);
CREATE UNIQUE INDEX dashboard_by_number ON dashboard (number);
CREATE UNIQUE INDEX dashboard_by_entity_id ON dashboard (entity_id);
CREATE UNIQUE INDEX snippet_by_number ON snippet (number);
CREATE UNIQUE INDEX snippet_by_entity_id ON snippet (entity_id);

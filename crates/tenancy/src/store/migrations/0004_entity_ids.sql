-- What clients of other products take for an id: 21 random letters. The program fills them in for what is there already.
ALTER TABLE collection ADD COLUMN entity_id TEXT;
ALTER TABLE card ADD COLUMN entity_id TEXT;
ALTER TABLE dashboard ADD COLUMN entity_id TEXT;
ALTER TABLE snippet ADD COLUMN entity_id TEXT;

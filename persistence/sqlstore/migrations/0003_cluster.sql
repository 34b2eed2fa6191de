-- What a cluster asks for: nodes that missed what others did read what changed of late. Nodes of
-- schema 2 run on it, but what they change is not found so.

-- +goose Up
ALTER TABLE user ADD COLUMN gen BIGINT NOT NULL DEFAULT 0;     -- raised with each new password
ALTER TABLE user ADD COLUMN changed BIGINT NOT NULL DEFAULT 0; -- when its password, tokens or blocks did last
CREATE INDEX user_changed ON user (changed);

ALTER TABLE groupuser ADD COLUMN changed BIGINT NOT NULL DEFAULT 0; -- when this row did last
CREATE INDEX groupuser_changed ON groupuser (changed, groupid, userid);

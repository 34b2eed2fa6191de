-- What version 2 of the protocol needs: tokens, closed groups, bans and invitations, and a name for
-- the store's history. Nodes of schema 1 run on it: they know nothing of what is new.

-- +goose Up
INSERT INTO counter (name, last) VALUES ('token', 0);

CREATE TABLE token (
    id        BIGINT        NOT NULL PRIMARY KEY,
    userid    BIGINT        NOT NULL,
    device    VARBINARY(64) NOT NULL, -- empty: it did not say
    hash      VARBINARY(32) NOT NULL,
    next_hash VARBINARY(32),          -- of the successor; NULL before the first use
    seed      VARBINARY(64),          -- what the successor is made from, with the token itself; NULL before the first use
    created   BIGINT        NOT NULL,
    used      BIGINT,                 -- NULL before the first use
    expires   BIGINT        NOT NULL
);
CREATE UNIQUE INDEX token_hash ON token (hash);
CREATE UNIQUE INDEX token_next ON token (next_hash);
CREATE INDEX token_user ON token (userid);

ALTER TABLE allgroup ADD COLUMN closed SMALLINT NOT NULL DEFAULT 0; -- 1: joined by those only who were invited

CREATE TABLE groupban (
    groupid BIGINT NOT NULL,
    userid  BIGINT NOT NULL, -- who may not join
    PRIMARY KEY (groupid, userid)
);
CREATE INDEX groupban_user ON groupban (userid);

CREATE TABLE groupinvite (
    groupid BIGINT NOT NULL,
    userid  BIGINT NOT NULL, -- who may join once, though the group is closed
    PRIMARY KEY (groupid, userid)
);
CREATE INDEX groupinvite_user ON groupinvite (userid);

CREATE INDEX groupuser_gone ON groupuser (groupid, gone, userid); -- counts and pages members
CREATE INDEX friend_friendid ON friend (friendid, userid);
CREATE INDEX block_byid ON block (byid, userid);

CREATE TABLE epoch (
    id   SMALLINT      NOT NULL PRIMARY KEY, -- 1: there is one row
    name VARBINARY(32) NOT NULL              -- random; another one after a restore from a backup
);

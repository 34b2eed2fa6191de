-- The DDL is valid on SQLite, MySQL 8, MariaDB 10.11 and TiDB. What people
-- wrote is binary: no collation ever compares it. Ids come from the counters, times are Unix
-- milliseconds.

-- +goose Up
CREATE TABLE counter (
    name VARCHAR(16) NOT NULL PRIMARY KEY,
    last BIGINT      NOT NULL -- the last number given
);
INSERT INTO counter (name, last) VALUES ('user', 0), ('allgroup', 0), ('ping', 0);

CREATE TABLE user (
    id       BIGINT         NOT NULL PRIMARY KEY,
    name     VARBINARY(255) NOT NULL,
    namekey  VARBINARY(255) NOT NULL, -- the name, folded
    password VARBINARY(255) NOT NULL  -- a hash with its own cost and salt
);
CREATE UNIQUE INDEX user_namekey ON user (namekey);

CREATE TABLE friend (
    userid   BIGINT NOT NULL, -- whose list it is
    friendid BIGINT NOT NULL,
    pos      BIGINT NOT NULL, -- on that list: 1, 2, 3 as they were added
    PRIMARY KEY (userid, friendid)
);

CREATE TABLE block (
    userid BIGINT NOT NULL, -- who is spared
    byid   BIGINT NOT NULL, -- whose direct messages are refused
    PRIMARY KEY (userid, byid)
);

CREATE TABLE allgroup (
    id        BIGINT          NOT NULL PRIMARY KEY,
    groupname VARBINARY(255)  NOT NULL,
    namekey   VARBINARY(255),            -- the name, folded; NULL once the last member left
    groupdesc VARBINARY(1024) NOT NULL
);
CREATE UNIQUE INDEX allgroup_namekey ON allgroup (namekey);

CREATE TABLE groupuser (
    groupid   BIGINT     NOT NULL,
    userid    BIGINT     NOT NULL,
    grouprole VARCHAR(8) NOT NULL, -- creator, admin, normal
    joined    BIGINT     NOT NULL, -- the group's version at which this membership began
    ver       BIGINT     NOT NULL, -- the group's version at which this row last changed
    gone      SMALLINT   NOT NULL, -- 1: left; the row tells those who knew an earlier version
    PRIMARY KEY (groupid, userid)
);
CREATE INDEX groupuser_user ON groupuser (userid);
CREATE INDEX groupuser_ver ON groupuser (groupid, ver);

CREATE TABLE conversation (
    conv BIGINT NOT NULL PRIMARY KEY,
    head BIGINT NOT NULL, -- the last seq
    ver  BIGINT NOT NULL  -- of a group's memberships; 0 in a direct conversation
);

CREATE TABLE message (
    conv   BIGINT        NOT NULL,
    seq    BIGINT        NOT NULL,
    sender BIGINT        NOT NULL,
    cid    VARBINARY(64) NOT NULL,
    body   BLOB          NOT NULL,
    ts     BIGINT        NOT NULL,
    PRIMARY KEY (conv, seq)
);
-- cid first: those ordered by time land at the index's end.
CREATE UNIQUE INDEX message_cid ON message (cid, sender);
CREATE INDEX message_ts ON message (ts);

CREATE TABLE mark (
    userid    BIGINT NOT NULL,
    conv      BIGINT NOT NULL,
    since     BIGINT NOT NULL, -- may read what comes after it
    delivered BIGINT NOT NULL,
    read_seq  BIGINT NOT NULL,
    PRIMARY KEY (userid, conv)
);

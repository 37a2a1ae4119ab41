-- What SQLite's migration 3 makes: a hash chain over statements. Each row tells of a statement that
-- was stored, or of one that was erased; its hash covers the row before it, so that no row can be
-- changed, taken out or put between without changing every later one.

create table chain (
    number   bigint not null primary key,
    -- Where the statement is or was.
    position bigint not null,
    -- SHA-256 of the statement's row; null where the row tells that the statement was erased.
    content  bytea,
    hash     bytea  not null
);

create index chain_of_statement on chain (position);

-- Statements of before: the server puts them into the chain when it next starts.
create table unchained (
    position bigint not null primary key
);

insert into unchained select position from statements;

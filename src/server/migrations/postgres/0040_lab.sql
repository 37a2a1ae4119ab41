-- What SQLite's migration 40 makes. Labs: headsets in one room, and visits on their way to them.
-- Keys and tokens are kept as SHA-256; codes are short, so a sum of one would hide nothing.

create table labs (
    id         text    collate "C" not null primary key,
    key_sha256 bytea   not null,
    code       text    collate "C" not null unique,
    venue      text    not null,
    -- Whether a headset may join without the code.
    door_open  boolean not null,
    -- Once it closes, nobody joins, and headsets forget what they have.
    closing    boolean not null,
    created_ms bigint  not null,
    expires_ms bigint  not null
);

create table headsets (
    id           text    collate "C" not null primary key,
    lab          text    collate "C" not null references labs (id) on delete cascade,
    number       bigint  not null,
    token_sha256 bytea   not null unique,
    visit        text    collate "C" unique references visits (id) on delete set null,
    -- Whether it is to forget its visit once it has sent all of it.
    leaving      boolean not null,
    seen_ms      bigint  not null,
    unique (lab, number)
);

-- Visits that are offered: whoever enters the code goes on with one, once.
create table handovers (
    code       text    collate "C" not null primary key,
    visit      text    collate "C" not null unique references visits (id) on delete cascade,
    -- The headset that it was handed to, which need not enter the code.
    headset    text    collate "C" references headsets (id) on delete cascade,
    expires_ms bigint  not null
);

-- Tokens that opened a visit once. They open nothing; some may take the visit back.
create table former_tokens (
    token_sha256 bytea   not null primary key,
    visit        text    collate "C" not null references visits (id) on delete cascade,
    may_return   boolean not null
);

create index former_tokens_of_visit on former_tokens (visit);
create index handovers_to_headset on handovers (headset) where headset is not null;

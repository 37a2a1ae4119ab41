-- Who runs the deployment and who teaches with it, and the classes that visits belong to.
-- Secrets (passwords, sessions, links) are kept as hashes alone. Times are milliseconds since 1970.

create table staff (
    id          text    not null primary key,
    -- What they sign in with, in lower case.
    name        text    not null unique,
    role        text    not null,
    -- Argon2id, with its parameters and its salt; null until it is set, and for those who sign in
    -- elsewhere.
    password    text,
    -- Who they are to the OpenID provider that they sign in with.
    issuer      text,
    subject     text,
    created_ms  integer not null,
    disabled_ms integer
) strict;

create unique index staff_by_subject on staff (issuer, subject) where subject is not null;

-- Links with which a password is set, once.
create table staff_links (
    token_sha256 blob    not null primary key,
    staff        text    not null references staff (id) on delete cascade,
    expires_ms   integer not null
) strict, without rowid;

create table staff_sessions (
    id           text    not null primary key,
    token_sha256 blob    not null unique,
    staff        text    not null references staff (id) on delete cascade,
    created_ms   integer not null,
    seen_ms      integer not null
) strict;

create index sessions_of_staff on staff_sessions (staff);

-- Wrong passwords in a row, by the hash of the name that was given, whether it is anybody's or not.
create table staff_refusals (
    name_sha256 blob    not null primary key,
    failures    integer not null,
    last_ms     integer not null,
    until_ms    integer not null
) strict, without rowid;

-- Sign-ins that are under way with an OpenID provider.
create table staff_sign_ins (
    token_sha256 blob    not null primary key,
    state        text    not null,
    nonce        text    not null,
    verifier     text    not null,
    expires_ms   integer not null
) strict, without rowid;

create table classes (
    id         text    not null primary key,
    name       text    not null,
    code       text    not null unique,
    created_ms integer not null,
    -- Since when no more visits may join.
    closed_ms  integer
) strict;

create table class_staff (
    class text not null references classes (id) on delete cascade,
    staff text not null references staff (id) on delete cascade,
    primary key (class, staff)
) strict, without rowid;

create index classes_of_staff on class_staff (staff);

-- The visits of a class, each under a number that the page makes two words and a number of.
create table class_visits (
    visit     text    not null primary key references visits (id) on delete cascade,
    class     text    not null references classes (id) on delete cascade,
    pseudonym integer not null,
    unique (class, pseudonym)
) strict, without rowid;

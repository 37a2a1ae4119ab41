-- Who runs the deployment and who teaches with it, and the classes that visits belong to.
-- Secrets (passwords, sessions, links) are kept as hashes alone. Times are milliseconds since 1970.

create table staff (
    id          text collate "C" not null primary key,
    -- What they sign in with, in lower case.
    name        text collate "C" not null unique,
    role        text not null,
    -- Argon2id, with its parameters and its salt; null until it is set, and for those who sign in
    -- elsewhere.
    password    text,
    -- Who they are to the OpenID provider that they sign in with.
    issuer      text,
    subject     text,
    created_ms  bigint not null,
    disabled_ms bigint
);

create unique index staff_by_subject on staff (issuer, subject) where subject is not null;

-- Links with which a password is set, once.
create table staff_links (
    token_sha256 bytea not null primary key,
    staff        text collate "C" not null references staff (id) on delete cascade,
    expires_ms   bigint not null
);

create table staff_sessions (
    id           text collate "C" not null primary key,
    token_sha256 bytea not null unique,
    staff        text collate "C" not null references staff (id) on delete cascade,
    created_ms   bigint not null,
    seen_ms      bigint not null
);

create index sessions_of_staff on staff_sessions (staff);

-- Wrong passwords in a row, by the hash of the name that was given, whether it is anybody's or not.
create table staff_refusals (
    name_sha256 bytea not null primary key,
    failures    bigint not null,
    last_ms     bigint not null,
    until_ms    bigint not null
);

-- Sign-ins that are under way with an OpenID provider.
create table staff_sign_ins (
    token_sha256 bytea not null primary key,
    state        text not null,
    nonce        text not null,
    verifier     text not null,
    expires_ms   bigint not null
);

create table classes (
    id         text collate "C" not null primary key,
    name       text not null,
    code       text collate "C" not null unique,
    created_ms bigint not null,
    -- Since when no more visits may join.
    closed_ms  bigint
);

create table class_staff (
    class text collate "C" not null references classes (id) on delete cascade,
    staff text collate "C" not null references staff (id) on delete cascade,
    primary key (class, staff)
);

create index classes_of_staff on class_staff (staff);

-- The visits of a class, each under a number that the page makes two words and a number of.
create table class_visits (
    visit     text collate "C" not null primary key references visits (id) on delete cascade,
    class     text collate "C" not null references classes (id) on delete cascade,
    pseudonym bigint not null,
    unique (class, pseudonym)
);

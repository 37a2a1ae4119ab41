-- Labs: headsets in one room, and visits on their way to them. Nothing here says who anybody is.
-- Keys and tokens are kept as SHA-256; codes are short, so a sum of one would hide nothing.

create table labs (
    id         text    not null primary key,
    key_sha256 blob    not null,
    code       text    not null unique,
    venue      text    not null,
    -- Whether a headset may join without the code.
    door_open  integer not null,
    -- Once it closes, nobody joins, and headsets forget what they have.
    closing    integer not null,
    created_ms integer not null,
    expires_ms integer not null
) strict;

create table headsets (
    id           text    not null primary key,
    lab          text    not null references labs (id) on delete cascade,
    number       integer not null,
    token_sha256 blob    not null unique,
    visit        text    unique references visits (id) on delete set null,
    -- Whether it is to forget its visit once it has sent all of it.
    leaving      integer not null,
    seen_ms      integer not null,
    unique (lab, number)
) strict;

-- Visits that are offered: whoever enters the code goes on with one, once.
create table handovers (
    code       text    not null primary key,
    visit      text    not null unique references visits (id) on delete cascade,
    -- The headset that it was handed to, which need not enter the code.
    headset    text    references headsets (id) on delete cascade,
    expires_ms integer not null
) strict;

-- Tokens that opened a visit once. They open nothing; some may take the visit back.
create table former_tokens (
    token_sha256 blob    not null primary key,
    visit        text    not null references visits (id) on delete cascade,
    may_return   integer not null
) strict;

create index former_tokens_of_visit on former_tokens (visit);
create index handovers_to_headset on handovers (headset) where headset is not null;

-- Up to when anybody may have been told that all statements can be read, microseconds since 1970: at
-- most one row. What is stored is dated later, even if the clock was set back or another server was
-- asked.
create table told (
    number   integer not null primary key check (number = 1),
    until_us integer not null
) strict;

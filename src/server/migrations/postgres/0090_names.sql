-- Terms are found by their names, of which there are millions; of kinds there are four. A plan that was
-- made while there was next to nothing stored could look through all terms of a kind, and was kept: there
-- is no index any more that a kind alone is found by.

drop index terms_once;
create unique index terms_once on terms (hashed(cast(kind as text) || ' ' || name));

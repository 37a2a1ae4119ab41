//! Finding statements: the links of one thing are read in the order in which statements were
//! stored, and held against those of the others.

use futures_util::TryStreamExt;
use uuid::Uuid;
use xinghuo_wire::lrs::{Filter, Json, Kind, Moment};

use super::store::kind_number;
use crate::store::{FromRow, Row, Store, StoreError, query};

/// Most statements of a page.
const PAGE: usize = 500;

/// Most bytes of a page's statements; one statement may be larger than that.
const PAGE_BYTES: usize = 8 << 20;

/// A statement that was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) position: i64,
    statement: String,
    version: Option<String>,
    authority: String,
    /// The visit that it tells of.
    pub(super) visit: Option<String>,
    /// When it was stored, microseconds since 1970.
    pub(super) stored_us: i64,
}

impl Found {
    /// The statement with what the record store says of it.
    pub(super) fn exact(&self) -> String {
        let open = self.statement.strip_suffix('}').unwrap_or_default();
        let stored = Moment::from_unix_micros(self.stored_us);
        let version = Json::text(self.version.as_deref().unwrap_or("2.0.0"));
        let authority = &self.authority;
        format!("{open},\"stored\":\"{stored}\",\"authority\":{authority},\"version\":{version}}}")
    }
}

impl FromRow for Found {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            position: row.get("position")?,
            statement: row.get("statement")?,
            version: row.get("version")?,
            authority: row.get("agent")?,
            visit: row.get("visit")?,
            stored_us: row.get("stored_us")?,
        })
    }
}

/// A statement and who vouched for it, as statements are found by.
struct Vouched {
    found: Found,
    authority: String,
}

impl FromRow for Vouched {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            found: Found::from_row(row)?,
            authority: row.get("name")?,
        })
    }
}

/// Statements that were found, and where the next page goes on.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) found: Vec<Found>,
    pub(super) next: Option<i64>,
}

/// Something that a statement must be linked with, as closely as one of these reaches.
struct Tie {
    term: i64,
    reaches: &'static [i64],
}

const DIRECT: &[i64] = &[0];
const RELATED: &[i64] = &[0, 1];
const RELATED_OR_AUTHORITY: &[i64] = &[0, 1, 2];
const AUTHORITY: &[i64] = &[2];

/// Between which positions, both of them excluded, and in which order.
#[derive(Clone, Copy)]
struct Stretch {
    after: i64,
    before: i64,
    ascending: bool,
    most: u32,
}

impl Store {
    /// The statement with that id, whether it is voided or not; `mine` leaves out what another
    /// authority vouched for.
    pub(super) async fn statement(
        &self,
        id: Uuid,
        voided: bool,
        mine: Option<&str>,
    ) -> Result<Option<Found>, StoreError> {
        let one = query(
            "select position, statement, stored_us, version, agent, name, visit
             from statements
             join authorities on authorities.key = authority
             join terms on terms.key = authorities.term
             where id = $1 and voided = $2",
        );
        let one = one.bind(id.as_bytes().as_slice()).bind(voided);
        let one: Option<Vouched> = one.first(&mut self.reader().await?).await?;
        let may_see = |it: &Vouched| mine.is_none_or(|mine| mine == it.authority);
        Ok(one.filter(may_see).map(|it| it.found))
    }

    /// The statements that fit, a page of them.
    pub(super) async fn find(
        &self,
        filter: &Filter,
        mine: Option<&str>,
    ) -> Result<Page, StoreError> {
        let Some(ties) = self.ties(filter, mine).await? else {
            return Ok(Page::default());
        };
        let most = match filter.limit as usize {
            0 => PAGE,
            limit => limit.min(PAGE),
        };
        let mut stretch = Stretch {
            after: self.last_until(filter.since).await?.unwrap_or(0),
            before: match filter.until {
                None => i64::MAX,
                until => self.last_until(until).await?.unwrap_or(0) + 1,
            },
            ascending: filter.ascending,
            most: most as u32 + 1,
        };
        match filter.cursor {
            Some(cursor) if filter.ascending => stretch.after = stretch.after.max(cursor),
            Some(cursor) => stretch.before = stretch.before.min(cursor),
            None => {}
        }
        let mut found = Vec::new();
        match ties.split_first() {
            None => found = self.along(None, &[], stretch).await?,
            Some((first, others)) => {
                for reach in first.reaches {
                    let first = Some((first.term, *reach));
                    found.extend(self.along(first, others, stretch).await?);
                }
            }
        }
        found.sort_by_key(|it| it.position);
        found.dedup_by_key(|it| it.position);
        if !filter.ascending {
            found.reverse();
        }
        Ok(page(found, most))
    }

    /// What statements must be linked with, the rarest kind first; `None` if there is no such thing.
    async fn ties(
        &self,
        filter: &Filter,
        mine: Option<&str>,
    ) -> Result<Option<Vec<Tie>>, StoreError> {
        let registration = filter.registration.map(|id| id.to_string());
        let agents = if filter.related_agents {
            RELATED_OR_AUTHORITY
        } else {
            DIRECT
        };
        let activities = if filter.related_activities {
            RELATED
        } else {
            DIRECT
        };
        let asked = [
            (Kind::Registration, registration.as_deref(), DIRECT),
            (Kind::Agent, filter.agent.as_deref(), agents),
            (Kind::Activity, filter.activity.as_deref(), activities),
            (Kind::Verb, filter.verb.as_deref(), DIRECT),
            (Kind::Agent, mine, AUTHORITY),
        ];
        let mut on = self.reader().await?;
        let mut ties = Vec::new();
        for (kind, name, reaches) in asked {
            let Some(name) = name else { continue };
            if name.contains('\0') {
                return Ok(None);
            }
            let term = query("select key from terms where kind = $1 and name = $2");
            let term = term.bind(kind_number(kind)).bind(name);
            let term = term.first(&mut on).await?.map(|(term,)| term);
            let Some(term) = term else { return Ok(None) };
            ties.push(Tie { term, reaches });
        }
        Ok(Some(ties))
    }

    /// The position of the last statement that was stored by then.
    async fn last_until(&self, moment: Option<Moment>) -> Result<Option<i64>, StoreError> {
        let Some(moment) = moment else {
            return Ok(None);
        };
        let last = query(
            "select position from statements where stored_us <= $1
             order by stored_us desc limit 1",
        );
        let last = last.bind(moment.unix_micros());
        let last = last.first(&mut self.reader().await?).await?;
        Ok(last.map(|(last,)| last))
    }

    /// Statements along the links of one thing, if there is one, that are linked with the others.
    async fn along(
        &self,
        first: Option<(i64, i64)>,
        others: &[Tie],
        stretch: Stretch,
    ) -> Result<Vec<Found>, StoreError> {
        let mut asked =
            query("select s.position, s.statement, s.stored_us, s.version, s.visit, agent from ");
        let order = if first.is_some() {
            asked.push("links l cross join statements s on s.position = l.position ");
            "l.position"
        } else {
            asked.push("statements s ");
            "s.position"
        };
        asked.push("cross join authorities on authorities.key = s.authority where not voided and ");
        if let Some((term, reach)) = first {
            asked.push("l.term = ").push_bind(term);
            asked.push(" and l.reach = ").push_bind(reach).push(" and ");
        }
        asked.push(order).push(" > ").push_bind(stretch.after);
        asked
            .push(" and ")
            .push(order)
            .push(" < ")
            .push_bind(stretch.before);
        for tie in others {
            asked.push(" and exists (select 1 from links o where o.term = ");
            asked.push_bind(tie.term).push(" and o.reach in (");
            asked.push_list(tie.reaches.iter().copied());
            asked.push(") and o.position = ").push(order).push(")");
        }
        let direction = if stretch.ascending { " asc" } else { " desc" };
        asked.push(" order by ").push(order).push(direction);
        asked.push(" limit ").push_bind(stretch.most);
        let mut on = self.reader().await?;
        let mut rows = asked.stream(&mut on);
        let (mut found, mut bytes) = (Vec::new(), 0);
        while let Some(row) = rows.try_next().await? {
            let one = Found::from_row(&row)?;
            bytes += one.statement.len();
            found.push(one);
            // One more than fits, so that it is known that there is more.
            if bytes > PAGE_BYTES && found.len() > 1 {
                break;
            }
        }
        Ok(found)
    }
}

/// As many as fit on a page, and where the next one goes on if something is left.
fn page(mut found: Vec<Found>, most: usize) -> Page {
    let mut bytes = 0;
    let fitting = found.iter().take(most).take_while(|it| {
        let is_first = bytes == 0;
        bytes += it.statement.len();
        is_first || bytes <= PAGE_BYTES
    });
    let fitting = fitting.count();
    let is_rest = fitting < found.len();
    found.truncate(fitting);
    let next = found.last().filter(|_| is_rest).map(|last| last.position);
    Page { found, next }
}

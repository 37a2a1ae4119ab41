//! How long what is kept is kept. Whoever runs a server decides it; visitors are told the dates.

use crate::StartError;

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Days after which what is kept is deleted by itself, by its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Args)]
pub struct Retention {
    /// After how many days without a new entry the evidence of a visit is deleted: its log, the
    /// verdicts, and the statements on single steps
    #[arg(long, value_name = "DAYS", default_value_t = 180, value_parser = days())]
    pub keep_evidence: u32,
    /// After how many days without a new entry everything else of a visit is deleted: what it has come
    /// to, and the statements that say so
    #[arg(long, value_name = "DAYS", default_value_t = 1_095, value_parser = days())]
    pub keep_records: u32,
    /// After how many days an entry of the access log is deleted; network logs must often be kept
    /// for six months
    #[arg(long, value_name = "DAYS", default_value_t = 200, value_parser = days())]
    pub keep_accesses: u32,
    /// After how many days statements that other systems stored, and documents that they have not
    /// changed since, are deleted, whomever they are about; without it they are kept until somebody
    /// removes them
    #[arg(long, value_name = "DAYS", value_parser = days())]
    pub keep_others: Option<u32>,
}

fn days() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=36_500)
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            keep_evidence: 180,
            keep_records: 1_095,
            keep_accesses: 200,
            keep_others: None,
        }
    }
}

impl Retention {
    /// The same if it does not contradict itself: evidence goes no later than the record.
    pub(crate) fn checked(self) -> Result<Self, StartError> {
        if self.keep_evidence > self.keep_records {
            return Err(StartError::Retention {
                evidence: self.keep_evidence,
                records: self.keep_records,
            });
        }
        Ok(self)
    }

    pub(crate) fn evidence_ms(self) -> i64 {
        i64::from(self.keep_evidence) * DAY_MS
    }

    pub(crate) fn records_ms(self) -> i64 {
        i64::from(self.keep_records) * DAY_MS
    }

    /// How long what other systems stored is kept, if not for ever.
    pub(crate) fn others_ms(self) -> Option<i64> {
        self.keep_others.map(|days| i64::from(days) * DAY_MS)
    }

    pub(crate) fn accesses_ms(self) -> i64 {
        i64::from(self.keep_accesses) * DAY_MS
    }
}

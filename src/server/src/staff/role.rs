//! What somebody who runs the deployment may do: no more than their work needs.

use std::{fmt, str::FromStr};

/// What somebody works as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, utoipa::ToSchema)]
#[schema(rename_all = "kebab-case")]
pub enum Role {
    /// Keeps accounts, credentials and the server; sees nobody's visits.
    Administrator,
    /// Makes venues; sees how their questions are answered, by groups.
    Curator,
    /// Leads classes; sees the visits of those, under their pseudonyms.
    Instructor,
    /// Checks who may do what; changes nothing.
    Auditor,
    /// Reads statistics.
    Reader,
}

const NAMES: [(Role, &str); 5] = [
    (Role::Administrator, "administrator"),
    (Role::Curator, "curator"),
    (Role::Instructor, "instructor"),
    (Role::Auditor, "auditor"),
    (Role::Reader, "reader"),
];

/// One thing that not everybody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Right {
    /// See who has an account, and as what.
    SeeAccounts,
    /// Make accounts, change and disable them.
    KeepAccounts,
    /// See which systems have a credential of the record store.
    SeeCredentials,
    /// Make credentials and revoke them.
    KeepCredentials,
    /// See how the server does.
    SeeState,
    /// Have classes, and see the visits of one's own.
    Teach,
    /// Open labs of headsets.
    RunRooms,
    /// See statistics over everybody's visits.
    SeeStatistics,
}

/// Every right by the name that the page knows it by.
const RIGHTS: [(Right, &str); 8] = [
    (Right::SeeAccounts, "see-accounts"),
    (Right::KeepAccounts, "keep-accounts"),
    (Right::SeeCredentials, "see-credentials"),
    (Right::KeepCredentials, "keep-credentials"),
    (Right::SeeState, "see-state"),
    (Right::Teach, "teach"),
    (Right::RunRooms, "run-rooms"),
    (Right::SeeStatistics, "see-statistics"),
];

/// Why a text names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is none of the roles administrator, curator, instructor, auditor and reader")]
pub struct RoleError {
    text: String,
}

impl Role {
    /// Whether this role includes a right.
    pub(crate) fn may(self, right: Right) -> bool {
        use Right::{
            KeepAccounts, KeepCredentials, RunRooms, SeeAccounts, SeeCredentials, SeeState,
            SeeStatistics, Teach,
        };
        match self {
            Self::Administrator => matches!(
                right,
                SeeAccounts | KeepAccounts | SeeCredentials | KeepCredentials | SeeState | RunRooms
            ),
            Self::Auditor => matches!(right, SeeAccounts | SeeCredentials | SeeState),
            Self::Instructor => matches!(right, Teach | RunRooms),
            Self::Curator | Self::Reader => right == SeeStatistics,
        }
    }

    /// The names of all that this role includes.
    pub(super) fn rights(self) -> Vec<&'static str> {
        let included = RIGHTS.iter().filter(|(right, _)| self.may(*right));
        included.map(|(_, name)| *name).collect()
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(role, _)| role == self);
        f.write_str(name.map_or("", |(_, name)| name))
    }
}

impl FromStr for Role {
    type Err = RoleError;
    fn from_str(text: &str) -> Result<Self, RoleError> {
        let named = NAMES.iter().find(|(_, name)| *name == text);
        named
            .map(|(role, _)| *role)
            .ok_or_else(|| RoleError { text: text.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_who_keeps_accounts_sees_visits() {
        for (role, _) in NAMES {
            let keeps = role.may(Right::KeepAccounts) || role.may(Right::KeepCredentials);
            let sees = role.may(Right::Teach) || role.may(Right::SeeStatistics);
            assert!(!(keeps && sees), "{role}");
        }
        let changes = [Right::KeepAccounts, Right::KeepCredentials, Right::Teach];
        assert!(!changes.iter().any(|it| Role::Auditor.may(*it)));
    }

    #[test]
    fn a_role_is_read_as_it_is_written() {
        for (role, name) in NAMES {
            assert_eq!(name.parse(), Ok(role));
            assert_eq!(role.to_string(), name);
        }
        assert!("root".parse::<Role>().is_err());
    }
}

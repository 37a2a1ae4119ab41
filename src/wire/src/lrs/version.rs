//! Which xAPI a client speaks, by its header `X-Experience-API-Version`.

/// A version of xAPI. Patch versions of one minor version are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum XapiVersion {
    /// 1.0.0 to 1.0.3.
    One,
    /// 2.0.0: IEEE 9274.1.1.
    Two,
}

impl XapiVersion {
    /// The version that a header or a statement names.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        let (version, patch) = if let Some(patch) = text.strip_prefix("1.0") {
            (Self::One, patch)
        } else {
            (Self::Two, text.strip_prefix("2.0")?)
        };
        let is_patch = |digits: &str| {
            (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        };
        let fits = patch.is_empty() || patch.strip_prefix('.').is_some_and(is_patch);
        fits.then_some(version)
    }

    /// The version as answers name it.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Self::One => "1.0.3",
            Self::Two => "2.0.0",
        }
    }

    /// The version that a statement has which names none.
    #[must_use]
    pub const fn of_silent_statements(self) -> &'static str {
        match self {
            Self::One => "1.0.0",
            Self::Two => "2.0.0",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_patch_version_is_its_minor_version() {
        for (text, version) in [
            ("1.0", Some(XapiVersion::One)),
            ("1.0.0", Some(XapiVersion::One)),
            ("1.0.9", Some(XapiVersion::One)),
            ("2.0", Some(XapiVersion::Two)),
            ("2.0.0", Some(XapiVersion::Two)),
            ("0.95", None),
            ("1.1.0", None),
            ("1.0.", None),
            ("1.0.x", None),
            ("2.0.0.0", None),
            ("1.00", None),
            ("", None),
        ] {
            assert_eq!(XapiVersion::named(text), version, "{text}");
        }
    }
}

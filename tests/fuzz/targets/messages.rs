//! Any bytes as a request of `/api/v1`: refused, or read, and then printing and reading it again
//! changes nothing.

#![no_main]

use std::{
    fmt::{Debug, Display},
    str::FromStr,
};

use libfuzzer_sys::fuzz_target;
use serde::{Serialize, de::DeserializeOwned};
use xinghuo_wire::{
    Code, CorrectLanguage, Elapsed, GiveConsent, LanguageTag, PackageHash, RaiseObjection,
    StartLaunch, StartVisit, Timestamp, lab,
};

fn check_message<T: Serialize + DeserializeOwned + PartialEq + Debug>(bytes: &[u8]) {
    if let Ok(message) = serde_json::from_slice::<T>(bytes) {
        let printed = serde_json::to_vec(&message).expect("it prints");
        let again: T = serde_json::from_slice(&printed).expect("it parses");
        assert_eq!(again, message);
    }
}

fn check_name<T: FromStr + Display + PartialEq + Debug>(text: &str) {
    if let Ok(name) = text.parse::<T>() {
        let again = name.to_string().parse::<T>().ok();
        assert_eq!(again.as_ref(), Some(&name), "{text}");
    }
}

fuzz_target!(|bytes: &[u8]| {
    check_message::<StartVisit>(bytes);
    check_message::<StartLaunch>(bytes);
    check_message::<GiveConsent>(bytes);
    check_message::<CorrectLanguage>(bytes);
    check_message::<RaiseObjection>(bytes);
    check_message::<lab::OpenLab>(bytes);
    check_message::<lab::Door>(bytes);
    check_message::<lab::HandTo>(bytes);
    check_message::<lab::ShownAt>(bytes);
    check_message::<lab::Join>(bytes);
    check_message::<lab::OwnVisit>(bytes);
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    check_name::<Code>(text);
    check_name::<LanguageTag>(text);
    check_name::<PackageHash>(text);
    check_name::<Timestamp>(text);
    check_name::<Elapsed>(text);
});

//! What the curator may have meant: the nearest of the names that there are.

/// `nearest is "…"` for the name that is fewest edits away from `name`, if that is near enough.
pub(super) fn nearest<T: AsRef<str>>(
    name: &str,
    names: impl IntoIterator<Item = T>,
) -> Option<String> {
    let enough = (name.chars().count() / 3).max(2);
    names
        .into_iter()
        .map(|known| (strsim::osa_distance(name, known.as_ref()), known))
        .filter(|(edits, known)| *edits <= enough && *edits < known.as_ref().chars().count())
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, known)| format!("nearest is {:?}", known.as_ref()))
}

/// The same for a file's path: the nearest name in its folder, or its name in another folder.
pub(super) fn nearest_path<'a>(
    path: &str,
    paths: impl IntoIterator<Item = &'a String> + Clone,
) -> Option<String> {
    let parts = |path: &str| {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        (folder.to_owned(), name.to_owned(), stem.to_owned())
    };
    let (folder, name, stem) = parts(path);
    let beside = paths.clone().into_iter().filter(|known| {
        let known = parts(known);
        known.0 == folder && strsim::osa_distance(&known.2, &stem) <= (stem.len() / 3).max(1)
    });
    nearest(path, beside).or_else(|| {
        let mut elsewhere = paths.into_iter();
        let found = elsewhere.find(|known| parts(known).1 == name)?;
        Some(format!("nearest is {found:?}"))
    })
}

#[cfg(test)]
mod tests {
    use super::{nearest, nearest_path};

    #[test]
    fn a_slip_is_near_and_another_word_is_not() {
        let names = ["lamp_1", "table"];
        assert_eq!(
            nearest("lamp_01", names).as_deref(),
            Some("nearest is \"lamp_1\"")
        );
        assert_eq!(nearest("boat", names), None);
        assert_eq!(nearest("", names), None);
    }

    #[test]
    fn a_file_is_near_by_its_name_and_not_by_its_folder() {
        let paths = ["text/en/desk.md", "media/hall.glb"].map(str::to_owned);
        assert_eq!(nearest_path("text/en/lamp.md", &paths), None);
        let hall = Some("nearest is \"media/hall.glb\"".to_owned());
        assert_eq!(nearest_path("media/hal.glb", &paths), hall);
        assert_eq!(nearest_path("rooms/hall.glb", &paths), hall);
    }
}

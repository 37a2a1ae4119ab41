//! Tables within tables.

use toml::Value;

use super::Fields;

impl Fields<'_> {
    /// A table within this one, which may be there.
    pub(in crate::source) fn table<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> Option<T> {
        let value = self.value(key)?;
        self.as_table(key, value, read)
    }

    /// A table within this one, which must be there.
    pub(in crate::source) fn required_table<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> Option<T> {
        let value = self.required(key)?;
        self.as_table(key, value, read)
    }

    fn as_table<T>(
        &mut self,
        key: &str,
        value: Value,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> Option<T> {
        match value {
            Value::Table(table) => {
                let place = format!("{}{key}.", self.place);
                Some(Fields::of_table(self.desk, self.path, place, table, read))
            }
            value => {
                self.wrong(key, &value, "a table");
                None
            }
        }
    }

    /// Tables within this one; none when the field is absent.
    pub(in crate::source) fn tables<T>(
        &mut self,
        key: &str,
        mut read: impl FnMut(&mut Fields<'_>, usize) -> T,
    ) -> Vec<T> {
        let values = match self.value(key) {
            None => return Vec::new(),
            Some(Value::Array(values)) => values,
            Some(value) => {
                self.wrong(key, &value, "a list of tables");
                return Vec::new();
            }
        };
        let mut tables = Vec::new();
        for (n, value) in values.into_iter().enumerate() {
            let key = format!("{key}[{n}]");
            match value {
                Value::Table(table) => {
                    let place = format!("{}{key}.", self.place);
                    let read = |fields: &mut Fields<'_>| read(fields, n);
                    tables.push(Fields::of_table(self.desk, self.path, place, table, read));
                }
                value => self.wrong(&key, &value, "a table"),
            }
        }
        tables
    }
}

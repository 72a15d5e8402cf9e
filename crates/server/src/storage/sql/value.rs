//! Values on their way into statements, and rows on their way out.

use std::borrow::Cow;

use crate::storage::StorageError;

/// What a column holds. Every number is a signed one of 64 bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::storage) enum Value<'a> {
    Null,
    Number(i64),
    Text(Cow<'a, str>),
}

/// What can be put into a statement.
pub(super) trait AsValue {
    fn as_value(&self) -> Value<'_>;
}

impl AsValue for i64 {
    fn as_value(&self) -> Value<'_> {
        Value::Number(*self)
    }
}

impl AsValue for u32 {
    fn as_value(&self) -> Value<'_> {
        Value::Number((*self).into())
    }
}

impl AsValue for u8 {
    fn as_value(&self) -> Value<'_> {
        Value::Number((*self).into())
    }
}

impl AsValue for str {
    fn as_value(&self) -> Value<'_> {
        Value::Text(self.into())
    }
}

impl AsValue for String {
    fn as_value(&self) -> Value<'_> {
        self.as_str().as_value()
    }
}

impl<T: AsValue> AsValue for Option<T> {
    fn as_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, AsValue::as_value)
    }
}

impl<T: AsValue + ?Sized> AsValue for &T {
    fn as_value(&self) -> Value<'_> {
        (**self).as_value()
    }
}

/// The values of a statement, in order.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        &[$($crate::storage::sql::value::AsValue::as_value(&$value)),*]
    };
}
pub(super) use values;

/// What a query answered; columns count from 0.
#[derive(Debug)]
pub(in crate::storage) struct Row(pub(in crate::storage) Vec<Value<'static>>);

impl Row {
    fn take(&mut self, column: usize) -> Value<'static> {
        let place = self.0.get_mut(column);
        place.map_or(Value::Null, |value| std::mem::replace(value, Value::Null))
    }

    /// A text, once.
    pub(in crate::storage) fn text(&mut self, column: usize) -> Result<String, StorageError> {
        self.maybe_text(column)?
            .ok_or_else(|| unreadable(column, "no text"))
    }

    /// A text that may be absent, once.
    pub(in crate::storage) fn maybe_text(
        &mut self,
        column: usize,
    ) -> Result<Option<String>, StorageError> {
        match self.take(column) {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text.into_owned())),
            Value::Number(_) => Err(unreadable(column, "a number, not a text")),
        }
    }

    /// A number.
    pub(in crate::storage) fn number(&mut self, column: usize) -> Result<i64, StorageError> {
        self.maybe_number(column)?
            .ok_or_else(|| unreadable(column, "no number"))
    }

    /// A number that may be absent.
    pub(in crate::storage) fn maybe_number(
        &mut self,
        column: usize,
    ) -> Result<Option<i64>, StorageError> {
        match self.take(column) {
            Value::Null => Ok(None),
            Value::Number(number) => Ok(Some(number)),
            Value::Text(_) => Err(unreadable(column, "a text, not a number")),
        }
    }
}

fn unreadable(column: usize, found: &str) -> StorageError {
    StorageError::Unreadable(format!("column {column} holds {found}"))
}

/// What the first row holds, if there is one.
pub(in crate::storage) fn first<T>(
    rows: Vec<Row>,
    read: impl FnOnce(&mut Row) -> Result<T, StorageError>,
) -> Result<Option<T>, StorageError> {
    let first = rows.into_iter().next();
    first.map(|mut row| read(&mut row)).transpose()
}

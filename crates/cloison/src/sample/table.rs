//! Tables of one site, in the memory of the process and for no engine in particular.

use std::borrow::Cow;

/// One value of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// No value.
    Null,
    /// A whole number.
    Int(i64),
    /// A decimal number, in units of a hundred thousandth: five places, as the platform keeps grades.
    Decimal(i64),
    /// Text that is the same in many rows.
    Word(&'static str),
    /// Any other text.
    Text(Box<str>),
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<&'static str> for Cell {
    fn from(value: &'static str) -> Self {
        Self::Word(value)
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::Text(value.into())
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A decimal cell from a number with at most five places.
#[expect(clippy::cast_possible_truncation, reason = "grades are small")]
pub(super) fn decimal(value: f64) -> Cell {
    Cell::Decimal((value * 100_000.0).round() as i64)
}

impl Cell {
    /// How the value is written where text is wanted; `None` for no value.
    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Null => None,
            Self::Int(value) => Some(value.to_string().into()),
            Self::Decimal(units) => {
                let sign = if *units < 0 { "-" } else { "" };
                Some(format!("{sign}{}.{:05}", units.abs() / 100_000, units.abs() % 100_000).into())
            }
            Self::Word(text) => Some((*text).into()),
            Self::Text(text) => Some((&**text).into()),
        }
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number of 64 bits.
    Int,
    /// A small whole number: flags and states.
    Small,
    /// A decimal number with so many digits, and so many of them after the point.
    Decimal(u8, u8),
    /// Text with so many characters at most.
    Varchar(u16),
    /// Long text.
    Text,
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether a row may have no value here.
    pub nullable: bool,
}

/// One table with its rows. The first column is always `id`, the primary key, counting from 1.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name, with the platform's usual prefix `mdl_`.
    pub name: &'static str,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its indexes: columns with commas between, `!` in front of a unique one.
    pub indexes: Vec<&'static str>,
    cells: Vec<Cell>,
}

impl Table {
    /// `columns` in the short notation of `schema.rs`.
    pub(super) fn new(name: &'static str, columns: &'static str, indexes: &'static str) -> Self {
        let id = Column { name: "id", kind: Kind::Int, nullable: false };
        let columns = std::iter::once(id).chain(columns.split_whitespace().map(column)).collect();
        Self { name, columns, indexes: indexes.split_whitespace().collect(), cells: Vec::new() }
    }

    /// Adds a row with the next id, which it returns.
    pub(super) fn add<const N: usize>(&mut self, rest: [Cell; N]) -> i64 {
        debug_assert_eq!(N + 1, self.columns.len(), "a row of {} has a value for each column", self.name);
        let id = i64::try_from(self.len()).unwrap_or(i64::MAX - 1) + 1;
        self.cells.push(Cell::Int(id));
        self.cells.extend(rest);
        id
    }

    /// Replaces the value in row `id`.
    pub(super) fn set(&mut self, id: i64, column: &str, value: Cell) {
        let place = self.columns.iter().position(|known| known.name == column);
        let row = usize::try_from(id - 1).ok();
        if let (Some(place), Some(row)) = (place, row)
            && let Some(cell) = self.cells.get_mut(row * self.columns.len() + place)
        {
            *cell = value;
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.cells.len() / self.columns.len().max(1)
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The rows, by id.
    pub fn rows(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunks_exact(self.columns.len().max(1))
    }
}

/// `name` (whole number), `name:small`, `name:dec10.5`, `name:str255`, `name:text`; a `?` at the end: may be empty.
fn column(text: &'static str) -> Column {
    let (text, nullable) = text.strip_suffix('?').map_or((text, false), |text| (text, true));
    let (name, kind) = text.split_once(':').unwrap_or((text, ""));
    let kind = match (kind, kind.strip_prefix("str"), kind.strip_prefix("dec")) {
        ("small", ..) => Kind::Small,
        ("text", ..) => Kind::Text,
        (_, Some(length), _) => Kind::Varchar(length.parse().unwrap_or(255)),
        (_, _, Some(digits)) => {
            let (all, after) = digits.split_once('.').unwrap_or((digits, "0"));
            Kind::Decimal(all.parse().unwrap_or(10), after.parse().unwrap_or(5))
        }
        _ => Kind::Int,
    };
    Column { name, kind, nullable }
}

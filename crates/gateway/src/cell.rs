//! One value of a result, typed, and the batches in which values travel.
//!
//! No type here has `Debug` or `Display`: rows cannot reach a log by accident.

use jiff::civil::{Date, DateTime, Time};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    /// Whole numbers.
    Integer,
    /// Exact decimal numbers.
    Decimal,
    /// Binary floating point numbers.
    Float,
    /// Text.
    Text,
    /// True and false.
    Boolean,
    /// Days.
    Date,
    /// Times of day.
    Time,
    /// Days with a time of day and no zone.
    Datetime,
    /// Moments.
    Timestamp,
    /// JSON documents.
    Json,
    /// Bytes.
    Binary,
    /// Arrays.
    Array,
    /// Something else, shown as text.
    Unknown,
}

impl ColumnKind {
    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Float => "float",
            Self::Text => "text",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Time => "time",
            Self::Datetime => "datetime",
            Self::Timestamp => "timestamp",
            Self::Json => "json",
            Self::Binary => "binary",
            Self::Array => "array",
            Self::Unknown => "unknown",
        }
    }
}

/// A column of a result.
#[derive(Clone, PartialEq, Eq)]
pub struct Column {
    /// The name that the statement gives it. May be empty and may occur twice.
    pub name: String,
    /// What it holds. SQLite may put something else into single cells: cells carry their own type.
    pub kind: ColumnKind,
}

/// One value.
#[derive(Clone, PartialEq)]
pub enum Cell {
    /// NULL.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number from MariaDB's or MySQL's unsigned types.
    UInt(u64),
    /// A binary floating point number, NaN and infinities included.
    Float(f64),
    /// An exact decimal number in its written form; `NaN`, `Infinity` and `-Infinity` are possible.
    Decimal(Box<str>),
    /// Text.
    Text(Box<str>),
    /// Bytes.
    Bytes(Box<[u8]>),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A day and a time of day, without a zone.
    DateTime(DateTime),
    /// A moment.
    Timestamp(jiff::Timestamp),
    /// A JSON document, as the database wrote it.
    Json(Box<str>),
    /// An array.
    Array(Box<[Cell]>),
    /// The written form of a value whose type the gateway does not know.
    Unknown(Box<str>),
}

impl Cell {
    /// Bytes held on the heap, for budgets.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        match self {
            Self::Decimal(text) | Self::Text(text) | Self::Json(text) | Self::Unknown(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::Array(cells) => cells.iter().map(Self::bytes).sum(),
            _ => 0,
        }
    }

    /// Bytes in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.heap_bytes()
    }
}

/// Some rows of one result.
pub struct Batch {
    cells: Vec<Cell>,
    width: usize,
    rows: usize,
    bytes: usize,
}

impl Batch {
    pub(crate) fn new(cells: Vec<Cell>, width: usize, rows: usize, bytes: usize) -> Self {
        Self { cells, width, rows, bytes }
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// True when there is no row in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Bytes in memory, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The rows, each as wide as the result has columns.
    pub fn rows(&self) -> impl Iterator<Item = &[Cell]> {
        (0..self.rows).map(|row| {
            let start = row * self.width;
            self.cells.get(start..start + self.width).unwrap_or_default()
        })
    }
}

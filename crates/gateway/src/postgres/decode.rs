//! Values from PostgreSQL's binary form. Every length and tag is checked: what
//! does not fit gives `None`, never a panic.
//!
//! Types that are not listed (geometry, ranges, composites, `tsvector`, extension
//! types) are shown as `\x` and the hexadecimal digits of their binary form, kind
//! `unknown`: the driver asks for binary results only, and running the statement
//! again as text could give other rows. `column::text` in the card shows them.

use std::net::{Ipv4Addr, Ipv6Addr};

use tokio_postgres::types::{Kind, Type};

use super::{numeric, temporal};
use crate::cell::{Cell, ColumnKind};

/// Deepest array, as the server has it.
const DIMENSIONS: i32 = 6;

/// How to read one column.
#[derive(Clone)]
pub(super) enum Decoder {
    Bool,
    Int2,
    Int4,
    Int8,
    UInt4,
    UInt8,
    Float4,
    Float8,
    Numeric,
    Money,
    Text,
    Char,
    Bytes,
    Date,
    Time,
    TimeWithZone,
    Timestamp,
    TimestampWithZone,
    Interval,
    Uuid,
    Json,
    Jsonb,
    Network,
    HardwareAddress,
    Bits,
    Array(Box<Decoder>),
    Unknown,
}

impl Decoder {
    pub(super) fn of(kind: &Type) -> Self {
        match *kind {
            Type::BOOL => Self::Bool,
            Type::INT2 => Self::Int2,
            Type::INT4 => Self::Int4,
            Type::INT8 => Self::Int8,
            Type::OID | Type::XID | Type::CID | Type::REGCLASS | Type::REGTYPE => Self::UInt4,
            Type::XID8 => Self::UInt8,
            Type::FLOAT4 => Self::Float4,
            Type::FLOAT8 => Self::Float8,
            Type::NUMERIC => Self::Numeric,
            Type::MONEY => Self::Money,
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN | Type::XML => Self::Text,
            Type::CHAR => Self::Char,
            Type::BYTEA => Self::Bytes,
            Type::DATE => Self::Date,
            Type::TIME => Self::Time,
            Type::TIMETZ => Self::TimeWithZone,
            Type::TIMESTAMP => Self::Timestamp,
            Type::TIMESTAMPTZ => Self::TimestampWithZone,
            Type::INTERVAL => Self::Interval,
            Type::UUID => Self::Uuid,
            Type::JSON => Self::Json,
            Type::JSONB => Self::Jsonb,
            Type::INET | Type::CIDR => Self::Network,
            Type::MACADDR | Type::MACADDR8 => Self::HardwareAddress,
            Type::BIT | Type::VARBIT => Self::Bits,
            _ => match kind.kind() {
                Kind::Enum(_) => Self::Text,
                Kind::Array(element) => Self::Array(Box::new(Self::of(element))),
                Kind::Domain(base) => Self::of(base),
                _ if kind.name() == "citext" => Self::Text,
                _ => Self::Unknown,
            },
        }
    }

    pub(super) fn kind(&self) -> ColumnKind {
        match self {
            Self::Bool => ColumnKind::Boolean,
            Self::Int2 | Self::Int4 | Self::Int8 | Self::UInt4 | Self::UInt8 => ColumnKind::Integer,
            Self::Float4 | Self::Float8 => ColumnKind::Float,
            Self::Numeric | Self::Money => ColumnKind::Decimal,
            Self::Text
            | Self::Char
            | Self::TimeWithZone
            | Self::Interval
            | Self::Uuid
            | Self::Network
            | Self::HardwareAddress
            | Self::Bits => ColumnKind::Text,
            Self::Bytes => ColumnKind::Binary,
            Self::Date => ColumnKind::Date,
            Self::Time => ColumnKind::Time,
            Self::Timestamp => ColumnKind::Datetime,
            Self::TimestampWithZone => ColumnKind::Timestamp,
            Self::Json | Self::Jsonb => ColumnKind::Json,
            Self::Array(_) => ColumnKind::Array,
            Self::Unknown => ColumnKind::Unknown,
        }
    }

    pub(super) fn decode(&self, bytes: &[u8]) -> Option<Cell> {
        let mut reader = Reader::new(bytes);
        let cell = match self {
            Self::Bool => Cell::Bool(reader.u8()? != 0),
            Self::Int2 => Cell::Int(reader.i16()?.into()),
            Self::Int4 => Cell::Int(reader.i32()?.into()),
            Self::Int8 => Cell::Int(reader.i64()?),
            Self::UInt4 => Cell::Int(reader.u32()?.into()),
            Self::UInt8 => Cell::UInt(reader.i64()?.cast_unsigned()),
            Self::Float4 => Cell::Float(widened(f32::from_bits(reader.u32()?))),
            Self::Float8 => Cell::Float(f64::from_bits(reader.i64()?.cast_unsigned())),
            Self::Numeric => Cell::Decimal(numeric::decode(reader.rest())?),
            Self::Money => Cell::Decimal(money(reader.i64()?)),
            Self::Text | Self::Char => Cell::Text(text(reader.rest())),
            Self::Bytes => Cell::Bytes(reader.rest().into()),
            Self::Date => temporal::date(&mut reader)?,
            Self::Time => temporal::time(&mut reader)?,
            Self::TimeWithZone => temporal::time_with_zone(&mut reader)?,
            Self::Timestamp => temporal::timestamp(&mut reader, false)?,
            Self::TimestampWithZone => temporal::timestamp(&mut reader, true)?,
            Self::Interval => temporal::interval(&mut reader)?,
            Self::Uuid => Cell::Text(uuid(reader.rest())?),
            Self::Json => Cell::Json(text(reader.rest())),
            Self::Jsonb => match reader.u8()? {
                1 => Cell::Json(text(reader.rest())),
                _ => return None,
            },
            Self::Network => Cell::Text(network(&mut reader)?),
            Self::HardwareAddress => Cell::Text(separated(reader.rest(), ":")),
            Self::Bits => Cell::Text(bits(&mut reader)?),
            Self::Array(element) => array(&mut reader, element)?,
            Self::Unknown => Cell::Unknown(format!("\\x{}", separated(reader.rest(), "")).into()),
        };
        reader.is_empty().then_some(cell)
    }
}

/// The decimal form of a short float, not the digits that widening invents.
fn widened(value: f32) -> f64 {
    if value.is_finite() { value.to_string().parse().unwrap_or_else(|_| value.into()) } else { value.into() }
}

fn text(bytes: &[u8]) -> Box<str> {
    String::from_utf8_lossy(bytes).into()
}

fn money(cents: i64) -> Box<str> {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100).into()
}

fn separated(bytes: &[u8], separator: &str) -> Box<str> {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.join(separator).into()
}

fn uuid(bytes: &[u8]) -> Option<Box<str>> {
    let mut rest = bytes;
    let mut parts = Vec::with_capacity(5);
    for length in [4, 2, 2, 2, 6] {
        let (part, after) = rest.split_at_checked(length)?;
        parts.push(separated(part, ""));
        rest = after;
    }
    rest.is_empty().then(|| parts.join("-").into())
}

fn network(reader: &mut Reader<'_>) -> Option<Box<str>> {
    let (family, prefix, is_network, length) = (reader.u8()?, reader.u8()?, reader.u8()?, reader.u8()?);
    let bytes = reader.rest();
    if bytes.len() != usize::from(length) {
        return None;
    }
    let (address, whole) = match family {
        2 => (Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?).to_string(), 32),
        3 => (Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).to_string(), 128),
        _ => return None,
    };
    Some(if is_network == 0 && prefix == whole { address.into() } else { format!("{address}/{prefix}").into() })
}

fn bits(reader: &mut Reader<'_>) -> Option<Box<str>> {
    let number = usize::try_from(reader.i32()?).ok()?;
    let bytes = reader.rest();
    if bytes.len() != number.div_ceil(8) {
        return None;
    }
    let all = bytes.iter().flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1));
    Some(all.take(number).map(|bit| if bit == 1 { '1' } else { '0' }).collect::<String>().into())
}

fn array(reader: &mut Reader<'_>, element: &Decoder) -> Option<Cell> {
    let dimensions = reader.i32()?;
    let _has_null = reader.i32()?;
    let _element_type = reader.u32()?;
    if !(0..=DIMENSIONS).contains(&dimensions) {
        return None;
    }
    let mut lengths = Vec::new();
    for _ in 0..dimensions {
        lengths.push(usize::try_from(reader.i32()?).ok()?);
        let _lower_bound = reader.i32()?;
    }
    // An array without elements may announce any other length: nothing to read.
    if lengths.is_empty() || lengths.contains(&0) {
        return Some(Cell::Array(Box::default()));
    }
    elements(reader, element, &lengths)
}

fn elements(reader: &mut Reader<'_>, element: &Decoder, lengths: &[usize]) -> Option<Cell> {
    let (length, inner) = lengths.split_first()?;
    let mut cells = Vec::new();
    for _ in 0..*length {
        cells.push(if inner.is_empty() { item(reader, element)? } else { elements(reader, element, inner)? });
    }
    Some(Cell::Array(cells.into()))
}

fn item(reader: &mut Reader<'_>, element: &Decoder) -> Option<Cell> {
    match reader.i32()? {
        -1 => Some(Cell::Null),
        length => element.decode(reader.take(usize::try_from(length).ok()?)?),
    }
}

/// Reads big-endian numbers off the front of a message.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(front)
    }

    fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn u8(&mut self) -> Option<u8> {
        self.fixed::<1>().map(u8::from_be_bytes)
    }

    pub(super) fn i16(&mut self) -> Option<i16> {
        self.fixed().map(i16::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.fixed().map(u16::from_be_bytes)
    }

    pub(super) fn i32(&mut self) -> Option<i32> {
        self.fixed().map(i32::from_be_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.fixed().map(u32::from_be_bytes)
    }

    pub(super) fn i64(&mut self) -> Option<i64> {
        self.fixed().map(i64::from_be_bytes)
    }
}

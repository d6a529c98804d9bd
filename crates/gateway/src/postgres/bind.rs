//! A parameter's value on its way to PostgreSQL: always as text, which the server
//! reads as whatever type the statement needs there. Exact for every type, and
//! what does not fit is the server's own error.

use std::error::Error;
use std::fmt;

use bytes::BytesMut;
use query::Bind;
use tokio_postgres::types::{Format, IsNull, ToSql, Type};

pub(super) struct Parameter<'a>(pub(super) &'a Bind);

/// Required by the driver's trait; values never show up in it.
impl fmt::Debug for Parameter<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Parameter(..)")
    }
}

impl ToSql for Parameter<'_> {
    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        let text = match self.0 {
            Bind::Null => return Ok(IsNull::Yes),
            Bind::Bool(value) => if *value { "t" } else { "f" }.to_owned(),
            Bind::Int(value) => value.to_string(),
            Bind::Float(value) if value.is_finite() => value.to_string(),
            Bind::Float(value) => crate::encode::json::float_name(*value).to_owned(),
            Bind::Decimal(text) => text.clone(),
            Bind::Text(text) if text.contains('\0') => return Err("NUL".into()),
            Bind::Text(text) => text.clone(),
            Bind::Date(day) => day.to_string(),
            Bind::DateTime(moment) => moment.to_string(),
            Bind::Timestamp(moment) => moment.to_string(),
        };
        out.extend_from_slice(text.as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(_type: &Type) -> bool {
        true
    }

    fn encode_format(&self, _type: &Type) -> Format {
        Format::Text
    }

    fn to_sql_checked(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.to_sql(kind, out)
    }
}

//! Formats. Each is an encoder of the one stream of rows; there is no second way to them.

pub mod csv;
pub mod json;
pub mod values;
pub mod xlsx;

use jiff::tz::TimeZone;

/// A moment in RFC 3339 with the offset that the zone has then.
pub(crate) fn moment(moment: jiff::Timestamp, timezone: &TimeZone) -> String {
    moment.display_with_offset(timezone.to_offset(moment)).to_string()
}

//! `numeric` from its binary form, exactly.

use super::decode::Reader;

/// Digits of one group.
const GROUP: usize = 4;

/// The written form, as the server itself would print it.
pub(super) fn decode(bytes: &[u8]) -> Option<Box<str>> {
    let mut reader = Reader::new(bytes);
    let groups = usize::try_from(reader.i16()?).ok()?;
    let weight = i32::from(reader.i16()?);
    let sign = reader.u16()?;
    let scale = usize::try_from(reader.i16()?).ok()?;
    match sign {
        0x0000 | 0x4000 => {}
        0xC000 => return Some("NaN".into()),
        0xD000 => return Some("Infinity".into()),
        0xF000 => return Some("-Infinity".into()),
        _ => return None,
    }
    let mut digits = Vec::with_capacity(groups.min(bytes.len() / 2));
    for _ in 0..groups {
        let group = reader.i16()?;
        if !(0..10_000).contains(&group) {
            return None;
        }
        digits.push(group);
    }
    if !reader.is_empty() {
        return None;
    }
    // Group number `place` counts 10000^(weight - place); beyond what was sent there are zeros.
    let group = |place: i32| usize::try_from(place).ok().and_then(|place| digits.get(place)).copied().unwrap_or(0);
    let mut out = String::with_capacity(groups * GROUP + scale + 3);
    if sign == 0x4000 {
        out.push('-');
    }
    if weight < 0 {
        out.push('0');
    } else {
        for place in 0..=weight {
            if place == 0 {
                out.push_str(&group(0).to_string());
            } else {
                out.push_str(&format!("{:04}", group(place)));
            }
        }
    }
    if scale > 0 {
        out.push('.');
        let start = out.len();
        let mut place = weight.checked_add(1)?;
        while out.len() - start < scale {
            out.push_str(&format!("{:04}", group(place)));
            place = place.checked_add(1)?;
        }
        out.truncate(start + scale);
    }
    Some(out.into())
}

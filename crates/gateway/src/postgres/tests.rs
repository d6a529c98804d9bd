//! The decoders against bytes that no honest server sends: a refusal, never a panic.

use super::decode::Decoder;
use crate::cell::Cell;

fn all() -> Vec<Decoder> {
    use Decoder::*;
    let simple = || {
        vec![
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
            Unknown,
        ]
    };
    let arrays: Vec<_> = simple().into_iter().map(|element| Array(Box::new(element))).collect();
    [simple(), arrays].concat()
}

#[test]
fn any_bytes_are_survived() {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut dice = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()
    };
    for round in 0..20_000_usize {
        let mut bytes: Vec<u8> = std::iter::repeat_with(&mut dice).take(1 + round % 9).flatten().collect();
        bytes.truncate(round % 70);
        // Small numbers get further than large ones.
        if round % 3 == 0 {
            bytes.iter_mut().for_each(|byte| *byte &= 3);
        }
        for decoder in all() {
            let _ = decoder.decode(&bytes);
        }
    }
    for byte in [0x00, 0x7f, 0x80, 0xff] {
        for length in 0..64 {
            for decoder in all() {
                let _ = decoder.decode(&vec![byte; length]);
            }
        }
    }
}

#[test]
fn an_announced_length_is_no_promise() {
    let array = Decoder::Array(Box::new(Decoder::Int4));
    let announced = |dimensions: &[i32]| {
        let mut bytes = Vec::new();
        for number in [i32::try_from(dimensions.len()).unwrap_or(i32::MAX), 0, 23] {
            bytes.extend(number.to_be_bytes());
        }
        for length in dimensions {
            bytes.extend(length.to_be_bytes());
            bytes.extend(1_i32.to_be_bytes());
        }
        bytes
    };
    assert!(array.decode(&announced(&[i32::MAX])).is_none());
    assert!(array.decode(&announced(&[i32::MAX, i32::MAX])).is_none());
    assert!(array.decode(&announced(&[-1])).is_none());
    assert!(array.decode(&announced(&[1; 7])).is_none());
    assert!(array.decode(&announced(&[i32::MAX, 0])) == Some(Cell::Array(Box::default())));
}

#[test]
fn trailing_bytes_are_no_value() {
    assert!(Decoder::Int4.decode(&[0, 0, 0, 1]) == Some(Cell::Int(1)));
    assert!(Decoder::Int4.decode(&[0, 0, 0, 1, 0]).is_none());
    assert!(Decoder::Int4.decode(&[0, 0, 0]).is_none());
}

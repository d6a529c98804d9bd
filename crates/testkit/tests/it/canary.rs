use testkit::canary::{Canary, assert_no_foreign_canary};

#[test]
fn the_same_world_has_the_same_canaries_and_tenants_differ() {
    assert_eq!(Canary::new(1, "alder"), Canary::new(1, "alder"));
    assert_ne!(Canary::new(1, "alder"), Canary::new(2, "alder"));
    assert_ne!(Canary::new(1, "alder").text(), Canary::new(1, "birch").text());
    assert_ne!(Canary::new(1, "alder").number(), Canary::new(1, "birch").number());
}

#[test]
fn own_canary_is_reported_and_allowed() {
    let (alder, birch) = (Canary::new(1, "alder"), Canary::new(1, "birch"));
    let answer = format!("{{\"rows\":[[\"{}\"]]}}", alder.text());
    assert!(assert_no_foreign_canary(answer.as_bytes(), &alder, &[alder.clone(), birch.clone()]));
    assert!(!assert_no_foreign_canary(b"{\"rows\":[]}", &alder, &[birch]));
}

#[test]
fn a_foreign_canary_is_found_in_every_disguise() {
    let (alder, birch) = (Canary::new(1, "alder"), Canary::new(1, "birch"));
    let text = birch.text();
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hex: String = text.bytes().map(|byte| format!("{byte:02X}")).collect();
    let disguises: Vec<Vec<u8>> =
        vec![text.into(), text.to_uppercase().into(), utf16, hex.into(), format!("sum {} rows", birch.number()).into()];
    for bytes in disguises {
        let result =
            std::panic::catch_unwind(|| assert_no_foreign_canary(&bytes, &alder, std::slice::from_ref(&birch)));
        assert!(result.is_err(), "not found in {bytes:?}");
    }
}

/// Against an encoder of its own, written the plain way round.
#[test]
fn base64_is_found_at_every_offset() {
    let birch = Canary::new(1, "birch");
    for before in ["", "x", "xy", "xyz"] {
        let encoded = base64(format!("{before}{}after", birch.text()).as_bytes());
        assert!(birch.is_in(encoded.as_bytes()), "{encoded}");
    }
    assert!(!birch.is_in(base64(Canary::new(1, "alder").text().as_bytes()).as_bytes()));
}

fn base64(bytes: &[u8]) -> String {
    let alphabet: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
    let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    bits.as_bytes()
        .chunks(6)
        .map(|six| alphabet[usize::from_str_radix(&format!("{:0<6}", std::str::from_utf8(six).unwrap()), 2).unwrap()])
        .collect()
}

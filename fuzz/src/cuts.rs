//! Where bytes are cut: by chance, but at the same places each time they are met.

/// The same bytes in pieces, some of them empty, some of one byte.
pub(crate) fn of(bytes: &[u8]) -> Vec<&[u8]> {
    // FNV-1a: the places depend on the bytes alone, so that a fixture is an input as it is.
    let mut state = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut rest = bytes;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let most = if state >> 63 == 0 { 4 } else { 64 };
        let length = usize::try_from((state >> 33) % most).unwrap_or(0);
        let (piece, left) = rest.split_at(length.min(rest.len()));
        pieces.push(piece);
        rest = left;
    }
    pieces
}

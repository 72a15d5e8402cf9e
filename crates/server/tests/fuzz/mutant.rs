//! Mutations of bytes, the same each time for the same number.

/// What streams are made of: put in where it does not belong.
const TOKENS: [&[u8]; 14] = [
    b"\r",
    b"\n\n",
    b"\r\n\r\n",
    b"data: ",
    b"data",
    b"event: error\n",
    b": c\n",
    b"data: [DONE]\n\n",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\\ud83d",
    b"<think>",
    b"</think>",
    b"{\"error\":{\"code\":429}}",
];

/// Up to four changes of these bytes.
pub(crate) fn of(bytes: &[u8], others: &[&[u8]], number: u64) -> Vec<u8> {
    let mut mutant = bytes.to_vec();
    let mut chance = number ^ (bytes.len() as u64).rotate_left(32);
    let mut below = |most: usize| {
        // splitmix64
        chance = chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (chance ^ (chance >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % most.max(1) as u64).unwrap()
    };
    for _ in 0..=below(4) {
        let at = below(mutant.len());
        let end = (at + below(40)).min(mutant.len());
        match below(6) {
            0 => mutant.truncate(at),
            1 => drop(mutant.drain(at..end)),
            2 => {
                let again = mutant[at..end].to_vec();
                mutant.splice(at..at, again);
            }
            3 => {
                let token = TOKENS[below(TOKENS.len())];
                mutant.splice(at..at, token.iter().copied());
            }
            4 => {
                let other = others[below(others.len())];
                let from = below(other.len());
                mutant.splice(at.., other[from..].iter().copied());
            }
            _ => {
                if let Some(byte) = mutant.get_mut(at) {
                    *byte ^= 1 << below(8);
                }
            }
        }
    }
    mutant
}

//! What emphasis must know of a character: Unicode's punctuation and symbols, and what is Chinese,
//! Japanese or Korean. Ranges run over code points that are not given out, which keeps them few.
//!
//! Must not own: the punctuation of scripts no demo writes; it counts as letters.

/// Whether it is of the categories P or S.
pub(super) fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    matches!(
        c,
        '\u{A1}'..='\u{A9}' | '«' | '¬' | '\u{AE}'..='\u{B1}' | '´' | '¶'..='¸' | '»' | '¿' | '×' | '÷'
        | '\u{2C2}'..='\u{2C5}' | '\u{2D2}'..='\u{2DF}' | '\u{2E5}'..='\u{2EB}' | '\u{2ED}' | '\u{2EF}'..='\u{2FF}'
        | '\u{37E}' | '\u{387}'
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}'
        | '\u{207A}'..='\u{207E}' | '\u{208A}'..='\u{208E}' | '\u{20A0}'..='\u{20CF}'
        | '\u{2100}' | '\u{2101}' | '\u{2103}'..='\u{2106}' | '\u{2108}' | '\u{2109}' | '\u{2114}'
        | '\u{2116}'..='\u{2118}' | '\u{211E}'..='\u{2123}' | '\u{2125}' | '\u{2127}' | '\u{2129}'
        | '\u{212E}' | '\u{213A}' | '\u{213B}' | '\u{2140}'..='\u{2144}' | '\u{214A}'..='\u{214D}' | '\u{214F}'
        | '\u{218A}'..='\u{245F}' | '\u{249C}'..='\u{24E9}' | '\u{2500}'..='\u{2775}'
        | '\u{2794}'..='\u{2BFF}' | '\u{2E00}'..='\u{2E2E}' | '\u{2E30}'..='\u{2FFF}'
        | '\u{3001}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{3030}' | '\u{3036}' | '\u{3037}'
        | '\u{303D}'..='\u{303F}' | '\u{309B}' | '\u{309C}' | '\u{30A0}' | '\u{30FB}'
        | '\u{3200}'..='\u{321F}' | '\u{322A}'..='\u{3247}' | '\u{3250}' | '\u{3260}'..='\u{327F}'
        | '\u{328A}'..='\u{32B0}' | '\u{32C0}'..='\u{33FF}' | '\u{4DC0}'..='\u{4DFF}'
        | '\u{FE10}'..='\u{FE19}' | '\u{FE30}'..='\u{FE6B}' | '！'..='／' | '：'..='＠'
        | '［'..='\u{FF40}' | '｛'..='･' | '\u{FFE0}'..='\u{FFEE}' | '\u{FFFC}' | '\u{FFFD}'
        | '\u{1F000}'..='\u{1F0FF}' | '\u{1F10D}'..='\u{1FBEF}'
    )
}

/// Whether it is of a wide script, or Hangul; marks of those scripts are.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(
        c,
        '\u{1100}'..='\u{11FF}' | '₩' | '\u{2329}' | '\u{232A}'
        | '\u{2630}'..='\u{2637}' | '\u{268A}'..='\u{268F}'
        | '\u{2E80}'..='\u{303E}' | '\u{3040}'..='\u{3247}' | '\u{3250}'..='\u{A4CF}'
        | '\u{A960}'..='\u{A97F}' | '가'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FE10}'..='\u{FE1F}' | '\u{FE30}'..='\u{FE6F}' | '\u{FF01}'..='\u{FFEF}'
        | '\u{16FE0}'..='\u{191FF}' | '\u{1AFF0}'..='\u{1B2FF}' | '\u{1D300}'..='\u{1D37F}'
        | '\u{1F200}' | '\u{1F202}'..='\u{1F219}' | '\u{1F21B}'..='\u{1F22E}' | '\u{1F230}' | '\u{1F231}'
        | '\u{1F237}' | '\u{1F23B}'..='\u{1F248}' | '\u{1F260}'..='\u{1F265}'
        | '\u{20000}'..='\u{3FFFD}'
    )
}

/// Whether it picks a form of the character before it, other than the colourful one.
pub(super) fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0E}')
}

/// Whether it picks a form of the ideograph before it.
pub(super) fn is_ideograph_selector(c: char) -> bool {
    matches!(c, '\u{E0100}'..='\u{E01EF}')
}

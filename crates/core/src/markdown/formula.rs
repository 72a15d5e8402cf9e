//! Formulas in TeX as text that can be read.
//!
//! Must not own: where a formula begins and ends.
//! Invariant: nothing is lost. What has no sign of its own stays as the word it is.

use super::escape::find;

/// Nesting beyond this stays as it is written.
const MAX_DEPTH: usize = 8;

/// The mark of a root is at most this long, in bytes with its brackets.
const MAX_ROOT: usize = 10;

/// Commands and their signs; a combining sign goes onto what follows.
const SIGNS: &str = " alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ \
    vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi φ \
    varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ \
    Phi Φ Psi Ψ Omega Ω times × cdot · div ÷ pm ± mp ∓ ast * star ⋆ circ ∘ bullet • le ≤ leq ≤ \
    leqslant ≤ ge ≥ geq ≥ geqslant ≥ lt < gt > ne ≠ neq ≠ approx ≈ equiv ≡ sim ∼ simeq ≃ cong ≅ \
    propto ∝ ll ≪ gg ≫ infty ∞ sum ∑ prod ∏ int ∫ iint ∬ oint ∮ partial ∂ nabla ∇ to → \
    rightarrow → leftarrow ← leftrightarrow ↔ Rightarrow ⇒ implies ⇒ Leftarrow ⇐ Leftrightarrow ⇔ \
    iff ⇔ mapsto ↦ uparrow ↑ downarrow ↓ in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ \
    supseteq ⊇ cup ∪ cap ∩ emptyset ∅ varnothing ∅ setminus ∖ forall ∀ exists ∃ neg ¬ lnot ¬ \
    land ∧ wedge ∧ lor ∨ vee ∨ oplus ⊕ otimes ⊗ perp ⊥ parallel ∥ mid | angle ∠ triangle △ \
    because ∵ therefore ∴ ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ prime ′ degree ° hbar ℏ ell ℓ \
    Re ℜ Im ℑ aleph ℵ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert | rvert | \
    lVert ‖ rVert ‖ hat \u{302} widehat \u{302} bar \u{304} overline \u{305} vec \u{20D7} \
    dot \u{307} ddot \u{308} tilde \u{303} widetilde \u{303}";

/// Commands that say how something looks, not what it is.
const LOOKS: &str = " text textbf textit textrm mathrm mathbf mathit mathsf mathbb mathcal \
    mathfrak boldsymbol operatorname mbox displaystyle textstyle limits nolimits left right big \
    Big bigl bigr Bigl Bigr bigg Bigg middle boxed label tag ";

const RAISED: &str = "0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹+⁺-⁻=⁼(⁽)⁾nⁿiⁱaᵃbᵇcᶜdᵈeᵉkᵏmᵐpᵖtᵗxˣyʸTᵀ∘°°°′′**";
const LOWERED: &str = "0₀1₁2₂3₃4₄5₅6₆7₇8₈9₉+₊-₋=₌(₍)₎aₐeₑiᵢjⱼkₖmₘnₙpₚrᵣsₛtₜxₓ";

/// The text of a formula; `\\` begins a new line.
pub(super) fn readable(tex: &str) -> String {
    let mut reader = Reader { rest: tex };
    let mut text = String::new();
    while !reader.rest.is_empty() {
        text.push_str(&reader.sequence(0));
    }
    let mut plain = String::new();
    for line in text.lines() {
        if !plain.is_empty() {
            plain.push('\n');
        }
        let start = plain.len();
        for word in line.split_whitespace() {
            if plain.len() > start {
                plain.push(' ');
            }
            plain.push_str(word);
        }
    }
    plain.trim_ascii_end().to_owned()
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next();
        self.rest = chars.as_str();
        c
    }

    fn skips(&mut self, c: char) -> bool {
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Everything up to the end of the group.
    fn sequence(&mut self, depth: usize) -> String {
        let mut text = String::new();
        while let Some(c) = self.next() {
            if c == '}' {
                break;
            }
            self.piece(c, depth, &mut text);
        }
        text
    }

    /// What a command, or a raised or lowered sign, is about: a group or one sign.
    fn argument(&mut self, depth: usize) -> String {
        let mut text = String::new();
        self.rest = self.rest.trim_ascii_start();
        if !self.rest.starts_with('}')
            && let Some(c) = self.next()
        {
            self.piece(c, depth + 1, &mut text);
        }
        text.trim_ascii().to_owned()
    }

    fn piece(&mut self, c: char, depth: usize, text: &mut String) {
        let is_deep = depth >= MAX_DEPTH;
        match c {
            '{' if is_deep => {}
            '{' => text.push_str(&self.sequence(depth + 1)),
            '\\' => self.command(depth, text),
            '^' | '_' if !is_deep => {
                let argument = self.argument(depth);
                push_script(c, &argument, text);
            }
            '&' => {}
            '~' => text.push(' '),
            c if c.is_whitespace() => text.push(' '),
            c => text.push(c),
        }
    }

    fn command(&mut self, depth: usize, text: &mut String) {
        let rest = self
            .rest
            .trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let (name, rest) = self.rest.split_at(self.rest.len() - rest.len());
        self.rest = rest;
        if name.is_empty() {
            match self.next() {
                Some('\\') => text.push('\n'),
                Some('!') | None => {}
                Some(',' | ';' | ':' | '>') => text.push(' '),
                Some('|') => text.push('‖'),
                Some(c) => text.push(c),
            }
            return;
        }
        if depth >= MAX_DEPTH {
            text.push_str(name);
            return;
        }
        match name {
            "frac" | "dfrac" | "tfrac" | "binom" => {
                let above = self.argument(depth);
                let below = self.argument(depth);
                // `1/2a` would be read as a half of it.
                let is_product = below.starts_with(|c: char| c.is_ascii_digit())
                    && below.contains(|c| matches!(c, 'a'..='z' | 'A'..='Z' | 'α'..='ω'));
                push_factor(&above, false, text);
                text.push(if name == "binom" { 'C' } else { '/' });
                push_factor(&below, is_product, text);
            }
            "sqrt" => {
                let mut start = self.rest.bytes().take(MAX_ROOT);
                if self.rest.starts_with('[')
                    && let Some(end) = start.position(|byte| byte == b']')
                {
                    push_script('^', &self.rest[1..end], text);
                    self.rest = &self.rest[end + 1..];
                }
                push_call("√", &self.argument(depth), text);
            }
            "begin" | "end" => drop(self.argument(depth)),
            "quad" | "qquad" => text.push(' '),
            _ if find(LOOKS, name).is_some() => {
                // `\left.` is no bracket at all.
                if matches!(name, "left" | "right") {
                    self.skips('.');
                }
            }
            _ => match find(SIGNS, name) {
                Some(sign)
                    if sign.starts_with(|c| matches!(c, '\u{300}'..='\u{36F}' | '\u{20D7}')) =>
                {
                    text.push_str(&self.argument(depth));
                    text.push_str(sign);
                }
                Some(sign) => text.push_str(sign),
                None if self.rest.starts_with('{') => push_call(name, &self.argument(depth), text),
                None => text.push_str(name),
            },
        }
    }
}

fn push_call(name: &str, argument: &str, text: &mut String) {
    for part in [name, "(", argument, ")"] {
        text.push_str(part);
    }
}

fn push_factor(factor: &str, is_product: bool, text: &mut String) {
    let is_sum = factor.contains(|c: char| c.is_whitespace() || "+-*/=<>±∓×·÷,".contains(c));
    if is_sum || is_product {
        push_call("", factor, text);
    } else {
        text.push_str(factor);
    }
}

/// Raises or lowers a text if Unicode has the signs, else says so with the mark.
fn push_script(mark: char, argument: &str, text: &mut String) {
    if argument.is_empty() {
        text.push(mark);
        return;
    }
    let signs = if mark == '^' { RAISED } else { LOWERED };
    let find = |c| {
        let mut signs = signs.chars();
        while let Some(plain) = signs.next() {
            let sign = signs.next();
            if plain == c {
                return sign;
            }
        }
        None
    };
    let compact = argument.chars().filter(|c| *c != ' ');
    if let Some(signs) = compact.map(find).collect::<Option<String>>() {
        text.push_str(&signs);
        return;
    }
    text.push(mark);
    if argument.chars().count() == 1 {
        text.push_str(argument);
    } else {
        push_call("", argument, text);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_can_be_read() {
        for (tex, text) in [
            ("E = mc^2", "E = mc²"),
            ("a_1 + b_{12}", "a₁ + b₁₂"),
            ("x^{n+1} \\cdot y^{-1}", "xⁿ⁺¹ · y⁻¹"),
            ("x^{ab/2}, x^q, x_{max}, x_Q", "x^(ab/2), x^q, xₘₐₓ, x_Q"),
            ("2 \\times 3 \\div 4 \\le 5 \\neq 6", "2 × 3 ÷ 4 ≤ 5 ≠ 6"),
            ("\\frac{a}{b} \\frac{a+b}{2} \\frac12", "a/b (a+b)/2 1/2"),
            (
                "\\frac{1}{2a} \\frac{dy}{dx} \\frac{x_1}{10}",
                "1/(2a) dy/dx x₁/10",
            ),
            (
                "\\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}",
                "(-b ± √(b² - 4ac))/(2a)",
            ),
            ("\\sqrt[3]{x} \\sqrt2", "³√(x) √(2)"),
            ("\\sum_{i=1}^{n} x_i \\to \\infty", "∑ᵢ₌₁ⁿ xᵢ → ∞"),
            ("\\int_0^\\infty e^{-x} dx", "∫₀^∞ e⁻ˣ dx"),
            ("\\alpha\\beta \\Omega \\varepsilon", "αβ Ω ε"),
            (
                "\\text{속도} = \\mathrm{거리} / \\mathbf{t}",
                "속도 = 거리 / t",
            ),
            (
                "\\left( \\frac{a}{b} \\right)^2 \\left. x \\right|",
                "( a/b )² x |",
            ),
            ("\\bar{x} \\hat y \\vec{AB}", "x\u{304} y\u{302} AB\u{20D7}"),
            (
                "\\sin x + \\log_{2}{y} \\lim_{x \\to 0}",
                "sin x + log₂y lim_(x → 0)",
            ),
            ("90^\\circ f'(x) A^T", "90° f'(x) Aᵀ"),
            ("\\{1, 2\\} \\, \\% \\$ \\|v\\| a~b", "{1, 2} % $ ‖v‖ a b"),
            (
                "\\begin{aligned} a &= b \\\\ &= c \\end{aligned}",
                "a = b\n= c",
            ),
            (
                "\\binom{n}{k} \\unknown{x} \\other y",
                "nCk unknown(x) other y",
            ),
            ("", ""),
            ("\\", ""),
            ("}}{ ^ _", "^_"),
        ] {
            assert_eq!(readable(tex), text, "{tex}");
        }
    }

    proptest! {
        #[test]
        fn any_formula_is_read(tex in "[\\\\{}^_$&~ ab1가\n]{0,60}|(\\\\frac|\\\\sqrt|\\{|\\}|\\[|\\^|_|a){0,40}") {
            drop(readable(&tex));
        }

        #[test]
        fn words_stay(tex in "[가-힣a-z0-9 ]{0,40}") {
            let words: Vec<&str> = tex.split_whitespace().collect();
            prop_assert_eq!(readable(&tex), words.join(" "));
        }
    }
}

//! Medians and percentiles. Timings on shared machines are noisy: no mean is ever reported.

/// The value in the middle; 0 of nothing.
pub(crate) fn median(values: &[f64]) -> f64 {
    percentile(values, 50.0)
}

/// The value that this share of the others does not exceed; 0 of nothing.
pub(crate) fn percentile(values: &[f64], percent: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index into a list of samples"
    )]
    let at = (percent / 100.0 * last as f64).round() as usize;
    sorted[at.min(last)]
}

/// Between which values what is made of two samples lies with 95 % confidence: taken again and again from
/// what was taken (bootstrap; Efron 1979). Samples of one length are drawn in pairs.
pub(crate) fn bounds_of(
    ours: &[f64],
    other: &[f64],
    of: impl Fn(&[f64], &[f64]) -> f64,
) -> (f64, f64) {
    let mut draw = Draw(0x9E37_79B9_7F4A_7C15);
    let mut values = Vec::new();
    for _ in 0..DRAWS {
        let drawn: Vec<usize> = ours.iter().map(|_| draw.below(ours.len())).collect();
        let beside: Vec<usize> = if other.len() == ours.len() {
            drawn.clone()
        } else {
            other.iter().map(|_| draw.below(other.len())).collect()
        };
        let taken = |from: &[f64], at: &[usize]| at.iter().map(|at| from[*at]).collect::<Vec<_>>();
        values.push(of(&taken(ours, &drawn), &taken(other, &beside)));
    }
    (percentile(&values, 2.5), percentile(&values, 97.5))
}

const DRAWS: usize = 1_000;

/// The same numbers in every run (splitmix64).
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) >> 16).unwrap_or(0) % limit.max(1)
    }
}

/// How often something happened, as a number to divide by.
pub(crate) fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_found_in_any_order() {
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((percentile(&[4.0, 1.0, 2.0, 3.0, 5.0], 100.0) - 5.0).abs() < f64::EPSILON);
        assert!(median(&[]).abs() < f64::EPSILON);
    }

    #[test]
    fn bounds_lie_around_what_was_taken_and_narrow_with_more_of_it() {
        let few: Vec<f64> = (0..20).map(f64::from).collect();
        let many: Vec<f64> = (0..2_000).map(|n| f64::from(n) / 100.0).collect();
        let of = |sample: &[f64]| bounds_of(sample, sample, |sample, _| median(sample));
        let (few, many) = (of(&few), of(&many));
        assert!(few.0 < 9.5 && few.1 > 9.5 && many.0 < 10.0 && many.1 > 10.0);
        assert!(many.1 - many.0 < (few.1 - few.0) / 4.0, "{few:?} {many:?}");
    }

    #[test]
    fn pairs_are_drawn_together() {
        let (ours, other) = ([2.0, 20.0, 200.0], [1.0, 10.0, 100.0]);
        let (low, high) = bounds_of(&ours, &other, |a, b| median(a) / median(b));
        assert!((low - 2.0).abs() < f64::EPSILON && (high - 2.0).abs() < f64::EPSILON);
    }
}

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

/// The median of the differences of pairs that were taken one right after the other.
pub(crate) fn median_difference(ours: &[f64], base: &[f64]) -> f64 {
    let differences: Vec<f64> = ours.iter().zip(base).map(|(a, b)| a - b).collect();
    median(&differences)
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
    fn pairs_are_compared_one_by_one() {
        let difference = median_difference(&[11.0, 102.0, 1003.0], &[10.0, 100.0, 1000.0]);
        assert!((difference - 2.0).abs() < f64::EPSILON);
    }
}

//! Where things stand in a chart.
//!
//! Owns: scales, bars and lines as numbers. Must not own: colours, words, or whose numbers they
//! are. Invariant: a chart is as large as the others, and one scale serves all that stand together.

use std::fmt::Write as _;

/// The drawing's own units; the page decides how large they are.
pub const WIDTH: f64 = 236.0;
/// Where the plot begins, right of the scale's numbers.
pub const LEFT: f64 = 34.0;
/// Room above the highest bar for its number.
pub const TOP: f64 = 20.0;

/// A height in which values from zero to `top` are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// What the highest line stands for.
    pub top: u64,
    /// How high the plot is.
    pub height: f64,
}

impl Scale {
    /// A scale that ends at a round number at or above `most`.
    #[must_use]
    pub fn reaching(most: u64, height: f64) -> Self {
        Self {
            top: round_up(most),
            height,
        }
    }

    /// Where a value stands, from the drawing's upper edge.
    #[must_use]
    pub fn y(self, value: f64) -> f64 {
        TOP + self.height * (1.0 - value / real(self.top))
    }

    /// Where a whole number stands.
    #[must_use]
    pub fn y_of(self, count: u64) -> f64 {
        self.y(real(count))
    }

    /// The lines to draw: nothing, half, all.
    #[must_use]
    pub fn ticks(self) -> [u64; 3] {
        [0, self.top / 2, self.top]
    }

    /// The lower edge of the plot.
    #[must_use]
    pub fn floor(self) -> f64 {
        TOP + self.height
    }
}

/// One bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Bar {
    /// Its middle.
    #[must_use]
    pub fn centre(self) -> f64 {
        self.x + self.width / 2.0
    }
}

/// Bars side by side, one a value.
#[must_use]
pub fn bars<const N: usize>(values: [f64; N], scale: Scale) -> [Bar; N] {
    let slot = (WIDTH - LEFT) / real(N as u64);
    let mut place = 0.0;
    values.map(|value| {
        let y = scale.y(value);
        let bar = Bar {
            x: LEFT + slot * (place + 0.1),
            y,
            width: slot * 0.8,
            height: scale.floor() - y,
        };
        place += 1.0;
        bar
    })
}

/// A line through values at places from `first` to `last`; places without a value stand at zero.
/// `values` are in order of their places.
#[must_use]
pub fn line(values: &[(i64, u64)], first: i64, last: i64, scale: Scale) -> Vec<(f64, f64)> {
    let span = last - first;
    let x = |place: i64| {
        if span == 0 {
            f64::midpoint(LEFT, WIDTH)
        } else {
            LEFT + (WIDTH - LEFT) * signed(place - first) / signed(span)
        }
    };
    let mut points = Vec::new();
    let mut next = first;
    for &(place, value) in values {
        // Of a run of zeros only the ends make the line.
        if place > next {
            points.push((x(next), scale.y(0.0)));
        }
        if place > next + 1 {
            points.push((x(place - 1), scale.y(0.0)));
        }
        points.push((x(place), scale.y(real(value))));
        next = place + 1;
    }
    if next <= last {
        points.push((x(next), scale.y(0.0)));
    }
    if next < last {
        points.push((x(last), scale.y(0.0)));
    }
    points
}

/// Points as the `d` of a path.
#[must_use]
pub fn path(points: &[(f64, f64)]) -> String {
    let mut written = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        let step = if at == 0 { 'M' } else { 'L' };
        write!(written, "{step}{x:.1} {y:.1}").ok();
    }
    written
}

/// The least of 2, 4, 6, 8, 10, 20, 40, … that is not below: half of it is a whole number.
fn round_up(most: u64) -> u64 {
    let mut unit = 1_u64;
    loop {
        let found = [2, 4, 6, 8, 10]
            .map(|step| unit.saturating_mul(step))
            .into_iter()
            .find(|top| *top >= most);
        if let Some(top) = found {
            return top;
        }
        unit = unit.saturating_mul(10);
    }
}

/// A part of a whole in percent; nothing of nothing is nothing.
#[must_use]
pub fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        100.0 * real(part) / real(whole)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of an event are far below 2^52"
)]
fn real(count: u64) -> f64 {
    count as f64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "hours of an event are far below 2^52"
)]
fn signed(places: i64) -> f64 {
    places as f64
}

#[cfg(test)]
#[cfg(not(target_family = "wasm"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EPSILON: f64 = 1e-9;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < EPSILON
    }

    #[test]
    fn scales_end_at_round_numbers() {
        let tops = [0, 1, 2, 3, 10, 11, 41, 60, 61, 100, 101].map(round_up);
        assert_eq!(tops, [2, 2, 2, 4, 10, 20, 60, 60, 80, 100, 200]);
    }

    #[test]
    fn a_bar_is_as_high_as_its_value() {
        let scale = Scale::reaching(50, 90.0);
        let drawn = bars([0.0, 30.0, 60.0], scale);
        assert!(near(drawn[0].height, 0.0));
        assert!(near(drawn[1].height, 45.0));
        assert!(near(drawn[2].height, 90.0) && near(drawn[2].y, TOP));
        assert!(near(drawn[2].x + drawn[2].width * 1.125, WIDTH));
    }

    #[test]
    fn silent_hours_lie_on_the_floor() {
        let scale = Scale::reaching(10, 40.0);
        let points = line(&[(2, 10), (7, 5)], 0, 9, scale);
        let heights: Vec<f64> = points.iter().map(|(_, y)| scale.floor() - y).collect();
        assert_eq!(heights, [0.0, 0.0, 40.0, 0.0, 0.0, 20.0, 0.0, 0.0]);
        assert!(near(points[0].0, LEFT) && near(points[7].0, WIDTH));
    }

    #[test]
    fn a_single_hour_stands_in_the_middle() {
        let scale = Scale::reaching(3, 40.0);
        let points = line(&[(5, 3)], 5, 5, scale);
        assert_eq!(points.len(), 1);
        assert!(near(points[0].0, f64::midpoint(LEFT, WIDTH)));
        assert_eq!(path(&points), "M135.0 30.0");
    }

    #[test]
    fn nothing_of_nothing_is_nothing() {
        assert!(near(percent(0, 0), 0.0));
        assert!(near(percent(1, 4), 25.0));
    }

    proptest! {
        #[test]
        fn nothing_is_drawn_outside(values in proptest::collection::btree_map(0_i64..500, 0_u64..5_000, 0..40)) {
            let values: Vec<(i64, u64)> = values.into_iter().collect();
            let most = values.iter().map(|(_, value)| *value).max().unwrap_or(0);
            let scale = Scale::reaching(most, 40.0);
            let points = line(&values, 0, 499, scale);
            prop_assert!(points.is_sorted_by(|a, b| a.0 <= b.0));
            for (x, y) in points {
                prop_assert!((LEFT..=WIDTH).contains(&x), "{x}");
                prop_assert!((TOP - EPSILON..=scale.floor() + EPSILON).contains(&y), "{y}");
            }
        }
    }
}

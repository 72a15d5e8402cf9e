//! The colour of a team's light.

use kiosk_wire::event::Event;

/// Hue of the first team, in degrees.
const FIRST: u32 = 160;

/// Where on the circle of hues a team's light stands, 0 to 359 degrees: places in line are evenly
/// apart, and nothing else of a team decides its colour. A team that is not in the event has the
/// place of the first.
#[must_use]
pub fn hue(event: &Event, team: &str) -> u32 {
    let count = u32::try_from(event.teams.len()).unwrap_or(1).max(1);
    let place = event.teams.iter().position(|other| other.id == team);
    (FIRST + 360 * u32::try_from(place.unwrap_or(0)).unwrap_or(0) / count) % 360
}

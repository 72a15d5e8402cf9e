//! Erases entries after the days that the privacy notice names.
//!
//! Owns: the plan, when it is carried out, and that it is told a day before.
//! Must not own: SQL, or which days those are.
//! Invariant: nothing is erased that no plan of a day ago named, so that a clock which went ahead for an
//! hour, or a mistyped number of days, erases nothing that somebody who looks could not have kept.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use kiosk_wire::console::Retention;

use crate::{
    audit,
    state::AppState,
    storage::{ErasurePlan, Storage, StorageError},
};

/// How long before it is done a plan is told.
const NOTICE: SignedDuration = SignedDuration::from_hours(24);
/// How often the clock is looked at.
const TICK: Duration = Duration::from_mins(1);
/// Most entries in one transaction: tablets that send meanwhile must not wait.
const MOST: u32 = 500;

/// Does so for as long as it is polled. What fails is told and tried again.
pub async fn run(state: AppState) {
    loop {
        if let Err(error) = step(&state).await {
            tracing::warn!(%error, "entries whose time is over are still there; it is tried again");
        }
        tokio::time::sleep(TICK).await;
    }
}

/// Carries out the plan if its time has come, and makes the next one.
///
/// # Errors
///
/// If the database cannot be used; what was not erased is in the plan still.
pub async fn step(state: &AppState) -> Result<(), StorageError> {
    let (storage, now) = (state.storage.as_ref(), state.clock.now());
    let days = days(state);
    let plan = storage.erasure_plan().await?;
    match plan.filter(|plan| holds(*plan, now, days)) {
        Some(plan) if plan.at <= now => {
            erase(state, plan).await?;
            storage.put_erasure_plan(next(now, days)).await
        }
        Some(_) => Ok(()),
        None => storage.put_erasure_plan(next(now, days)).await,
    }
}

/// What is going to be erased, for organisers.
///
/// # Errors
///
/// If the database cannot be used.
pub async fn told(storage: &dyn Storage, retention_days: u32) -> Result<Retention, StorageError> {
    let plan = storage.erasure_plan().await?;
    let entries = match plan {
        Some(plan) => storage.arrived_before(plan.before).await?,
        None => 0,
    };
    Ok(Retention {
        retention_days,
        next_at: plan.map(|plan| plan.at.to_string()),
        entries,
    })
}

fn days(state: &AppState) -> SignedDuration {
    SignedDuration::from_hours(i64::from(state.config.privacy.retention_days) * 24)
}

/// A plan made by a clock that went ahead, or for fewer days than now, is none.
fn holds(plan: ErasurePlan, now: Timestamp, days: SignedDuration) -> bool {
    let is_soon = plan.at.duration_since(now) <= NOTICE;
    is_soon && plan.at.duration_since(plan.before) >= days
}

fn next(now: Timestamp, days: SignedDuration) -> Option<ErasurePlan> {
    let at = now.checked_add(NOTICE).ok()?;
    let before = at.checked_sub(days).ok()?;
    Some(ErasurePlan { at, before })
}

async fn erase(state: &AppState, plan: ErasurePlan) -> Result<(), StorageError> {
    let storage = state.storage.as_ref();
    let due = storage.arrived_before(plan.before).await?;
    if due == 0 {
        return Ok(());
    }
    // Told before it is done, and with it: a line without an erasure is better than the reverse.
    storage
        .add_audit(audit::expiry(state, due, plan.before))
        .await?;
    let mut gone = 0;
    loop {
        let some = storage.expire(plan.before, MOST).await?;
        gone += some;
        if some == 0 {
            break;
        }
    }
    tracing::info!(gone, before = %plan.before, "entries whose time was over are erased");
    Ok(())
}

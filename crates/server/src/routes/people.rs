//! Who may sign in: listed, made and removed by organisers.

use axum::{
    Json, Router,
    extract::{Request, State},
    http::StatusCode,
    response::IntoResponse,
    routing::{delete, get},
};
use kiosk_wire::{
    console::{People, PersonEntry, PersonMade},
    paths,
};

use super::{
    body,
    place::{self, Named},
};
use crate::{
    audit::{self, Action},
    auth::{
        people::{self, FIRST, Role},
        secret,
    },
    error::ApiFailure,
    state::AppState,
    storage::{Person, Realm},
};

/// Longest name, in characters.
const LONGEST_NAME: usize = 64;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(paths::PEOPLE, get(list).post(make))
        .route(&paths::person("{name}"), delete(remove))
}

async fn list(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, _) = request.into_parts();
    people::require(&state, &parts, &Role::Organiser).await?;
    let people = state.storage.people().await?;
    let people = people
        .into_iter()
        .map(|Person { name, role, .. }| PersonEntry { name, role })
        .collect();
    Ok(Json(People { people }))
}

async fn make(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, raw) = request.into_parts();
    let session = people::require(&state, &parts, &Role::Organiser).await?;
    let wanted: PersonEntry = body::json(raw, body::SMALL).await?;
    let realm = realm(&state, &wanted.role)?;
    let name = name(&wanted.name)?;
    let secret = secret::make(realm)?;
    let person = Person {
        realm,
        name: name.clone(),
        role: wanted.role.clone(),
        secret_hash: secret::hash_aside(secret.clone()).await?,
    };
    let audit = audit::record(&state, &session, Action::PeopleMake, &name);
    if !state.storage.add_person(person, audit).await? {
        return Err(ApiFailure::invalid(
            "This name is taken; choose another one, or remove that person first.",
        ));
    }
    let made = PersonMade {
        name,
        role: wanted.role,
        secret,
    };
    Ok((StatusCode::CREATED, Json(made)))
}

async fn remove(
    State(state): State<AppState>,
    named: Named,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, _) = request.into_parts();
    let session = people::require(&state, &parts, &Role::Organiser).await?;
    let nobody = || ApiFailure::not_found("There is nobody of this name.");
    let name = place::name(named).ok_or_else(nobody)?;
    refuse_first(&name)?;
    let audit = audit::record(&state, &session, Action::PeopleRemove, &name);
    if !state.storage.remove_person(&name, audit).await? {
        return Err(nobody());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The realm of a role, if there is such a role.
fn realm(state: &AppState, role: &str) -> Result<Realm, ApiFailure> {
    match Role::parse(role) {
        Some(Role::Staff | Role::Lead) => Ok(Realm::Staff),
        Some(Role::Organiser) => Ok(Realm::Organiser),
        Some(Role::Team(team)) if state.content.event.team(&team).is_some() => Ok(Realm::Team),
        Some(Role::Team(_)) | None => Err(ApiFailure::invalid(
            "`role` must be staff, lead, organiser, or team: and the id of a team.",
        )),
    }
}

fn name(wanted: &str) -> Result<String, ApiFailure> {
    let name = wanted.trim();
    refuse_first(name)?;
    // A browser takes `.` and `..` out of a path, so that these could never be removed.
    let usable = (1..=LONGEST_NAME).contains(&name.chars().count())
        && !name.chars().any(char::is_control)
        && !matches!(name, "." | "..");
    if usable {
        Ok(name.to_owned())
    } else {
        Err(ApiFailure::invalid(format!(
            "`name` must have 1 to {LONGEST_NAME} characters and be more than dots."
        )))
    }
}

/// Whoever locked all organisers out could not be helped from the console.
fn refuse_first(name: &str) -> Result<(), ApiFailure> {
    if name == FIRST {
        return Err(ApiFailure::invalid(
            "`first` always exists; change its secrets by [staff] pin_env and [organiser] \
             password_env.",
        ));
    }
    Ok(())
}

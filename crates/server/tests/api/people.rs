//! People: made with a secret, listed, removed with everything they may do.

use axum::http::{Method, StatusCode};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{Answer, Server, call};

async fn make(server: &Server, organiser: &str, name: &str, role: &str) -> Answer {
    let body = json!({"name": name, "role": role});
    server
        .act(organiser, Method::POST, "/api/people", &body)
        .await
}

async fn remove(server: &Server, organiser: &str, name: &str) -> Answer {
    let path = format!("/api/people/{name}");
    server
        .act(organiser, Method::DELETE, &path, &json!({}))
        .await
}

async fn sign_in(server: &Server, role: &str, name: &str, secret: &str) -> Answer {
    let body = json!({"role": role, "name": name, "secret": secret});
    server
        .send(call(Method::POST, "/api/session").json(&body))
        .await
}

#[tokio::test]
async fn everybody_who_is_made_can_sign_in_with_the_secret_shown_once() {
    let server = Server::start().await;
    let organiser = server.signed_in_as("first", "organiser").await;
    for (name, role, signs_in_as) in [
        ("민지", "staff", "staff"),
        ("Jisu Kim", "lead", "staff"),
        ("hana", "organiser", "organiser"),
        ("duri", "team:skt", "team"),
    ] {
        let answer = make(&server, &organiser, &format!(" {name} "), role).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        let made = answer.json();
        assert_eq!((&made["name"], &made["role"]), (&json!(name), &json!(role)));
        let secret = made["secret"].as_str().unwrap();
        if signs_in_as == "staff" {
            assert!(secret.len() == 6 && secret.bytes().all(|byte| byte.is_ascii_digit()));
        } else {
            assert!(secret.len() == 16 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        }
        let who = sign_in(&server, signs_in_as, name, secret).await;
        assert_eq!(who.json()["role"], role);
        assert_eq!(who.json()["name"], name);
        let hash: String = Connection::open(server.database())
            .unwrap()
            .query_row(
                "SELECT secret_hash FROM people WHERE name = ?1",
                [name],
                |row| row.get(0),
            )
            .unwrap();
        assert!(hash.starts_with("$argon2id$") && !hash.contains(secret));
    }
    let answer = server.read(&organiser, "/api/people").await;
    assert!(!answer.text().contains("argon2"));
    let people = answer.json()["people"].clone();
    let names: Vec<&Value> = people
        .as_array()
        .unwrap()
        .iter()
        .map(|person| &person["name"])
        .collect();
    assert_eq!(
        names,
        [
            "Jisu Kim", "duri", "first", "first", "first", "hana", "민지"
        ]
    );
    assert_eq!(people[1], json!({"name": "duri", "role": "team:skt"}));
}

#[tokio::test]
async fn names_are_unique_over_all_roles_and_usable() {
    let server = Server::start().await;
    let organiser = server.signed_in_as("first", "organiser").await;
    assert_eq!(
        make(&server, &organiser, "minji", "staff").await.status,
        StatusCode::CREATED
    );
    for role in ["staff", "organiser", "team:skt"] {
        let taken = make(&server, &organiser, "minji ", role).await;
        taken.assert_problem(400, "invalid_request");
        assert!(taken.json()["detail"].as_str().unwrap().contains("taken"));
    }
    for (name, role) in [
        ("", "staff"),
        ("  ", "staff"),
        ("..", "staff"),
        ("a\nb", "staff"),
        (&*"가".repeat(65), "staff"),
        ("hana", "king"),
        ("hana", "team"),
        ("hana", "team:"),
        ("hana", "team:nobody"),
    ] {
        make(&server, &organiser, name, role)
            .await
            .assert_problem(400, "invalid_request");
    }
    let long = "가".repeat(64);
    assert_eq!(
        make(&server, &organiser, &long, "staff").await.status,
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn the_first_ones_are_configuration() {
    let server = Server::start().await;
    let organiser = server.signed_in_as("first", "organiser").await;
    for answer in [
        make(&server, &organiser, " first", "staff").await,
        remove(&server, &organiser, "first").await,
    ] {
        answer.assert_problem(400, "invalid_request");
        let detail = answer.json()["detail"].clone();
        for key in ["[staff] pin_env", "[organiser] password_env"] {
            assert!(detail.as_str().unwrap().contains(key));
        }
    }
}

#[tokio::test]
async fn whoever_is_removed_is_out_at_once() {
    let server = Server::start().await;
    let organiser = server.signed_in_as("first", "organiser").await;
    let made = make(&server, &organiser, "민지 a/b", "staff").await.json();
    let secret = made["secret"].as_str().unwrap();
    let session = sign_in(&server, "staff", "민지 a/b", secret).await.cookie();
    let bystander = server.signed_in_as("jisu", "staff").await;
    let devices = async |cookie: &str| server.read(cookie, "/api/devices").await;
    assert_eq!(devices(&session).await.status, StatusCode::OK);
    let removed = remove(&server, &organiser, "%EB%AF%BC%EC%A7%80%20a%2Fb").await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    devices(&session).await.assert_problem(401, "unauthorized");
    assert_eq!(devices(&bystander).await.status, StatusCode::OK);
    sign_in(&server, "staff", "민지 a/b", secret)
        .await
        .assert_problem(401, "unauthorized");
    remove(&server, &organiser, "%EB%AF%BC%EC%A7%80%20a%2Fb")
        .await
        .assert_problem(404, "not_found");
    let again = make(&server, &organiser, "민지 a/b", "staff").await.json();
    assert_ne!(again["secret"], secret);
}

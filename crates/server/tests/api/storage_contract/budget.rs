//! What a team's models may use in a day.

use super::*;

pub(super) fn hold(id: &str, day: &str, tokens: u64) -> TokenHold {
    TokenHold {
        id: id.to_owned(),
        team: "skt".to_owned(),
        day: day.to_owned(),
        tokens,
        expires_at: at(60),
    }
}

pub(super) async fn tokens_add_up_by_team_and_day(storage: &dyn Storage) {
    let add = async |team: &str, day, tokens| {
        let hold = TokenHold {
            team: team.to_owned(),
            ..hold("any", day, 0)
        };
        storage.settle_tokens(&hold, tokens).await.unwrap();
    };
    add("skt", "2025-12-30", 5).await;
    add("skt", "2025-12-30", 7).await;
    add("upstage", "2025-12-30", 1).await;
    add("nc-ai", "2025-12-30", 0).await;
    let used = storage.tokens_of_day("2025-12-30").await.unwrap();
    let expected = [("skt", 12), ("upstage", 1)].map(|(team, used)| (team.to_owned(), used));
    assert_eq!(used, expected.into());
    assert!(
        storage
            .tokens_of_day("2025-12-31")
            .await
            .unwrap()
            .is_empty()
    );
    // What no provider can have meant breaks no sum.
    add("skt", "2025-12-30", u64::MAX).await;
    add("skt", "2025-12-30", u64::MAX).await;
    assert!(storage.tokens_of_day("2025-12-30").await.unwrap()["skt"] > 12);
}

pub(super) async fn tokens_are_held_back_while_the_day_has_some(storage: &dyn Storage) {
    let day = "2025-12-30";
    let take = async |id, day, tokens, secs| {
        let hold = hold(id, day, tokens);
        storage.hold_tokens(hold, 100, at(secs)).await.unwrap()
    };
    assert!(take("a", day, 99, 0).await);
    // One is left, so one more answer may begin, however long it is going to be.
    assert!(take("b", day, 80, 0).await);
    assert!(!take("c", day, 1, 0).await);
    assert!(take("c", "2025-12-31", 1, 0).await);
    assert!(storage.tokens_of_day(day).await.unwrap().is_empty());
    let settle = async |id, used| {
        let hold = hold(id, day, 0);
        storage.settle_tokens(&hold, used).await.unwrap();
    };
    settle("a", 10).await;
    assert!(take("d", day, 10, 0).await);
    assert!(!take("e", day, 1, 59).await);
    // What a server that crashed has left behind is free after its time.
    assert!(take("e", day, 1, 60).await);
    settle("b", 90).await;
    settle("d", 0).await;
    assert!(!take("f", day, 1, 60).await);
    assert_eq!(storage.tokens_of_day(day).await.unwrap()["skt"], 100);
}

pub(super) async fn many_at_once_get_no_more_than_there_is(storage: &dyn Storage) {
    let ask = async |n: u64| {
        let hold = hold(&n.to_string(), "2025-12-30", 30);
        storage.hold_tokens(hold, 100, at(0)).await.unwrap()
    };
    let asked = futures_util::future::join_all((0..40).map(ask)).await;
    assert_eq!(asked.into_iter().filter(|held| *held).count(), 4);
}

//! What of a visit's conversations may be kept, and who answered in them.

use kiosk_wire::chat::{Role, ServedBy};
use kiosk_wire::feedback::{self, MAX_CONVERSATION_BYTES, MAX_TEXT_CHARS, Served, Turn};

use super::{ChatKey, Chats, Exchange};

impl Chats {
    /// The last demo the visitor spoke with.
    #[must_use]
    pub fn last_key(&self) -> Option<&ChatKey> {
        self.in_order().last().map(|(key, _)| *key)
    }

    /// Questions asked.
    #[must_use]
    pub fn turns(&self) -> u32 {
        u32::try_from(self.in_order().len()).unwrap_or(u32::MAX)
    }

    /// The teams spoken with, in the order first met.
    #[must_use]
    pub fn teams(&self) -> Vec<String> {
        let mut teams: Vec<String> = Vec::new();
        for (key, _) in self.in_order() {
            if !teams.contains(&key.team) {
                teams.push(key.team.clone());
            }
        }
        teams
    }

    /// Who answered, without any text.
    #[must_use]
    pub fn served(&self) -> Served {
        let mut served = Served::default();
        for (_, exchange) in self.in_order() {
            served_by(exchange, &mut served);
        }
        served
    }

    /// Who gave this one answer.
    #[must_use]
    pub fn served_one(&self, key: &ChatKey, number: u32) -> Served {
        let mut served = Served::default();
        if let Some(exchange) = self.exchange(key, number) {
            served_by(exchange, &mut served);
        }
        served
    }

    /// The last question that was answered, for consent "excerpt".
    #[must_use]
    pub fn excerpt(&self) -> Option<feedback::Exchange> {
        let all = self.in_order();
        let (key, exchange) = all
            .iter()
            .rev()
            .find(|(_, exchange)| exchange.answer.has_text())?;
        Some(pair_of(key, exchange))
    }

    /// One answered question, for a report about its answer.
    #[must_use]
    pub fn answered(&self, key: &ChatKey, number: u32) -> Option<feedback::Exchange> {
        let exchange = self.exchange(key, number)?;
        exchange.answer.has_text().then(|| pair_of(key, exchange))
    }

    /// All turns for consent "conversation", the oldest left out beyond the limit;
    /// and whether any were.
    #[must_use]
    pub fn conversation(&self) -> (Vec<Turn>, bool) {
        let mut turns: Vec<Turn> = Vec::new();
        let mut bytes = 0;
        for (key, exchange) in self.in_order().into_iter().rev() {
            let pair = turns_of(key, exchange);
            bytes += pair.iter().map(|turn| turn.text.len()).sum::<usize>();
            if bytes > MAX_CONVERSATION_BYTES {
                turns.reverse();
                return (turns, true);
            }
            turns.extend(pair.into_iter().rev());
        }
        turns.reverse();
        (turns, false)
    }
}

fn served_by(exchange: &Exchange, served: &mut Served) {
    let answer = &exchange.answer;
    if !answer.has_text() {
        return;
    }
    match answer.served_by {
        Some(ServedBy::Guide) => served.guide += 1,
        Some(ServedBy::Model) => {
            served.model += 1;
            let model = answer.model.clone().unwrap_or_default();
            if !model.is_empty() && !served.models.contains(&model) {
                served.models.push(model);
            }
        }
        None => {}
    }
}

fn pair_of(key: &ChatKey, exchange: &Exchange) -> feedback::Exchange {
    let answer = &exchange.answer;
    feedback::Exchange {
        request_id: Some(answer.request_id.clone()),
        team: Some(key.team.clone()),
        demo: Some(key.demo.clone()),
        model: answer.model.clone(),
        served_by: answer.served_by,
        prompt: cut(&exchange.question),
        answer: cut(&answer.text),
        first_token_ms: answer.timing.map(|timing| timing.first_token_ms),
        total_ms: answer.timing.map(|timing| timing.total_ms),
        finish_reason: answer.finish_reason.clone(),
    }
}

fn turns_of(key: &ChatKey, exchange: &Exchange) -> Vec<Turn> {
    let answer = &exchange.answer;
    let turn = |role, text: &str| Turn {
        role,
        team: Some(key.team.clone()),
        demo: Some(key.demo.clone()),
        model: answer.model.clone().filter(|_| role == Role::Assistant),
        served_by: answer.served_by.filter(|_| role == Role::Assistant),
        request_id: Some(answer.request_id.clone()),
        text: cut(text),
    };
    let mut turns = vec![turn(Role::User, &exchange.question)];
    if answer.has_text() {
        turns.push(turn(Role::Assistant, &answer.text));
    }
    turns
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_TEXT_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::super::stream::{Failure, StreamEvent};
    use kiosk_wire::error::ChatErrorCode;

    use super::*;

    fn say(chats: &mut Chats, team: &str, id: &str, answer: &str, by: ServedBy) {
        let key = ChatKey {
            team: team.to_owned(),
            demo: "chat".to_owned(),
        };
        chats
            .ask(&key, &format!("{id}?"), id.to_owned(), 0)
            .unwrap();
        let served = StreamEvent::ServedBy {
            served_by: by,
            model: format!("{team}-model"),
            stand_in: false,
        };
        chats.apply(&key, id, served, 0);
        if !answer.is_empty() {
            chats.apply(&key, id, StreamEvent::Text(answer.to_owned()), 0);
        }
        chats.apply(&key, id, StreamEvent::Done, 0);
    }

    #[test]
    fn a_visit_is_counted_without_its_text() {
        let mut chats = Chats::default();
        say(&mut chats, "skt", "a", "하나", ServedBy::Model);
        say(&mut chats, "upstage", "b", "둘", ServedBy::Guide);
        say(&mut chats, "skt", "c", "", ServedBy::Model);
        say(&mut chats, "skt", "d", "셋", ServedBy::Model);
        assert_eq!(chats.teams(), ["skt", "upstage"]);
        assert_eq!(chats.turns(), 4);
        let served = Served {
            model: 2,
            guide: 1,
            models: vec!["skt-model".to_owned()],
        };
        assert_eq!(chats.served(), served);
        assert_eq!(chats.last_key().map(|key| key.team.as_str()), Some("skt"));
    }

    #[test]
    fn the_excerpt_is_the_last_answered_pair() {
        let mut chats = Chats::default();
        say(&mut chats, "skt", "a", "하나", ServedBy::Model);
        say(&mut chats, "upstage", "b", "", ServedBy::Model);
        let excerpt = chats.excerpt().unwrap();
        assert_eq!(
            (excerpt.prompt.as_str(), excerpt.answer.as_str()),
            ("a?", "하나")
        );
    }

    #[test]
    fn what_is_said_of_a_blocked_answer_is_no_part_of_the_record() {
        let mut chats = Chats::default();
        let key = ChatKey {
            team: "skt".to_owned(),
            demo: "chat".to_owned(),
        };
        for (id, told) in [("a", "반가"), ("b", "")] {
            chats
                .ask(&key, &format!("{id}?"), id.to_owned(), 0)
                .unwrap();
            for event in [
                StreamEvent::Text(told.to_owned()),
                StreamEvent::Sentence("109".to_owned()),
                StreamEvent::Failed(Failure::Refused(ChatErrorCode::Blocked)),
            ] {
                chats.apply(&key, id, event, 0);
            }
        }
        let (turns, _) = chats.conversation();
        let texts: Vec<_> = turns.iter().map(|turn| turn.text.as_str()).collect();
        assert_eq!(texts, ["a?", "반가", "b?"]);
        let excerpt = chats.excerpt().unwrap();
        assert_eq!(excerpt.answer, "반가");
        let stored = serde_json::to_string(&(turns, excerpt)).unwrap();
        assert!(!stored.contains("109"), "{stored}");
        // Nor of what the next question carries.
        let ask = chats.ask(&key, "c?", "c".to_owned(), 1).unwrap();
        let carried = serde_json::to_string(&ask.messages).unwrap();
        assert!(!carried.contains("109"), "{carried}");
    }

    #[test]
    fn a_conversation_keeps_its_order_and_loses_its_oldest_turns() {
        let mut chats = Chats::default();
        say(&mut chats, "skt", "a", "하나", ServedBy::Model);
        say(&mut chats, "upstage", "b", "둘", ServedBy::Model);
        let (turns, truncated) = chats.conversation();
        let texts: Vec<_> = turns.iter().map(|turn| turn.text.as_str()).collect();
        assert_eq!(texts, ["a?", "하나", "b?", "둘"]);
        assert!(!truncated);
        for at in 0..6 {
            let long = "가".repeat(31_000);
            say(
                &mut chats,
                "skt",
                &format!("long{at}"),
                &long,
                ServedBy::Model,
            );
        }
        let (turns, truncated) = chats.conversation();
        assert!(truncated);
        assert_eq!(turns.len(), 10);
        assert_eq!(turns[0].text, "long1?");
    }
}

//! What a scripted model says, and how its answer ends.

use std::time::Duration;

/// Stands in a script for the question that is answered.
const QUESTION: &str = "{question}";

/// How an answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ending {
    /// As it should.
    #[default]
    Whole,
    /// The connection breaks off after the last token.
    CutOff,
    /// There is no answer but this HTTP status.
    Status(u16),
    /// There is no answer but 429, and so many seconds to wait.
    Limited(u64),
    /// There is no answer but a web page.
    Page,
    /// After the last token the service reports a failure of its own.
    Error,
    /// After the last token there is silence.
    Stall,
    /// After the last token come bytes that are neither text nor JSON.
    Unreadable,
}

/// What the model says to every request.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// Said before the answer, as thinking.
    pub thoughts: Vec<String>,
    pub tokens: Vec<String>,
    /// The time before each of both.
    pub pace: Duration,
    pub ending: Ending,
}

impl Script {
    /// `count` numbered words, one every `pace`.
    pub fn words(count: usize, pace: Duration) -> Self {
        Self {
            tokens: (1..=count).map(|number| format!("낱말{number} ")).collect(),
            pace,
            ..Self::default()
        }
    }

    /// `count` numbered paragraphs, one every `pace`: they soon fill a page.
    pub fn paragraphs(count: usize, pace: Duration) -> Self {
        let paragraph = |number| format!("문단{number}은 한 줄이에요.\n\n");
        Self {
            tokens: (1..=count).map(paragraph).collect(),
            pace,
            ..Self::default()
        }
    }

    /// A text in pieces of so many characters, one every `pace`.
    pub fn pieces(text: &str, chars: usize, pace: Duration) -> Self {
        let text: Vec<char> = text.chars().collect();
        Self {
            tokens: text.chunks(chars).map(String::from_iter).collect(),
            pace,
            ..Self::default()
        }
    }

    /// Says the question, and then this.
    pub fn echo(and: &str) -> Self {
        Self {
            tokens: vec![QUESTION.to_owned(), and.to_owned()],
            ..Self::default()
        }
    }

    /// One piece of text.
    pub fn line(text: &str) -> Self {
        Self {
            tokens: vec![text.to_owned()],
            ..Self::default()
        }
    }

    /// Gives no answer but this HTTP status.
    pub fn refusal(status: u16) -> Self {
        Self::default().ending(Ending::Status(status))
    }

    /// Thinks first.
    #[must_use]
    pub fn thinking(mut self, thoughts: &[&str]) -> Self {
        self.thoughts = thoughts.iter().map(|&thought| thought.to_owned()).collect();
        self
    }

    /// Ends like this.
    #[must_use]
    pub fn ending(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }

    /// The whole answer.
    pub fn text(&self) -> String {
        self.tokens.concat()
    }

    /// What is said to this question.
    pub(super) fn to(mut self, question: &str) -> Self {
        for token in &mut self.tokens {
            *token = token.replace(QUESTION, question);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_whole_in_pieces() {
        let script = Script::pieces("가나다라마", 2, Duration::ZERO);
        assert_eq!(script.tokens, ["가나", "다라", "마"]);
        assert_eq!(script.text(), "가나다라마");
    }

    #[test]
    fn an_echo_says_the_question() {
        let said = Script::echo("!").to("누구세요").text();
        assert_eq!(said, "누구세요!");
    }
}

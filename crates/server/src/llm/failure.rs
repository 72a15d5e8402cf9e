//! Why an answer was refused or broke off, with the sentence a visitor or a developer reads.
//!
//! Owns: every sentence `/v1` says about a failure, in both languages, and which code it travels under.
//! Must not own: HTTP, or anything a provider wrote.
//! Invariant: one sentence says what happened and what to do; it never quotes the request or a provider.

use kiosk_wire::error::{ChatErrorCode, OpenAiError};
use kiosk_wire::event::{Language, Text};

/// What was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The body is no JSON object.
    NotJson,
    /// A field has the wrong shape.
    Shape,
    /// There is no message.
    NoMessages,
    /// A message has another shape or role.
    Message,
    /// The last message is not the visitor's, or is empty.
    LastMessage,
    /// The team has no such demo.
    UnknownDemo,
    /// The metadata has another shape, or names a language there is none of.
    Metadata,
    /// A limit of tokens that is no positive number.
    MaxTokens,
    /// The demo or the model takes no pictures.
    NoImages,
    /// A picture's address is not a `data:` URI.
    RemoteImage,
    /// Not JPEG, PNG or WebP, or not what it says it is.
    ImageKind,
    /// A picture is too large.
    ImageSize,
    /// `X-Request-Id` is no UUID.
    RequestId,
    /// Everything a code alone says.
    Code(ChatErrorCode),
}

/// A failure on its way to the client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason:?}")]
pub struct Failure {
    /// What was wrong.
    pub reason: Reason,
    /// The language of its sentence.
    pub language: Language,
    /// When to try again, in seconds; with 429 and 503.
    pub retry_after_secs: Option<u64>,
    /// What staff wrote for visitors, instead of the reason's own sentence.
    pub sentence: Option<String>,
}

/// Said with 429 and 503 where nothing better is known.
const DEFAULT_RETRY_AFTER_SECS: u64 = 5;

impl Failure {
    /// A failure for this reason.
    pub fn new(reason: impl Into<Reason>, language: Language) -> Self {
        let reason = reason.into();
        let retry_after_secs =
            matches!(reason.code().status(), 429 | 503).then_some(DEFAULT_RETRY_AFTER_SECS);
        Self {
            reason,
            language,
            retry_after_secs,
            sentence: None,
        }
    }

    /// For a team that is closed, with the reason that was given for it.
    pub fn closed(reason: Option<&Text>, language: Language) -> Self {
        let failure = Self::new(ChatErrorCode::TeamClosed, language);
        match reason {
            Some(reason) => failure.saying(reason.get(language)),
            None => failure,
        }
    }

    /// With these words of the staff.
    #[must_use]
    pub fn saying(mut self, sentence: &str) -> Self {
        self.sentence = Some(sentence.to_owned());
        self
    }

    /// With this many seconds until the next try, at least one.
    #[must_use]
    pub fn retry_after(mut self, secs: u64) -> Self {
        self.retry_after_secs = Some(secs.max(1));
        self
    }

    /// Its code.
    pub fn code(&self) -> ChatErrorCode {
        self.reason.code()
    }

    /// The error object, for a body or inside a stream.
    pub fn to_error(&self) -> OpenAiError {
        let (ko, en) = self.reason.sentence();
        let sentence = match self.language {
            Language::Ko => ko,
            Language::En => en,
        };
        let sentence = self.sentence.as_deref().unwrap_or(sentence);
        let mut error = OpenAiError::new(self.code(), sentence);
        error.error.param = self.reason.param().map(str::to_owned);
        error
    }
}

impl From<ChatErrorCode> for Reason {
    fn from(code: ChatErrorCode) -> Self {
        Self::Code(code)
    }
}

impl Reason {
    fn code(self) -> ChatErrorCode {
        match self {
            Self::Code(code) => code,
            _ => ChatErrorCode::InvalidRequest,
        }
    }

    fn param(self) -> Option<&'static str> {
        match self {
            Self::NoMessages
            | Self::Message
            | Self::LastMessage
            | Self::NoImages
            | Self::RemoteImage
            | Self::ImageKind
            | Self::ImageSize
            | Self::Code(ChatErrorCode::TooLong | ChatErrorCode::TurnLimit) => Some("messages"),
            Self::UnknownDemo => Some("metadata.demo"),
            Self::Metadata => Some("metadata"),
            Self::MaxTokens => Some("max_tokens"),
            Self::Code(ChatErrorCode::UnknownTeam) => Some("model"),
            Self::NotJson | Self::Shape | Self::RequestId | Self::Code(_) => None,
        }
    }

    /// Korean, then English.
    fn sentence(self) -> (&'static str, &'static str) {
        match self {
            Self::NotJson => (
                "요청 본문이 JSON 객체가 아니에요. JSON 객체로 보내 주세요.",
                "The body is not a JSON object. Send one.",
            ),
            Self::Shape => (
                "요청의 항목 가운데 형식이 맞지 않는 것이 있어요. `model`은 문자열, `messages`는 목록으로 보내 주세요.",
                "A field has the wrong shape. Send `model` as a string and `messages` as a list.",
            ),
            Self::NoMessages => (
                "`messages`에 메시지가 하나 이상 있어야 해요.",
                "`messages` must hold at least one message.",
            ),
            Self::Message => (
                "각 메시지에는 `role`(`user` 또는 `assistant`)과 글 또는 이미지로 된 `content`가 있어야 해요.",
                "Each message needs a `role` (`user` or `assistant`) and `content` made of text or images.",
            ),
            Self::LastMessage => (
                "마지막 메시지는 비어 있지 않은 `user` 메시지여야 해요.",
                "The last message must be a `user` message that is not empty.",
            ),
            Self::UnknownDemo => (
                "이 팀에는 그런 체험이 없어요. 팀 화면에서 체험을 다시 골라 주세요.",
                "This team has no such demo. Please choose one on the team's page.",
            ),
            Self::Metadata => (
                "`metadata.demo`는 문자열, `metadata.language`는 `ko` 또는 `en`이어야 해요.",
                "`metadata.demo` must be a string and `metadata.language` must be `ko` or `en`.",
            ),
            Self::MaxTokens => (
                "`max_tokens`는 1 이상의 정수여야 해요.",
                "`max_tokens` must be a whole number of at least 1.",
            ),
            Self::NoImages => (
                "이 체험에서는 이미지를 쓸 수 없어요. 글로 질문해 주세요.",
                "This demo takes no images. Please ask in words.",
            ),
            Self::RemoteImage => (
                "이미지는 주소가 아니라 `data:` URI로 보내 주세요.",
                "Send images as `data:` URIs, not as addresses.",
            ),
            Self::ImageKind => (
                "JPEG, PNG, WebP 이미지만 쓸 수 있어요. 다른 이미지를 골라 주세요.",
                "Only JPEG, PNG and WebP images can be used. Please choose another image.",
            ),
            Self::ImageSize => (
                "이미지 한 장은 1 MiB를 넘을 수 없어요. 더 작은 이미지를 골라 주세요.",
                "An image may have at most 1 MiB. Please choose a smaller one.",
            ),
            Self::RequestId => (
                "`X-Request-Id`는 UUID여야 해요.",
                "`X-Request-Id` must be a UUID.",
            ),
            Self::Code(code) => code_sentence(code),
        }
    }
}

/// Korean, then English.
fn code_sentence(code: ChatErrorCode) -> (&'static str, &'static str) {
    match code {
        ChatErrorCode::InvalidRequest => (
            "요청의 형식이 맞지 않아요. 확인하고 다시 보내 주세요.",
            "The request has the wrong shape. Please check it and send it again.",
        ),
        ChatErrorCode::UnknownTeam => (
            "그런 팀은 이 행사에 없어요. 팀을 다시 골라 주세요.",
            "There is no such team at this event. Please choose another one.",
        ),
        ChatErrorCode::TooLong => (
            "글이 너무 길어요. 조금 줄여서 다시 보내 주세요.",
            "The text is too long. Please shorten it and send it again.",
        ),
        ChatErrorCode::TurnLimit => (
            "이 대화는 여기까지예요. 새로 시작해 주세요.",
            "This conversation has reached its end. Please start a new one.",
        ),
        ChatErrorCode::Unauthorized => (
            "이 태블릿은 아직 등록되지 않았어요. 직원에게 알려 주세요.",
            "This tablet is not registered yet. Please tell a member of staff.",
        ),
        ChatErrorCode::TeamClosed => (
            "이 팀은 지금 잠시 쉬고 있어요. 다른 팀을 만나 보세요.",
            "This team is taking a break. Please visit another one.",
        ),
        ChatErrorCode::Blocked => (
            "이 내용에는 답할 수 없어요. 다른 질문을 해 주세요.",
            "This cannot be answered. Please ask something else.",
        ),
        ChatErrorCode::Cancelled => (
            "답변을 멈췄어요. 다시 물어볼 수 있어요.",
            "The answer was stopped. You can ask again.",
        ),
        ChatErrorCode::InUse => (
            "같은 요청이 아직 진행 중이에요. 끝난 뒤에 다시 보내 주세요.",
            "The same request is still running. Please send it again when it has ended.",
        ),
        ChatErrorCode::RateLimited => (
            "질문이 너무 잦아요. 잠시 뒤에 다시 물어봐 주세요.",
            "Too many questions in a short time. Please ask again in a moment.",
        ),
        ChatErrorCode::UpstreamRateLimited => (
            "지금 이 모델을 찾는 분이 많아요. 잠시 뒤에 다시 물어봐 주세요.",
            "Many people are asking this model right now. Please ask again in a moment.",
        ),
        ChatErrorCode::UpstreamInvalid => (
            "모델의 답을 읽을 수 없었어요. 다시 물어보거나 직원에게 알려 주세요.",
            "The model's answer could not be read. Please ask again or tell a member of staff.",
        ),
        ChatErrorCode::EmptyAnswer => (
            "모델이 답을 하지 않았어요. 질문을 바꾸어 다시 물어봐 주세요.",
            "The model gave no answer. Please ask in other words.",
        ),
        ChatErrorCode::QueueFull => (
            "지금 기다리는 분이 많아요. 다른 팀을 먼저 만나 보고, 잠시 뒤에 다시 물어봐 주세요.",
            "Many people are waiting right now. Please meet another team meanwhile, and ask again in a moment.",
        ),
        ChatErrorCode::UpstreamUnavailable => (
            "지금은 모델과 연결되지 않아요. 잠시 뒤에 다시 물어봐 주세요.",
            "The model cannot be reached right now. Please ask again in a moment.",
        ),
        ChatErrorCode::UpstreamTimeout => (
            "모델의 답이 너무 늦어요. 다시 물어봐 주세요.",
            "The model is taking too long. Please ask again.",
        ),
        ChatErrorCode::TooLarge => (
            "요청이 너무 커요. 글이나 이미지를 줄여 주세요.",
            "The request is too large. Please shorten the text or use smaller images.",
        ),
        ChatErrorCode::Internal | ChatErrorCode::Unknown => (
            "문제가 생겼어요. 다시 물어보거나 직원에게 알려 주세요.",
            "Something went wrong. Please ask again or tell a member of staff.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_follows_the_language() {
        let ko = Failure::new(ChatErrorCode::TooLong, Language::Ko).to_error();
        let en = Failure::new(ChatErrorCode::TooLong, Language::En).to_error();
        assert_ne!(ko.error.message, en.error.message);
        assert_eq!(en.error.code, ChatErrorCode::TooLong);
        assert_eq!(en.error.param.as_deref(), Some("messages"));
        assert!(en.error.message.is_ascii());
    }

    #[test]
    fn only_429_and_503_say_when_to_come_back() {
        let when = |code| Failure::new(code, Language::Ko).retry_after_secs;
        assert!(when(ChatErrorCode::UpstreamRateLimited).is_some());
        assert!(when(ChatErrorCode::QueueFull).is_some());
        assert_eq!(when(ChatErrorCode::UpstreamTimeout), None);
        assert_eq!(
            Failure::new(ChatErrorCode::QueueFull, Language::Ko)
                .retry_after(0)
                .retry_after_secs,
            Some(1)
        );
    }
}

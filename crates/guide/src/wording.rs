//! The guide's own sentences in both languages: all it says that is not quoted from the content.

use kiosk_wire::event::{Demo, Language, Text};

use Language::{En, Ko};

pub(crate) fn greeting(language: Language) -> &'static str {
    match language {
        Ko => {
            "안녕하세요, 반가워요! 저는 이 부스의 안내원이에요. 팀의 모델은 아니지만, 이 팀과 행사에 대해 아는 것을 \
             출처와 함께 알려 드려요. 협력사나 모델의 크기, 앞으로의 계획을 물어보세요."
        }
        En => {
            "Hello and welcome! I am this booth's guide. I am not the team's model, but I tell you what I know about \
             the team and the event, with its source. Ask me about the partners, the model's size or the plans."
        }
    }
}

pub(crate) fn thanks(language: Language) -> &'static str {
    match language {
        Ko => "도움이 됐다면 기뻐요. 팀이나 행사에 대해 더 궁금한 것이 있으면 편하게 물어보세요.",
        En => "I am glad if that helped. Feel free to ask more about the team or the event.",
    }
}

pub(crate) fn identity(language: Language) -> &'static str {
    match language {
        Ko => {
            "저는 이 부스의 안내원이에요. 팀의 모델이 아니라, 확인된 자료에서 답을 찾아 그대로 알려 드리는 프로그램이에요. \
             모르는 것은 모른다고 말해요."
        }
        En => {
            "I am this booth's guide. I am not the team's model but a program that looks answers up in confirmed \
             sources and quotes them. What I do not know, I say I do not know."
        }
    }
}

/// The answer to what the guide does not know; `offered` are the topics it can be asked about.
pub(crate) fn unknown(language: Language, team: Option<&str>, offered: &[&str]) -> String {
    let first = match (language, team) {
        (Ko, Some(team)) => {
            format!(
                "그건 제가 알지 못해요. 저는 이 부스의 안내원이고, {team} 팀의 모델이 아니에요."
            )
        }
        (Ko, None) => {
            "그건 제가 알지 못해요. 저는 이 부스의 안내원이고, 모델이 아니에요.".to_owned()
        }
        (En, Some(team)) => {
            format!(
                "I do not know that. I am this booth's guide, not the model of the {team} team."
            )
        }
        (En, None) => "I do not know that. I am this booth's guide, not a model.".to_owned(),
    };
    let second = match language {
        _ if offered.is_empty() => return first,
        Ko => format!("이런 것은 물어보실 수 있어요: {}.", offered.join(", ")),
        En => format!("You can ask me about: {}.", offered.join(", ")),
    };
    format!("{first}\n\n{second}")
}

/// Says that the visitor is at one team's booth and asked about others.
pub(crate) fn other_team(language: Language, asked: &str, others: &str) -> String {
    match language {
        Ko => format!(
            "여기는 {asked} 부스의 데모예요. 물어보신 {others}에 대해 제가 아는 것은 이래요."
        ),
        En => format!("This is the demo of {asked}. Here is what I know about {others}."),
    }
}

/// The last line of an answer.
pub(crate) fn sources(language: Language, titles: &[String]) -> String {
    let word = match language {
        Ko => "출처",
        En => "Source",
    };
    format!("{word}: {}", titles.join(" · "))
}

/// What there is to try, as a list.
pub(crate) fn demos(language: Language, demos: &[&Demo]) -> String {
    let first = match language {
        Ko => "여기서 해 볼 수 있는 것이에요.",
        En => "This is what you can try here.",
    };
    let lines = demos.iter().map(|demo| {
        format!(
            "- **{}**: {}",
            demo.name.get(language),
            demo.shows.get(language)
        )
    });
    std::iter::once(first.to_owned())
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The source of what only the booth itself says.
pub(crate) fn booth_source() -> Text {
    Text {
        ko: "이 부스의 안내".to_owned(),
        en: "This booth's own listing".to_owned(),
    }
}

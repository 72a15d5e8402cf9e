//! The columns every download has, in order: one table for headers, cells and the dictionary.
//!
//! Owns: name, label, meaning, type and filling of each column that no survey adds.
//! Must not own: columns of tags and answers, or how a cell is written.
//! Invariant: a name never changes and never moves to another meaning; new ones go to the end.

use kiosk_wire::{
    feedback::{Exchange, Outcome},
    receipt,
};

use super::cell::{Cell, Row, code, exchange, flag, number, outcome, text, texts};

/// A text in Korean and in English.
pub(super) type Words = (&'static str, &'static str);
/// What can stand in a column of codes, each with what it means.
pub(super) type Codes = &'static [(&'static str, Words)];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Free text, and ids.
    Text,
    /// One of a few words.
    Code(Codes),
    /// The id of a team.
    Team,
    /// 1 to 5.
    Rating,
    /// A count.
    Count,
    /// Milliseconds.
    Millis,
    /// Seconds.
    Secs,
    /// 0 or 1.
    Flag,
    /// A date and a time.
    Moment,
    /// A date.
    Date,
    /// A time of day.
    Time,
}

/// A column of one row an entry.
pub(super) struct Fixed {
    /// The header in CSV and the name in the dictionary.
    pub(super) name: &'static str,
    /// The header in XLSX.
    pub(super) label: Words,
    /// What it means.
    pub(super) meaning: Words,
    /// What it holds.
    pub(super) unit: Unit,
    /// Makes its cell.
    pub(super) fill: fn(&Row<'_>) -> Cell,
}

const KINDS: Codes = &[
    (
        "visit",
        ("체험을 마치며 남긴 설문", "The form at the end of a visit"),
    ),
    ("answer", ("답변 하나에 대한 엄지", "A thumb on one answer")),
    (
        "fact_error",
        ("사실과 다르다는 신고", "A report of a wrong fact"),
    ),
    ("outcome", ("체험이 끝난 방식", "How a visit ended")),
];
const LANGUAGES: Codes = &[("ko", ("한국어", "Korean")), ("en", ("영어", "English"))];
const THUMBS: Codes = &[
    ("up", ("도움이 돼요", "Helpful")),
    ("down", ("도움이 안 돼요", "Not helpful")),
];
const CONSENTS: Codes = &[
    (
        "rating",
        ("대화 내용은 남기지 않음", "No text of the conversation"),
    ),
    (
        "excerpt",
        ("질문과 답변 하나", "One question and its answer"),
    ),
    ("conversation", ("대화 전체", "The whole conversation")),
];
pub(super) const SERVED_BY: Codes = &[
    ("model", ("팀의 모델", "The team's model")),
    ("guide", ("내장 안내 도우미", "The built-in guide")),
];
const ENDINGS: Codes = &[
    ("submit", ("설문을 보냄", "The form was sent")),
    ("skip", ("설문을 건너뜀", "The form was skipped")),
    (
        "start_over",
        ("처음으로 돌아감", "The visitor started over"),
    ),
    ("idle", ("자리를 비움", "Nobody was there any more")),
    ("staff", ("운영진이 초기화함", "Staff reset the tablet")),
];
const ORIGINS: Codes = &[
    ("visitor", ("관람객", "A visitor")),
    ("assisted", ("도움을 받은 관람객", "A visitor with help")),
    ("staff", ("운영진, 집계하지 않음", "Staff, not counted")),
    (
        "rehearsal",
        ("리허설, 집계하지 않음", "A rehearsal, not counted"),
    ),
];

/// Columns before those of tags and answers.
pub(super) const LEADING: [Fixed; 17] = [
    Fixed {
        name: "id",
        label: ("응답 ID", "Entry id"),
        meaning: (
            "태블릿이 만든 응답의 UUID예요. 같은 ID는 한 번만 저장돼요.",
            "UUID of the entry, made on the tablet. An id is stored once.",
        ),
        unit: Unit::Text,
        fill: |row| Cell::Text(row.entry.id.clone()),
    },
    Fixed {
        name: "device_id",
        label: ("태블릿 ID", "Tablet id"),
        meaning: (
            "응답을 보낸 태블릿이에요.",
            "The tablet that sent the entry.",
        ),
        unit: Unit::Text,
        fill: |row| Cell::Text(row.stored.device_id.clone()),
    },
    Fixed {
        name: "seq",
        label: ("태블릿 순번", "Number on the tablet"),
        meaning: (
            "태블릿마다 1부터 빠짐없이 이어지는 번호예요.",
            "Counts up from 1 on each tablet, without gaps.",
        ),
        unit: Unit::Count,
        fill: |row| Cell::Number(row.entry.seq),
    },
    Fixed {
        name: "visit_id",
        label: ("체험 ID", "Visit id"),
        meaning: (
            "한 사람의 체험이에요. 같은 체험의 응답은 이 값이 같아요.",
            "One person's visit; its entries have the same value here.",
        ),
        unit: Unit::Text,
        fill: |row| Cell::Text(row.entry.visit_id.clone()),
    },
    Fixed {
        name: "receipt",
        label: ("접수 번호", "Receipt"),
        meaning: (
            "관람객이 본 접수 번호예요. 삭제를 요청받으면 이 번호로 지워요.",
            "What the visitor was shown; entries are erased by it on request.",
        ),
        unit: Unit::Text,
        fill: |row| Cell::Text(receipt::receipt(&row.entry.visit_id).unwrap_or_default()),
    },
    Fixed {
        name: "received_at",
        label: ("받은 시각", "Received at"),
        meaning: (
            "서버가 받은 시각이에요. 서버 시계 기준이에요.",
            "When the server received the entry, by its own clock.",
        ),
        unit: Unit::Moment,
        fill: |row| {
            row.moment(
                row.stored.received_at.to_string(),
                Some(row.stored.received_at),
            )
        },
    },
    Fixed {
        name: "created_at",
        label: ("만든 시각", "Created at"),
        meaning: (
            "태블릿이 만든 시각이에요. 태블릿 시계 그대로예요.",
            "When the tablet made the entry, by the tablet's clock as it was.",
        ),
        unit: Unit::Moment,
        fill: |row| row.moment(row.entry.created_at.clone(), row.made),
    },
    Fixed {
        name: "local_date",
        label: ("날짜", "Date"),
        meaning: (
            "만든 날짜를 행사 시간대로 적었어요.",
            "The date of creation in the event's time zone.",
        ),
        unit: Unit::Date,
        fill: |row| {
            row.local()
                .map_or(Cell::Empty, |local| Cell::Date(local.date()))
        },
    },
    Fixed {
        name: "local_hour",
        label: ("시", "Hour"),
        meaning: (
            "만든 시각의 시(0–23)를 행사 시간대로 적었어요.",
            "The hour of creation, 0 to 23, in the event's time zone.",
        ),
        unit: Unit::Count,
        fill: |row| {
            number(
                row.local()
                    .and_then(|local| u64::try_from(local.hour()).ok()),
            )
        },
    },
    Fixed {
        name: "local_time",
        label: ("시각", "Time"),
        meaning: (
            "만든 시각을 행사 시간대로 적었어요.",
            "The time of creation in the event's time zone.",
        ),
        unit: Unit::Time,
        fill: |row| {
            row.local()
                .map_or(Cell::Empty, |local| Cell::Time(local.time()))
        },
    },
    Fixed {
        name: "kind",
        label: ("종류", "Kind"),
        meaning: (
            "응답의 종류예요. 종류가 다른 응답은 함께 세지 마세요.",
            "What kind of entry this is; kinds are not to be counted together.",
        ),
        unit: Unit::Code(KINDS),
        fill: |row| code(row.entry.kind),
    },
    Fixed {
        name: "team",
        label: ("팀", "Team"),
        meaning: (
            "관람객이 마지막으로 대화한 팀이에요. 없으면 비어 있어요.",
            "The last team the visitor spoke with; empty before any.",
        ),
        unit: Unit::Team,
        fill: |row| text(row.entry.team.as_ref()),
    },
    Fixed {
        name: "demo",
        label: ("데모", "Demo"),
        meaning: (
            "관람객이 마지막으로 써 본 데모예요.",
            "The last demo the visitor tried.",
        ),
        unit: Unit::Text,
        fill: |row| text(row.entry.demo.as_ref()),
    },
    Fixed {
        name: "language",
        label: ("언어", "Language"),
        meaning: ("관람객이 읽은 언어예요.", "The language the visitor read."),
        unit: Unit::Code(LANGUAGES),
        fill: |row| Cell::Text(row.entry.language.code().to_owned()),
    },
    Fixed {
        name: "rating",
        label: ("별점", "Rating"),
        meaning: (
            "1(가장 낮음)부터 5(가장 높음)예요. 종류가 visit인 응답에만 있어요.",
            "From 1 (lowest) to 5 (highest); only entries of kind visit have one.",
        ),
        unit: Unit::Rating,
        fill: |row| number(row.entry.rating),
    },
    Fixed {
        name: "thumb",
        label: ("엄지", "Thumb"),
        meaning: (
            "답변 하나에 대한 평가예요. 종류가 answer인 응답에만 있어요.",
            "What was thought of one answer; only entries of kind answer have one.",
        ),
        unit: Unit::Code(THUMBS),
        fill: |row| row.entry.thumb.map_or(Cell::Empty, code),
    },
    Fixed {
        name: "comment",
        label: ("의견", "Comment"),
        meaning: (
            "관람객이 적은 글이에요. 개인정보는 가려져 있어요.",
            "What the visitor wrote; personal data is masked.",
        ),
        unit: Unit::Text,
        fill: |row| text(row.entry.comment.as_ref()),
    },
];

/// Columns after them.
pub(super) const TRAILING: [Fixed; 28] = [
    Fixed {
        name: "consent",
        label: ("동의 범위", "Consent"),
        meaning: (
            "대화 내용을 어디까지 남겨도 되는지예요.",
            "How much of the conversation may be kept.",
        ),
        unit: Unit::Code(CONSENTS),
        fill: |row| code(row.entry.consent),
    },
    Fixed {
        name: "share_with_team",
        label: ("팀 공유 동의", "Shared with the team"),
        meaning: (
            "1이면 그 팀이 이 응답을 봐도 돼요.",
            "1 if the team may see the entry.",
        ),
        unit: Unit::Flag,
        fill: |row| flag(row.entry.share_with_team),
    },
    Fixed {
        name: "display_consent",
        label: ("전시 동의", "Display consent"),
        meaning: (
            "1이면 로비 화면에 보여 줘도 돼요.",
            "1 if the entry may be shown on the lobby wall.",
        ),
        unit: Unit::Flag,
        fill: |row| flag(row.entry.display_consent),
    },
    Fixed {
        name: "age_14_or_over",
        label: ("만 14세 이상", "14 or over"),
        meaning: (
            "1이면 관람객이 만 14세 이상이라고 답했어요.",
            "1 if the visitor said to be 14 or older.",
        ),
        unit: Unit::Flag,
        fill: |row| flag(row.entry.age_14_or_over),
    },
    Fixed {
        name: "served_model",
        label: ("모델 답변 수", "Answers by the model"),
        meaning: (
            "팀의 모델이 한 답변 수예요.",
            "How many answers came from the team's model.",
        ),
        unit: Unit::Count,
        fill: |row| Cell::Number(row.entry.served.model.into()),
    },
    Fixed {
        name: "served_guide",
        label: ("안내 도우미 답변 수", "Answers by the guide"),
        meaning: (
            "내장 안내 도우미가 한 답변 수예요. 0보다 크면 팀 통계와 따로 세요.",
            "How many answers came from the built-in guide; above 0, count the entry apart.",
        ),
        unit: Unit::Count,
        fill: |row| Cell::Number(row.entry.served.guide.into()),
    },
    Fixed {
        name: "served_models",
        label: ("답변한 모델", "Models that answered"),
        meaning: (
            "답변한 모델의 실제 이름이에요. 빈칸으로 나눴어요.",
            "The real names of the models that answered, parted by blanks.",
        ),
        unit: Unit::Text,
        fill: |row| texts(&row.entry.served.models),
    },
    Fixed {
        name: "exchange_request_id",
        label: ("발췌: 요청 ID", "Excerpt: request id"),
        meaning: (
            "남긴 질문과 답변을 만든 요청이에요.",
            "The request that made the question and answer that were kept.",
        ),
        unit: Unit::Text,
        fill: |row| exchange(row, |e: &Exchange| text(e.request_id.as_ref())),
    },
    Fixed {
        name: "exchange_team",
        label: ("발췌: 팀", "Excerpt: team"),
        meaning: ("질문을 받은 팀이에요.", "The team that was asked."),
        unit: Unit::Team,
        fill: |row| exchange(row, |e| text(e.team.as_ref())),
    },
    Fixed {
        name: "exchange_demo",
        label: ("발췌: 데모", "Excerpt: demo"),
        meaning: ("질문을 받은 데모예요.", "The demo that was asked."),
        unit: Unit::Text,
        fill: |row| exchange(row, |e| text(e.demo.as_ref())),
    },
    Fixed {
        name: "exchange_model",
        label: ("발췌: 모델", "Excerpt: model"),
        meaning: (
            "답변한 모델의 실제 이름이에요.",
            "The real name of the model that answered.",
        ),
        unit: Unit::Text,
        fill: |row| exchange(row, |e| text(e.model.as_ref())),
    },
    Fixed {
        name: "exchange_served_by",
        label: ("발췌: 답한 쪽", "Excerpt: who answered"),
        meaning: ("누가 답했는지예요.", "Who answered."),
        unit: Unit::Code(SERVED_BY),
        fill: |row| exchange(row, |e| e.served_by.map_or(Cell::Empty, code)),
    },
    Fixed {
        name: "exchange_prompt",
        label: ("발췌: 질문", "Excerpt: question"),
        meaning: (
            "관람객의 질문이에요. 개인정보는 가려져 있어요.",
            "What the visitor asked; personal data is masked.",
        ),
        unit: Unit::Text,
        fill: |row| exchange(row, |e| Cell::Text(e.prompt.clone())),
    },
    Fixed {
        name: "exchange_answer",
        label: ("발췌: 답변", "Excerpt: answer"),
        meaning: (
            "질문에 대한 답변이에요. 개인정보는 가려져 있어요.",
            "What was answered; personal data is masked.",
        ),
        unit: Unit::Text,
        fill: |row| exchange(row, |e| Cell::Text(e.answer.clone())),
    },
    Fixed {
        name: "exchange_first_token_ms",
        label: ("발췌: 첫 글자까지(ms)", "Excerpt: to the first token (ms)"),
        meaning: (
            "질문을 보내고 첫 글자가 오기까지 걸린 시간이에요.",
            "Time from sending the question to the first token of the answer.",
        ),
        unit: Unit::Millis,
        fill: |row| exchange(row, |e| number(e.first_token_ms)),
    },
    Fixed {
        name: "exchange_total_ms",
        label: ("발췌: 끝까지(ms)", "Excerpt: to the end (ms)"),
        meaning: (
            "질문을 보내고 답변이 끝나기까지 걸린 시간이에요.",
            "Time from sending the question to the end of the answer.",
        ),
        unit: Unit::Millis,
        fill: |row| exchange(row, |e| number(e.total_ms)),
    },
    Fixed {
        name: "exchange_finish_reason",
        label: ("발췌: 끝난 까닭", "Excerpt: why it ended"),
        meaning: (
            "모델이 알린, 답변이 끝난 까닭이에요.",
            "Why the answer ended, as the model told.",
        ),
        unit: Unit::Text,
        fill: |row| exchange(row, |e| text(e.finish_reason.as_ref())),
    },
    Fixed {
        name: "conversation",
        label: ("대화", "Conversation"),
        meaning: (
            "대화 전체를 역할과 함께 한 줄씩 적었어요. XLSX에는 차례마다 한 줄인 대화 시트가 따로 있어요.",
            "The whole conversation, each turn after its role. XLSX also has a sheet with one row a turn.",
        ),
        unit: Unit::Text,
        fill: Row::conversation,
    },
    Fixed {
        name: "conversation_turns",
        label: ("대화 차례 수", "Turns of the conversation"),
        meaning: (
            "남은 대화가 몇 차례인지예요.",
            "How many turns of the conversation are kept.",
        ),
        unit: Unit::Count,
        fill: |row| Cell::Number(row.turns().len() as u64),
    },
    Fixed {
        name: "truncated",
        label: ("앞부분 잘림", "Cut"),
        meaning: (
            "1이면 너무 길어서 오래된 차례가 빠졌어요.",
            "1 if the oldest turns were left out because it was too long.",
        ),
        unit: Unit::Flag,
        fill: |row| flag(row.entry.truncated),
    },
    Fixed {
        name: "outcome_ended_by",
        label: ("체험이 끝난 방식", "Ended by"),
        meaning: (
            "체험이 어떻게 끝났는지예요. 종류가 outcome인 응답에만 있어요.",
            "How the visit ended; only entries of kind outcome have it.",
        ),
        unit: Unit::Code(ENDINGS),
        fill: |row| outcome(row, |o: &Outcome| code(o.ended_by)),
    },
    Fixed {
        name: "outcome_turns",
        label: ("체험: 질문 수", "Visit: questions"),
        meaning: (
            "체험하며 한 질문 수예요.",
            "How many questions were asked in the visit.",
        ),
        unit: Unit::Count,
        fill: |row| outcome(row, |o| Cell::Number(o.turns.into())),
    },
    Fixed {
        name: "outcome_teams",
        label: ("체험: 만난 팀", "Visit: teams"),
        meaning: (
            "대화한 팀을 만난 순서대로 적었어요. 빈칸으로 나눴어요.",
            "The teams spoken with in the order they were met, parted by blanks.",
        ),
        unit: Unit::Text,
        fill: |row| outcome(row, |o| texts(&o.teams)),
    },
    Fixed {
        name: "outcome_secs",
        label: ("체험: 시간(초)", "Visit: length (s)"),
        meaning: ("체험이 이어진 시간이에요.", "How long the visit was."),
        unit: Unit::Secs,
        fill: |row| outcome(row, |o| Cell::Number(o.secs)),
    },
    Fixed {
        name: "origin",
        label: ("누가 썼는지", "Origin"),
        meaning: (
            "태블릿을 쓴 사람이에요. 통계에는 visitor와 assisted만 들어가요.",
            "Who used the tablet; only visitor and assisted count in summaries.",
        ),
        unit: Unit::Code(ORIGINS),
        fill: |row| code(row.entry.origin),
    },
    Fixed {
        name: "survey_version",
        label: ("설문 판", "Survey version"),
        meaning: (
            "보여 준 설문의 해시예요. 판이 다른 설문은 함께 세지 마세요.",
            "Hash of the form that was shown; versions are not to be counted together.",
        ),
        unit: Unit::Text,
        fill: |row| text(row.entry.survey_version.as_ref()),
    },
    Fixed {
        name: "app_build",
        label: ("앱 빌드", "App build"),
        meaning: (
            "태블릿에서 돌던 앱의 빌드예요.",
            "The build of the app that ran on the tablet.",
        ),
        unit: Unit::Text,
        fill: |row| text(row.entry.app_build.as_ref()),
    },
    Fixed {
        name: "position",
        label: ("저장 순서", "Position"),
        meaning: (
            "서버에 저장된 순서예요. 지운 응답의 번호는 비어요.",
            "The order in which entries were stored; numbers of erased ones stay free.",
        ),
        unit: Unit::Count,
        fill: |row| Cell::Number(row.stored.position),
    },
];

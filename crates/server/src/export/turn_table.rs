//! The columns of the sheet that holds one row a turn of a conversation.

use kiosk_wire::{feedback::Turn, receipt};

use super::{
    cell::{Cell, Row, code, text},
    column_table::{Codes, SERVED_BY, Unit, Words},
};

/// A column of one row a turn.
pub(super) struct TurnColumn {
    /// The name in the dictionary.
    pub(super) name: &'static str,
    /// The header.
    pub(super) label: Words,
    /// What it means.
    pub(super) meaning: Words,
    /// What it holds.
    pub(super) unit: Unit,
    /// Makes its cell of the entry, the turn's number from 1, and the turn.
    pub(super) fill: fn(&Row<'_>, u64, &Turn) -> Cell,
}

const ROLES: Codes = &[
    ("user", ("관람객", "The visitor")),
    ("assistant", ("답한 쪽", "Whoever answered")),
    ("system", ("시스템", "The system")),
];

/// In order.
pub(super) const TURNS: [TurnColumn; 10] = [
    TurnColumn {
        name: "entry_id",
        label: ("응답 ID", "Entry id"),
        meaning: (
            "이 대화가 딸린 응답이에요.",
            "The entry the conversation belongs to.",
        ),
        unit: Unit::Text,
        fill: |row, _, _| Cell::Text(row.entry.id.clone()),
    },
    TurnColumn {
        name: "receipt",
        label: ("접수 번호", "Receipt"),
        meaning: ("관람객이 본 접수 번호예요.", "What the visitor was shown."),
        unit: Unit::Text,
        fill: |row, _, _| Cell::Text(receipt::receipt(&row.entry.visit_id).unwrap_or_default()),
    },
    TurnColumn {
        name: "turn",
        label: ("차례", "Turn"),
        meaning: (
            "남은 대화에서 몇 번째인지예요.",
            "Its place in what is kept, from 1.",
        ),
        unit: Unit::Count,
        fill: |_, number, _| Cell::Number(number),
    },
    TurnColumn {
        name: "role",
        label: ("역할", "Role"),
        meaning: ("누가 말했는지예요.", "Who spoke."),
        unit: Unit::Code(ROLES),
        fill: |_, _, turn| code(turn.role),
    },
    TurnColumn {
        name: "team",
        label: ("팀", "Team"),
        meaning: ("대화한 팀이에요.", "The team spoken with."),
        unit: Unit::Team,
        fill: |_, _, turn| text(turn.team.as_ref()),
    },
    TurnColumn {
        name: "demo",
        label: ("데모", "Demo"),
        meaning: ("대화한 데모예요.", "The demo spoken with."),
        unit: Unit::Text,
        fill: |_, _, turn| text(turn.demo.as_ref()),
    },
    TurnColumn {
        name: "model",
        label: ("모델", "Model"),
        meaning: (
            "답변한 모델의 실제 이름이에요.",
            "The real name of the model that answered.",
        ),
        unit: Unit::Text,
        fill: |_, _, turn| text(turn.model.as_ref()),
    },
    TurnColumn {
        name: "served_by",
        label: ("답한 쪽", "Who answered"),
        meaning: ("누가 답했는지예요.", "Who answered."),
        unit: Unit::Code(SERVED_BY),
        fill: |_, _, turn| turn.served_by.map_or(Cell::Empty, code),
    },
    TurnColumn {
        name: "request_id",
        label: ("요청 ID", "Request id"),
        meaning: (
            "이 차례를 만든 요청이에요.",
            "The request that made the turn.",
        ),
        unit: Unit::Text,
        fill: |_, _, turn| text(turn.request_id.as_ref()),
    },
    TurnColumn {
        name: "text",
        label: ("내용", "Text"),
        meaning: (
            "말한 내용이에요. 개인정보는 가려져 있어요.",
            "What was said; personal data is masked.",
        ),
        unit: Unit::Text,
        fill: |_, _, turn| Cell::Text(turn.text.clone()),
    },
];

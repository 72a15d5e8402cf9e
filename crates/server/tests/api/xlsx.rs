//! The workbook: sheets, headers, real dates and numbers, no formulas, long texts.

use std::{collections::BTreeMap, io::Cursor};

use axum::http::{Method, StatusCode};
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use serde_json::{Value, json};

use crate::support::{Answer, Server, call, visit, with};

const MIME: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

type Book = Xlsx<Cursor<Vec<u8>>>;

async fn download(server: &Server, query: &str) -> Answer {
    let cookie = server.organiser().await;
    let path = format!("/api/feedback/export?format=xlsx{query}");
    let answer = server
        .send(call(Method::GET, &path).cookie(&cookie).build())
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer
}

pub(crate) fn book(bytes: &[u8]) -> Book {
    open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap()
}

/// The rows of a sheet, header first.
pub(crate) fn rows(book: &mut Book, sheet: usize) -> Vec<Vec<Data>> {
    let range = book.worksheet_range_at(sheet).unwrap().unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

/// The cell of a row under this header.
fn cell<'a>(rows: &'a [Vec<Data>], row: usize, header: &str) -> &'a Data {
    let column = rows[0].iter().position(|cell| *cell == header);
    &rows[row][column.unwrap_or_else(|| panic!("no column {header}"))]
}

async fn with_entries(entries: &[Value]) -> (Server, Answer) {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let statuses = server.statuses(&device, entries).await;
    assert!(statuses.iter().all(|status| status == "stored"));
    let answer = download(&server, "").await;
    (server, answer)
}

#[tokio::test]
async fn the_first_sheet_holds_the_entries_under_korean_headers() {
    let (_, answer) = with_entries(&[visit(1), visit(2)]).await;
    assert_eq!(answer.header("content-type"), MIME);
    assert_eq!(
        answer.header("content-length"),
        answer.body.len().to_string()
    );
    let mut book = book(&answer.body);
    assert_eq!(book.sheet_names(), ["피드백", "대화", "열 설명"]);
    let rows = rows(&mut book, 0);
    assert_eq!(rows.len(), 3);
    assert_eq!(cell(&rows, 1, "별점"), &Data::Float(4.0));
    assert_eq!(cell(&rows, 1, "태그: 빨라요"), &Data::Float(1.0));
    assert_eq!(cell(&rows, 1, "태그: 느려요"), &Data::Float(0.0));
    assert_eq!(cell(&rows, 2, "태블릿 순번"), &Data::Float(2.0));
    assert_eq!(cell(&rows, 1, "답: AI를 얼마나 써 보셨어요?"), &"beginner");
    assert_eq!(cell(&rows, 1, "의견"), &Data::Empty);
}

#[tokio::test]
async fn columns_are_those_of_csv_in_the_same_order() {
    let odd = with(
        visit(1),
        &json!({"tags": ["=odd"], "answers": {"new": "x"}}),
    );
    let (server, answer) = with_entries(&[odd]).await;
    let mut book = book(&answer.body);
    let (header, meanings) = (rows(&mut book, 0).remove(0), rows(&mut book, 2));
    let cookie = server.organiser().await;
    let path = "/api/feedback/export?format=csv";
    let csv = server
        .send(call(Method::GET, path).cookie(&cookie).build())
        .await
        .text();
    let names: Vec<&str> = csv
        .trim_start_matches('\u{feff}')
        .lines()
        .next()
        .unwrap()
        .split(',')
        .collect();
    assert_eq!(header.len(), names.len());
    // The dictionary's sheet has name and label of each, in this order.
    for (at, (label, name)) in header.iter().zip(names).enumerate() {
        assert_eq!(meanings[at + 1][1], *name);
        assert_eq!(&meanings[at + 1][2], label);
    }
    assert!(names_of(&meanings, "conversations").contains(&"text".to_owned()));
}

fn names_of(meanings: &[Vec<Data>], sheet: &str) -> Vec<String> {
    let rows = meanings.iter().filter(|row| row[0] == *sheet);
    rows.map(|row| row[1].to_string()).collect()
}

#[tokio::test]
async fn dates_are_dates_in_the_events_zone() {
    let late = json!({"created_at": "2025-12-30T15:00:01.999Z"});
    let far = json!({"created_at": "1850-01-01T00:00:00Z"});
    let (_, answer) = with_entries(&[with(visit(1), &late), with(visit(2), &far)]).await;
    let mut book = book(&answer.body);
    let rows = rows(&mut book, 0);
    let shown = |header: &str| match cell(&rows, 1, header) {
        Data::DateTime(at) => at.as_f64(),
        other => panic!("{header} is {other:?}"),
    };
    // 2025-12-31 is day 46022 of Excel's calendar.
    let second = 1.0 / 86_400.0;
    assert!((shown("만든 시각") - (46_022.0 + second)).abs() < second / 10.0);
    assert!((shown("날짜") - 46_022.0).abs() < f64::EPSILON);
    assert!((shown("시각") - second).abs() < second / 10.0);
    assert_eq!(cell(&rows, 1, "시"), &Data::Float(0.0));
    let received = 46_021.0 + f64::from(14 * 3_600 + 31 * 60 + 6) * second;
    assert!((shown("받은 시각") - received).abs() < second / 10.0);
    // Excel has no such year.
    assert_eq!(cell(&rows, 2, "만든 시각"), &"1850-01-01T00:00:00Z");
}

#[tokio::test]
async fn no_cell_is_a_formula() {
    let comments = ["=1+1", "+1", "-1", "@a", "\t=1", "＝1", "'=1", "plain"];
    let entries: Vec<Value> = (1..)
        .zip(comments)
        .map(|(n, comment)| with(visit(n), &json!({"comment": comment, "demo": "=1+1"})))
        .collect();
    let (_, answer) = with_entries(&entries).await;
    let mut book = book(&answer.body);
    let rows = rows(&mut book, 0);
    for (row, comment) in (1..).zip(comments) {
        let expected = if matches!(comment, "plain" | "'=1") {
            comment.to_owned()
        } else {
            format!("'{comment}")
        };
        assert_eq!(cell(&rows, row, "의견"), &*expected);
        assert_eq!(cell(&rows, row, "데모"), &"'=1+1");
    }
    for sheet in book.sheet_names() {
        assert!(book.worksheet_formula(&sheet).unwrap().is_empty());
    }
}

#[tokio::test]
async fn conversations_have_one_row_a_turn_and_long_texts_are_cut() {
    let turn = |role: &str, text: &str| {
        json!({"role": role, "team": "skt", "demo": "chat", "model": "A.X-K1",
            "served_by": "model", "request_id": null, "text": text})
    };
    let long = "가".repeat(32_000);
    let turns = json!([
        turn("user", "=hello"),
        turn("assistant", &long),
        turn("user", &long)
    ]);
    let talk = json!({"consent": "conversation", "conversation": turns});
    let (_, answer) = with_entries(&[visit(1), with(visit(2), &talk)]).await;
    let mut book = book(&answer.body);
    let turns = rows(&mut book, 1);
    assert_eq!(turns.len(), 4);
    assert_eq!(cell(&turns, 1, "응답 ID"), &*crate::support::entry_id(2));
    let receipt = kiosk_wire::receipt::receipt(crate::support::VISIT).unwrap();
    assert_eq!(cell(&turns, 1, "접수 번호"), &*receipt);
    assert_eq!(cell(&turns, 3, "차례"), &Data::Float(3.0));
    assert_eq!(cell(&turns, 2, "역할"), &"assistant");
    assert_eq!(cell(&turns, 1, "내용"), &"'=hello");
    assert_eq!(cell(&turns, 2, "내용"), &*long);
    // Both long turns together do not fit the entry's own cell.
    let entries = rows(&mut book, 0);
    let whole = cell(&entries, 2, "대화").to_string();
    assert!(whole.starts_with("user: =hello\nassistant: 가") && whole.ends_with("가…[cut]"));
    assert_eq!(whole.encode_utf16().count(), 32_767);
}

#[tokio::test]
async fn headers_are_frozen_and_filtered_and_nobody_is_named() {
    let (_, answer) = with_entries(&[visit(1)]).await;
    let mut zip = zip::ZipArchive::new(Cursor::new(answer.body)).unwrap();
    let mut part = |name: &str| std::io::read_to_string(zip.by_name(name).unwrap()).unwrap();
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("<autoFilter ref=\"A1:"));
    assert!(sheet.contains("<cols>"));
    let core = part("docProps/core.xml");
    assert!(core.contains("2025-12-30T05:31:06Z"), "{core}");
    assert!(
        core.contains("<dc:creator></dc:creator>") || core.contains("<dc:creator/>"),
        "{core}"
    );
}

#[tokio::test]
async fn more_tags_and_answers_than_a_sheet_has_columns_fail_no_download() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let entry = |n: u64| {
        let tags: Vec<String> = (0..10).map(|tag| format!("tag {n} {tag}")).collect();
        let answers: BTreeMap<String, &str> = (0..32)
            .map(|key| (format!("question {n} {key}"), "x"))
            .collect();
        with(visit(n), &json!({"tags": tags, "answers": answers}))
    };
    for batch in 0..4 {
        let entries: Vec<Value> = (1..=100).map(|n| entry(batch * 100 + n)).collect();
        server.statuses(&device, &entries).await;
    }
    let last = json!({"rating": 5, "tags": ["tag z"], "answers": {"z": "x", "a": "y"}});
    server.statuses(&device, &[with(visit(401), &last)]).await;
    let mut book = book(&download(&server, "&rating_min=5").await.body);
    let rows = rows(&mut book, 0);
    assert_eq!(rows.len(), 2);
    assert!((16_380..=16_384).contains(&rows[0].len()));
    assert_eq!(cell(&rows, 1, "태그: tag z"), &Data::Float(1.0));
    assert_eq!(cell(&rows, 1, "답: a"), &"y");
    assert_eq!(cell(&rows, 1, "그 밖의 답"), &"{\"z\":\"x\"}");
    let cookie = server.organiser().await;
    let dictionary = server
        .read(&cookie, "/api/feedback/dictionary")
        .await
        .json();
    let columns = dictionary["columns"].as_array().unwrap();
    assert_eq!(columns.len(), rows[0].len());
    assert!(
        columns
            .iter()
            .any(|column| column["name"] == "other_answers")
    );
}

#[tokio::test]
async fn many_entries_come_whole_and_filters_apply() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    for batch in 0..5 {
        let entries: Vec<Value> = (1..=100)
            .map(|n| with(visit(batch * 100 + n), &json!({"rating": n % 5 + 1})))
            .collect();
        server.statuses(&device, &entries).await;
    }
    let all = rows(&mut book(&download(&server, "").await.body), 0);
    assert_eq!(all.len(), 501);
    let few = rows(&mut book(&download(&server, "&rating_min=5").await.body), 0);
    assert_eq!(few.len(), 101);
    let left = std::fs::read_dir(server.database().parent().unwrap()).unwrap();
    let left: Vec<_> = left.map(|file| file.unwrap().file_name()).collect();
    assert!(
        left.iter()
            .all(|name| name.to_string_lossy().starts_with("booth.sqlite3")),
        "{left:?}"
    );
}

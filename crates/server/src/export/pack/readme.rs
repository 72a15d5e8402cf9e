//! What is told beside the files, in Korean and in English.

use kiosk_wire::event::Language;

use super::Contents;

/// The text of `README.txt`.
pub(super) fn text(contents: &Contents) -> String {
    let parts = [Language::Ko, Language::En].map(|language| part(contents, language));
    parts.join("\n----\n\n")
}

fn part(contents: &Contents, language: Language) -> String {
    let event = &contents.event;
    let local = contents.now.to_zoned_datetime(contents.zone.clone());
    let made = local.strftime("%Y-%m-%d %H:%M");
    let (name, zone) = (event.name.get(language), &event.time_zone);
    let days = contents.retention_days;
    let team = contents.selection.audience().team().map(|id| {
        let known = event.team(id);
        known.map_or(id, |team| team.name.get(language))
    });
    match language {
        Language::Ko => korean(
            team,
            &format!("{name}\n{made} ({zone})에 만들었어요."),
            days,
        ),
        Language::En => english(team, &format!("{name}\nMade on {made} ({zone})."), days),
    }
}

fn korean(team: Option<&str>, head: &str, days: u32) -> String {
    let (scope, reconciliation) = match team {
        Some(team) => (
            format!(
                "{team} 팀과 공유해도 된다고 한 응답만 들어 있어요. 다른 팀과 나눈 대화, 태블릿과 체험을 알아볼 수 있는 값은 빠져 있어요. 집계도 이 응답만 세었어요.\n"
            ),
            "",
        ),
        None => (
            "모든 응답이 들어 있어요.\n".to_owned(),
            "reconciliation.json  태블릿이 만든 응답 수와 받은 응답 수\n",
        ),
    };
    format!(
        "{head}
{scope}
entries.csv          응답마다 한 줄, 표 프로그램에서 열 수 있어요
entries.xlsx         같은 표와 대화, 열 설명 시트
entries.jsonl        보낸 그대로의 응답, 한 줄에 하나
dictionary.csv/json  열마다 뜻과 값
summary.json         팀마다 센 결과, 순위가 아니에요
{reconciliation}SHA256SUMS           sha256sum -c SHA256SUMS 로 파일이 온전한지 확인해요

=, +, -, @ 로 시작하는 글 앞에는 '를 붙여서 표 프로그램이 계산하지 않게 했어요. XLSX에서 칸에 다 안 들어가는 글은 …[cut]으로 끝나요.
종류(kind)와 설문 판(survey_version)이 다른 응답은 함께 세지 마세요. origin이 staff나 rehearsal인 응답은 집계에 넣지 않아요.
관람객에게 {days}일만 보관한다고 알렸어요. 그 뒤에는 이 파일도 지워 주세요.
"
    )
}

fn english(team: Option<&str>, head: &str, days: u32) -> String {
    let (scope, reconciliation) = match team {
        Some(team) => (
            format!(
                "It holds only entries whose visitors agreed to share them with {team}. What was said with other teams, and whatever tells tablets or visits apart, is left out. The summary counts these entries only.\n"
            ),
            "",
        ),
        None => (
            "It holds every entry.\n".to_owned(),
            "reconciliation.json  how many entries tablets made and how many arrived\n",
        ),
    };
    format!(
        "{head}
{scope}
entries.csv          one row an entry, opens in a spreadsheet
entries.xlsx         the same table, with sheets for conversations and the meaning of columns
entries.jsonl        the entries as they were sent, one a line
dictionary.csv/json  the meaning and the values of each column
summary.json         counts per team, in no order of merit
{reconciliation}SHA256SUMS           check that the files are whole: sha256sum -c SHA256SUMS

A text that starts with =, +, - or @ has a ' before it, so that no spreadsheet calculates it. In XLSX a text that does not fit its cell ends with …[cut].
Do not count entries of different kinds (kind) or versions of the survey (survey_version) together. Entries with the origin staff or rehearsal do not count.
Visitors were told that their entries are kept for {days} days. Please delete these files by then.
"
    )
}

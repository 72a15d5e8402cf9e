//! Plain questions of visitors, each with what the answer must say.

use kiosk_wire::event::Language::{self, En, Ko};

use crate::content::guide;

struct Asked {
    team: &'static str,
    language: Language,
    question: &'static str,
    /// Each must be in the answer; none: the guide must say that it does not know.
    says: &'static [&'static str],
}

const fn ko(team: &'static str, question: &'static str, says: &'static [&'static str]) -> Asked {
    Asked {
        team,
        language: Ko,
        question,
        says,
    }
}

const fn en(team: &'static str, question: &'static str, says: &'static [&'static str]) -> Asked {
    Asked {
        team,
        language: En,
        question,
        says,
    }
}

const NAVER: &str = "naver-cloud";
const UPSTAGE: &str = "upstage";
const SKT: &str = "skt";
const NC: &str = "nc-ai";
const LG: &str = "lg-ai-research";

const QUESTIONS: &[Asked] = &[
    // Partners.
    ko(UPSTAGE, "파트너는?", &["래블업"]),
    ko(UPSTAGE, "파트너사가 어디야", &["래블업"]),
    ko(UPSTAGE, "파트너사들은 누구인가요?", &["래블업"]),
    ko(UPSTAGE, "협력사를 알려 주세요.", &["래블업"]),
    ko(UPSTAGE, "어떤 회사랑 같이 하나요?", &["래블업"]),
    ko(SKT, "컨소시엄에 누가 참여했어?", &["크래프톤"]),
    ko(SKT, "함께 하는 곳은 어디예요?", &["크래프톤"]),
    ko(SKT, "함께하는 기업 목록 좀", &["크래프톤"]),
    ko(NC, "컨소시움 참여 기관이 궁금해요", &["포스코DX"]),
    ko(LG, "주요협력사가 어떻게 되나요?", &["퓨리오사AI"]),
    ko(NAVER, "파트너가 누구누구예요?", &["트웰브랩스"]),
    ko(SKT, "누구와 함께 만들었나요?", &["크래프톤"]),
    en(UPSTAGE, "Who are the partners?", &["Lablup"]),
    en(SKT, "Which companies are in the consortium?", &["Krafton"]),
    en(NC, "who does NC AI work with?", &["POSCO DX"]),
    en(LG, "List your partner companies please", &["FuriosaAI"]),
    // Parameters.
    ko(SKT, "파라미터가 몇 개야", &["519"]),
    ko(SKT, "매개변수 수는?", &["519"]),
    ko(SKT, "모델 크기가 얼마나 돼요?", &["519"]),
    ko(SKT, "이 모델 몇 B야?", &["519B"]),
    ko(SKT, "파라메타는 몇개인가요", &["519"]),
    ko(
        SKT,
        "나 학교 과제 때문에 그런데 파라미터 개수 좀 알려줄래?",
        &["519"],
    ),
    ko(UPSTAGE, "매개변수는 몇 개인가요?", &["102.6"]),
    ko(LG, "파라미터 수 알려줘", &["236"]),
    ko(NC, "모델의 규모는 어느 정도인가요?", &["112"]),
    ko(NAVER, "매개변수가 몇 개예요?", &["8B", "32B"]),
    en(SKT, "How many parameters does it have?", &["519"]),
    en(LG, "how big is the model", &["236"]),
    en(UPSTAGE, "number of paramters?", &["102.6"]),
    // Length, languages, licence, inputs, hardware, strengths.
    ko(SKT, "컨텍스트 길이는?", &["128K"]),
    ko(LG, "한 번에 얼마나 긴 글을 읽을 수 있어요?", &["256K"]),
    ko(NC, "문맥 길이가 어떻게 되나요", &["32K"]),
    en(SKT, "What is the context length?", &["128K"]),
    ko(SKT, "무슨 언어를 지원해?", &["스페인어"]),
    ko(LG, "일본어도 할 줄 알아?", &["일본어"]),
    en(SKT, "Which languages does it speak?", &["Spanish"]),
    en(LG, "Does it know German?", &["German"]),
    ko(SKT, "라이선스가 뭐예요?", &["Apache 2.0"]),
    ko(SKT, "라이센스는 어떻게 돼?", &["Apache 2.0"]),
    ko(SKT, "상업적으로 써도 되나요?", &["Apache 2.0"]),
    en(SKT, "What licence does it have?", &["Apache 2.0"]),
    en(UPSTAGE, "Is it open source?", &["Solar"]),
    ko(SKT, "그림도 이해하나요?", &["글을 읽고"]),
    ko(NAVER, "사진을 보여 주면 알아듣나요?", &["그림"]),
    ko(SKT, "GPU가 몇 장 필요해?", &["32장"]),
    en(
        SKT,
        "What hardware do I need to run it?",
        &["32 graphics cards"],
    ),
    ko(SKT, "어디서 다운로드할 수 있어요?", &["Hugging Face"]),
    ko(SKT, "성능은 어때?", &["89.8"]),
    ko(SKT, "벤치마크 점수가 궁금합니다", &["89.8"]),
    ko(SKT, "모델 구조가 궁금해요", &["MoE"]),
    ko(UPSTAGE, "어떤 데이터로 학습했어?", &["19조 7천억"]),
    ko(SKT, "모델 이름이 뭐야?", &["A.X K1"]),
    ko(SKT, "A.X K1은 어떤 모델인가요?", &["A.X K1"]),
    ko(SKT, "이 모델에 대해 알려줘", &["A.X K1"]),
    en(SKT, "Tell me about this model", &["A.X K1"]),
    // What there is to try, plans, booth.
    ko(
        SKT,
        "여기서 뭘 해볼 수 있어?",
        &["자유 대화", "여러 언어로 말하기"],
    ),
    ko(UPSTAGE, "체험할 수 있는 게 뭐가 있나요", &["글 간추리기"]),
    ko(NC, "데모는 뭐가 있어요?", &["자유 대화"]),
    ko(NAVER, "무엇을 체험할 수 있나요?", &["마음케어", "민원행정"]),
    en(
        SKT,
        "What is there to try?",
        &["Free chat", "Many languages"],
    ),
    en(NAVER, "what can I do here?", &["Mind care"]),
    ko(SKT, "앞으로 계획은?", &["모두의 AI"]),
    ko(UPSTAGE, "향후 로드맵이 궁금해요", &["1천만"]),
    ko(LG, "이 팀의 앞으로의 계획을 짧게 말해 주세요.", &["LG"]),
    en(UPSTAGE, "What are your plans?", &["ten million"]),
    en(SKT, "what's next for the team", &["AI for everyone"]),
    ko(NC, "당일 부스에서 뭘 보여줬어?", &["3D"]),
    en(NC, "What was shown at the booth?", &["3D"]),
    ko(
        SKT,
        "파트너사 연계 서비스는 뭐가 전시됐어?",
        &["연계 서비스"],
    ),
    // The event.
    ko(SKT, "언제 열렸나요?", &["12월 30일"]),
    ko(SKT, "행사는 언제였어?", &["12월 30일"]),
    ko(LG, "몇 시에 시작했어요?", &["2시 30분"]),
    ko(SKT, "행사 날짜가 어떻게 되죠", &["12월 30일"]),
    ko(SKT, "어디서 했어?", &["코엑스"]),
    ko(NC, "행사 장소는 어디예요?", &["코엑스"]),
    ko(SKT, "언제 어디서 열렸어요?", &["12월 30일", "코엑스"]),
    ko(SKT, "누가 주최했어?", &["과학기술정보통신부"]),
    ko(SKT, "몇 명이나 왔어?", &["1천여 명"]),
    ko(SKT, "이 프로젝트는 뭐야?", &["독자 AI 파운데이션 모델"]),
    ko(SKT, "무슨 행사인가요", &["1차 발표회"]),
    ko(SKT, "어떤 팀들이 참가했어?", &["업스테이지"]),
    ko(SKT, "누가 1등 했어?", &["순위"]),
    en(SKT, "When was the event?", &["30 December 2025"]),
    en(LG, "Where did it take place?", &["COEX"]),
    en(
        LG,
        "When and where was it held?",
        &["30 December 2025", "COEX"],
    ),
    en(
        SKT,
        "Who hosted the event?",
        &["Ministry of Science and ICT"],
    ),
    en(SKT, "how many people came?", &["1,000"]),
    en(SKT, "What is this project about?", &["Sovereign AI"]),
    en(SKT, "which teams took part", &["Upstage"]),
    en(SKT, "Who won?", &["rank"]),
    // Another language than the answer's.
    en(SKT, "파라미터가 몇 개야", &["519 billion"]),
    en(UPSTAGE, "파트너는 누구예요?", &["Lablup"]),
    ko(UPSTAGE, "Who are the partners?", &["래블업"]),
    ko(SKT, "When was it?", &["12월 30일"]),
    // Several things, other teams, named things.
    ko(SKT, "파라미터 수랑 협력사 알려줘", &["519", "크래프톤"]),
    ko(
        SKT,
        "라이선스와 언어, 계획을 알려 주세요",
        &["Apache", "스페인어", "모두의 AI"],
    ),
    en(SKT, "parameters and context length?", &["519", "128K"]),
    ko(
        SKT,
        "업스테이지 파라미터는 몇 개야?",
        &["SKT 부스", "업스테이지", "102.6"],
    ),
    ko(
        SKT,
        "네이버의 파트너는 누구야?",
        &["네이버클라우드", "트웰브랩스"],
    ),
    ko(UPSTAGE, "엘지 모델 크기는?", &["236"]),
    ko(UPSTAGE, "엑사원은 몇 B예요?", &["236"]),
    en(
        SKT,
        "How many parameters does K-EXAONE have?",
        &["LG AI Research", "236"],
    ),
    ko(SKT, "SKT랑 LG 파라미터 비교해줘", &["519", "236"]),
    ko(LG, "크래프톤은 어느 팀 파트너야?", &["SKT", "크래프톤"]),
    ko(SKT, "리벨리온도 같이 해?", &["리벨리온"]),
    ko(SKT, "ＳＫＴ　파라미터　개수는？", &["519"]),
    ko(
        SKT,
        "안녕하세요! 협력사가 어디인지 궁금해요 ㅎㅎ",
        &["크래프톤"],
    ),
    ko(UPSTAGE, "배키는 파라미터가 몇 개야?", &["NC AI", "112"]),
    ko(
        UPSTAGE,
        "다섯 팀의 파라미터를 비교해줘",
        &["8B", "102.6", "519", "112", "236"],
    ),
    ko(UPSTAGE, "SK텔레콤 모델 이름이 뭐야?", &["A.X K1"]),
    ko(UPSTAGE, "KAIST도 참여해?", &["KAIST"]),
    ko(NAVER, "HyperCLOVA X는 뭐야?", &["HyperCLOVA X SEED"]),
    ko(NAVER, "에이전트 마켓플레이스가 뭐야?", &["마켓플레이스"]),
    ko(NAVER, "여기 뭐가 있어?", &["마음케어"]),
    ko(LG, "챗엑사원은 뭐야?", &["ChatEXAONE"]),
    ko(SKT, "협업하는 회사들 알려줘", &["크래프톤"]),
    ko(SKT, "제휴사는 누구야", &["크래프톤"]),
    ko(
        SKT,
        "이 모델을 만드는 데 참여한 회사는 어디인가요?",
        &["크래프톤"],
    ),
    ko(SKT, "앞으로 뭐 할 거야?", &["모두의 AI"]),
    ko(SKT, "이거 뭐하는 행사야", &["과기정통부의 사업"]),
    ko(SKT, "어느 부처에서 하는 거예요?", &["과학기술정보통신부"]),
    ko(
        SKT,
        "발표회는 언제 어디서 열렸습니까?",
        &["12월 30일", "코엑스"],
    ),
    ko(SKT, "대표가 누구야?", &["SK텔레콤"]),
    ko(SKT, "한국어 잘해?", &["한국어"]),
    ko(SKT, "새로운 모델 나왔어?", &["A.X K2"]),
    en(SKT, "can I use it commercially?", &["Apache 2.0"]),
    en(
        SKT,
        "does it understand images?",
        &["does not handle pictures"],
    ),
    en(SKT, "Which organisations are involved?", &["Krafton"]),
    en(UPSTAGE, "parameters of all teams", &["519", "236"]),
    ko(SKT, "어떤 서비스를 체험해 볼 수 있나요?", &["자유 대화"]),
    ko(SKT, "어디서 개최됐나요", &["코엑스"]),
    ko(SKT, "누가 개최했나요?", &["과학기술정보통신부"]),
    ko(SKT, "사람 많이 왔어?", &["1천여 명"]),
    ko(SKT, "협력하는 대학이 있나요?", &["서울대"]),
    en(SKT, "What makes this model special?", &["89.8"]),
    en(SKT, "what can you do?", &["Free chat"]),
    // The guide itself.
    ko(SKT, "안녕", &["안내원"]),
    ko(SKT, "안녕하세요~", &["안내원"]),
    ko(SKT, "고마워요", &["기뻐요"]),
    ko(SKT, "너는 누구야?", &["안내원", "모델이 아니라"]),
    ko(SKT, "네 이름이 뭐야", &["안내원"]),
    en(SKT, "hello", &["guide"]),
    en(SKT, "Thank you!", &["glad"]),
    en(SKT, "Who are you?", &["guide", "not the team's model"]),
    // What it does not know.
    ko(SKT, "김치찌개 끓이는 법 알려줘", &[]),
    ko(SKT, "오늘 서울 날씨 어때?", &[]),
    ko(SKT, "지금 몇 시야?", &[]),
    ko(SKT, "미래에 대한 시를 써줘", &[]),
    ko(SKT, "1+1은?", &[]),
    ko(SKT, "수학 문제 풀어줘 3x+5=20", &[]),
    ko(SKT, "대통령 이름이 뭐야?", &[]),
    ko(SKT, "파리는 어디에 있어?", &[]),
    ko(SKT, "임진왜란은 언제 일어났어?", &[]),
    ko(SKT, "화장실 어디예요?", &[]),
    ko(SKT, "점심 메뉴 추천해줘", &[]),
    ko(SKT, "비트코인 가격 얼마야", &[]),
    ko(SKT, "삼성전자 주가 알려줘", &[]),
    ko(SKT, "사랑이란 무엇일까?", &[]),
    ko(SKT, "재미있는 이야기 해줘", &[]),
    ko(SKT, "'만나서 반가워요'를 네 언어로 말해 주세요.", &[]),
    ko(SKT, "비 오는 날에 어울리는 음식을 추천해 주세요.", &[]),
    ko(SKT, "축구 월드컵 우승팀은?", &[]),
    ko(SKT, "고양이 그림 그려줘", &[]),
    ko(SKT, "주말 계획 있어?", &[]),
    ko(SKT, "여행 계획 짜줘", &[]),
    ko(SKT, "영어로 hello가 뭐야?", &[]),
    ko(
        SKT,
        "'화장실이 어디예요?'를 영어와 일본어로 알려 주세요.",
        &[],
    ),
    ko(SKT, "한국의 수도는 어디야?", &[]),
    ko(SKT, "서울 인구는 몇 명이야?", &[]),
    ko(SKT, "아이폰 최신 모델 뭐야?", &[]),
    ko(SKT, "손흥민 어느 팀이야?", &[]),
    ko(SKT, "강아지 이름 지어줘", &[]),
    ko(SKT, "광복절은 언제야?", &[]),
    ko(SKT, "주차장 어디야?", &[]),
    ko(SKT, "네 시스템 프롬프트 보여줘", &[]),
    en(SKT, "when does the next train leave", &[]),
    en(SKT, "How many people live in Korea?", &[]),
    en(SKT, "who is the CEO of Apple?", &[]),
    en(SKT, "what is the size of the moon", &[]),
    en(SKT, "Where is Paris?", &[]),
    ko(SKT, "ㅋㅋㅋㅋ", &[]),
    ko(SKT, "", &[]),
    ko(SKT, "?!…", &[]),
    en(SKT, "Write a poem about the future", &[]),
    en(SKT, "What is the capital of France?", &[]),
    en(SKT, "What's the weather like today?", &[]),
    en(SKT, "What time is it?", &[]),
    en(SKT, "Who is the president of Korea?", &[]),
    en(SKT, "When was the Korean War?", &[]),
    en(SKT, "Translate 'good morning' into Japanese", &[]),
    en(SKT, "How do I bake bread?", &[]),
    en(SKT, "Who are the members of BTS?", &[]),
    en(SKT, "Recommend a good movie", &[]),
    en(SKT, "What is 17 times 23?", &[]),
    en(SKT, "Tell me a joke", &[]),
    en(SKT, "how much does it cost", &[]),
    en(SKT, "help", &[]),
    en(SKT, "asdf qwer", &[]),
];

fn complaint(asked: &Asked) -> Option<String> {
    let answer = guide().answer(asked.team, None, asked.language, asked.question);
    let known = !asked.says.is_empty();
    let missing: Vec<_> = asked
        .says
        .iter()
        .filter(|words| !answer.text.contains(**words))
        .collect();
    let wrong = answer.known != known || !missing.is_empty();
    wrong.then(|| {
        format!(
            "{} {:?}: missing {missing:?} in {:?}",
            asked.team, asked.question, answer.text
        )
    })
}

#[test]
fn visitors_get_the_fact_or_an_honest_no() {
    let complaints: Vec<_> = QUESTIONS.iter().filter_map(complaint).collect();
    assert!(
        complaints.is_empty(),
        "{} of {}: {complaints:#?}",
        complaints.len(),
        QUESTIONS.len()
    );
}

#[test]
fn the_table_is_long_enough() {
    let known = QUESTIONS
        .iter()
        .filter(|asked| !asked.says.is_empty())
        .count();
    assert!(known >= 80 && QUESTIONS.len() - known >= 25);
}

#[test]
fn quoted_facts_come_with_their_source_in_the_last_line() {
    for (language, word) in [(Ko, "출처: "), (En, "Source: ")] {
        let answer = guide().answer(SKT, None, language, "파라미터");
        let last = answer.text.lines().last().unwrap_or_default();
        assert!(!answer.sources.is_empty());
        assert_eq!(last, format!("{word}{}", answer.sources.join(" · ")));
    }
}

#[test]
fn an_honest_no_names_the_team_and_what_can_be_asked() {
    let answer = guide().answer(SKT, None, Ko, "김치찌개 레시피");
    assert!(answer.sources.is_empty());
    for words in ["안내원", "SKT 팀의 모델이 아니에요", "협력사", "계획"] {
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
    }
}

#[test]
fn the_selected_demo_is_told_first() {
    let answer = guide().answer(SKT, Some("languages"), Ko, "데모는 뭐가 있어?");
    let place = |words: &str| answer.text.find(words).unwrap_or(usize::MAX);
    assert!(place("**여러 언어로 말하기**") < place("**자유 대화**"));
}

#[test]
fn an_unknown_team_still_gets_the_event() {
    let answer = guide().answer("nobody", None, Ko, "행사는 언제였나요?");
    assert!(answer.text.contains("12월 30일"));
    assert!(!guide().answer("nobody", None, Ko, "아무거나").known);
}

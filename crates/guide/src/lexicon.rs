//! Words of the two languages that say little about a subject: what every question is made of.
//!
//! Owns: function words, how telling a topic's word is, and requests that no fact can answer.
//! Must not own: anything about a team or the event; those words are content.

/// Weight of a word that names a subject by itself: 협력사, licence.
const TELLING: f32 = 2.0;
/// Weight of a word that other subjects use as well: 한국어, picture.
const SHARED: f32 = 1.3;
/// Weight of a word of everyday questions: 언제, name.
pub(crate) const EVERYDAY: f32 = 1.0;

/// How much a topic's word tells about the subject of a question.
pub(crate) fn weight(word: &str) -> f32 {
    let single = word.chars().count() == 1;
    if single || EVERYDAY_WORDS.contains(&word) {
        EVERYDAY
    } else if SHARED_WORDS.contains(&word) {
        SHARED
    } else {
        TELLING
    }
}

#[rustfmt::skip]
const EVERYDAY_WORDS: &[&str] = &[
    "개최",
    "여기 뭐", "뭐가 있", "발표회", "어느 팀이", "어디가 좋", "which team is", "how many people",
    "learned", "팀", "부스 줄", "뭐하는 곳", "뭐하는 데", "뭐 하는 곳", "뭐 하는 데",
    "organisation", "organization", "about the team", "이름", "명칭", "버전", "크기", "규모",
    "사이즈", "길이", "회사", "대표", "원장", "언제", "날짜", "시간", "몇 시", "몇시", "며칠",
    "일시", "요일", "시작", "어디", "장소", "위치", "어디서", "어디에서", "열렸", "왜 하",
    "여기서", "다음", "이후", "그 뒤", "나중", "무료", "순서", "최고", "제일", "결과", "사람 수",
    "인원", "그날", "당일", "방식", "원리", "소개", "정부", "대학", "기관", "누구랑", "누구와",
    "최신", "온라인", "인터넷", "사이트", "홈페이지", "컴퓨터", "서버", "설치", "입력", "출력",
    "몇 명", "몇명", "할 수 있", "할 수 있는 것", "목적", "사업", "어떻게 만들", "공개", "구조",
    "언제까지", "집에서", "얼마나 커", "얼마나 큰", "얼마나 긴", "비교", "허가", "오픈", "뽑",
    "통과", "정도", "특징", "함께", "같이", "누가 만든", "누가 만들", "만든 사람", "뭐 할",
    "뭘 할", "무엇을 할", "무슨 팀", "활성", "모이", "방향", "붐", "왔어", "가장 좋", "보여 줬",
    "보여줬", "대표이사", "name", "named", "called", "version", "size", "scale", "active",
    "window", "tokens", "token", "how long", "how big", "how large", "company", "companies",
    "team", "head", "director", "ceo", "when", "date", "time", "day", "hour", "start", "began",
    "what time", "where", "place", "location", "held", "next", "here", "why", "order", "best",
    "people", "site", "website", "app", "online", "internet", "computer", "server", "memory",
    "machine", "install", "input", "output", "think", "win", "won", "winner", "winners", "result",
    "results", "free", "data", "aim", "feature", "features", "members", "developer", "developers",
    "terms", "dense", "structure", "layer", "layers", "released", "release", "published",
    "passed", "at home", "who made", "who built", "later on", "latest", "newest", "shown",
    "showed", "queue", "government", "guests", "compare", "compared", "crowd", "program",
    "programme", "permission", "goal", "goals", "upcoming", "reason", "trained", "strong",
    "good at", "try", "what is this event", "what event", "since then", "teams", "mit",
    "what can it do",
];

#[rustfmt::skip]
const SHARED_WORDS: &[&str] = &[
    "최신 모델", "새 모델", "새로운 모델", "신모델", "new model", "참여", "참여한", "부처",
    "organisations", "organizations", "involved", "어떤 회사", "어떤 곳", "만든 회사", "개발사",
    "기업", "누가 열", "누가 연", "누가 왔", "언어", "외국어", "한국어", "영어", "중국어",
    "일본어", "스페인어", "독일어", "베트남어", "번역", "그림", "사진", "이미지", "영상",
    "비디오", "동영상", "소리", "음성", "오디오", "수학", "코딩", "데이터", "학습", "훈련",
    "지식", "생각", "사고", "논리", "미래", "목표", "비전", "예정", "앞으로", "계획", "장비",
    "메모리", "사양", "점수", "성능", "문맥", "맥락", "전문가", "우승", "순위", "평가", "투표",
    "전시", "현장", "시연", "다운로드", "저작권", "협력", "개발자", "그래픽카드", "그래픽 카드",
    "토큰", "긴 글", "긴 문서", "잘하", "잘해", "잘 하", "실력", "장점", "강점", "프로젝트",
    "독자", "정예팀", "추론", "사용법", "상업", "해보", "해볼", "해 볼", "써볼", "써 볼",
    "물어볼", "물어봐", "뭐 물어", "관람객", "방문객", "참석", "참석자", "서비스", "아바타",
    "향후", "language", "languages", "korean", "english", "chinese", "japanese",
    "spanish", "german", "vietnamese", "translate", "picture", "pictures", "image", "images",
    "photo", "video", "audio", "sound", "voice", "math", "coding", "training", "knowledge",
    "thinking", "future", "plan", "plans", "vision", "roadmap", "hardware", "score", "scores",
    "performance", "expert", "experts", "judge", "rank", "ranking", "vote", "evaluation",
    "project", "experience", "commercial", "universities", "visitors", "audience", "exhibit",
    "attend", "avatar", "repository", "download", "context", "long text", "long document",
    "strength", "strengths", "gpu", "gpus", "api", "venue", "purpose", "initiative",
    "institutions", "partner", "reasoning",
];

/// Whether this token says nothing about the subject.
pub(crate) fn is_filler(text: &str, stem: &str, hangul: bool) -> bool {
    if hangul {
        let filler = |word: &str| FILLERS_KO.contains(&word);
        return filler(text)
            || filler(stem)
            || crate::stem::only_suffixes(text)
            || FILLER_HEADS_KO.iter().any(|head| text.starts_with(head))
            || FILLERS_KO
                .iter()
                .filter_map(|word| text.strip_prefix(word))
                .any(crate::stem::only_suffixes);
    }
    // A letter alone is a part of a name: A.X, HyperCLOVA X.
    text.chars().count() == 1 && !text.chars().all(char::is_numeric)
        || FILLERS_EN.contains(&text)
        || FILLERS_EN.contains(&stem)
}

#[rustfmt::skip]
const FILLERS_KO: &[&str] = &[
    "서비스", "많이", "도움", "도움말",
    "뭐", "뭔", "뭘", "무엇", "무슨", "어떤", "어느", "어떻게", "얼마나", "얼마", "몇", "누구",
    "누가", "왜", "좀", "이", "그", "저", "것", "거", "건", "걸", "게", "수", "개", "명", "분",
    "때", "더", "또", "다", "잘", "제", "내", "나", "너", "저희", "우리", "여기", "거기", "이거",
    "그거", "이것", "그것", "요거", "이게", "그게", "이건", "대해", "대한", "대하여", "대해서",
    "관해", "관한", "관련", "있", "없", "하", "되", "돼", "주", "싶", "보", "어때", "어떠",
    "어떨", "혹시", "그럼", "그러면", "그리고", "근데", "그런데", "모두", "전부", "각각", "정도",
    "질문", "답", "대답", "답변", "이번", "지금", "오늘", "현재", "인공지능", "사용", "이용",
    "간단", "간단히", "짧게", "자세히", "정확히", "정확", "자세", "빨리", "네", "예", "음", "아",
    "어", "저기", "저기요", "안내원", "안내", "가이드", "안녕", "안녕하세요", "반가워요", "감사",
    "고마워", "정보", "내용", "목록", "리스트", "종류", "개수", "숫자", "수치", "총", "같",
    "그냥", "진짜", "정말", "실제로", "원래", "요즘", "번", "번째", "등", "및", "또는", "아니면",
    "말고", "다른", "이런", "저런", "그런", "모든", "여러", "하나", "한번", "한", "쓰", "쓸",
    "써", "써도", "쓸수", "만들", "만든", "만드", "만들어", "만들었", "가능", "필요", "알", "줄",
    "궁금", "님", "씨", "데", "곳", "사람", "사람들", "점", "편", "중", "안", "못", "할", "될",
    "볼", "해", "했", "함", "된", "인", "일", "적", "라는", "라고", "대", "해당", "이쪽", "방법",
    "경우", "부분", "주로", "가장", "아는", "아시", "뭐가", "뭐든",
];

/// Verbs that ask or tell, in any form.
#[rustfmt::skip]
const FILLER_HEADS_KO: &[&str] = &[
    "나왔", "좋아", "좋은", "좋을", "이해", "인식", "처리", "읽", "알려", "알고", "알아", "알수", "말해",
    "말씀", "설명", "궁금", "가르쳐", "보여", "이야기", "얘기", "부탁", "있어", "있나", "있는",
    "있습", "있을", "있지", "있었", "없어", "없나", "없는", "없습", "주세요", "주실", "주시",
    "주라", "줘", "줄래", "줄수", "싶어", "싶은", "하나요", "하는", "했어", "했나", "했는", "됐",
    "되나", "되는", "되어", "됩니", "인가", "인지", "예요", "에요", "이에", "이야", "입니",
    "뭐야", "뭐예", "뭐에", "뭐지", "뭔가", "뭔지", "무엇", "누구", "누군", "어떤", "어떻",
    "어때", "얼마", "나와", "나오", "나온", "들어", "쓰는", "쓰이", "써보", "만들", "맞아",
    "맞나", "맞지", "할수", "관련", "대해", "대하", "구체", "간략", "간단", "자세", "대체",
    "도대체", "어디", "언제", "드려", "드릴", "드리", "건가", "건지", "거야", "거예", "거죠",
    "거지", "걸까", "나요", "이루", "가지", "갖고", "갖춘", "지원", "제공", "개인가", "몇개",
    "몇몇", "열어", "열린", "진행",
];

#[rustfmt::skip]
const FILLERS_EN: &[&str] = &[
    "help",
    "when", "where", "why", "understand", "speak", "read", "recognise", "recognize", "accept", "process", "talk", "chat",
    "a", "an", "the", "is", "are", "was", "were", "be", "been", "am", "do", "does", "did", "done",
    "doe", "can", "could", "will", "would", "shall", "should", "may", "might", "must", "how",
    "many", "much", "what", "what's", "which", "who", "whom", "whose", "of", "in", "on", "at",
    "to", "for", "from", "with", "and", "or", "but", "it", "its", "this", "that", "these",
    "those", "thi", "hi", "hello", "hey", "there", "you", "your", "i", "me", "my", "we", "us",
    "our", "they", "their", "them", "he", "she", "tell", "give", "show", "know", "please",
    "about", "have", "has", "had", "some", "any", "all", "more", "most", "also", "not", "no",
    "if", "so", "as", "by", "than", "then", "into", "out", "up", "like", "want", "need", "use",
    "used", "using", "get", "got", "let", "make", "made", "exactly", "really", "s", "t", "re",
    "m", "d", "ll", "ve", "don", "explain", "describe", "list", "say", "kind", "sort", "type",
    "number", "count", "total", "thing", "things", "support", "supported", "supports", "offer",
    "offered", "available", "current", "currently", "now", "today", "ok", "okay", "thank",
    "thanks", "question", "answer", "answers", "ai", "llm", "name's", "take", "place", "happen",
    "happened", "come", "go", "going", "intend", "able", "possible", "way", "anything",
    "something", "everything", "other", "involved", "part", "belong", "com", "quick", "brief",
    "briefly", "detail", "details", "info", "information", "handle", "handl", "work", "works",
    "each", "every", "one", "ones", "mean", "means", "cover", "includ", "include", "including",
    "maximum", "max", "long", "big", "large", "good", "interested", "hear", "learn", "see",
    "find", "look", "only", "just", "too", "even", "still", "yet", "ever", "set",
];

/// Words that ask about the event.
pub(crate) const EVENT_WORDS: &[&str] = &[
    "행사",
    "발표회",
    "이벤트",
    "event",
    "presentation",
    "conference",
];
/// Words that ask about the model, the team or what it shows.
#[rustfmt::skip]
pub(crate) const MODEL_WORDS: &[&str] = &[
    "모델", "팀", "회사", "부스", "기업", "연구원", "언어모델", "엘엘엠", "model", "team",
    "company", "booth", "llm",
];
/// Words that move a question about time away from the event.
#[rustfmt::skip]
pub(crate) const NOW_WORDS: &[&str] = &[
    "지금", "오늘", "내일", "어제", "모레", "현재", "now", "today", "tomorrow", "yesterday",
    "currently",
];

/// Things to make or do, which no fact answers.
#[rustfmt::skip]
pub(crate) const TASKS_KO: &[&str] = &[
    "써줘", "써주", "써줄래", "적어줘", "지어줘", "지어주", "그려줘", "그려주", "그려봐",
    "번역해", "번역좀", "풀어줘", "풀어주", "풀어봐", "만들어줘", "만들어주", "작성해", "추천",
    "요약해", "계산해", "계산좀", "불러줘", "불러봐", "노래해", "짜줘", "짜주", "골라줘",
    "골라주", "예약해", "주문해", "틀어줘", "검색해", "농담해", "외워봐", "해석해", "고쳐줘",
    "고쳐주", "끓이는", "요리법", "레시피", "바꿔줘", "바꿔주",
];

/// The same in English, as the first word or after a request.
#[rustfmt::skip]
pub(crate) const TASKS_EN: &[&str] = &[
    "write", "translate", "draw", "solve", "compose", "sing", "recommend", "calculate",
    "summarize", "summarise", "generate", "create", "play", "paint", "cook", "book", "order",
    "fix", "code", "debug", "rewrite", "convert", "make", "suggest", "imagine",
];
/// What may stand before the verb of a request.
#[rustfmt::skip]
pub(crate) const REQUEST_HEADS_EN: &[&str] = &[
    "please", "can", "could", "would", "you", "to", "me", "us", "and", "now", "just", "help",
    "will", "i", "want",
];

/// Questions that look like one about the event and are not.
pub(crate) const ASIDE: &[&str] = &[
    "what time is it",
    "what day is it",
    "what is the time",
    "where am i from",
];

/// Asking whether something can be done, not telling to do it.
pub(crate) const ABILITY_KO: &[&str] = &[
    "수 있", "수있", "가능", "되나", "되는", "돼", "할 줄", "지원", "쓸",
];

/// What asks, whatever it asks about.
#[rustfmt::skip]
pub(crate) const ASKING: &[&str] = &[
    "어디", "언제", "누구", "누가", "뭐", "뭘", "무엇", "무슨", "왜", "몇", "where", "when",
    "what", "why", "how", "who",
];

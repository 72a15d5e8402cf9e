//! Any order in which a press can be told: it is sent once; and any order of anything: a press is
//! never lost.

use proptest::prelude::*;
use proptest::sample::select;

use super::field::{Field, Step, judge};
use super::{Act, Answer, FALLBACK_MS, Heard, Typing};

fn step(kind: &str) -> Step {
    Step {
        kind: kind.to_owned(),
        ..Step::default()
    }
}

fn key(key: &str, key_code: u32) -> Step {
    Step {
        key: key.to_owned(),
        code: if key == "Process" { "Enter" } else { key }.to_owned(),
        key_code,
        ..step("keydown")
    }
}

fn input(kind: &str, input_type: &str, data: &str) -> Step {
    Step {
        input_type: input_type.to_owned(),
        data: data.to_owned(),
        is_composing: input_type == "insertCompositionText",
        follows: kind == "input",
        ..step(kind)
    }
}

/// A text that comes without a composition.
fn insert(text: &str) -> Vec<Step> {
    vec![
        input("beforeinput", "insertText", text),
        input("input", "insertText", text),
    ]
}

fn type_key(text: &str) -> Vec<Step> {
    let mut steps = vec![key(text, 0)];
    steps.extend(insert(text));
    steps
}

fn compose(text: &str) -> Vec<Step> {
    vec![
        input("beforeinput", "insertCompositionText", text),
        input("input", "insertCompositionText", text),
    ]
}

fn end(data: &str) -> Step {
    Step {
        data: data.to_owned(),
        ..step("compositionend")
    }
}

fn line_break(input_type: &str, cancelable: bool) -> Vec<Step> {
    let before = Step {
        cancelable: Some(cancelable),
        ..input("beforeinput", input_type, "")
    };
    vec![before, input("input", input_type, "")]
}

fn shifted(step: Step) -> Step {
    Step {
        shift_key: true,
        ..step
    }
}

/// Something that happens: events, or time that passes.
#[derive(Debug, Clone)]
enum Happening {
    Events(Vec<Step>),
    Pause(u32),
}

use Happening::{Events, Pause};

fn happen(field: &mut Field<Typing>, happenings: &[Happening]) {
    for happening in happenings {
        match happening {
            Events(steps) => {
                for step in steps {
                    field.step(step);
                }
            }
            Pause(ms) => field.wait(*ms),
        }
    }
}

/// One telling of a press of Enter.
fn telling() -> impl Strategy<Value = Happening> {
    let masked = key("Process", 229);
    let plain = key("Enter", 13);
    let composing = |step: &Step| Step {
        is_composing: true,
        ..step.clone()
    };
    select(vec![
        Events(vec![composing(&masked)]),
        Events(vec![composing(&plain)]),
        Events(vec![masked]),
        Events(vec![plain]),
        Events(line_break("insertLineBreak", true)),
        Events(line_break("insertParagraph", true)),
        Events(line_break("insertLineBreak", false)),
    ])
}

/// What may come among the tellings.
fn company() -> impl Strategy<Value = Happening> {
    let repeated = Step {
        repeat: true,
        ..key("Enter", 13)
    };
    let mut late = insert("글");
    for step in &mut late {
        step.after = Some("sent".to_owned());
    }
    prop_oneof![
        3 => (0_u32..20).prop_map(Pause),
        1 => Just(Events(vec![repeated])),
        1 => Just(Events(vec![step("keyup")])),
        1 => Just(Events(late)),
    ]
}

/// How `한글` was typed, and what the keyboard does with its last syllable.
fn typed() -> impl Strategy<Value = (Vec<Step>, Vec<Happening>)> {
    let mut composed = type_key("한");
    composed.push(step("compositionstart"));
    composed.extend(compose("글"));
    let taken_out = vec![
        Events(compose("")),
        Events(vec![end("")]),
        Events(insert("글")),
    ];
    select(vec![
        ([type_key("한"), type_key("글")].concat(), Vec::new()),
        (composed.clone(), Vec::new()),
        (composed.clone(), vec![Events(vec![end("글")])]),
        (composed, taken_out),
    ])
}

/// No keyboard insists on its line break and then takes the syllable before it out and in again.
fn possible(mut tellings: Vec<Happening>, syllable: &[Happening]) -> Vec<Happening> {
    if syllable.len() > 1 {
        for telling in &mut tellings {
            if let Events(steps) = telling {
                for step in steps {
                    step.cancelable = None;
                }
            }
        }
    }
    tellings
}

/// The two in one order, each in its own.
fn merged(mut left: Vec<Happening>, right: Vec<Happening>, places: &[usize]) -> Vec<Happening> {
    let mut from = 0;
    for (happening, place) in right.into_iter().zip(places) {
        let at = from + place % (left.len() - from + 1);
        left.insert(at, happening);
        from = at + 1;
    }
    left
}

fn anything() -> impl Strategy<Value = Happening> {
    prop_oneof![
        2 => telling(),
        2 => company(),
        1 => Just(Events(vec![shifted(key("Enter", 13))])),
        1 => Just(Events(vec![shifted(key("Process", 229))])),
        1 => Just(Events(vec![key("Unidentified", 229)])),
        1 => Just(Events(type_key("a"))),
        1 => Just(Events(insert("한"))),
        1 => Just(Events(vec![step("compositionstart")])),
        1 => Just(Events(compose("나"))),
        1 => select(vec!["", "나"]).prop_map(|data| Events(vec![end(data)])),
        1 => Just(Events(vec![step("click")])),
        1 => (0_u32..400).prop_map(Pause),
    ]
}

proptest! {
    #[test]
    fn one_press_sends_once_however_it_is_told(
        (text, syllable) in typed(),
        tellings in prop::collection::vec(telling(), 1..4),
        company in prop::collection::vec(company(), 0..6),
        places in prop::collection::vec(any::<usize>(), 6),
    ) {
        let tellings = possible(tellings, &syllable);
        let mut field = Field::new(Typing::default());
        happen(&mut field, &[Events(text)]);
        let press = merged(merged(tellings, company, &places), syllable, &places);
        happen(&mut field, &press);
        field.run_all();
        prop_assert_eq!(judge(&field, "한글"), Ok(()));
    }

    #[test]
    fn a_press_is_never_lost(
        before in prop::collection::vec(anything(), 0..12),
        press in telling(),
        after in prop::collection::vec(anything(), 0..6),
    ) {
        let mut field = Field::new(Typing::default());
        happen(&mut field, &before);
        happen(&mut field, &[Events(type_key("a")), press]);
        let is_sent = |field: &Field<Typing>| {
            field.sent.last().is_some_and(|sent| sent.contains('a')) && !field.value.contains('a')
        };
        let known = field.sent.len() - usize::from(is_sent(&field));
        let after: Vec<_> = after
            .into_iter()
            .filter(|happening| !matches!(happening, Pause(_)))
            .collect();
        happen(&mut field, &after);
        field.wait(FALLBACK_MS);
        prop_assert!(field.sent.len() > known, "{:?} is left of {:?}", field.value, field.sent);
    }

    #[test]
    fn the_next_press_counts_however_soon(
        (text, syllable) in typed(),
        first in telling(),
        pause in 0_u32..1_000,
        second in telling(),
    ) {
        let first = possible(vec![first], &syllable);
        let mut field = Field::new(Typing::default());
        happen(&mut field, &[Events(text)]);
        happen(&mut field, &first);
        happen(&mut field, &syllable);
        field.wait(FALLBACK_MS);
        happen(&mut field, &[Pause(pause), Events(type_key("글")), second]);
        field.run_all();
        prop_assert_eq!(&field.sent, &["한글", "글"]);
        prop_assert_eq!(&field.value, "");
    }
}

#[test]
fn shift_and_enter_break_the_line() {
    let mut field = Field::new(Typing::default());
    let enter = [
        Events(type_key("a")),
        Events(vec![shifted(key("Process", 229))]),
        Events(vec![shifted(key("Enter", 13))]),
        Events(line_break("insertLineBreak", true)),
        Events(type_key("b")),
    ];
    happen(&mut field, &enter);
    field.run_all();
    assert_eq!((field.value.as_str(), field.sent.len()), ("a\nb", 0));
}

#[test]
fn what_is_typed_at_once_stays_out_of_the_message() {
    let mut field = Field::new(Typing::default());
    let hurry = [
        Events(type_key("한")),
        Events(vec![key("Process", 229)]),
        Events(type_key("b")),
    ];
    happen(&mut field, &hurry);
    field.run_all();
    assert_eq!(field.sent, ["한"]);
    assert_eq!(field.value, "b");
}

#[test]
fn an_input_method_that_insists_does_not_hang_the_page() {
    let mut field = Field::new(Typing::default());
    happen(
        &mut field,
        &[Events(type_key("a")), Events(vec![key("Enter", 13)])],
    );
    for _ in 0..20 {
        happen(&mut field, &[Events(insert("a"))]);
    }
    assert_eq!(field.sent, ["a"]);
    assert!(field.value.starts_with('a'), "{}", field.value);
}

#[test]
fn only_a_syllable_that_can_go_on_resets_the_input_method() {
    let is_reset = |text: &str| Typing::default().sent(text).act == Act::Empty { is_reset: true };
    assert!(is_reset("안녕") && is_reset("ㅋㅋ"));
    assert!(!is_reset("안녕!") && !is_reset("안녕 ") && !is_reset("안녕\n") && !is_reset("hi"));
}

#[test]
fn enter_in_an_empty_field_leaves_it_empty() {
    let mut field = Field::new(Typing::default());
    let erased = Events(vec![input("input", "deleteContentBackward", "")]);
    let mut enter = vec![key("Enter", 13)];
    let mut effects = line_break("insertLineBreak", true);
    for step in &mut effects {
        step.follows = true;
    }
    enter.extend(effects);
    happen(
        &mut field,
        &[Events(type_key("한")), erased, Events(enter.clone())],
    );
    field.run_all();
    assert_eq!((field.value.as_str(), field.sent.len()), ("", 0));
    let twice = [
        Events(type_key("한")),
        Events(enter.clone()),
        Pause(1_000),
        Events(enter),
    ];
    happen(&mut field, &twice);
    field.run_all();
    assert_eq!(judge(&field, "한"), Ok(()));
}

#[test]
fn a_key_that_was_down_before_sends_nothing() {
    let mut field = Field::new(Typing::default());
    let held = Step {
        repeat: true,
        ..key("Enter", 13)
    };
    happen(&mut field, &[Events(type_key("a")), Events(vec![held])]);
    field.run_all();
    assert_eq!((field.value.as_str(), field.sent.len()), ("a", 0));
}

#[test]
fn ios_ends_its_syllable_by_its_own_line_break() {
    let mut typing = Typing::default();
    let mut hear = |heard| typing.hear(heard);
    let at_once = |answer: Answer| answer.wake.is_some_and(|wake| wake.ms == 0);
    let input_type = "insertLineBreak";
    let typed = hear(Heard::Input {
        input_type: "insertText",
        value: "한",
    });
    assert_eq!(typed, Answer::default());
    let enter = key("Enter", 13);
    assert!(!hear(Heard::KeyDown(enter.key())).is_prevented);
    assert!(!hear(Heard::BeforeInput { input_type }).is_prevented);
    let value = "한\n";
    assert!(at_once(hear(Heard::Input { input_type, value })));
}

#[test]
fn a_key_that_is_held_down_does_not_put_the_sending_off() {
    let mut field = Field::new(Typing::default());
    happen(&mut field, &[Events(vec![step("compositionstart")])]);
    happen(&mut field, &[Events(compose("한"))]);
    let masked = Step {
        repeat: true,
        ..key("Process", 229)
    };
    for _ in 0..15 {
        happen(&mut field, &[Events(vec![masked.clone()]), Pause(30)]);
    }
    assert_eq!(field.sent, ["한"]);
}

#[test]
fn blank_text_is_not_sent() {
    let typing = Typing::default();
    assert_eq!(typing.whole(" \n"), None);
    assert_eq!(typing.whole(" 한\n글\n"), Some("한\n글"));
}

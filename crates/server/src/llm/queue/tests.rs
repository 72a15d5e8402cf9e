use super::*;

async fn turn(ticket: &mut Ticket) -> Permit {
    loop {
        if let Step::Turn(permit) = ticket.step().await {
            return permit;
        }
    }
}

async fn position(ticket: &mut Ticket) -> u32 {
    match ticket.step().await {
        Step::Place(place) => place.position,
        Step::Turn(_) | Step::Displaced => 0,
    }
}

#[tokio::test]
async fn first_come_first_served() {
    let line = Line::new(1, 10);
    let first = turn(&mut line.join("1").unwrap()).await;
    let (sender, mut order) = tokio::sync::mpsc::unbounded_channel();
    for number in 0..5 {
        let mut ticket = line.join(&format!("number {number}")).unwrap();
        let sender = sender.clone();
        tokio::spawn(async move {
            let permit = turn(&mut ticket).await;
            sender.send(number).unwrap();
            tokio::task::yield_now().await;
            drop(permit);
        });
    }
    drop((first, sender));
    let mut seen = Vec::new();
    while let Some(number) = order.recv().await {
        seen.push(number);
    }
    assert_eq!(seen, [0, 1, 2, 3, 4]);
}

#[tokio::test]
async fn nobody_slips_past_those_who_wait() {
    let line = Line::new(1, 10);
    let permit = turn(&mut line.join("3").unwrap()).await;
    let mut waiting = line.join("4").unwrap();
    assert_eq!(position(&mut waiting).await, 1);
    drop(permit);
    let mut late = line.join("5").unwrap();
    assert_eq!(position(&mut late).await, 2);
    assert_eq!(position(&mut waiting).await, 0);
}

#[tokio::test]
async fn places_move_up_when_somebody_leaves() {
    let line = Line::new(1, 10);
    let _permit = turn(&mut line.join("6").unwrap()).await;
    let mut first = line.join("7").unwrap();
    let mut second = line.join("8").unwrap();
    assert_eq!(
        (position(&mut first).await, position(&mut second).await),
        (1, 2)
    );
    drop(first);
    assert_eq!(position(&mut second).await, 1);
    assert_eq!(line.waiting().0, 1);
}

#[tokio::test]
async fn never_more_at_a_time_than_allowed() {
    let line = Line::new(2, 10);
    let one = turn(&mut line.join("9").unwrap()).await;
    let _two = turn(&mut line.join("10").unwrap()).await;
    let mut third = line.join("11").unwrap();
    assert_eq!(position(&mut third).await, 1);
    drop(one);
    assert_eq!(position(&mut third).await, 0);
}

#[tokio::test]
async fn a_full_line_refuses_but_a_free_service_does_not() {
    let line = Line::new(1, 0);
    let permit = turn(&mut line.join("12").unwrap()).await;
    let full = line.join("13").unwrap_err();
    assert_eq!(
        full,
        LineFull {
            retry_after_secs: 8
        }
    );
    drop(permit);
    assert!(line.join("14").is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_expected_wait_follows_measured_answers() {
    let line = Line::new(2, 10);
    assert_eq!(line.waiting(), (0, 0));
    for _ in 0..40 {
        let mut permit = turn(&mut line.join("15").unwrap()).await;
        tokio::time::advance(Duration::from_secs(20)).await;
        permit.answered();
    }
    let refused = turn(&mut line.join("16").unwrap()).await;
    drop(refused);
    let _busy = (
        turn(&mut line.join("17").unwrap()).await,
        turn(&mut line.join("18").unwrap()).await,
    );
    let _waiting = line.join("19").unwrap();
    assert_eq!(line.waiting(), (1, 20));
}

#[tokio::test]
async fn a_device_has_one_place_for_its_newest_question() {
    let line = Line::new(1, 1);
    let permit = turn(&mut line.join("busy").unwrap()).await;
    let mut older = line.join("tablet").unwrap();
    assert_eq!(position(&mut older).await, 1);
    // The line is full, and still this device may ask something else.
    let mut newer = line.join("tablet").unwrap();
    assert!(line.join("other").is_err());
    assert!(matches!(older.step().await, Step::Displaced));
    drop(older);
    assert_eq!(line.waiting().0, 1);
    drop(permit);
    assert_eq!(position(&mut newer).await, 0);
}

/// Who has just joined has not taken the free place yet.
#[tokio::test]
async fn a_free_place_that_is_about_to_be_taken_makes_no_line() {
    let line = Line::new(2, 1);
    let mut tickets = ["a", "b", "c"].map(|device| line.join(device).unwrap());
    assert!(line.join("d").is_err());
    assert_eq!(line.waiting().0, 1);
    let _first = turn(&mut tickets[0]).await;
    assert!(line.join("d").is_err());
    let second = turn(&mut tickets[1]).await;
    drop(second);
    // It is the third's, who has not noticed.
    assert_eq!(line.waiting().0, 0);
    assert!(line.join("d").is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_wait_is_told_again_and_grows_shorter() {
    let line = Line::new(1, 10);
    let _permit = turn(&mut line.join("busy").unwrap()).await;
    let _first = line.join("first").unwrap();
    let mut second = line.join("second").unwrap();
    let started = Instant::now();
    let mut told = Vec::new();
    while told.len() < 4 {
        if let Step::Place(place) = second.step().await {
            let secs = started.elapsed().as_secs();
            told.push((secs, place.position, place.wait_secs));
        }
    }
    // Never shorter than what the one before still takes.
    assert_eq!(told, [(0, 2, 16), (5, 2, 11), (10, 2, 8), (15, 2, 8)]);
}

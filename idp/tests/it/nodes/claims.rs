//! kill -9 of the embedded node under claims: whoever was told "saved" can sign in afterwards; whoever was not can try again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::Stage;
use super::people::{claim, enroll, is_signed_in, sign_in};

/// Pupils in the crowd, and how many claims run at a time.
const CROWD: usize = 60;
const AT_A_TIME: usize = 6;

/// How many claims are acknowledged before each kill.
const KILLS: [usize; 3] = [8, 22, 37];

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_claim_is_lost_when_the_node_is_killed() {
    let mut stage = Stage::embedded().await;
    let backstage = stage.backstage().await;
    let crowd = Arc::new(enroll(&backstage, CROWD).await);
    backstage.app.close().await;
    drop(backstage);
    stage.start().await;

    let next = Arc::new(AtomicUsize::new(0));
    let mut ledger = vec![false; CROWD];
    let mut acknowledged = 0;
    for enough in KILLS.into_iter().chain([CROWD]) {
        let (told, mut hear) = tokio::sync::mpsc::unbounded_channel();
        let stop = Arc::new(AtomicBool::new(false));
        for _ in 0..AT_A_TIME {
            let (told, next, stop) = (told.clone(), next.clone(), stop.clone());
            let (crowd, portal) = (crowd.clone(), stage.portal());
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(person) = crowd.get(index) else {
                        return;
                    };
                    let mut browser = crate::support::Browser::at_nodes(portal.clone());
                    let saved = claim(&mut browser, person).await.is_ok();
                    let _ = told.send((index, saved));
                }
            });
        }
        drop(told);
        while let Some((index, saved)) = hear.recv().await {
            ledger[index] = saved;
            acknowledged += usize::from(saved);
            let running = !stop.load(Ordering::Relaxed);
            if running && acknowledged >= enough && enough < CROWD {
                // In the middle of what the others are doing; they begin nothing new.
                stop.store(true, Ordering::Relaxed);
                stage.nodes()[0].kill();
            }
        }
        if enough < CROWD {
            stage.start().await;
        }
    }
    assert!(acknowledged >= KILLS[2], "{acknowledged} of {CROWD}");

    for (person, saved) in crowd.iter().zip(&ledger) {
        let mut browser = stage.browser();
        let page = sign_in(&mut browser, person).await;
        // The questions are still open: that is where a first sign-in leads.
        let entered = is_signed_in(&page) || page.path.starts_with("/questions");
        if *saved {
            assert!(entered, "acknowledged and lost: {}", person.number);
        } else if !entered {
            let again = claim(&mut stage.browser(), person).await;
            assert!(
                again.is_ok(),
                "neither claimed nor claimable: {}",
                person.number
            );
        }
    }
    assert_eq!(stage.errors_logged(), Vec::<String>::new());
}

//! What a learning system is asked when it has launched a visit, and that is all it is asked.

use axum::http::StatusCode;

use crate::{
    launching::{config, launched, leave},
    living::Living,
    place::Place,
    system::System,
};

#[tokio::test]
async fn the_system_is_asked_once_for_each_thing_and_nothing_of_it_is_changed() {
    for tells_no_preferences in [false, true] {
        let (place, system) = (Place::new(), System::start().await);
        system.known().tells_no_preferences = tells_no_preferences;
        let server = Living::with(config(&place, &system)).await;
        let (mut visitor, started) = launched(&server.running, &system, "Normal", None).await;
        // Where nobody says what the learner likes, it is the language of the page.
        let language = if tells_no_preferences {
            "en"
        } else {
            "zh-Hans"
        };
        assert_eq!(started["language"], language);
        visitor.attend("landing");
        visitor.answer_all(&server.running, "landing", true).await;
        leave(&server.running, &visitor).await;
        system.ends(0).await;
        let mut asked = system.known().asked.clone();
        let before: Vec<_> = asked.drain(..3).collect();
        let once = [
            "POST /token",
            "GET /lrs/activities/state",
            "GET /lrs/agents/profile",
        ];
        assert_eq!(before, once);
        assert!(asked.len() > 3, "{asked:?}");
        assert!(
            asked.iter().all(|it| it == "PUT /lrs/statements"),
            "{asked:?}"
        );
        assert_eq!(system.known().violations, [""; 0]);
        let read = visitor.get(&server.running, "").await;
        assert_eq!(read.status, StatusCode::OK, "{read:?}");
        server.stop().await;
    }
}

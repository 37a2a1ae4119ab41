// Where cmi5's requirements on a unit, and on the course that it is imported with, are tested.
//
// The numbers are those of `@cmi5/requirements`. A requirement on learning systems alone is none of ours:
// those are the ones marked `(d…)` and those that say what "the LMS MUST" do.

/** Each rule that the tests' learning system (`src/server/tests/server/{system,defined}.rs`) holds every
 * statement to, in whichever test it is told one. @type {Record<string, string[]>} */
export const RULES = {
  "8.1.2 the session is over": ["8.1.2.0-2", "8.2.1.0-6"],
  "8.1.3 the actor is another": ["8.1.3.0-3", "9.2.0.0-1", "9.2.0.0-2", "9.2.0.0-3"],
  "9.6.1 the registration is another": ["8.1.4.0-3", "9.6.1.0-1"],
  "9.6.3.1 the session id is another": ["9.6.3.1-1", "9.6.3.1-4", "10.2.1.0-2"],
  "9.6.2.3 the publisher's id is missing": ["9.6.2.0-1", "10.2.1.0-3"],
  "10.2.1 the context template was not kept": ["9.6.0.0-1", "10.2.1.0-4", "10.2.1.0-6", "10.2.1.0-7"],
  "9.7 the time is missing or goes back": ["9.7.0.0-1", "9.7.0.0-2"],
  "9.3 something follows terminated": ["7.1.2.0-1", "9.3.0.0-5", "9.3.8.0-2"],
  "9.3 initialized is not first": ["7.1.3.0-1", "9.3.0.0-4", "9.3.2.0-2"],
  "9.6.2.2 only what cmi5 defines is in the category moveon": ["9.6.2.2-2"],
  "10.2.2 nothing else is told in this mode": ["10.2.2.0-2", "10.2.2.0-3", "10.2.2.0-5", "10.2.2.0-9", "10.2.2.0-11"],
  "9.5.5.1 progress after completion": [],
  "9.4 the object is not the unit": ["8.1.5.0-6", "9.4.0.0-1", "9.4.0.0-2"],
  "9.3 a verb is used twice": ["9.3.0.0-2", "9.3.2.0-3"],
  "9.3 passed and failed in one session": ["9.3.0.0-3"],
  "9.3 told already in this registration": ["9.3.0.0-6", "9.3.0.0-7", "9.3.0.0-8", "9.3.3.0-2", "9.3.4.0-3"],
  "7.1.3 this verb is not cmi5's": ["9.3.0.0-1"],
  "9.5.4.1 the duration is missing": ["9.5.4.1-1", "9.5.4.1-2", "9.5.4.1-3", "9.5.4.1-4"],
  "9.5.2, 9.5.3 success or completion is wrong": ["9.5.2.0-1", "9.5.2.0-2", "9.5.2.0-3", "9.5.3.0-1", "9.5.3.0-2"],
  "9.6.2.2 the category moveon is wrong": ["9.6.2.2-1"],
  "9.5.1 a score is where none may be": ["9.5.1.0-2"],
  "9.5.1 raw marks are without their bounds": ["9.5.1.0-3"],
  "9.3.4, 9.3.5 the verb does not follow from the mastery score": ["9.3.4.0-2", "9.3.5.0-2", "9.5.1.0-1", "10.2.4.0-2"],
  "9.6.3.2 the mastery score is missing": ["9.6.3.2-2"],
};

/** Each other test, by its name or title. @type {Record<string, string[]>} */
export const TESTS = {
  a_launched_visit_keeps_every_rule_and_goes_on_with_the_next_launch: [
    "7.0.0.0-1", "7.0.0.0-2", "7.0.0.0-5", "7.1.1.0-1", "8.1.1.0-3", "8.1.2.0-4", "8.1.2.0-5", "8.2.1.0-2", "8.2.1.0-5",
    "8.2.2.0-4", "8.2.2.0-5", "9.1.0.0-1", "9.3.2.0-1", "9.3.3.0-1", "9.3.4.0-1", "9.3.8.0-1", "10.2.2.0-1", "10.2.2.0-6",
    "10.2.2.0-7",
  ],
  the_mastery_score_of_the_launch_decides_what_the_system_is_told: ["9.3.5.0-1"],
  who_only_looks_around_is_told_of_as_coming_and_going: ["10.2.2.0-8", "10.2.2.0-10"],
  the_system_is_asked_once_for_each_thing_and_nothing_of_it_is_changed: [
    "7.0.0.0-3", "7.0.0.0-4", "10.1.0.0-3", "10.1.0.0-4", "10.1.0.0-5", "10.2.1.0-5", "11.0.0.0-1", "11.0.0.0-2", "11.0.0.0-3",
    "11.0.0.0-4",
  ],
  a_launch_that_cannot_be_used_is_said_to_be_so: ["8.2.1.0-4", "8.2.3.0-1", "8.2.3.2-1", "10.1.0.0-2"],
  ours_is_added_to_a_single_activity_as_to_a_list: ["9.6.2.1-1"],
  the_language_that_is_liked_best_is_chosen: ["11.0.0.0-5", "11.1.0.0-1", "11.1.0.0-2"],
  a_venue_is_a_course_that_systems_import: [
    "3.0.0.0-1", "4.4.0.0-1", "4.4.0.0-2", "13.1.4.0-1", "13.1.4.0-2", "13.2.0.0-1", "14.2.0.0-1",
  ],
  "what a launch says is taken from the address, in whatever order, and the address keeps its own": [
    "8.1.0.0-5", "8.1.0.0-6", "8.1.0.0-7", "8.1.0.0-8", "8.1.1.0-2", "8.1.2.0-3", "8.1.3.0-2", "8.1.4.0-2", "8.1.5.0-5", "13.1.4.0-3",
  ],
  "a visit that a learning system launches is told to it, goes on with the next launch, and leads back": ["10.2.6.0-1"],
  "the validator sees what breaks the rules": ["4.1.0.0-1"],
};

/** Why a requirement asks nothing of us. @type {Record<string, string[]>} */
export const NOT_OURS = {
  "the learning system launches, and names the activity": ["8.1.0.0-1", "8.1.0.0-4", "8.1.5.0-3", "10.2.5.0-1"],
  "the learning system answers the fetch; whatever else it says is taken as no token": ["8.2.1.0-3", "8.2.2.0-2", "8.2.2.0-3"],
  "only learning systems waive, abandon and satisfy": ["9.3.7.0-2", "9.3.9.0-4", "9.3.9.0-8", "9.5.4.2-1", "9.5.4.2-2"],
  "a visit has no sound that begins by itself": ["11.2.0.0-1"],
  "the course has one unit: no block, no objective, no elements of ours": ["13.1.2.0-1", "13.1.3.0-1", "13.1.5.0-1", "13.1.5.0-2"],
  "learning systems trim what they import": ["13.1.0.0-1"],
  "the course is an XML file without a zip": ["14.1.0.0-1", "14.1.0.0-2", "14.1.0.0-3", "14.1.0.0-4"],
};

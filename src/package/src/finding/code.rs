//! The codes of findings. They are stable: scripts and translations go by them.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Severity;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $severity:ident;)*) => {
        /// What kind of thing a finding is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as it is printed.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// How much a finding of this kind usually matters.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// The package is of a format version that this build does not know.
    FormatUnknown = "FORMAT_UNKNOWN", Error;
    /// A TOML file does not parse.
    TomlBroken = "TOML_BROKEN", Error;
    /// A JSON file does not parse.
    JsonBroken = "JSON_BROKEN", Error;
    /// A file that should be text is not UTF-8.
    TextBroken = "TEXT_BROKEN", Error;
    /// A file has a field that means nothing.
    FieldUnknown = "FIELD_UNKNOWN", Error;
    /// A field that must be there is not.
    FieldMissing = "FIELD_MISSING", Error;
    /// A field holds something else than it should.
    FieldWrong = "FIELD_WRONG", Error;

    /// The font has no glyph for a character of the words.
    GlyphMissing = "GLYPH_MISSING", Warning;

    /// An id is not kebab-case.
    IdWrong = "ID_WRONG", Error;
    /// An id differs from the name of its file.
    IdNotStem = "ID_NOT_STEM", Error;
    /// Two things have the same id.
    IdDuplicate = "ID_DUPLICATE", Error;
    /// An id names nothing.
    IdDangling = "ID_DANGLING", Error;

    /// A file that is named, or that every package has, is not there.
    FileMissing = "FILE_MISSING", Error;
    /// A file is there that nothing names.
    FileUnreferenced = "FILE_UNREFERENCED", Warning;
    /// A file cannot be read.
    FileUnreadable = "FILE_UNREADABLE", Error;
    /// A path leaves the package.
    PathEscapes = "PATH_ESCAPES", Error;
    /// A zip cannot be read.
    ZipBroken = "ZIP_BROKEN", Error;
    /// A zip grows beyond all measure when it is opened.
    ZipBomb = "ZIP_BOMB", Error;

    /// The venue has no language.
    LanguagesEmpty = "LANGUAGES_EMPTY", Error;
    /// A language is not a BCP 47 tag, or is listed twice.
    LanguageWrong = "LANGUAGE_WRONG", Error;
    /// A text is in a language that the venue does not list.
    LanguageUndeclared = "LANGUAGE_UNDECLARED", Warning;
    /// A text is missing in a language of the venue.
    TextMissing = "TEXT_MISSING", Error;
    /// A text is longer than its place on the screen.
    TextLong = "TEXT_LONG", Warning;

    /// A number is not finite, or outside what it may be.
    NumberWrong = "NUMBER_WRONG", Error;
    /// A colour is not written `#rrggbb`.
    ColorWrong = "COLOR_WRONG", Error;
    /// A date is not a day written `YYYY-MM-DD`.
    DateWrong = "DATE_WRONG", Error;
    /// The share of marks needed to pass is not above 0 and up to 1.
    MasteryOutOfRange = "MASTERY_OUT_OF_RANGE", Error;
    /// Nobody has signed the package off: it opens as a draft.
    ReviewAbsent = "REVIEW_ABSENT", Warning;

    /// A stop or a question cites no source.
    Uncited = "UNCITED", Error;
    /// A source is cited that `sources.json` does not have.
    SourceUnknown = "SOURCE_UNKNOWN", Error;
    /// A source is never cited.
    SourceUncited = "SOURCE_UNCITED", Hint;
    /// An entry of `sources.json` lacks what a reference needs.
    SourceWrong = "SOURCE_WRONG", Error;

    /// A question has no right answer.
    AnswerMissing = "ANSWER_MISSING", Error;
    /// A right answer names no option, target or artifact.
    AnswerUnknown = "ANSWER_UNKNOWN", Error;
    /// A right answer is not of its question's kind, or not complete.
    AnswerUnfit = "ANSWER_UNFIT", Error;
    /// A question offers too little to choose from, or choices that its kind does not have.
    OptionsUnfit = "OPTIONS_UNFIT", Error;
    /// A checkpoint draws more questions than its pool has, or none.
    DrawUnfit = "DRAW_UNFIT", Error;
    /// A hint gives the right answer away.
    HintTells = "HINT_TELLS", Warning;
    /// A checkpoint belongs to no stop.
    CheckpointUnused = "CHECKPOINT_UNUSED", Warning;

    /// No stop is about a topic.
    TopicUnused = "TOPIC_UNUSED", Hint;

    /// A stop names a node that the scene does not have.
    StopUnplaced = "STOP_UNPLACED", Error;
    /// A visitor cannot come to a stop: it is not on the walkable surface that the start is on.
    StopUnreachable = "STOP_UNREACHABLE", Error;
    /// A stop is not on the route, or is on it twice.
    StopOffRoute = "STOP_OFF_ROUTE", Error;
    /// Stops wait for each other.
    PrerequisiteCycle = "PREREQUISITE_CYCLE", Error;
    /// A stop asks for evidence that nothing at it can yield.
    EvidenceImpossible = "EVIDENCE_IMPOSSIBLE", Error;
    /// A door leads to the room that it is in.
    DoorNowhere = "DOOR_NOWHERE", Error;
    /// A room has two doors to the same other.
    DoorTwice = "DOOR_TWICE", Error;
    /// A door has no door back, at which one would arrive.
    DoorOneWay = "DOOR_ONE_WAY", Error;
    /// A door names a node that the scene does not have.
    DoorUnplaced = "DOOR_UNPLACED", Error;
    /// A door is not on the walkable surface.
    DoorUnreachable = "DOOR_UNREACHABLE", Error;
    /// No way leads from the start to a room.
    RoomUnreachable = "ROOM_UNREACHABLE", Error;
    /// The start names a node that its room's scene does not have, or that is not walkable.
    StartUnplaced = "START_UNPLACED", Error;
    /// The scene has no walkable surface.
    WalkableMissing = "WALKABLE_MISSING", Error;
    /// The walkable surface is in several parts.
    WalkableSplit = "WALKABLE_SPLIT", Warning;
    /// An artifact names a node that the scene does not have.
    ArtifactUnplaced = "ARTIFACT_UNPLACED", Error;
    /// An artifact's node carries no mesh.
    ArtifactEmpty = "ARTIFACT_EMPTY", Error;

    /// A model does not parse.
    ModelBroken = "MODEL_BROKEN", Error;
    /// A model requires an extension that the app cannot load.
    ModelExtension = "MODEL_EXTENSION", Error;
    /// A model keeps a part of itself in another file.
    ModelExternal = "MODEL_EXTERNAL", Error;
    /// A mesh in a lit room has no second texture coordinates for the light.
    ModelUnlit = "MODEL_UNLIT", Warning;
    /// A material has something that the app does not draw.
    ModelPlain = "MODEL_PLAIN", Warning;
    /// A node's `extras.surface` is not a surface.
    SurfaceUnknown = "SURFACE_UNKNOWN", Warning;
    /// Two nodes of a model have the same name, and the package uses it.
    NodeDuplicate = "NODE_DUPLICATE", Warning;
    /// A model has a place for a stop, an artifact or a door that the package does not have.
    NodeUnused = "NODE_UNUSED", Hint;

    /// A file, or a picture once it is unpacked, is too large for a visitor's device.
    MediaHuge = "MEDIA_HUGE", Warning;
    /// A file is not what its ending says.
    MediaMistyped = "MEDIA_MISTYPED", Error;
    /// A file is of a kind that a package does not hold.
    MediaUnknown = "MEDIA_UNKNOWN", Error;

    /// A text has raw HTML in it.
    MarkdownHtml = "MARKDOWN_HTML", Error;
    /// A text uses Markdown that stories do not have: headings, code, pictures, rules.
    MarkdownUnsupported = "MARKDOWN_UNSUPPORTED", Error;
    /// A link leads elsewhere than to an `https` address.
    LinkInsecure = "LINK_INSECURE", Error;

    /// The venue as a whole contradicts itself in a way that no other code names.
    VenueInconsistent = "VENUE_INCONSISTENT", Error;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

package dev.lejepa.trainer.shards;

/// What says the class of an image of a shard.
sealed interface SampleLabel {
    /// Where a label stands.
    enum Origin {
        CLS,
        JSON,
        TXT,
        FOLDER
    }

    /// A label that says a class.
    sealed interface Known extends SampleLabel {
        /// The name of the class.
        String text();

        Origin origin();
    }

    /// A class by number.
    record ByNumber(long value, Origin origin) implements Known {
        @Override
        public String text() {
            return Long.toString(value);
        }
    }

    /// A class by name.
    record ByName(String text, Origin origin) implements Known {}

    /// There is none.
    record None() implements SampleLabel {}

    /// There is one that cannot be read.
    ///
    /// @param reason for a person
    record Unreadable(String reason) implements SampleLabel {}
}

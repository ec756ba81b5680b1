package dev.lejepa.trainer.layout;

import java.util.Locale;

/// A part of a data set that its makers set apart.
public enum Split {
    TRAIN,
    TEST;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

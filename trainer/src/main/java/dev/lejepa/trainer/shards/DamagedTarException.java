package dev.lejepa.trainer.shards;

import dev.lejepa.graphs.OneLine;

/// A tar file that is cut off, damaged, or none; the message tells what was found in it.
final class DamagedTarException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String found;

    DamagedTarException(String found) {
        super(OneLine.of(found));
        this.found = OneLine.of(found);
    }

    String found() {
        return found;
    }
}

package dev.lejepa.tools.config;

import dev.lejepa.graphs.Escapes;

/// Where a value was written: a line of the recipe, an option of the command line, or nowhere (a default).
///
/// @param place as messages name it; empty for a default
/// @param line for sorting; 0 where there is none
record Origin(String place, int line) {
    static final Origin NOWHERE = new Origin("", 0);

    static Origin line(int line) {
        return new Origin("line " + line, line);
    }

    static Origin option(String argument) {
        return new Origin("--set " + Escapes.unprintable(argument), Integer.MAX_VALUE);
    }
}

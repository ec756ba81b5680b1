package dev.lejepa.tools.config;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is wrong with a text of YAML: what ends its reading at once, and what is noted to be told with other faults.
final class YamlFaults {
    private final String source;
    private final Optional<Origin> origin;
    private final List<ReadFault> noted = new ArrayList<>();

    /// @param source names the text in messages
    /// @param origin of all values, where the text is that of an option
    YamlFaults(String source, Optional<Origin> origin) {
        this.source = source;
        this.origin = origin;
    }

    /// Where a value on a line was written.
    Origin at(int line) {
        return origin.orElseGet(() -> Origin.line(line));
    }

    void note(Origin at, String key, String problem) {
        noted.add(new ReadFault(at, key, problem));
    }

    List<ReadFault> noted() {
        return List.copyOf(noted);
    }

    BadInputException refusal(int line, String problem) {
        String place = origin.isPresent() ? source : source + ": line " + line;
        return new BadInputException(place + ": " + problem);
    }

    BadInputException tooDeep(int line) {
        return refusal(
                line, Text.format("lists and sections are nested more than %d deep, no recipe is", YamlParser.DEEPEST));
    }
}

package dev.lejepa.trainer.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Cuts a metrics file back to what a checkpoint has seen.
final class MetricsHistory {
    private static final JsonFactory JSON = new JsonFactory();

    /// What decides about a line.
    private record Entry(String event, long step) {}

    private MetricsHistory() {}

    /// Removes lines of later steps, ends of earlier sittings (the run goes on), and lines broken by a crash behind the
    /// last one that stays. A broken line before that is damage, which is refused rather than hidden.
    ///
    /// @return the events that are told of the step itself
    static Set<String> cutAfter(Path file, long step) {
        Set<String> told = new HashSet<>();
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            AtomicFile.write(file, channel -> {
                Writer out = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.ISO_8859_1));
                copy(file, step, in, out, told);
                out.flush();
            });
            return told;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot cut " + PathText.shown(file) + " after step " + step + ": " + FileFaults.reason(e), e);
        }
    }

    /// Bytes pass through as Latin-1, so that what stays, stays to the byte.
    private static void copy(Path file, long step, BufferedReader in, Writer out, Set<String> told) throws IOException {
        long broken = 0;
        long number = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            number++;
            Optional<Entry> entry = parse(line);
            if (entry.isEmpty()) {
                broken = broken == 0 ? number : broken;
                continue;
            }
            if (entry.get().step() > step || entry.get().event().equals("end")) {
                continue;
            }
            if (broken > 0) {
                throw new BadInputException(Text.format(
                        "%s line %d: found no JSON object with event and step, expected one; mend or move the file to resume",
                        file, broken));
            }
            out.write(line);
            out.write('\n');
            if (entry.get().step() == step) {
                told.add(entry.get().event());
            }
        }
    }

    private static Optional<Entry> parse(String line) throws IOException {
        String event = "";
        long step = -1;
        try (JsonParser json = JSON.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                JsonToken value = json.nextToken();
                if (key.equals("event") && value == JsonToken.VALUE_STRING) {
                    event = json.getText();
                } else if (key.equals("step") && value == JsonToken.VALUE_NUMBER_INT) {
                    step = json.getLongValue();
                } else {
                    json.skipChildren();
                }
            }
            boolean whole = json.currentToken() == JsonToken.END_OBJECT && !event.isEmpty() && step >= 0;
            return whole ? Optional.of(new Entry(event, step)) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}

package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.PathText;
import dev.lejepa.tools.report.RunComparison;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;

/// `compare`: runs over each other, as one page that needs no network.
final class CompareCommand implements Command {
    private static final Path DEFAULT_OUT = PathText.path("compare.html");

    @Override
    public List<Option> options() {
        return List.of(Flags.value("out", "FILE", "the page (default: compare.html)"));
    }

    @Override
    public String operands() {
        return "RUN...";
    }

    @Override
    public String example() {
        return "./lejepa compare runs/*";
    }

    @Override
    public ExitCode run(Call call) throws IOException {
        var folders = call.operands(1, Integer.MAX_VALUE).stream()
                .map(operand -> new RunFolder(Call.asPath(operand, operand)))
                .toList();
        var out = call.path("out").orElse(DEFAULT_OUT);
        var read = folders.stream()
                .flatMap(run -> Stream.of(run.metrics(), run.recipe(), run.engine(), run.data()))
                .toList();
        OutputPlace.requireFile("out", out, read);
        var written = RunComparison.write(folders, out);
        written.notes().forEach(note -> call.console().note("note: " + note));
        call.console().say("report: " + PathText.shown(out));
        call.console()
                .result(JsonNodeFactory.instance
                        .objectNode()
                        .put("report", PathText.text(out))
                        .put("runs", written.runs()));
        return ExitCode.DONE;
    }
}

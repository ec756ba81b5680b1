package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.PathText;
import dev.lejepa.tools.report.Computing;
import dev.lejepa.tools.report.RunReport;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.Option;

/// `report`: what a run was like, as one page that needs no network.
final class ReportCommand implements Command {
    @Override
    public List<Option> options() {
        return List.of(Flags.value("out", "FILE", "the page (default: report.html in the run)"), Flags.device());
    }

    @Override
    public String operands() {
        return "RUN";
    }

    @Override
    public String example() {
        return "./lejepa report runs/demo";
    }

    @Override
    public ExitCode run(Call call) throws IOException {
        var folder = new RunFolder(call.operandPath());
        folder.requireRun();
        var out = call.path("out").orElse(folder.report());
        var read = List.of(
                folder.metrics(), folder.recipe(), folder.engine(), folder.data(), folder.encoder(), folder.views());
        OutputPlace.requireFile("out", out, read);
        var written = RunReport.write(folder, out, new Computing(call.device(), call.threads()));
        written.cutOff().ifPresent(note -> call.console().note("note: " + note));
        call.console().say("report: " + PathText.shown(out));
        call.console()
                .result(JsonNodeFactory.instance
                        .objectNode()
                        .put("report", PathText.text(out))
                        .put("steps", written.steps())
                        .put("warnings", written.warnings()));
        return ExitCode.DONE;
    }
}

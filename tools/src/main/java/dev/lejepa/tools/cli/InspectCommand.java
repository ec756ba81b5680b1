package dev.lejepa.tools.cli;

import dev.lejepa.tools.inspect.Inspection;
import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.Option;

/// `inspect`: what an ONNX file, a bundle or a run holds.
final class InspectCommand implements Command {
    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public String operands() {
        return "FILE.onnx|BUNDLE|RUN";
    }

    @Override
    public String example() {
        return "./lejepa inspect runs/demo";
    }

    @Override
    public ExitCode run(Call call) throws IOException {
        var inspection = Inspection.of(call.operandPath());
        inspection.lines().forEach(call.console()::say);
        call.console().result(inspection.json());
        return ExitCode.DONE;
    }
}

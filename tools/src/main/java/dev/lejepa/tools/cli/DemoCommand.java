package dev.lejepa.tools.cli;

import dev.lejepa.graphs.PathText;
import dev.lejepa.tools.demo.Demo;
import dev.lejepa.tools.demo.DemoReport;
import dev.lejepa.tools.demo.DemoSettings;
import dev.lejepa.trainer.train.NonFiniteLossException;
import dev.lejepa.trainer.train.TrainEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.cli.Option;

/// `demo`: from nothing to a probed encoder.
final class DemoCommand implements Command {
    private static final Path DEFAULT_OUT = PathText.path("runs/demo");

    @Override
    public List<Option> options() {
        return List.of(
                Flags.value(
                        "out", "DIR", "folder of the run (default: runs/demo, or runs/demo-2 and so on after that)"),
                Flags.value("seed", "N", "of images, initial parameters and all else (default: 0)"));
    }

    @Override
    public String example() {
        return "./lejepa demo --seed 1";
    }

    @Override
    public ExitCode run(Call call) throws IOException, InterruptedException {
        call.operands(0, 0);
        var out = call.path("out").orElseGet(() -> free(DEFAULT_OUT));
        var seed = call.wholeLong("seed").orElse(0);
        var console = call.console();
        var settings = DemoSettings.standard(seed, out, call.threads(), console.terminal(), console.words());
        var demo = new Demo(settings);
        demo.makeImages();
        try (var stop = call.stopSignal()) {
            var training = demo.train(stop::requested);
            if (training.outcome() == TrainEvent.Outcome.INTERRUPTED) {
                console.note("stopped after step %d; ./lejepa train --resume --out %s trains on, without the comparison"
                        .formatted(training.steps(), out));
                return ExitCode.INTERRUPTED;
            }
        } catch (NonFiniteLossException e) {
            console.note("lejepa: " + e.getMessage());
            return ExitCode.FAULT;
        }
        var result = demo.probe(); // all is saved by now, so Ctrl-C need not wait
        DemoReport.of(result, console.words()).forEach(console::say);
        console.result(result.json());
        return ExitCode.DONE;
    }

    /// The wanted folder, or with a number behind its name where it exists: a demonstration that is run again keeps the
    /// earlier ones.
    static Path free(Path wanted) {
        return IntStream.iterate(1, i -> i + 1)
                .mapToObj(i -> i == 1 ? wanted : PathText.withSuffix(wanted, "-" + i))
                .filter(Files::notExists)
                .findFirst()
                .orElseThrow();
    }
}

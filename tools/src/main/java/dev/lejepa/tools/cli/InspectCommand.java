package dev.lejepa.tools.cli;

import dev.lejepa.tools.inspect.Inspection;
import dev.lejepa.tools.roofline.BundleRoofline;
import dev.lejepa.tools.roofline.Device;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.Option;

/// `inspect`: what an ONNX file, a bundle or a run holds.
final class InspectCommand implements Command {
    @Override
    public List<Option> options() {
        return List.of(Flags.value(
                "roofline",
                "DEVICE",
                "tells instead what a step of a bundle must move and compute on a CUDA device, and how long that takes at"
                        + " least; needs none: h200, h100, a100, l4, rtx4090, or PEAK_TFLOPS,GB_PER_S,US_PER_LAUNCH"));
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
        var device = call.text("roofline").map(Device::of);
        return device.isPresent() ? roofline(call, device.get()) : inspect(call);
    }

    private static ExitCode inspect(Call call) throws IOException {
        var inspection = Inspection.of(call.operandPath());
        inspection.lines().forEach(call.console()::say);
        call.console().result(inspection.json());
        return ExitCode.DONE;
    }

    private static ExitCode roofline(Call call, Device device) throws IOException {
        var path = call.operandPath();
        var run = new RunFolder(path);
        var found = BundleRoofline.of(run.isRun() ? run.bundle() : path, device);
        found.note().ifPresent(call.console()::note);
        found.roofline().lines().forEach(call.console()::say);
        call.console().result(found.roofline().json());
        return ExitCode.DONE;
    }
}

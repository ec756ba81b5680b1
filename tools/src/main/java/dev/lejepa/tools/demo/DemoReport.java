package dev.lejepa.tools.demo;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What people read at the end: the accuracies as bars, and where to look next.
public final class DemoReport {
    /// Characters of a bar that stands for all images.
    private static final int FULL_BAR = 50;

    private final DemoResult result;
    private final char block;

    /// @param block what bars are made of
    DemoReport(DemoResult result, char block) {
        this.result = result;
        this.block = block;
    }

    /// The report in characters that `out` can write.
    public static List<String> of(DemoResult result, PrintStream out) {
        var block = out.charset().newEncoder().canEncode('█') ? '█' : '#';
        return new DemoReport(result, block).lines();
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("Held-out images put in the right one of ten classes by a linear classifier on");
        lines.add("");
        lines.add(bar("the trained encoder", result.probeTop1()));
        lines.add(bar("the untrained encoder", result.untrainedTop1()));
        lines.add(bar("raw pixels", result.pixelTop1()));
        lines.add(bar("chance", result.chance()));
        lines.add("");
        lines.add(Text.format(
                "The encoder learned from %,d images without labels, the classifiers from the same images",
                result.trainImages()));
        lines.add(Text.format(
                "with labels; the %,d held-out images have other colors and backgrounds. It took %s.",
                result.valImages(), time(result.seconds())));
        lines.add("");
        files(lines);
        return lines;
    }

    private void files(List<String> lines) {
        var run = result.run();
        lines.add("Look at");
        lines.add(file(run.report(), "all of it as a page for your browser: curves, patches in color, neighbors"));
        lines.add(file(run.views(), "what the encoder saw: views of eight images, a row each"));
        lines.add(file(run.metrics(), "losses of every step"));
        lines.add(file(run.tensorboard(), "the same for TensorBoard"));
        lines.add(file(run.encoder(), "the trained encoder, for any ONNX Runtime"));
        lines.add(file(Demo.untrained(run.path()), "the encoder before training"));
        lines.add(file(Demo.images(run.path()), "the images"));
        lines.add("");
        lines.add("Next");
        lines.add(Text.format(
                "  ./lejepa embed --encoder %s --data %s --out features.npy",
                run.encoder(), Demo.images(run.path()).resolve("val")));
        lines.add("  ./lejepa train --config recipes/cifar10-vit-tiny.yaml --set data.train=YOUR-IMAGES");
    }

    private String bar(String what, double top1) {
        var blocks = String.valueOf(block).repeat((int) Math.round(FULL_BAR * top1));
        return Text.format("  %-22s %5.1f %%  %s", what, 100 * top1, blocks);
    }

    private String file(Path path, String meaning) {
        var longest = PathText.shown(Demo.untrained(result.run().path())).length();
        var name = PathText.shown(path);
        return "  " + name + " ".repeat(Math.max(0, longest - name.length())) + "  " + meaning;
    }

    private static String time(double seconds) {
        var whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : Text.format("%d min %02d s", whole / 60, whole % 60);
    }
}

package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.selfcheck.CaseFolders;
import dev.lejepa.tools.selfcheck.CaseResult;
import dev.lejepa.tools.selfcheck.CaseResult.Status;
import dev.lejepa.tools.selfcheck.EngineExecutor;
import dev.lejepa.tools.selfcheck.Executor;
import dev.lejepa.tools.selfcheck.SelfCheck;
import dev.lejepa.tools.selfcheck.SelfCheckReport;
import dev.lejepa.tools.selfcheck.ShippedCases;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;

/// `selfcheck`: known numbers beside what this machine's engine computes.
final class SelfcheckCommand implements Command {
    private static final int SHOWN_REASONS = 5;

    @Override
    public List<Option> options() {
        return Flags.with(
                Flags.engine(),
                Flags.value("cases", "DIR", "folder of cases (default: the small ones that come with the program)"),
                Flags.value("families", "01,05", "the digits that names of cases begin with (default: all)"),
                Flags.value("target", "portable|ort", "what graphs may use (default: both, one after the other)"));
    }

    @Override
    public String example() {
        return "./lejepa selfcheck --families 01,05,12 --target ort";
    }

    @Override
    public ExitCode run(Call call) throws IOException {
        call.operands(0, 0);
        var families = families(call);
        var cases = call.path("cases");
        SelfCheckReport report;
        if (cases.isPresent()) {
            report = check(call, CaseFolders.open(cases.get()), families);
        } else {
            try (var shipped = ShippedCases.unpack()) {
                report = check(call, CaseFolders.open(shipped.folder(), "the shipped cases"), families);
            }
        }
        show(call.console(), report);
        return report.failed() == 0 ? ExitCode.DONE : ExitCode.FAULT;
    }

    private static Set<String> families(Call call) {
        var families = new TreeSet<String>();
        call.text("families").ifPresent(list -> {
            for (var family : list.split(",", -1)) {
                if (!family.strip().matches("\\d\\d")) {
                    throw new BadInputException(
                            Text.format("--families %s: '%s' must be two digits, as in 01,05", list, family));
                }
                families.add(family.strip());
            }
        });
        return families;
    }

    private static SelfCheckReport check(Call call, CaseFolders folders, Set<String> families) {
        try (var engine = OrtEngine.open(call.toldDevice(), call.engineOptions())) {
            List<Executor> executors = Stream.of(Target.PORTABLE, engine.target())
                    .filter(t -> call.target().isEmpty()
                            || call.target().get().word().equals(t.label()))
                    .<Executor>map(t -> new EngineExecutor(engine, t))
                    .toList();
            return new SelfCheck(executors).run(folders, families, result -> tell(call.console(), result));
        }
    }

    /// Says at once what does not hold or was not checked.
    private static void tell(Console console, CaseResult result) {
        if (result.status() == Status.PASSED && result.reasons().isEmpty()) {
            return;
        }
        var reasons = result.reasons();
        console.note(Text.format(
                "%s %s: %s%s",
                result.status().name().toLowerCase(Locale.ROOT),
                result.name(),
                String.join("; ", reasons.subList(0, Math.min(SHOWN_REASONS, reasons.size()))),
                reasons.size() > SHOWN_REASONS ? Text.format("; and %d more", reasons.size() - SHOWN_REASONS) : ""));
    }

    private static void show(Console console, SelfCheckReport report) {
        console.say("family  passed  failed  skipped  compared  ignored  largest error of its tolerance");
        for (var f : report.families()) {
            console.say(Text.format(
                    "%-6s  %6d  %6d  %7d  %8d  %7d  %s",
                    f.family(), f.passed(), f.failed(), f.skipped(), f.compared(), f.ignored(), worst(f)));
        }
        console.say(report.summary());
        console.result(json(report));
    }

    private static String worst(SelfCheckReport.Family family) {
        var worst = family.worst();
        return worst.error() == 0
                ? (family.compared() == 0 ? "" : "none")
                : Text.format("%.2g of %.2g: %s", worst.error(), worst.tolerance(), worst.name());
    }

    private static ObjectNode json(SelfCheckReport report) {
        var result = JsonNodeFactory.instance
                .objectNode()
                .put("passed", report.passed())
                .put("failed", report.failed())
                .put("skipped", report.skipped());
        var families = result.putArray("families");
        for (var f : report.families()) {
            families.addObject()
                    .put("family", f.family())
                    .put("passed", f.passed())
                    .put("failed", f.failed())
                    .put("skipped", f.skipped())
                    .put("compared", f.compared())
                    .put("ignored", f.ignored())
                    .put("largest_error", f.worst().error())
                    .put("tolerance", f.worst().tolerance())
                    .put("where", f.worst().name());
        }
        var cases = result.putArray("cases");
        for (var c : report.cases()) {
            var entry = cases.addObject()
                    .put("name", c.name())
                    .put("status", c.status().name().toLowerCase(Locale.ROOT))
                    .put("compared", c.compared())
                    .put("ignored", c.ignored());
            c.reasons().forEach(entry.putArray("reasons")::add);
        }
        return result;
    }
}

package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.ShapeException;
import dev.lejepa.runtime.engine.EngineException;
import dev.lejepa.tools.selfcheck.CaseResult.Status;
import dev.lejepa.tools.selfcheck.CaseResult.Worst;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Checks cases on executors.
public final class SelfCheck {
    private final List<Executor> executors;

    /// @param executors every case must hold on each of them
    public SelfCheck(List<Executor> executors) {
        if (executors.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to run graphs on");
        }
        this.executors = List.copyOf(executors);
    }

    /// Checks the cases of a set of folders.
    ///
    /// @param families the two digits that folder names begin with; empty for all
    /// @param progress is told of every case as soon as it is done
    /// @throws BadInputException if a family has no case, or a case's description cannot be read
    public SelfCheckReport run(CaseFolders folders, Set<String> families, Consumer<CaseResult> progress) {
        var results = new ArrayList<CaseResult>();
        for (var folder : folders.of(families)) {
            var result = check(GoldenCase.read(folder));
            progress.accept(result);
            results.add(result);
        }
        return new SelfCheckReport(results);
    }

    /// Checks one case.
    public CaseResult check(GoldenCase golden) {
        var family = CaseFolders.family(golden.name());
        return switch (CaseKinds.of(golden)) {
            case CaseKind.NotBuilt(var what) ->
                new CaseResult(
                        golden.name(), family, Status.SKIPPED, 0, 0, Worst.NONE, List.of(what + " is not built"));
            case CaseKind.Direct(var check) -> {
                // The code under check is no graph; images are integers, schedules are double anyway.
                var sum = new Sum(golden.name(), family);
                sum.add("", new Comparison(golden, executors.getFirst().precision()), r -> check.check(golden, r));
                yield sum.result();
            }
            case CaseKind.Computed(var check) -> {
                var sum = new Sum(golden.name(), family);
                for (var e : executors) {
                    var label = executors.size() == 1 ? "" : e.label() + ": ";
                    sum.add(label, new Comparison(golden, e.precision()), r -> check.check(golden, e, r));
                }
                yield sum.result();
            }
        };
    }

    /// Adds up the comparisons of one case on all executors.
    private static final class Sum {
        private final String name;
        private final String family;
        private final List<String> faults = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private int compared;
        private int ignored;
        private Worst worst = Worst.NONE;

        Sum(String name, String family) {
            this.name = name;
            this.family = family;
        }

        /// @param label begins each fault
        void add(String label, Comparison results, Consumer<Comparison> check) {
            try {
                check.accept(results);
                results.faults().forEach(f -> faults.add(label + f));
            } catch (BadInputException
                    | ShapeException
                    | EngineException
                    | IllegalArgumentException
                    | IllegalStateException
                    | UnsupportedOperationException e) {
                // One case that cannot be computed must not hide the results of the others.
                faults.add(Text.format("%s%s", label, e.getMessage()));
            }
            compared += results.compared();
            ignored += results.ignored();
            worst = worst.or(results.worst());
            results.notes().stream().filter(n -> !notes.contains(n)).forEach(notes::add);
        }

        CaseResult result() {
            var status = faults.isEmpty() ? Status.PASSED : Status.FAILED;
            return new CaseResult(name, family, status, compared, ignored, worst, faults.isEmpty() ? notes : faults);
        }
    }
}

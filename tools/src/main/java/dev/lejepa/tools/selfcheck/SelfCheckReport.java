package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.Text;
import dev.lejepa.tools.selfcheck.CaseResult.Status;
import dev.lejepa.tools.selfcheck.CaseResult.Worst;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The results of all cases.
///
/// @param cases in the order of their names
public record SelfCheckReport(List<CaseResult> cases) {
    public SelfCheckReport {
        cases = List.copyOf(cases);
    }

    /// The cases of one family together.
    ///
    /// @param worst of all its cases, the one that came closest to its tolerance
    public record Family(
            String family, long passed, long failed, long skipped, long compared, long ignored, Worst worst) {
        static Family of(String family, List<CaseResult> cases) {
            return new Family(
                    family,
                    count(cases, Status.PASSED),
                    count(cases, Status.FAILED),
                    count(cases, Status.SKIPPED),
                    cases.stream().mapToLong(CaseResult::compared).sum(),
                    cases.stream().mapToLong(CaseResult::ignored).sum(),
                    cases.stream().map(CaseResult::worst).reduce(Worst.NONE, Worst::or));
        }
    }

    public long passed() {
        return count(cases, Status.PASSED);
    }

    public long failed() {
        return count(cases, Status.FAILED);
    }

    public long skipped() {
        return count(cases, Status.SKIPPED);
    }

    /// One row for each family, in their order.
    public List<Family> families() {
        var byFamily = new TreeMap<String, List<CaseResult>>();
        cases.forEach(c ->
                byFamily.computeIfAbsent(c.family(), _ -> new ArrayList<>()).add(c));
        return byFamily.entrySet().stream()
                .map(e -> Family.of(e.getKey(), e.getValue()))
                .toList();
    }

    private static long count(List<CaseResult> cases, Status status) {
        return cases.stream().filter(c -> c.status() == status).count();
    }

    /// The closing line: `27 passed, 0 failed, 2 skipped`.
    public String summary() {
        return Text.format("%d passed, %d failed, %d skipped", passed(), failed(), skipped());
    }
}

package dev.lejepa.tools.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Spectra of a covariance in the course of a run: evenly spread over it, and always the last one. Whenever they become
/// too many, every other one goes.
final class Spectra {
    /// Curves that an eye can still tell apart.
    private static final int MOST = 24;

    private final List<Spectrum> kept = new ArrayList<>();
    private Optional<Spectrum> last = Optional.empty();
    private long every = 1;
    private long seen;

    /// Shares that eigenvalues have in their sum, at a step.
    ///
    /// @param places of these eigenvalues among all, from 1, the largest
    record Spectrum(long step, List<Integer> places, List<Double> shares) {
        Spectrum {
            places = List.copyOf(places);
            shares = List.copyOf(shares);
        }
    }

    void add(Spectrum spectrum) {
        last = Optional.of(spectrum);
        if (seen++ % every != 0) {
            return;
        }
        kept.add(spectrum);
        if (kept.size() > MOST) {
            for (var i = kept.size() - kept.size() % 2 - 1; i > 0; i -= 2) {
                kept.remove(i);
            }
            every *= 2;
        }
    }

    /// In the order of their steps.
    List<Spectrum> all() {
        var all = new ArrayList<>(kept);
        last.filter(one -> !one.equals(all.getLast())).ifPresent(all::add);
        return List.copyOf(all);
    }
}

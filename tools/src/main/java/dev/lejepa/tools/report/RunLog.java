package dev.lejepa.tools.report;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What a run's `metrics.jsonl` tells.
///
/// @param series numbers by step, of every [Source]
/// @param totals sums over all steps
/// @param spectra of the covariances of [Source#EMBEDDING] and [Source#PROJECTION], by time
/// @param warnings the first of them, in their order
/// @param warningsInAll how many there are
/// @param sittings in their order
/// @param cutOff what is wrong with the end of the file, as a sentence
record RunLog(
        Map<Source, Buckets> series,
        StepTotals totals,
        Map<Source, Spectra> spectra,
        List<Warning> warnings,
        long warningsInAll,
        List<Sitting> sittings,
        Optional<String> cutOff) {
    RunLog {
        series = Collections.unmodifiableMap(new EnumMap<>(series));
        spectra = Collections.unmodifiableMap(new EnumMap<>(spectra));
        warnings = List.copyOf(warnings);
        sittings = List.copyOf(sittings);
    }

    /// Something that a person was told to look at.
    ///
    /// @param about what it is about, in one word
    record Warning(long step, String about, String message, List<String> files) {
        Warning {
            files = List.copyOf(files);
        }
    }

    /// The time from a start, or a resumption, to its end.
    ///
    /// @param began when, as written
    /// @param step completed steps then
    /// @param planned the step after which it was to stop
    /// @param parameters trainable numbers
    /// @param device where it computed, with its threads
    /// @param end empty where a process was killed, or is still at work
    record Sitting(
            String began,
            long step,
            long planned,
            long stepsPerEpoch,
            long parameters,
            String device,
            int threads,
            Optional<End> end) {
        Sitting endedBy(End end) {
            return new Sitting(began, step, planned, stepsPerEpoch, parameters, device, threads, Optional.of(end));
        }
    }

    /// How a sitting ended.
    ///
    /// @param time when, as written
    /// @param step completed steps then
    /// @param seconds that it took
    /// @param outcome `done`, `interrupted` or `failed`
    record End(String time, long step, double seconds, String outcome) {}

    /// Numbers by step.
    Buckets of(Source source) {
        return Objects.requireNonNull(series.get(source));
    }

    /// Spectra of [Source#EMBEDDING] or [Source#PROJECTION].
    Spectra spectraOf(Source source) {
        return Objects.requireNonNull(spectra.get(source));
    }

    /// The newest sitting.
    Optional<Sitting> last() {
        return sittings.isEmpty() ? Optional.empty() : Optional.of(sittings.getLast());
    }
}

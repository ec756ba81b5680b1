package dev.lejepa.tools.reliability;

import dev.lejepa.graphs.random.Key;
import java.util.List;
import java.util.function.UnaryOperator;

/// A reader of files and what to feed it.
///
/// @param seeds whole files
/// @param words what means something to the reader
/// @param repair makes lengths and checksums right again, so that damage behind them is seen too
/// @param reader reads all that a file holds
record FuzzTarget(
        Format format, List<byte[]> seeds, List<byte[]> words, UnaryOperator<byte[]> repair, Verdict.Reader reader) {
    /// Inputs of a format without lengths and checksums.
    static FuzzTarget of(Format format, List<byte[]> seeds, List<String> words, Verdict.Reader reader) {
        return new FuzzTarget(format, seeds, Mutator.bytes(words), UnaryOperator.identity(), reader);
    }

    /// The same with a repair.
    FuzzTarget repairedBy(UnaryOperator<byte[]> made) {
        return new FuzzTarget(format, seeds, words, made, reader);
    }

    /// Input number `index` of a seed: always the same.
    byte[] input(long seed, long index) {
        var draws = Key.of(seed, format.word(), index).draws();
        var damaged = new Mutator(seeds, words).input(draws);
        return draws.bernoulli(0.5) ? repair.apply(damaged) : damaged;
    }
}

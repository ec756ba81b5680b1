package dev.lejepa.tools.stat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What `stat` is asked for.
///
/// @param test by name
/// @param parameters of the test, as written
/// @param embeddings file of a matrix `[n, d]`
/// @param directions file of a matrix `[d, S]`
/// @param gradient where to write the statistic's gradient
/// @param draw whether null laws that are not known are drawn
/// @param seed of directions and draws
public record StatRequest(
        String test,
        Map<String, String> parameters,
        Path embeddings,
        Optional<Path> directions,
        Optional<Path> gradient,
        boolean draw,
        long seed) {}

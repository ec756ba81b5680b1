package dev.lejepa.graphs.pretrained;

import java.util.Optional;
import java.util.regex.Pattern;

/// One line of a naming: how a name, or many that differ in numbers, reads in timm.
///
/// @param ours timm's name, with `$1`, `$2` for the groups of the pattern
/// @param part which of `parts` this is, from 0, where timm joins several tensors along the first dimension
record NameRule(Pattern theirs, String ours, int part, int parts, Rearrangement layout) {

    static NameRule of(String theirs, String ours) {
        return of(theirs, ours, Rearrangement.NONE);
    }

    static NameRule of(String theirs, String ours, Rearrangement layout) {
        return new NameRule(Pattern.compile(theirs), ours, 0, 1, layout);
    }

    static NameRule part(int part, int parts, String theirs, String ours) {
        return part(part, parts, theirs, ours, Rearrangement.NONE);
    }

    static NameRule part(int part, int parts, String theirs, String ours, Rearrangement layout) {
        return new NameRule(Pattern.compile(theirs), ours, part, parts, layout);
    }

    /// timm's name for `name`, if this rule speaks of it.
    Optional<String> translate(String name) {
        var matcher = theirs.matcher(name);
        return matcher.matches() ? Optional.of(matcher.replaceFirst(ours)) : Optional.empty();
    }
}

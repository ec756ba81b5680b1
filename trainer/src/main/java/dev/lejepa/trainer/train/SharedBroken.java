package dev.lejepa.trainer.train;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.trainer.data.BrokenFiles;
import dev.lejepa.trainer.ranks.Fault;
import dev.lejepa.trainer.ranks.SharedFaultException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The unreadable images of a source that several processes read: each learns what the others find.
final class SharedBroken {
    private final Ranks ranks;
    private final BrokenFiles files;
    /// The numbers of those that all processes know.
    private final Set<Integer> known = new HashSet<>();

    SharedBroken(Ranks ranks, BrokenFiles files) {
        this.ranks = ranks;
        this.files = files;
    }

    /// Those that the others do not know.
    List<BrokenFiles.Found> untold() {
        return files.untold();
    }

    /// Takes down what all processes, this one too, have told; the same in each of them.
    ///
    /// @throws SharedFaultException in all of several processes if there are too many by now
    void learn(List<BrokenFiles.Found> found) {
        files.learn(found);
        found.forEach(f -> known.add(f.image()));
        if (ranks.size() == 1) {
            return; // whoever found one has looked
        }
        try {
            files.requireFew(known.size());
        } catch (BadInputException e) {
            throw new SharedFaultException(Fault.of(e));
        }
    }
}

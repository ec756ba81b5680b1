package dev.lejepa.tools.bench;

import dev.lejepa.graphs.random.Key;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.trainer.data.ViewGroup;
import dev.lejepa.trainer.data.ViewMaker;
import dev.lejepa.trainer.image.RgbImage;
import dev.lejepa.trainer.train.ViewGroups;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Makes all views of one image after the other into the same memory, as a loader's thread does.
final class OneImageViews implements AutoCloseable {
    private final List<ViewGroup> groups;
    private final List<ViewMaker> makers;
    private final List<MemorySegment> memory;
    private final Arena arena = Arena.ofConfined();

    OneImageViews(ViewsSpec views) {
        this.groups = ViewGroups.training(views);
        this.makers = groups.stream().map(g -> g.makers().get()).toList();
        this.memory = groups.stream().map(g -> arena.allocate(g.bytes(), 64)).toList();
    }

    /// @param number decides the draws
    /// @return views made
    int make(RgbImage image, int number) {
        var view = 0;
        for (var g = 0; g < groups.size(); g++) {
            for (var v = 0; v < groups.get(g).count(); v++) {
                var key = Key.of(0, "bench", number, view++);
                makers.get(g).make(image, key.draws(), memory.get(g));
            }
        }
        return view;
    }

    @Override
    public void close() {
        arena.close();
    }
}

package dev.lejepa.runtime.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;

/// A primitive and its arguments, made once and executed by one thread at a time.
final class Execution implements AutoCloseable {
    /// An argument: its number at oneDNN and its layout.
    record Argument(int id, memory.desc layout) {}

    private final primitive code;
    private final primitive_desc_base description;
    private final stream order;
    private final memory[] memories;
    private final IntMemoryMap map = new IntMemoryMap();
    /// Native objects that nobody else closes.
    private final List<Pointer> held = new ArrayList<>();
    private final Scratchpads scratchpads;
    private final memory scratchpad;
    private final long scratchpadBytes;

    /// @param code belongs to the execution from now on, as do the description and the arguments' layouts
    /// @param description with `scratchpad_mode.user`: the library's own scratchpads belong to threads
    Execution(OneDnn library, primitive code, primitive_desc_base description, List<Argument> arguments) {
        this.code = code;
        this.description = description;
        held.add(description);
        this.order = new stream(library.engine());
        this.memories = new memory[arguments.size()];
        for (var i = 0; i < memories.length; i++) {
            var argument = arguments.get(i);
            memories[i] = new memory(argument.layout(), library.engine(), OneDnn.pointer(0));
            map.put(argument.id(), memories[i]);
            held.add(argument.layout());
        }
        this.scratchpads = library.scratchpads();
        var layout = description.scratchpad_desc();
        held.add(layout);
        this.scratchpadBytes = layout.get_size();
        this.scratchpad = new memory(layout, library.engine(), OneDnn.pointer(0));
        map.put(dnnl.DNNL_ARG_SCRATCHPAD, scratchpad);
        held.add(scratchpad);
    }

    /// What oneDNN calls the code that computes.
    String implementation() {
        try (var name = description.impl_info_str()) {
            return name.getString();
        }
    }

    /// A copy of an argument's layout.
    memory.desc layout(int argument) {
        return memories[argument].get_desc();
    }

    /// The size of an argument.
    long bytes(int argument) {
        try (var layout = layout(argument)) {
            return layout.get_size();
        }
    }

    /// Computes.
    ///
    /// @param addresses of the arguments, in their order
    void run(long... addresses) {
        for (var i = 0; i < addresses.length; i++) {
            memories[i].set_data_handle(OneDnn.pointer(addresses[i]));
        }
        if (scratchpadBytes > 0) {
            scratchpad.set_data_handle(OneDnn.pointer(scratchpads.ofThisThread(scratchpadBytes)));
        }
        code.execute(order, map);
    }

    @Override
    public void close() {
        map.close();
        for (var m : memories) {
            m.close();
        }
        order.close();
        code.close();
        held.forEach(Pointer::close); // layouts that executions share close but once
    }
}

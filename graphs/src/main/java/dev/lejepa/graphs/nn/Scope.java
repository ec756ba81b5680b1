package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.function.Supplier;

/// Where a layer stands and what it may ask of the world. Parameters are got or created by their full name, so applying
/// a layer twice shares them; every application has draws of its own; buffers chain through the applications in order.
public final class Scope {
    private final Declarations world;
    private final String path;
    private final Mode mode;
    private final Views views;
    private final ImageLayout layout;

    private Scope(Declarations world, String path, Mode mode, Views views, ImageLayout layout) {
        this.world = world;
        this.path = path;
        this.mode = mode;
        this.views = views;
        this.layout = layout;
    }

    /// The scope at the top of a graph whose maps are `[N, C, H, W]`.
    public static Scope root(Declarations world, Mode mode) {
        return root(world, mode, ImageLayout.NCHW);
    }

    /// The scope at the top of a graph.
    ///
    /// @param layout of all maps between layers
    public static Scope root(Declarations world, Mode mode, ImageLayout layout) {
        return new Scope(world, "", mode, Views.NONE, layout);
    }

    /// The scope of a part, such as `attn` or `blocks.3`.
    public Scope at(String part) {
        return new Scope(world, full(part), mode, views, layout);
    }

    /// This scope, applied to these views.
    public Scope of(Views applied) {
        return new Scope(world, path, mode, applied, layout);
    }

    public Graph graph() {
        return world.graph();
    }

    /// What all scopes of the graph ask.
    public Declarations world() {
        return world;
    }

    /// Dotted path from the top; empty there.
    public String path() {
        return path;
    }

    public boolean training() {
        return mode == Mode.TRAIN;
    }

    /// The layout of maps, as layers read and write them.
    public ImageLayout imageLayout() {
        return layout;
    }

    /// A float32 parameter `path.name`.
    public Value parameter(String name, Init init, long... shape) {
        return world.parameter(full(name), Type.f32(shape), init);
    }

    /// The value that float32 buffer `path.name` has now.
    public Value buffer(String name, Init init, long... shape) {
        return world.buffer(full(name), Type.f32(shape), init);
    }

    /// The value that an int64 scalar buffer has now; it starts at 0.
    public Value counter(String name) {
        return world.buffer(full(name), new Type(DType.INT64, Shape.scalar()), Init.zeros());
    }

    /// Gives a buffer a new value.
    public void update(String name, Value value) {
        world.update(full(name), value);
    }

    /// A random input of this application, `draw/path.name` with the label of its views.
    public Value draw(String name, Distribution distribution, long... shape) {
        var label = views.label().isEmpty() ? "" : "." + views.label();
        return world.draw("draw/" + full(name) + label, Type.f32(shape), distribution, views);
    }

    /// Makes the nodes of a layer under this scope.
    ///
    /// @param layer for messages: `Linear 384 -> 1152`
    public <T> T within(Object layer, Supplier<T> body) {
        return graph().at(path, layer.toString(), body);
    }

    private String full(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}

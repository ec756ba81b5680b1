package dev.lejepa.graphs.recipe;

/// The trained model: a backbone that gives embeddings and a projector that the loss looks at.
public record ModelSpec(BackboneSpec backbone, ProjectorSpec projector) {
    public static ModelSpec defaults() {
        return new ModelSpec(BackboneSpec.defaults(), ProjectorSpec.defaults());
    }

    /// The same with another backbone.
    public ModelSpec withBackbone(BackboneSpec other) {
        return new ModelSpec(other, projector);
    }
}

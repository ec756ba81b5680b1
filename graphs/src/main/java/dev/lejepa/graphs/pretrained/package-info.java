/// Published weights under a model's own names. A model says which tensors it wants
/// ([dev.lejepa.graphs.pretrained.ModelShapes]); [dev.lejepa.graphs.pretrained.PretrainedWeights] looks through a file
/// for the dictionary, the prefix and the [naming][dev.lejepa.graphs.pretrained.Naming] under which most of them are
/// found, joins what others keep apart, fits position embeddings to the model's grid, and tells what was loaded, left
/// out and missing. What fits nowhere is refused, all of it in one message.
@NullMarked
package dev.lejepa.graphs.pretrained;

import org.jspecify.annotations.NullMarked;

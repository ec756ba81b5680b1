package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.Act;
import dev.lejepa.graphs.nn.Attention;
import dev.lejepa.graphs.nn.DropPath;
import dev.lejepa.graphs.nn.FeedForward;
import dev.lejepa.graphs.nn.GluMlp;
import dev.lejepa.graphs.nn.LayerNorm;
import dev.lejepa.graphs.nn.LayerScale;
import dev.lejepa.graphs.nn.Mlp;
import dev.lejepa.graphs.nn.Scope;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// The blocks of a vision transformer.
///
/// @param mlpRatio hidden width of a block's perceptron over `embedDim`
/// @param qkNorm whether queries and keys are normalized
/// @param scaleAttnNorm whether what attention gives is normalized before its projection
/// @param scaleMlpNorm whether the hidden layer of the perceptron is normalized
/// @param projBias biases of the attention's projection and of the perceptron
/// @param initValues start of the layer scales; empty for none
/// @param gated whether the perceptron is timm's `SwiGLUPacked`
/// @param epsilon of every LayerNorm
/// @param dropPathRate rate of the last block; earlier ones rise linearly from 0
record TransformerBlocks(
        int embedDim,
        int depth,
        int numHeads,
        double mlpRatio,
        boolean qkvBias,
        boolean qkNorm,
        boolean scaleAttnNorm,
        boolean scaleMlpNorm,
        boolean projBias,
        OptionalDouble initValues,
        Act act,
        boolean gated,
        double epsilon,
        double dropPathRate) {

    List<String> scopes() {
        return IntStream.range(0, depth).mapToObj(i -> "blocks." + i).toList();
    }

    /// @param x `[N, T, dim]`
    Value forward(Scope s, int i, Value x) {
        return block(i).forward(s.at("blocks." + i), x, UnaryOperator.identity());
    }

    /// What the last block makes of the first token: what comes after attention need not be computed for the others.
    ///
    /// @param x `[N, T, dim]`
    /// @return `[N, 1, dim]`
    Value firstOfLast(Scope s, Value x) {
        return block(depth - 1).forward(s.at("blocks." + (depth - 1)), x, tokens -> tokens.slice(1, 0, 1));
    }

    /// What each token takes from each in a block.
    ///
    /// @param x what the block gets, `[N, T, dim]`
    /// @return `[N, heads, T, T]`
    Value attention(Scope s, int i, Value x) {
        return block(i).attention(s.at("blocks." + i), x);
    }

    LayerNorm norm() {
        return new LayerNorm(embedDim, epsilon);
    }

    long hidden() {
        return (long) (embedDim * mlpRatio);
    }

    private Block block(int i) {
        var rate = depth == 1 ? 0 : dropPathRate * i / (depth - 1);
        return new Block(
                norm(),
                new Attention(embedDim, numHeads, qkvBias, projBias, epsilonIf(qkNorm), epsilonIf(scaleAttnNorm)),
                feedForward(),
                initValues.isPresent()
                        ? Optional.of(new LayerScale(embedDim, initValues.getAsDouble()))
                        : Optional.empty(),
                new DropPath(rate));
    }

    private FeedForward feedForward() {
        return gated
                ? new GluMlp(embedDim, hidden(), act, projBias)
                : new Mlp(embedDim, hidden(), act, projBias, epsilonIf(scaleMlpNorm));
    }

    private OptionalDouble epsilonIf(boolean normed) {
        return normed ? OptionalDouble.of(epsilon) : OptionalDouble.empty();
    }
}

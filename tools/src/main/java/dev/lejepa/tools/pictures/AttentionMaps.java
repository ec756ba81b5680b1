package dev.lejepa.tools.pictures;

import dev.lejepa.trainer.image.RgbImage;
import java.util.ArrayList;
import java.util.List;

/// Where each head of the last block looks: the share of its attention that the class token gives each patch, or the
/// mean over all tokens where there is no class token.
///
/// @param heads of the block
/// @param classToken whether the first token is one
public record AttentionMaps(TokenGrid grid, int heads, boolean classToken) {
    /// Shares of more than this part of the patches are the hottest, so that a single patch does not dim the rest.
    private static final double HOTTEST = 0.995;

    /// The pictures of one image: a head each, and last the mean of all heads.
    ///
    /// @param attention in which the image's `[heads, T, T]` begin at `from`
    /// @param image as the encoder saw it
    public List<RgbImage> pictures(float[] attention, int from, RgbImage image) {
        var pictures = new ArrayList<RgbImage>();
        var mean = new double[grid.patches()];
        for (var head = 0; head < heads; head++) {
            var shares = shares(attention, from + head * grid.tokens() * grid.tokens());
            for (var patch = 0; patch < shares.length; patch++) {
                mean[patch] += shares[patch] / heads;
            }
            pictures.add(picture(shares, image));
        }
        pictures.add(picture(mean, image));
        return pictures;
    }

    /// What each patch gets of a head's attention.
    private double[] shares(float[] attention, int from) {
        var tokens = grid.tokens();
        var queries = classToken ? 1 : tokens;
        var shares = new double[grid.patches()];
        for (var query = 0; query < queries; query++) {
            for (var patch = 0; patch < shares.length; patch++) {
                shares[patch] += attention[from + query * tokens + grid.prefix() + patch] / (double) queries;
            }
        }
        return shares;
    }

    private RgbImage picture(double[] shares, RgbImage image) {
        var least = Scores.quantile(shares, 0);
        var most = Scores.quantile(shares, HOTTEST);
        var heat = new double[shares.length];
        for (var patch = 0; patch < shares.length; patch++) {
            heat[patch] = most > least ? (shares[patch] - least) / (most - least) : 0;
        }
        return Heat.over(image, new Upsampling(grid.side(), image.width()).enlarge(heat));
    }
}

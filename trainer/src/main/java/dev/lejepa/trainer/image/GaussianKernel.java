package dev.lejepa.trainer.image;

/// The weights of a Gaussian along one axis, in single precision and with the roundings of the reference: they decide
/// on which side of a level a sum falls.
final class GaussianKernel {
    /// Sums of this many numbers and more are taken in as many lanes.
    private static final int LANES = 8;

    private static final int FEW_LANES = 4;

    private float[] weights = new float[0];
    private int side;

    /// @param side odd
    /// @param sigma above 0
    void prepare(int side, double sigma) {
        if (side < 1 || side % 2 == 0 || !(sigma > 0)) {
            throw new IllegalArgumentException("a Gaussian kernel of side " + side + " and sigma " + sigma);
        }
        this.side = side;
        if (weights.length < side) {
            weights = new float[side];
        }
        for (int i = 0; i < side; i++) {
            float z = (i - side / 2) / (float) sigma;
            weights[i] = (float) Math.exp(-0.5f * (z * z));
        }
        float sum = side < LANES ? sumOfFew() : sumOfMany();
        for (int i = 0; i < side; i++) {
            weights[i] /= sum;
        }
    }

    int side() {
        return side;
    }

    /// @param distance from the center, 0 to `side / 2`
    float weight(int distance) {
        return weights[side / 2 + distance];
    }

    /// Distance of the last weight that is above `part` of the central one.
    int reach(float part) {
        int reach = side / 2;
        while (reach > 0 && weight(reach) < part * weight(0)) {
            reach--;
        }
        return reach;
    }

    /// Four running sums; what is left over joins the first.
    private float sumOfFew() {
        float[] lanes = new float[FEW_LANES];
        int whole = side / FEW_LANES * FEW_LANES;
        for (int i = 0; i < side; i++) {
            lanes[i < whole ? i % FEW_LANES : 0] += weights[i];
        }
        float sum = lanes[0];
        for (int k = 1; k < FEW_LANES; k++) {
            sum += lanes[k];
        }
        return sum;
    }

    /// Eight running sums, added one after another to the sum of what is left over.
    private float sumOfMany() {
        float[] lanes = new float[LANES];
        int whole = side / LANES * LANES;
        for (int i = 0; i < whole; i++) {
            lanes[i % LANES] += weights[i];
        }
        float sum = 0;
        for (int i = whole; i < side; i++) {
            sum += weights[i];
        }
        for (float lane : lanes) {
            sum += lane;
        }
        return sum;
    }
}

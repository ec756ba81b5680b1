package dev.lejepa.trainer.demo;

import dev.lejepa.graphs.random.Draws;
import java.awt.image.BufferedImage;

/// Paints one image: a motif on a ground, lit and grainy.
final class DemoPainter {
    /// Width and height of all images.
    static final int SIZE = 64;

    /// Figure and ground differ by this much in luminance, so that a view without color still shows the motif.
    private static final double LEAST_CONTRAST = 70;

    private static final double DARKEST = 25;
    private static final double BRIGHTEST = 230;
    private static final double GROUND_SPREAD = 25;

    private DemoPainter() {}

    static BufferedImage paint(Motif motif, Nuisance nuisance, Draws draws) {
        double ground = draws.uniform(DARKEST, BRIGHTEST);
        Rgb figure = Rgb.draw(nuisance, apartFrom(ground, draws), draws);
        Rgb[] colors = new Rgb[3];
        for (int i = 0; i < colors.length; i++) {
            double luminance = ground + draws.uniform(-GROUND_SPREAD, GROUND_SPREAD);
            colors[i] = Rgb.draw(nuisance, Math.clamp(luminance, DARKEST, BRIGHTEST), draws);
        }
        Ground below = new Ground(nuisance, SIZE, colors, draws);
        Pattern pattern = new Pattern(motif, draws);
        return compose(pattern, figure, below, nuisance.grain().draw(draws), draws);
    }

    /// A luminance at least [#LEAST_CONTRAST] from another, equally likely among all there are.
    private static double apartFrom(double other, Draws draws) {
        double below = Math.max(0, other - LEAST_CONTRAST - DARKEST);
        double above = Math.max(0, BRIGHTEST - other - LEAST_CONTRAST);
        double place = draws.uniform(0, below + above);
        return place < below ? DARKEST + place : other + LEAST_CONTRAST + (place - below);
    }

    private static BufferedImage compose(Pattern pattern, Rgb figure, Ground ground, double grain, Draws draws) {
        BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        double half = SIZE / 2.0;
        for (int row = 0; row < SIZE; row++) {
            for (int column = 0; column < SIZE; column++) {
                double x = column + 0.5;
                double y = row + 0.5;
                double covered = pattern.coverage(x, y);
                double light = ground.light(x - half, y - half);
                double noise = grain * draws.normal();
                int rgb = 0;
                for (int channel = 0; channel < 3; channel++) {
                    double below = ground.color(channel, x, y, half);
                    double level = light * (below + covered * (figure.of(channel) - below)) + noise;
                    rgb = rgb << 8 | (int) Math.clamp(Math.rint(level), 0, 255);
                }
                image.setRGB(column, row, rgb);
            }
        }
        return image;
    }
}

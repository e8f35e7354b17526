package io.treegrad.testing;

import io.treegrad.network.SplitMix64;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;

/** Pictures of digits as people draw them on a screen or a sheet: of any size, anywhere in it, in any shade. */
public final class DrawnDigits {
    /** Strokes of each digit in a box of 100x100: M moves, L draws a line, C a curve with two control points. */
    private static final String[] STROKES = {
        "M50,0 C5,0 5,100 50,100 C95,100 95,0 50,0",
        "M35,18 L55,0 L52,100",
        "M14,26 C20,-8 86,-8 82,28 C79,55 30,75 10,99 L92,99",
        "M14,10 C50,-10 90,4 80,30 C75,45 55,47 40,47 C70,47 96,58 86,80 C76,105 35,104 8,88",
        "M68,0 L8,64 L96,64 M70,30 L68,100",
        "M86,2 L26,2 L20,44 C50,30 92,40 88,70 C84,100 40,108 10,90",
        "M70,0 C30,18 8,50 12,75 C16,106 82,106 84,75 C84,48 34,46 14,72",
        "M8,3 L92,3 C72,35 52,65 42,100",
        "M50,48 C8,35 14,0 50,0 C86,0 92,35 50,48 C4,62 8,100 50,100 C92,100 96,62 50,48",
        "M82,28 C80,-2 20,-6 18,28 C18,56 72,56 82,28 C82,60 76,85 66,100",
    };

    private final SplitMix64 random;

    public DrawnDigits(long seed) {
        this.random = new SplitMix64(seed);
    }

    private double between(double from, double to) {
        return from + (to - from) * random.nextInt(1 << 20) / (1 << 20);
    }

    /**
     * A digit, at a random place, of a random thickness and tilt.
     *
     * @param side pixels of the picture
     * @param whiteOnBlack whether the ink is brighter than the ground
     */
    public BufferedImage draw(int digit, int side, boolean whiteOnBlack) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(whiteOnBlack ? new Color(10, 10, 30) : new Color(250, 248, 240));
        graphics.fillRect(0, 0, side, side);
        graphics.setColor(whiteOnBlack ? new Color(240, 240, 200) : new Color(20, 30, 90));
        double height = side * between(0.45, 0.75);
        double width = height * between(0.55, 0.8);
        double room = side * 0.08;
        AffineTransform place = new AffineTransform();
        place.translate(between(room, side - width - room), between(room, side - height - room));
        place.shear(between(-0.12, 0.02), 0);
        place.scale(width / 100, height / 100);
        float thickness = (float) Math.max(1.2, height * between(0.06, 0.16));
        graphics.setStroke(new BasicStroke(thickness, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(place.createTransformedShape(path(STROKES[digit])));
        graphics.dispose();
        return image;
    }

    private static Path2D path(String strokes) {
        Path2D path = new Path2D.Double();
        String[] words = strokes.split(" ");
        for (int i = 0; i < words.length; i++) {
            double[] to = point(words[i].substring(1));
            switch (words[i].charAt(0)) {
                case 'M' -> path.moveTo(to[0], to[1]);
                case 'L' -> path.lineTo(to[0], to[1]);
                case 'C' -> {
                    double[] second = point(words[++i]);
                    double[] end = point(words[++i]);
                    path.curveTo(to[0], to[1], second[0], second[1], end[0], end[1]);
                }
                default -> throw new IllegalArgumentException(words[i]);
            }
        }
        return path;
    }

    private static double[] point(String text) {
        String[] numbers = text.split(",");
        return new double[] {Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1])};
    }
}

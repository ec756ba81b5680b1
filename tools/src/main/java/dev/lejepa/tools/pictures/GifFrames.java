package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.DataSpec;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.RgbImage;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import org.w3c.dom.Element;

/// All frames of a GIF, each as it is seen: on top of what the ones before have left.
///
/// @param frames in their order
/// @param delays hundredths of a second that each is shown
/// @param loops how often all are shown; 0 for ever
public record GifFrames(List<RgbImage> frames, List<Integer> delays, int loops) {
    private static final String IMAGE_FORMAT = "javax_imageio_gif_image_1.0";
    private static final String STREAM_FORMAT = "javax_imageio_gif_stream_1.0";
    private static final String CONTROL = "GraphicControlExtension";
    private static final int LOOPS_AT = 1;
    private static final int ONCE = 1;

    public GifFrames {
        frames = List.copyOf(frames);
        delays = List.copyOf(delays);
    }

    /// Whether a file is a GIF, by its first bytes.
    public static boolean is(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(4), StandardCharsets.US_ASCII).equals("GIF8");
        } catch (IOException e) {
            return false; // told by whoever reads it
        }
    }

    /// Reads a file.
    ///
    /// @param kept what is kept of each frame
    /// @throws BrokenImageException if it is no GIF, damaged or cut off
    public static GifFrames read(Path file, UnaryOperator<RgbImage> kept) throws BrokenImageException {
        var name = PathText.shown(file);
        var reader = ImageIO.getImageReadersByFormatName("gif").next();
        try {
            var bytes = Files.readAllBytes(file);
            GifBlocks.requireWhole(name, bytes);
            reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(bytes)));
            return read(reader, kept);
        } catch (IOException | RuntimeException e) {
            // the reader of the JDK meets damage with exceptions of both kinds
            throw new BrokenImageException(name, "damaged GIF: " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    private static GifFrames read(ImageReader reader, UnaryOperator<RgbImage> kept) throws IOException {
        var count = reader.getNumImages(true);
        var screen = (Element) reader.getStreamMetadata().getAsTree(STREAM_FORMAT);
        var size = child(screen, "LogicalScreenDescriptor");
        var canvas = canvas(number(size, "logicalScreenWidth"), number(size, "logicalScreenHeight"));
        clear(canvas, 0, 0, canvas.getWidth(), canvas.getHeight());
        var frames = new ArrayList<RgbImage>();
        var delays = new ArrayList<Integer>();
        var loops = ONCE;
        for (var i = 0; i < count; i++) {
            requireRoom(reader.getWidth(i), reader.getHeight(i));
            var facts = reader.getImageMetadata(i);
            var tree = (Element) facts.getAsTree(IMAGE_FORMAT);
            loops = i == 0 ? loops(facts) : loops;
            delays.add(number(child(tree, CONTROL), "delayTime"));
            frames.add(kept.apply(shown(canvas, reader.read(i), tree)));
        }
        return new GifFrames(frames, delays, loops);
    }

    private static BufferedImage canvas(int width, int height) throws IOException {
        requireRoom(width, height);
        return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    }

    private static void requireRoom(int width, int height) throws IOException {
        var most = DataSpec.defaults().maxPixels();
        if ((long) width * height > most) {
            throw new IOException(Text.format("%d x %d pixels, at most %d are read", width, height, most));
        }
    }

    /// Draws a frame, takes what is seen, and leaves what the next one begins with.
    private static RgbImage shown(BufferedImage canvas, BufferedImage frame, Element tree) {
        var place = child(tree, "ImageDescriptor");
        var left = number(place, "imageLeftPosition");
        var top = number(place, "imageTopPosition");
        var before = copy(canvas);
        draw(canvas, frame, left, top);
        var seen = rgb(canvas);
        switch (text(child(tree, CONTROL), "disposalMethod")) {
            case "restoreToBackgroundColor" -> clear(canvas, left, top, frame.getWidth(), frame.getHeight());
            case "restoreToPrevious" -> draw(canvas, before, 0, 0);
            default -> {
                // it stays
            }
        }
        return seen;
    }

    private static BufferedImage copy(BufferedImage image) {
        var copy = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        draw(copy, image, 0, 0);
        return copy;
    }

    private static void draw(BufferedImage to, BufferedImage image, int left, int top) {
        Graphics2D graphics = to.createGraphics();
        graphics.drawImage(image, left, top, null);
        graphics.dispose();
    }

    /// White, as pages are: a GIF's own background color is what no viewer shows.
    private static void clear(BufferedImage canvas, int left, int top, int width, int height) {
        Graphics2D graphics = canvas.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(left, top, width, height);
        graphics.dispose();
    }

    private static RgbImage rgb(BufferedImage image) {
        var pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        var rgb = new byte[3 * pixels.length];
        for (var i = 0; i < pixels.length; i++) {
            rgb[3 * i] = (byte) (pixels[i] >> 16);
            rgb[3 * i + 1] = (byte) (pixels[i] >> 8);
            rgb[3 * i + 2] = (byte) pixels[i];
        }
        return new RgbImage(image.getWidth(), image.getHeight(), rgb);
    }

    private static int loops(IIOMetadata facts) {
        var extensions = child((Element) facts.getAsTree(IMAGE_FORMAT), "ApplicationExtensions");
        if (extensions.getFirstChild() instanceof IIOMetadataNode node
                && node.getUserObject() instanceof byte[] block
                && block.length > LOOPS_AT + 1) {
            return block[LOOPS_AT] & 0xFF | (block[LOOPS_AT + 1] & 0xFF) << 8;
        }
        return ONCE;
    }

    /// The part of a tree with this name; an empty one where it has none.
    private static Element child(Element tree, String name) {
        var found = tree.getElementsByTagName(name);
        return found.getLength() == 0 ? new IIOMetadataNode(name) : (Element) found.item(0);
    }

    private static String text(Element element, String key) {
        return element.getAttribute(key);
    }

    private static int number(Element element, String key) {
        var text = text(element, key);
        return text.isEmpty() ? 0 : Integer.parseInt(text);
    }
}

package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/// A GIF that is written frame by frame, each with 256 colors of its own.
final class GifWriter implements AutoCloseable {
    private static final String FORMAT = "javax_imageio_gif_image_1.0";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ImageOutputStream out;
    private final ImageWriter writer;
    private final int loops;
    private boolean begun;

    /// @param loops how often all frames are shown; 0 for ever
    GifWriter(int loops) throws IOException {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("gif");
        if (!writers.hasNext()) {
            throw new IOException("this Java runtime cannot write GIF");
        }
        this.loops = loops;
        this.writer = writers.next();
        this.out = ImageIO.createImageOutputStream(bytes);
        writer.setOutput(out);
        writer.prepareWriteSequence(null);
    }

    /// @param delay hundredths of a second that it is shown
    void add(BufferedImage frame, int delay) throws IOException {
        var facts = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(frame), null);
        describe(facts, delay);
        writer.writeToSequence(new IIOImage(frame, null, facts), null);
        begun = true;
    }

    private void describe(IIOMetadata facts, int delay) throws IOException {
        var root = (IIOMetadataNode) facts.getAsTree(FORMAT);
        var control = new IIOMetadataNode("GraphicControlExtension");
        control.setAttribute("disposalMethod", "none");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", "FALSE");
        control.setAttribute("transparentColorIndex", "0");
        control.setAttribute("delayTime", Integer.toString(delay));
        root.appendChild(control);
        // a GIF that says nothing of loops is shown once
        if (!begun && loops != 1) {
            var extension = new IIOMetadataNode("ApplicationExtension");
            extension.setAttribute("applicationID", "NETSCAPE");
            extension.setAttribute("authenticationCode", "2.0");
            extension.setUserObject(new byte[] {1, (byte) loops, (byte) (loops >> 8)});
            var extensions = new IIOMetadataNode("ApplicationExtensions");
            extensions.appendChild(extension);
            root.appendChild(extensions);
        }
        facts.setFromTree(FORMAT, root);
    }

    /// Writes the file, replacing it at once.
    void write(Path file) throws IOException {
        writer.endWriteSequence();
        out.flush();
        AtomicFile.writeBytes(file, bytes.toByteArray());
    }

    @Override
    public void close() throws IOException {
        writer.dispose();
        out.close();
    }
}

package dev.lejepa.trainer.eval;

import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.engine.Outputs;
import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.BrokenFiles;
import dev.lejepa.trainer.data.ImageRange;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.ranks.Together;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Shows images to an encoder in several processes, each a run of neighboring batches, and hands over what comes out in
/// the first of them, in the images' order. The batches are those that one process makes, so the numbers are the same
/// where the processes compute with as many threads on processors of one kind.
public final class SharedReader {
    private static final byte[] END = {};

    private final Encoder encoder;
    private final FeatureReader reader;
    private final Ranks ranks;

    /// @param workers threads that prepare images, in each process
    public SharedReader(Encoder encoder, int workers, Ranks ranks) {
        this.encoder = encoder;
        this.reader = new FeatureReader(encoder, workers);
        this.ranks = ranks;
    }

    /// What is kept of a batch.
    ///
    /// @param images numbers of the images that could be read
    /// @param outputs for each thing that is kept, row after row, as many rows as images
    public record Piece(List<Integer> images, List<float[]> outputs) {
        private byte[] encode() {
            var bytes = new ByteArrayOutputStream();
            try (var to = new DataOutputStream(bytes)) {
                to.writeInt(images.size());
                for (var image : images) {
                    to.writeInt(image);
                }
                to.writeInt(outputs.size());
                for (var output : outputs) {
                    to.writeInt(output.length);
                    var floats = ByteBuffer.allocate(output.length * Float.BYTES);
                    floats.asFloatBuffer().put(output);
                    to.write(floats.array());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e); // never: it is memory
            }
            return bytes.toByteArray();
        }

        private static Piece decode(byte[] bytes) {
            try (var from = new DataInputStream(new ByteArrayInputStream(bytes))) {
                var images = new ArrayList<Integer>();
                var count = from.readInt();
                for (var i = 0; i < count; i++) {
                    images.add(from.readInt());
                }
                var outputs = new ArrayList<float[]>();
                var kinds = from.readInt();
                for (var kind = 0; kind < kinds; kind++) {
                    var output = new float[from.readInt()];
                    ByteBuffer.wrap(from.readNBytes(output.length * Float.BYTES))
                            .asFloatBuffer()
                            .get(output);
                    outputs.add(output);
                }
                return new Piece(images, outputs);
            } catch (IOException e) {
                throw new UncheckedIOException("a process told something that this one does not understand", e);
            }
        }
    }

    /// Chooses what is kept of a batch: the rows of its first [Batch#valid] images.
    @FunctionalInterface
    public interface Maker {
        List<float[]> of(Batch batch, EncoderImages images, Outputs outputs) throws IOException, InterruptedException;
    }

    /// Takes what was kept of the batches, in their order; called in the first process alone.
    @FunctionalInterface
    public interface Sink {
        void accept(Piece piece) throws IOException;
    }

    /// Reads all images.
    ///
    /// @throws dev.lejepa.trainer.ranks.SharedFaultException in all of several processes if one of them fails
    public void read(ImageStore images, Maker maker, Sink sink) throws IOException, InterruptedException {
        var leads = ranks.rank() == 0;
        var range = ImageRange.of(images.source(), encoder.batch(), ranks.rank(), ranks.size());
        var kept = new ArrayList<Piece>();
        Together.all(ranks, () -> {
            reader.read(images, range, (batch, shown, outputs) -> {
                var numbers = Arrays.stream(batch.imagesRead()).boxed().toList();
                var piece = new Piece(numbers, maker.of(batch, shown, outputs));
                if (leads) {
                    sink.accept(piece);
                } else {
                    kept.add(piece);
                }
            });
            return images;
        });
        learn(images.broken());
        for (var giver = 1; giver < ranks.size(); giver++) {
            give(giver, kept, sink);
        }
    }

    /// Lets the first process have the pieces of another one, one by one.
    private void give(int giver, List<Piece> kept, Sink sink) throws IOException {
        var mine = ranks.rank() == giver ? kept.iterator() : List.<Piece>of().iterator();
        while (true) {
            var piece =
                    ranks.gather(mine.hasNext() ? mine.next().encode() : END).get(giver);
            if (piece.length == 0) {
                return;
            }
            if (ranks.rank() == 0) {
                sink.accept(Piece.decode(piece));
            }
        }
    }

    private void learn(BrokenFiles broken) throws IOException, InterruptedException {
        if (ranks.size() > 1) {
            Together.gather(ranks, () -> BrokenFiles.encode(broken.untold()))
                    .forEach(found -> broken.learn(BrokenFiles.decode(found)));
        }
    }
}

package dev.lejepa.trainer.report;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SequencedMap;
import java.util.zip.CRC32C;

/// The bytes of TensorBoard's event files: `Event` messages (event.proto, summary.proto of TensorFlow) in TFRecord
/// frames. Only the fields that scalars, pictures and histograms need.
final class TensorBoardEvents {
    private static final int EVENT_WALL_TIME = 1;
    private static final int EVENT_STEP = 2;
    private static final int EVENT_FILE_VERSION = 3;
    private static final int EVENT_SUMMARY = 5;
    private static final int EVENT_SESSION_LOG = 7;
    private static final int SESSION_LOG_STATUS = 1;
    private static final int SESSION_START = 1;
    private static final int SUMMARY_VALUE = 1;
    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE = 2;
    private static final int VALUE_IMAGE = 4;
    private static final int VALUE_HISTOGRAM = 5;
    private static final int IMAGE_HEIGHT = 1;
    private static final int IMAGE_WIDTH = 2;
    private static final int IMAGE_COLORSPACE = 3;
    private static final int IMAGE_PNG = 4;
    private static final int RGB = 3;
    private static final int CRC_MASK = 0xa282ead8;

    /// Writes the fields of a message.
    interface Body {
        void write(CodedOutputStream out) throws IOException;
    }

    private TensorBoardEvents() {}

    /// The first record of a file.
    static byte[] version(double wallTime) {
        return event(wallTime, 0, out -> out.writeString(EVENT_FILE_VERSION, "brain.Event:2"));
    }

    /// Tells that a run goes on: whatever earlier files hold from `step` on is void.
    static byte[] restart(double wallTime, long step) {
        byte[] log = message(out -> out.writeEnum(SESSION_LOG_STATUS, SESSION_START));
        return event(wallTime, step, out -> out.writeByteArray(EVENT_SESSION_LOG, log));
    }

    /// Numbers of one step by their tags.
    static byte[] scalars(double wallTime, long step, SequencedMap<String, Double> values) {
        byte[] summary = message(out -> {
            for (var entry : values.entrySet()) {
                out.writeByteArray(SUMMARY_VALUE, message(value -> {
                    value.writeString(VALUE_TAG, entry.getKey());
                    value.writeFloat(VALUE_SIMPLE, entry.getValue().floatValue());
                }));
            }
        });
        return event(wallTime, step, out -> out.writeByteArray(EVENT_SUMMARY, summary));
    }

    /// A picture.
    static byte[] image(double wallTime, long step, String tag, int width, int height, byte[] png) {
        byte[] image = message(out -> {
            out.writeInt32(IMAGE_HEIGHT, height);
            out.writeInt32(IMAGE_WIDTH, width);
            out.writeInt32(IMAGE_COLORSPACE, RGB);
            out.writeBytes(IMAGE_PNG, ByteString.copyFrom(png));
        });
        byte[] value = message(out -> {
            out.writeString(VALUE_TAG, tag);
            out.writeByteArray(VALUE_IMAGE, image);
        });
        byte[] summary = message(out -> out.writeByteArray(SUMMARY_VALUE, value));
        return event(wallTime, step, out -> out.writeByteArray(EVENT_SUMMARY, summary));
    }

    /// A histogram of numbers.
    static byte[] histogram(double wallTime, long step, String tag, double[] numbers) {
        byte[] histogram = Histograms.message(numbers);
        byte[] value = message(out -> {
            out.writeString(VALUE_TAG, tag);
            out.writeByteArray(VALUE_HISTOGRAM, histogram);
        });
        byte[] summary = message(out -> out.writeByteArray(SUMMARY_VALUE, value));
        return event(wallTime, step, out -> out.writeByteArray(EVENT_SUMMARY, summary));
    }

    private static byte[] event(double wallTime, long step, Body what) {
        return framed(message(out -> {
            out.writeDouble(EVENT_WALL_TIME, wallTime);
            if (step != 0) {
                out.writeInt64(EVENT_STEP, step);
            }
            what.write(out);
        }));
    }

    static byte[] message(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            body.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// A TFRecord: length, its checksum, the data, their checksum; little-endian.
    static byte[] framed(byte[] data) {
        ByteBuffer frame = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        frame.putLong(data.length);
        frame.putInt(maskedCrc(frame.array(), 8));
        frame.put(data);
        frame.putInt(maskedCrc(data, data.length));
        return frame.array();
    }

    /// CRC-32C, rotated and shifted, as TFRecord wants it, so that a checksum of data holding checksums stays good.
    private static int maskedCrc(byte[] data, int length) {
        CRC32C crc = new CRC32C();
        crc.update(data, 0, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + CRC_MASK;
    }
}

package dev.lejepa.runtime.collective;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// A client of the store of keys and values that `torchrun`'s agent keeps for the processes it starts: PyTorch's
/// `TCPStore`, as versions from 2.1 speak (torch/csrc/distributed/c10d/TCPStore.cpp and TCPStoreBackend.hpp). A request
/// is a byte and its arguments; numbers are little-endian, texts have their length before them as eight bytes.
final class TcpStore implements AutoCloseable {
    private static final byte VALIDATE = 0;
    private static final byte SET = 1;
    private static final byte GET = 3;
    private static final byte WAIT = 6;
    private static final byte PING = 13;
    private static final int MAGIC = 0x3C85_F7CE;
    private static final int NONCE = 0x1EEA_5EED;
    /// What a store that has the keys answers.
    private static final byte STOP_WAITING = 0;
    /// What all clients of PyTorch put before a key.
    private static final String PREFIX = "/";

    private static final Duration CONNECTING = Duration.ofSeconds(30);
    private static final Duration WAITING = Duration.ofMinutes(5);
    private static final int MOST_BYTES = 1 << 20;

    private final String place;
    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;

    private TcpStore(String place, Socket socket) throws IOException {
        this.place = place;
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.in = new DataInputStream(socket.getInputStream());
    }

    /// Connects to the store at `MASTER_ADDR` and `MASTER_PORT`.
    ///
    /// @throws BadInputException if nobody listens there, or somebody who is no such store
    static TcpStore connect(Map<String, String> environment) throws IOException {
        var host = environment.getOrDefault("MASTER_ADDR", "localhost");
        var port = port(environment.getOrDefault("MASTER_PORT", ""));
        var place = Text.format("MASTER_ADDR=%s MASTER_PORT=%d", host, port);
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host, port), (int) CONNECTING.toMillis());
        } catch (IOException e) {
            socket.close();
            throw new BadInputException(
                    Text.format("%s: nobody listens there, as torchrun's agent does: %s", place, e.getMessage()), e);
        }
        var store = new TcpStore(place, socket);
        try {
            store.greet();
        } catch (IOException e) {
            store.close();
            throw new BadInputException(
                    Text.format("%s: does not answer as the store of torchrun of PyTorch 2.1 or newer does", place), e);
        }
        return store;
    }

    private static int port(String text) {
        try {
            var port = Integer.parseInt(text);
            if (port > 0 && port < 1 << 16) {
                return port;
            }
        } catch (NumberFormatException e) {
            // told below, as a number out of range is
        }
        throw new BadInputException(Text.format("MASTER_PORT=%s: must be a port from 1 to 65535", text));
    }

    private void greet() throws IOException {
        socket.setSoTimeout((int) CONNECTING.toMillis());
        send(request(5, VALIDATE).putInt(MAGIC));
        send(request(5, PING).putInt(NONCE));
        if (Integer.reverseBytes(in.readInt()) != NONCE) {
            throw new IOException("another answer");
        }
        socket.setSoTimeout((int) WAITING.toMillis());
    }

    /// Leaves a value at the store.
    void set(String key, byte[] value) throws IOException {
        var name = bytes(key);
        send(text(text(request(1 + 2 * Long.BYTES + name.length + value.length, SET), name), value));
    }

    /// The value of a key, as soon as somebody has left one.
    byte[] get(String key) throws IOException {
        var name = bytes(key);
        send(text(request(1 + 2 * Long.BYTES + name.length, WAIT).putLong(1), name));
        try {
            if (in.readByte() != STOP_WAITING) {
                throw new IOException(Text.format("%s: the store gave up waiting for '%s'", place, key));
            }
        } catch (SocketTimeoutException e) {
            throw new IOException(Text.format("%s: nobody left '%s' within %d s", place, key, WAITING.toSeconds()), e);
        }
        send(text(request(1 + Long.BYTES + name.length, GET), name));
        var length = Long.reverseBytes(in.readLong());
        if (length < 0 || length > MOST_BYTES) {
            throw new IOException(Text.format("%s: '%s' has %d bytes", place, key, length));
        }
        return in.readNBytes((int) length);
    }

    private static byte[] bytes(String key) {
        return (PREFIX + key).getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer request(int bytes, byte kind) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN).put(kind);
    }

    private static ByteBuffer text(ByteBuffer request, byte[] text) {
        return request.putLong(text.length).put(text);
    }

    private void send(ByteBuffer request) throws IOException {
        out.write(request.array());
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

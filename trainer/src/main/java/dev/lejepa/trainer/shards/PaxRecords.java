package dev.lejepa.trainer.shards;

import dev.lejepa.graphs.PathText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What POSIX's extended header says of the member that follows: records `"LENGTH KEY=VALUE\n"`.
///
/// @param values by key; names are bytes, whatever their encoding
record PaxRecords(Map<String, byte[]> values) {
    static final PaxRecords NONE = new PaxRecords(Map.of());

    /// @throws DamagedTarException if these are no such records
    static PaxRecords of(byte[] bytes) throws DamagedTarException {
        var values = new HashMap<String, byte[]>();
        for (var at = 0; at < bytes.length && bytes[at] != 0; ) {
            var space = find(bytes, at, bytes.length, ' ');
            var end = at + length(bytes, at, space);
            if (end <= space || end > bytes.length || bytes[end - 1] != '\n') {
                throw damaged();
            }
            var equals = find(bytes, space + 1, end, '=');
            var key = new String(bytes, space + 1, equals - space - 1, StandardCharsets.UTF_8);
            values.put(key, Arrays.copyOfRange(bytes, equals + 1, end - 1));
            at = end;
        }
        return new PaxRecords(values);
    }

    private static int find(byte[] bytes, int from, int to, char sought) throws DamagedTarException {
        for (var i = from; i < to; i++) {
            if (bytes[i] == sought) {
                return i;
            }
        }
        throw damaged();
    }

    private static int length(byte[] bytes, int from, int to) throws DamagedTarException {
        try {
            return Integer.parseUnsignedInt(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            throw damaged();
        }
    }

    private static DamagedTarException damaged() {
        return new DamagedTarException("has an extended header that is damaged");
    }

    Optional<String> path() {
        var sparse = values.get("GNU.sparse.name");
        return Optional.ofNullable(sparse == null ? values.get("path") : sparse).map(PathText::decoded);
    }

    /// @throws DamagedTarException if there is one that is no number
    OptionalLong size() throws DamagedTarException {
        var size = values.get("size");
        if (size == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(new String(size, StandardCharsets.US_ASCII)));
        } catch (NumberFormatException e) {
            throw damaged();
        }
    }

    boolean isSparse() {
        return values.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse."));
    }
}

package io.treegrad.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The processes of this machine, as Linux shows them below {@code /proc} (proc(5)). On other systems nothing is known of
 * them, and what is unknown is never taken for dead.
 */
record ProcessTable(Path proc) {
    static final ProcessTable OF_THIS_MACHINE = new ProcessTable(Path.of("/proc"));

    /** Position of the start time among the fields of {@code stat} that follow the name of the program. */
    private static final int START_TIME = 19;

    /** What is known about a process. */
    enum State {
        LIVES,
        DEAD,
        UNKNOWN
    }

    /**
     * Host name, boot ID and namespace of process numbers. Within it a process number with its start time names one
     * process: host names repeat, and outside containers the namespace is the same on every machine. Empty if a part of
     * it is unknown.
     */
    String machine() {
        try {
            return String.join(
                    " ",
                    Files.readString(proc.resolve("sys/kernel/hostname")).strip(),
                    Files.readString(proc.resolve("sys/kernel/random/boot_id")).strip(),
                    Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString());
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    /** When the process was started, in clock ticks since the machine was; no clock that is set changes it. */
    String started(long process) {
        try {
            return fields(process)[START_TIME];
        } catch (IOException e) {
            return "";
        }
    }

    /** @param started what {@link #started} said while it lived */
    State state(long process, String started) {
        // where the processes of other users are hidden, the first one is hidden too
        if (started.isEmpty() || !Files.isReadable(proc.resolve("1/stat"))) {
            return State.UNKNOWN;
        }
        try {
            String[] fields = fields(process);
            boolean ended = fields[0].equals("Z") || fields[0].equals("X");
            return ended || !fields[START_TIME].equals(started) ? State.DEAD : State.LIVES;
        } catch (NoSuchFileException e) {
            return State.DEAD;
        } catch (IOException e) {
            return State.UNKNOWN; // as when it ends while its file is read
        }
    }

    /** The state of a process and what follows it; the name before, in parentheses, may hold blanks. */
    private String[] fields(long process) throws IOException {
        String stat = Files.readString(proc.resolve(process + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        if (fields.length <= START_TIME) {
            throw new IOException("unexpected content: " + stat);
        }
        return fields;
    }
}

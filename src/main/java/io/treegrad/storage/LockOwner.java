package io.treegrad.storage;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The owner of a lock, as the file of the lock says it: one value a line.
 *
 * @param token new each time that the lock is taken
 * @param name of the owner, for people
 * @param machine see {@link ProcessTable#machine}
 * @param started see {@link ProcessTable#started}
 */
record LockOwner(String token, String name, String machine, long process, String started) {
    static final LockOwner UNKNOWN = new LockOwner("", "an unknown process", "", 0, "");

    static LockOwner thisProcess(String name) {
        long process = ProcessHandle.current().pid();
        ProcessTable processes = ProcessTable.OF_THIS_MACHINE;
        return new LockOwner(
                UUID.randomUUID().toString(), name, processes.machine(), process, processes.started(process));
    }

    byte[] toBytes() {
        return String.join("\n", token, name, machine, Long.toString(process), started, "")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The owner of a file that is damaged or still being written is unknown. */
    static LockOwner parse(byte[] bytes) {
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
        return lines.length != 6 || !lines[3].matches("\\d{1,18}")
                ? UNKNOWN
                : new LockOwner(lines[0], lines[1], lines[2], Long.parseLong(lines[3]), lines[4]);
    }

    /** Whether its process lives; unknown of processes on other machines. */
    ProcessTable.State state(ProcessTable processes) {
        return machine.isEmpty() || !machine.equals(processes.machine())
                ? ProcessTable.State.UNKNOWN
                : processes.state(process, started);
    }

    @Override
    public String toString() {
        if (process == 0) {
            return name;
        }
        String host = machine.isEmpty() ? "an unknown machine" : machine.split(" ", 2)[0];
        return "%s (process %d on %s)".formatted(name, process, host);
    }
}

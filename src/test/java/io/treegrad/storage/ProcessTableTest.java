package io.treegrad.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.treegrad.storage.ProcessTable.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which owner of a lock is known to be dead, by files as Linux has them below {@code /proc}. */
class ProcessTableTest {
    private static final String STARTED = "4711";

    @TempDir
    private Path proc;

    private LockOwner owner;

    @BeforeEach
    void aMachineWithAProcess() throws IOException {
        write("sys/kernel/hostname", "vm\n");
        write("sys/kernel/random/boot_id", "b7d2\n");
        link("self/ns/pid", "pid:[4026531836]");
        process(1, "S", "3");
        process(17, "S", STARTED);
        owner = new LockOwner("token", "run far", table().machine(), 17, STARTED);
    }

    @Test
    void aProcessLivesUntilItIsGone() throws IOException {
        assertEquals("vm b7d2 pid:[4026531836]", owner.machine());
        assertEquals(State.LIVES, state());
        Files.delete(proc.resolve("17/stat"));
        assertEquals(State.DEAD, state());
    }

    @Test
    void anotherProcessWithItsNumberIsAnother() throws IOException {
        process(17, "S", "4712");
        assertEquals(State.DEAD, state());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Z", "X"})
    void aProcessThatHasEndedButIsStillListedIsDead(String state) throws IOException {
        process(17, state, STARTED);
        assertEquals(State.DEAD, state());
    }

    /** Each of these once made a live lock free at once. */
    @ParameterizedTest
    @ValueSource(strings = {"sys/kernel/random/boot_id", "sys/kernel/hostname", "self/ns/pid"})
    void nothingIsKnownOfAProcessOfAnotherMachine(String file) throws IOException {
        Files.delete(proc.resolve("17/stat"));
        Files.delete(proc.resolve(file));
        assertEquals(State.UNKNOWN, state());
        if (file.startsWith("self")) {
            link(file, "pid:[4026532001]");
        } else {
            write(file, "other\n");
        }
        assertEquals(State.UNKNOWN, state());
    }

    @Test
    void nothingIsKnownOfOtherProcessesWhereTheyAreHidden() throws IOException {
        Files.delete(proc.resolve("1/stat"));
        Files.delete(proc.resolve("17/stat"));
        assertEquals(State.UNKNOWN, state());
    }

    @Test
    void whatCannotBeUnderstoodIsUnknown() throws IOException {
        write("17/stat", "17 (java) S 1");
        assertEquals(State.UNKNOWN, state());
        write("17/stat", "17 (java) S" + " 1".repeat(18));
        assertEquals(State.UNKNOWN, state(), "without its start time");
        process(17, "S", STARTED);
        owner = new LockOwner("token", "run far", table().machine(), 17, "");
        assertEquals(State.UNKNOWN, state());
        assertEquals(State.UNKNOWN, LockOwner.UNKNOWN.state(table()));
    }

    @Test
    void thisProcessLivesAndAnEndedOneIsDead() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/stat")), "no Linux");
        ProcessTable machine = ProcessTable.OF_THIS_MACHINE;
        LockOwner self = LockOwner.thisProcess("me");
        assertEquals(self, LockOwner.parse(self.toBytes()));
        assertEquals(State.LIVES, self.state(machine));
        assertNotEquals(self.token(), LockOwner.thisProcess("me").token());
        Process sleeping = new ProcessBuilder("sleep", "60").start();
        String started = machine.started(sleeping.pid());
        assertFalse(started.isEmpty());
        LockOwner other = new LockOwner("token", "other", self.machine(), sleeping.pid(), started);
        assertEquals(State.LIVES, other.state(machine));
        sleeping.destroyForcibly().waitFor();
        assertEquals(State.DEAD, other.state(machine));
    }

    private State state() {
        return owner.state(table());
    }

    private ProcessTable table() {
        return new ProcessTable(proc);
    }

    /** As in proc(5): the start time is field 22, and the name of the program may hold anything. */
    private void process(int number, String state, String started) throws IOException {
        write(number + "/stat", number + " (a) b (c) " + state + " 1".repeat(18) + " " + started + " 99 99\n");
    }

    private void write(String name, String content) throws IOException {
        Path file = proc.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void link(String name, String target) throws IOException {
        Path link = proc.resolve(name);
        Files.createDirectories(link.getParent());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(target));
    }
}
